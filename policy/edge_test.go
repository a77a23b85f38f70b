package policy

import (
	"errors"
	"strings"
	"testing"
)

func TestFilesThatExhaustAReaderAreRefusedEarly(t *testing.T) {
	for code, src := range map[string]string{
		"yaml.size":     strings.Repeat("# a remark\n", maxSource/11+1),
		"yaml.encoding": "avow: \xff",
		"yaml.depth":    strings.Repeat("[\n", maxDepth+1),
	} {
		_, err := Parse("f.yaml", []byte(src))
		var ps Problems
		if !errors.As(err, &ps) || len(ps) != 1 || ps[0].Code != code || ps[0].Remedy == "" {
			t.Errorf("%s: %.200v", code, err)
		}
	}
	if _, err := Parse("f.yaml", []byte("title: "+strings.Repeat("x", maxLine))); err == nil || !strings.Contains(err.Error(), "fold the text") {
		t.Errorf("a long line: %.100v", err)
	}
	var deep strings.Builder
	for i := range maxDepth + 8 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	if _, err := Parse("f.yaml", []byte("items:\n"+strings.ReplaceAll("\n"+deep.String(), "\n", "\n ")[1:])); err == nil || !strings.Contains(err.Error(), "nested deeper") {
		t.Errorf("deep blocks: %.200v", err)
	}
}

func TestLongTextsAreShortenedInMessages(t *testing.T) {
	long := strings.Repeat("灯", 300)
	_, err := Parse("f.yaml", []byte(long+": 1"))
	if err == nil || strings.Contains(err.Error(), long) || len([]rune(err.Error())) > 300 {
		t.Errorf("%v", err)
	}
}

func TestDenialsFindAPlaceWhereThePolicyIsSilent(t *testing.T) {
	src := edit(t, base(t), "restriction: {title: {en: Restrict, zh-CN: 限制}, channels: [email], verify: login}", "opt-out: {title: {en: Off, zh-CN: 关闭}, channels: [email], verify: login, reply: P1D}")
	p := compile(t, src)
	account, _ := p.Purpose("account")
	d := p.Decide(&Use{Items: []ItemNo{1}, Purpose: account.No}, &Facts{Accepted: true, Account: AccountOpen, Restricted: true})
	if len(d.Reasons) != 1 || d.Reasons[0].Pos.Line == 0 {
		t.Errorf("%+v", d.Reasons)
	}
}

func TestEachRoleOfARecipientHasItsSharingCase(t *testing.T) {
	for role, want := range map[RecipientRole]Scenario{
		Processor: Entrusted, SDK: Entrusted, Partner: Consented, Affiliate: Affiliated, Authority: Legal, Successor: Succession, "": NoScenario,
	} {
		if got := scenarioOf(role); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
}

func TestTheWordsSayWhatAPlaceWaitsFor(t *testing.T) {
	u := &Use{Items: []ItemNo{1}, Purpose: 1, Region: 'U'<<8 | 'S'}
	f := &Facts{Accepted: true, Account: AccountOpen}
	for abroad, want := range map[string]string{"[explicit-consent]": "only with the person's explicit consent", "[law]": "only by a law", "[law, explicit-consent]": "or by a law"} {
		src := edit(t, base(t), "abroad: [law, explicit-consent]", "abroad: "+abroad)
		if d := compile(t, src).Decide(u, f); len(d.Reasons) != 1 || !strings.Contains(d.Reasons[0].Text, want) {
			t.Errorf("%s: %+v", abroad, d.Reasons)
		}
	}
	src := edit(t, base(t), ", abroad: [law, explicit-consent]", "", "country: US", "country: DE")
	if d := compile(t, src).Decide(u, f); len(d.Reasons) != 1 || !strings.Contains(d.Reasons[0].Text, "nothing lets it") {
		t.Errorf("%+v", d.Reasons)
	}
	if d := compile(t, edit(t, base(t), "abroad: [law, explicit-consent]", "abroad: [free]")).Decide(u, f); !d.Allowed {
		t.Errorf("%+v", d.Reasons)
	}
}

func TestTheDoorSaysWhatAPurposeWaitsFor(t *testing.T) {
	src := edit(t, base(t), "purposes: [account, orders, news], keep", "purposes: [news], keep", "purposes: [fit], sensitive: true", "purposes: [fit, safety]")
	p := compile(t, src)
	safety, _ := p.Purpose("safety")
	f := &Facts{}
	f.Objected.Add(safety.No)
	for item, want := range map[string]string{"account.email": "news needs an explicit consent of its own", "eye.sight": "fit needs consent; safety was objected to", "account.phone": "account needs an open account and the accepted policy"} {
		var said []string
		for _, r := range p.Collect("registration", []Given{{Item: item, Value: "+49 30 901820"}}, f) {
			if r.Code == NoGround {
				said = append(said, r.Text)
			}
		}
		if len(said) != 1 || !strings.Contains(said[0], want) {
			t.Errorf("%s: %q", item, said)
		}
	}
}

func TestMasksNeverShowWhatTheyCannotRead(t *testing.T) {
	if maskIP("no address") != "***" || maskURL("%zz://") != "***" {
		t.Error("an unreadable value is shown")
	}
}
