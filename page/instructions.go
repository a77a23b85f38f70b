package page

import (
	"fmt"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// Instructions writes what a recipient is told to do with the data it gets, in a
// language: what it gets, for what, in which form, where it may be, and what it does
// when it is told to correct or delete (GDPR Art. 28(3)(a), PIPL Art. 21). The text
// depends on the policy alone: the same version says the same.
func Instructions(p *policy.Policy, to *policy.Recipient, lang string) string {
	r := reader{p, lang}
	var items, purposes []string
	for _, no := range to.Items {
		if it := p.ItemBy(no); it != nil {
			items = append(items, Title(it.Title, it.Name, r.lang))
		}
	}
	for _, no := range to.Purposes {
		if u := p.PurposeBy(no); u != nil {
			purposes = append(purposes, Title(u.Title, u.Name, r.lang))
		}
	}
	var b strings.Builder
	line := func(en, zh string, args ...any) { fmt.Fprintf(&b, r.pick(en, zh)+"\n", args...) }
	line("Instructions to %s", "致%s的处理指示", Title(to.Title, to.Name, r.lang))
	line("Policy: %s, version %s", "政策：%s，版本 %s", p.Title().In(r.lang), p.Version())
	line("", "")
	line("1. You get: %s.", "一、您获得：%s。", Join(items, r.lang))
	line("2. You use it for this and nothing else: %s.", "二、仅限用于：%s。", Join(purposes, r.lang))
	if form := r.form(to.Oblige &^ policy.MustNotify); form != "" {
		line("3. It reaches you in this form: %s. Do not try to undo that.", "三、提供形式：%s。不得尝试还原。", form)
	} else {
		line("3. You show it to nobody who does not need it for this.", "三、除为上述目的所必需的人员外，不得向任何人展示。")
	}
	line("4. You keep and process it in %s, under encryption, and give it to nobody else without our leave.", "四、在%s存储与处理，加密保存，未经同意不得转委托或提供他人。", Country(to.Country, r.lang))
	line("5. When we tell you that something was corrected, restricted or erased, you do the same and say so.", "五、收到更正、限制或删除通知后，您照此办理并回复。")
	line("6. You tell us of a leak as soon as you know of it, let us audit you, and delete everything when our agreement ends.", "六、发现泄露立即告知，接受审计，协议终止时删除全部信息。")
	return b.String()
}
