package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-dev/avow/policy"
)

func (r reader) rights() []Right {
	var out []Right
	for _, x := range r.p.Rights() {
		right := Right{
			Anchor: anchor("g", string(x.Kind)), Kind: string(x.Kind), Title: Title(x.Title, string(x.Kind), r.lang),
			Verify: verification(x.Verify, r.lang), Clocks: r.clocks(x), Channels: []string{},
		}
		for _, c := range x.Channels {
			right.Channels = append(right.Channels, Channel(c, r.lang))
		}
		for _, t := range x.Circumstances {
			right.When = append(right.When, t.In(r.lang))
		}
		for _, t := range x.Paths {
			right.Paths = append(right.Paths, t.In(r.lang))
		}
		if len(x.Assumed) > 0 {
			right.Assumed = x.Why.In(r.lang)
		}
		out = append(out, right)
	}
	return out
}

// clocks says how fast a right is served: the strictest of policy and laws. The
// law is named where it set the clock.
func (r reader) clocks(x *policy.Right) []Fact {
	c, err := r.p.Due(x.Kind, r.p.Effective())
	if err != nil {
		return nil
	}
	var out []Fact
	for _, d := range []struct {
		label string
		due   policy.Deadline
	}{
		{r.pick("answered within", "答复期限"), c.Reply},
		{r.pick("done within", "办结期限"), c.Done},
		{r.pick("gone from backups within", "备份清除"), c.Backups},
	} {
		if d.due.At.IsZero() {
			continue
		}
		text := Period(d.due.Within, r.lang)
		if cite := d.due.Cite.In(r.lang); cite != "" {
			text += r.pick(" ("+cite+")", "（"+cite+"）")
		}
		out = append(out, Fact{d.label, text})
	}
	if !x.Confirm.IsZero() {
		out = append(out, Fact{r.pick("receipt confirmed within", "确认收到"), Period(x.Confirm, r.lang)})
	}
	return out
}

// promises are the rights that people ask for most, a line each.
func (r reader) promises() []Promise {
	var out []Promise
	for _, kind := range []policy.RightKind{
		policy.Access, policy.Rectification, policy.Erasure, policy.Withdrawal, policy.Closing, policy.Portability, policy.Objection, policy.Complaint,
	} {
		x, err := r.p.Right(kind)
		if err != nil || len(out) == 5 {
			continue
		}
		line := Promise{Anchor: anchor("g", string(kind)), Title: Title(x.Title, string(kind), r.lang)}
		if c := r.clocks(x); len(c) > 0 {
			line.Text = c[0].Label + " " + c[0].Text
			if Chinese(r.lang) {
				line.Text = c[0].Label + "：" + c[0].Text
			}
		}
		out = append(out, line)
	}
	return out
}

func (r reader) security() []Fact {
	s := r.p.Security()
	var out []Fact
	add := func(label, text string) {
		if text != "" {
			out = append(out, Fact{label, text})
		}
	}
	protocols := map[string]string{"tls1.2": "TLS 1.2", "tls1.3": "TLS 1.3"}
	if name, ok := protocols[s.InTransit]; ok {
		add(r.pick("On the way", "传输"), r.pick("encrypted, "+name+" at least", "加密传输，不低于 "+name))
	}
	if s.AtRest != "" {
		name := strings.ToUpper(s.AtRest)
		add(r.pick("Where it is stored", "存储"), r.pick("encrypted ("+name+"), keys kept apart", "加密存储（"+name+"），密钥分离保管"))
	}
	var ways []string
	for _, w := range s.Desensitise {
		names := map[string]string{
			"mask": r.pick("masking", "掩码"), "sha256": r.pick("hashing", "哈希"), "generalise": r.pick("coarsening", "泛化"),
			"keyed-hash": r.pick("hashing with a secret key", "加密钥哈希"), "replace": r.pick("replacing", "替换"),
		}
		if name, ok := names[w]; ok {
			ways = append(ways, name)
		}
	}
	add(r.pick("Made less telling", "去标识"), List(ways, r.lang))
	add(r.pick("Staff", "内部人员"), r.yes("see masked values", "默认仅见掩码后的信息", s.MaskedView))
	add(r.pick("Staff sign-in", "内部登录"), r.yes("takes a second factor", "须双重验证", s.StaffMFA))
	if s.Undertaking || s.Training {
		var first []string
		if s.Training {
			first = append(first, r.pick("a training that is in date", "在有效期内的培训"))
		}
		if s.Undertaking {
			first = append(first, r.pick("a signed promise of confidentiality", "已签署的保密承诺"))
		}
		add(r.pick("Before staff see data", "查阅信息的前提"), Join(first, r.lang))
	}
	add(r.pick("Standards", "遵循的标准"), Join(s.Standards, r.lang))
	var measures []string
	for _, m := range s.Measures {
		measures = append(measures, m.In(r.lang))
	}
	add(r.pick("Measures", "措施"), strings.Join(measures, r.pick("; ", "；")))
	for _, name := range slices.Sorted(maps.Keys(s.Reviews)) {
		every := Period(s.Reviews[name], r.lang)
		add(r.review(name), r.pick("every "+strings.TrimPrefix(every, "1 "), "每 "+every+"一次"))
	}
	return out
}

func (r reader) review(name string) string {
	names := map[string]phrase{
		"security-audit": {"Security audit", "安全审计"}, "staff-training": {"Training of staff", "人员培训"},
	}
	if a, err := r.p.Attestation(name); err == nil && !a.Title.IsZero() {
		return a.Title.In(r.lang)
	}
	if p, ok := names[name]; ok {
		return p.in(r.lang)
	}
	return name
}

func (r reader) people() []Fact {
	who := r.p.People()
	var out []Fact
	rule := func(label string, m policy.MinorRule) {
		names := map[policy.MinorRule]string{
			policy.MinorAllowed:  r.pick("without a guardian", "可自行使用"),
			policy.MinorGuardian: r.pick("only with a guardian's consent", "须经监护人同意"),
			policy.MinorRefused:  r.pick("not served", "不提供服务"),
		}
		if text := names[m]; text != "" {
			out = append(out, Fact{label, text})
		}
	}
	if who.ChildAge > 0 {
		rule(fmt.Sprintf(r.pick("Under %d", "未满 %d 周岁"), who.ChildAge), who.Children)
	}
	if who.AdultAge > 0 {
		rule(fmt.Sprintf(r.pick("Under %d", "未满 %d 周岁"), who.AdultAge), who.Minors)
	}
	var never []string
	for _, l := range r.purposeLinks(who.Never) {
		never = append(never, l.Title)
	}
	if len(never) > 0 {
		out = append(out, Fact{r.pick("Never for people under age", "不用于未成年人"), Join(never, r.lang)})
	}
	return out
}

func (r reader) contacts() []Contact {
	var out []Contact
	all := r.p.Controller().Contacts
	for _, kind := range []string{"email", "phone", "chat", "web", "post"} {
		address, ok := all[kind]
		if !ok {
			continue
		}
		c := Contact{Kind: kind, Title: contact(kind, r.lang), Address: address}
		switch kind {
		case "email":
			c.URL = "mailto:" + address
		case "phone":
			c.URL = "tel:" + strings.ReplaceAll(address, " ", "")
		case "web", "chat":
			c.URL = address
		}
		out = append(out, c)
	}
	return out
}

func (r reader) filings() []Filing {
	names := map[string]phrase{
		"icp": {"Registration of the website", "网站备案号"}, "public-security": {"Filing with the public security authority", "公安备案号"},
		"app": {"Filing of the app", "应用备案号"}, "algorithm": {"Filing of the algorithm", "算法备案号"},
		"cross-border": {"Filing of transfers abroad", "数据出境备案号"},
	}
	var out []Filing
	for _, f := range r.p.Filings() {
		name, ok := names[f.Kind]
		if !ok {
			name = phrase{"Filing", "备案号"}
		}
		out = append(out, Filing{Title: name.in(r.lang), Number: f.Number, With: f.With.In(r.lang), URL: f.URL})
	}
	return out
}
