package policy

import (
	"slices"
	"strings"
	"testing"
)

// talking is the lamp shop with a place to talk: what is written there goes to somebody.
func talking(t testing.TB) *Policy {
	t.Helper()
	return compile(t, edit(t, base(t),
		"  browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web}", "  browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web}\n"+
			"  talk: {title: {en: Talking, zh-CN: 聊天}, surface: web, remind: [phone, cn-resident-id]}\n"+
			"  app: {title: {en: The app, zh-CN: 应用}, surface: web, policy_shown: true}",
		"  net.ip:", "  talk.text: {title: {en: What you say, zh-CN: 聊天内容}, category: user.content, type: text, source: given, at: [talk, order], purposes: [account], list: true, between: true, about_others: redact, keep: account}\n"+
			"  app.answer: {title: {en: Answers, zh-CN: 回答}, category: user.content, type: text, source: given, at: [app], purposes: [fit], list: true, optional: true, keep: account}\n"+
			"  net.ip:"))
}

func said(text string) Given {
	return Given{Item: "talk.text", Value: text, Voluntary: true, Other: []string{"Ann"}}
}

func TestANumberGoesToNobodyBeforeAReminder(t *testing.T) {
	p := talking(t)
	const identity = "11010519491231002X"
	for text, want := range map[string]string{
		"call me on +49 30 901820":            "talk.text point.remind",
		"call me on 030-901820 or 030-901821": "talk.text point.remind", // once, however many
		"my number is " + identity:            "talk.text point.remind, talk.text point.remind",
		"the lamp costs 25 euros":             "",
		"it came on 2026-03-01":               "", // a day is no telephone number
		"six digits, 123456, are none":        "",
		"４９３０９０１８２０, from a Chinese keyboard": "talk.text point.remind",
		"٠٣٠ ٩٠١٨٢٠ in other digits":          "talk.text point.remind",
		"it came on ２０２６－０３－０１":               "",
	} {
		if got := refusalCodes(p.Collect("talk", []Given{said(text)}, customer(p))); got != want {
			t.Errorf("%q: refused by %q, want %q", text, got, want)
		}
		reminded := said(text)
		reminded.Reminded = true
		if got := p.Collect("talk", []Given{reminded}, customer(p)); got != nil {
			t.Errorf("%q, after a reminder: %+v", text, got)
		}
		if got := p.Collect("order", []Given{said(text)}, customer(p)); got != nil {
			t.Errorf("%q, where nobody is reminded: %+v", text, got)
		}
	}
}

// A refusal says where the policy wants the reminder and what helps, in words without
// the number.
func TestARefusalToSendANumberSaysWhatHelpsAndNotTheNumber(t *testing.T) {
	p := talking(t)
	list := p.Collect("talk", []Given{said("030 901820, and 11010519491231002X")}, customer(p))
	if len(list) != 2 {
		t.Fatalf("refused by %+v, want a telephone number and that of a card", list)
	}
	for i, kind := range []string{"telephone number", "number of an identity card"} {
		r := list[i]
		if r.Control != Guidance || !strings.Contains(r.Text, kind) || !strings.Contains(r.Text, "remind the person") {
			t.Errorf("%+v does not ask for a reminder before a %s", r, kind)
		}
		if strings.ContainsAny(r.Text, "0123456789") {
			t.Errorf("a refusal repeats a number: %s", r.Text)
		}
	}
}

func TestARemindingPointIsListedAndAnotherRemindsOfNothing(t *testing.T) {
	p := talking(t)
	if got := p.Reminding(); !slices.Equal(got, []string{"talk"}) {
		t.Errorf("reminding points %q", got)
	}
	const text = "030 901820"
	for point, want := range map[string][]string{"talk": {"phone"}, "order": nil, "nowhere": nil} {
		if got := p.Reminds(point, text); !slices.Equal(got, want) {
			t.Errorf("at %s: %q, want %q", point, got, want)
		}
	}
	if got := p.Reminds("talk", text+strings.Repeat(".", MaxValue)); got != nil {
		t.Errorf("a text that is too long for a value is searched: %q", got)
	}
}

func TestNothingIsCollectedBeforeThePolicyWasShown(t *testing.T) {
	p := talking(t)
	given := []Given{{Item: "app.answer", Value: "good", Voluntary: true}}
	fit, err := p.Purpose("fit")
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		change func(*Facts)
		want   string
	}{
		"nothing":                     {func(*Facts) {}, "policy.not-shown"},
		"a showing":                   {func(f *Facts) { f.Shown = true }, ""},
		"an acceptance":               {func(f *Facts) { f.Accepted = true }, ""},
		"an acceptance of an earlier": {func(f *Facts) { f.Agreed = p }, ""},
	} {
		f := &Facts{Account: AccountOpen}
		f.Consents.Add(fit.No)
		f.Explicit.Add(fit.No)
		c.change(f)
		if got := refusalCodes(p.Collect("app", given, f)); got != c.want {
			t.Errorf("after %s: refused by %q, want %q", what, got, c.want)
		}
	}
	if !p.AsksShowing("app") || p.AsksShowing("talk") || p.AsksShowing("nowhere") {
		t.Error("the wrong points ask for a showing")
	}
}
