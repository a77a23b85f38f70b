package policy

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func change(t *testing.T, pairs ...string) Difference {
	t.Helper()
	src := entire(t)
	return Diff(compile(t, src), compile(t, edit(t, src, pairs...)))
}

func TestEachKindOfChangeHasItsWeight(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		weight         Weight
		part           string
	}{
		{"nothing but a label", `label: "2026-01-01"`, `label: "2026-02-01"`, Technical, "head"},
		{"a control", "keeps: [collect.declared]", "keeps: [collect.declared, use.decision]", Technical, "clauses.T-1"},
		{"wording", "en: We collect only what is listed.", "en: We collect what is listed and no more.", Minor, "clauses.T-1"},
		{"a contact", "phone: +86 21 6123 4567", "phone: +86 21 6123 4569", Minor, "controller"},
		{"another controller", `en: "Teahouse Co., Ltd."`, `en: "Coffeehouse Co., Ltd."`, Major, "controller"},
		{"shorter retention", "for: P30D, bucket", "for: P20D, bucket", Minor, "keep.visits"},
		{"longer retention", "for: P30D, bucket", "for: P40D, bucket", Major, "keep.visits"},
		{"less thorough end", "bucket: P1D, then: erase", "bucket: P1D, then: anonymise", Major, "keep.visits"},
		{"another purpose of an item", "purposes: [account, orders], necessary", "purposes: [account, orders, ads], necessary", Major, "items.account.email"},
		{"fewer purposes of an item", "purposes: [account, orders], necessary", "purposes: [account], necessary", Minor, "items.account.email"},
		{"sensitive no more", "sensitive: true, necessary", "necessary", Major, "items.here"},
		{"another ground", "fraud: {title: {en: Keeping thieves out, zh-CN: 防范欺诈}, basis: consent", "fraud: {title: {en: Keeping thieves out, zh-CN: 防范欺诈}, basis: contract", Major, "purposes.fraud"},
		{"no separate consent", "separate: true, marketing", "marketing", Major, "purposes.ads"},
		{"a new surface", "surfaces: [app, website]\nlaws", "surfaces: [app, website, watch]\nlaws", Major, "surfaces"},
		{"a law less", ", ccpa]", "]", Major, "laws"},
		{"a permission that reads more", "items: [here], purposes", "items: [here, net.place], purposes", Major, "permissions.location"},
		{"a cookie that lives longer", "lifetime: P90D", "lifetime: P1Y", Major, "cookies.ads"},
		{"a cookie that lives shorter", "lifetime: P90D", "lifetime: P30D", Minor, "cookies.ads"},
		{"a recipient that gets more", "items: [web.cookie], country", "items: [web.cookie, account.feed], country", Major, "recipients.ad-network"},
		{"a recipient elsewhere", "country: DE, devices", "country: US, devices", Major, "recipients.ad-network"},
		{"no agreement", "agreement: required, audit", "agreement: none, audit", Major, "recipients.ad-network"},
		{"a case of sharing", "allow: [consent, legal", "allow: [affiliates, consent, legal", Major, "sharing"},
		{"a sale", "sale: never", "sale: never-without-consent", Major, "sharing"},
		{"another country", "store: [CN]", "store: [CN, SG]", Major, "residency"},
		{"smaller groups", "smallest_group: 20", "smallest_group: 5", Major, "statistics"},
		{"larger groups", "smallest_group: 20", "smallest_group: 50", Minor, "statistics"},
		{"a slower answer", "verify: login, reply: 15wd, extend", "verify: login, reply: 20wd, extend", Major, "rights.access"},
		{"a faster answer", "verify: login, reply: 15wd, extend", "verify: login, reply: 5wd, extend", Minor, "rights.access"},
		{"a channel less", "channels: [settings, email], verify: login, reply: 15wd, extend", "channels: [email], verify: login, reply: 15wd, extend", Major, "rights.access"},
		{"a right less", "  explanation: {title: {en: Have it explained, zh-CN: 说明}, channels: [email, phone], verify: none, reply: 15wd}\n", "", Major, "rights.explanation"},
		{"later notice", "before: P7D", "before: P2D", Major, "changes"},
		{"no second yes", "again: true, at", "at", Major, "changes"},
		{"a slower alarm", "authority: PT72H", "authority: P5D", Major, "incidents"},
		{"no second factor", "mfa: required", "mfa: optional", Major, "security"},
		{"a duty less often", "every: P1Y, owner", "every: P2Y, owner", Major, "attestations.staff-training"},
		{"never, but now", "  - {title: {en: Biometrics, zh-CN: 生物识别}, category: user.biometric, unless: [law]}\n", "", Major, "never"},
		{"minors let in", "below_child: refuse", "below_child: guardian-consent", Major, "people"},
		{"a beacon that sends more", "items: [web.visit], set_by", "items: [web.visit, web.cookie], set_by", Major, "beacons.visit"},
	} {
		d := change(t, c.old, c.new)
		if d.Weight != c.weight || len(d.Changes) == 0 || d.Changes[0].Part != c.part {
			t.Errorf("%s: %s, %+v", c.name, d.Weight, d.Changes)
			continue
		}
		if x := d.Changes[0]; !x.Says.Has("en") || !x.Says.Has("zh-CN") || x.Pos.Line == 0 || strings.Contains(x.Says.In("en")+x.Says.In("zh-CN"), "%!") {
			t.Errorf("%s: %+v", c.name, x)
		}
		if c.weight == Technical && d.Follows.Notice || c.weight == Major && !d.Follows.Again && c.name != "no second yes" {
			t.Errorf("%s: follows %+v", c.name, d.Follows)
		}
	}
}

func TestWhatFollowsFromAMajorChange(t *testing.T) {
	d := change(t, "items: [web.cookie], country", "items: [web.cookie, account.feed], country", "verify: login, reply: 15wd, extend", "verify: login, reply: 20wd, extend")
	want := Follows{Notice: true, Channels: []string{"popup", "email"}, Before: "P7D", Again: true, Consent: []string{"ads"}, Keeps: true}
	if diff := cmp.Diff(want, d.Follows); diff != "" {
		t.Error(diff)
	}
	if d = change(t, "items: [web.cookie], country", "items: [web.cookie, account.feed], country"); d.Follows.Keeps {
		t.Error("no right was reduced, and yet old rights are kept")
	}
	if d = change(t, "en: We collect only what is listed.", "en: We collect what is listed."); d.Follows.Again || len(d.Follows.Consent) > 0 || d.Follows.Channels[0] != "page" {
		t.Errorf("%+v", d.Follows)
	}
}

func TestAVersionDoesNotDifferFromItself(t *testing.T) {
	if d := change(t); len(d.Changes) != 0 || d.Weight != Technical || d.Follows.Notice {
		t.Errorf("%+v", d)
	}
	out, err := json.Marshal(change(t, "before: P7D", "before: P2D"))
	if err != nil || !strings.Contains(string(out), `"weight":"major"`) || !strings.Contains(string(out), `"part":"changes"`) {
		t.Errorf("%s, %v", out, err)
	}
}

// Two whole policies of which every part differs: nothing panics, and every
// sentence is whole in both languages.
func TestADifferenceOfEverythingIsSaid(t *testing.T) {
	a, b := compile(t, base(t)), compile(t, entire(t))
	for _, d := range []Difference{Diff(a, b), Diff(b, a)} {
		parts := map[string]bool{}
		for _, c := range d.Changes {
			section, _, _ := strings.Cut(c.Part, ".")
			parts[section] = true
			if strings.Contains(c.Says.In("en")+c.Says.In("zh-CN"), "%!") || c.Pos.File == "" {
				t.Errorf("%+v", c)
			}
		}
		if len(parts) < 15 || d.Weight != Major {
			t.Errorf("%d parts differ, %s", len(parts), d.Weight)
		}
	}
}

// The difference is taken by names, so the numbers of the two versions need not
// agree.
func TestADifferenceIsTakenByNames(t *testing.T) {
	src := entire(t)
	a := compile(t, src)
	var n Numbers
	if err := json.Unmarshal([]byte(`{"items":["old.item","here"],"purposes":["rights"],"classes":["books"],"recipients":["x"],"roles":[]}`), &n); err != nil {
		t.Fatal(err)
	}
	b, _, err := Load("whole.yaml", []byte(src), &n)
	if err != nil {
		t.Fatal(err)
	}
	if d := Diff(a, b); len(d.Changes) != 0 {
		t.Errorf("%+v", d.Changes)
	}
}
