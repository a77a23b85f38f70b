package policy

import (
	"strings"
	"testing"
)

func TestALogLosesWhoItIsAbout(t *testing.T) {
	const log = `2026-03-01 12:00:01 E/Login: user=lin "name": "Lin Wei" lin@mail.example 203.0.113.7 2001:db8::1 02:00:5e:10:00:01 ` +
		`+86 139 1234 5678 4111-1111-1111-1111 token: abc123 https://lin:pw@shop.example/a?q=secret 24.4798, 118.0894 姓名：林薇，NullPointerException at Login.java:42`
	got := Scrub(log, "harbour road")
	for _, gone := range []string{"=lin", "Lin Wei", "lin@", "203.0", "db8", "5e:10", "5678", "1111", "abc123", "pw@", "secret", "118.0894", "林薇"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q stands in %s", gone, got)
		}
	}
	for _, stays := range []string{"2026-03-01 12", "E/Login", "shop.example/a", "NullPointerException at Login.java:42"} {
		if !strings.Contains(got, stays) {
			t.Errorf("%q is lost in %s", stays, got)
		}
	}
	if got := Scrub("moved to 5 Harbour Road", "harbour road"); strings.Contains(got, "Harbour") {
		t.Errorf("a known value stands in %s", got)
	}
}

// What a Chinese keyboard writes in full width, and digits of other scripts, are the same
// numbers and addresses; a day stays, however wide.
func TestANumberIsTakenOutInWhateverWidthItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"call １３９１２３４５６７８ now":      "call [removed] now",
		"＋８６－１３９－１２３４－５６７８":         "[removed]",
		"（０３０）９０１８２０":               "（[removed]",
		"030\u00a0901\u00a0820":     "[removed]",
		"٠٣٠ ٩٠١٨٢٠":                "[removed]",
		"write to lin＠mail．example": "write to [removed]",
		"on ２０２６－０３－０１":             "on ２０２６－０３－０１",
		"３ lamps for ２５ euros":      "３ lamps for ２５ euros",
	} {
		if got := Scrub(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("user=lin lin@mail.example", "lin")
	f.Add("https://a.example/?x=1", "")
	f.Fuzz(func(t *testing.T, text, known string) {
		got := Scrub(text, known)
		if scrubEmail().MatchString(got) {
			t.Errorf("an address stands in %q", got)
		}
	})
}

func TestWhatMustStandBesideAValue(t *testing.T) {
	p, _, err := Load("whole.yaml", []byte(entire(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{Account: AccountOpen, Accepted: true, Age: AgeAdult}
	for i := range p.Purposes() {
		f.Consents.Add(p.Purposes()[i].No)
		f.Explicit.Add(p.Purposes()[i].No)
	}
	visit := Given{Item: "web.visit", Value: "/tea"}
	feed := Given{Item: "account.feed", Value: "drinks tea"}
	for what, c := range map[string]struct {
		at    string
		given []Given
		want  Code
	}{
		"alone":                 {"browse", []Given{visit}, ItemAlone},
		"too little of another": {"browse", []Given{visit, {Item: "web.score", Value: "0"}}, ItemBelow},
		"with enough of it":     {"browse", []Given{visit, {Item: "web.score", Value: "1"}}, ""},
		"a partner unnamed":     {"order", []Given{feed}, PartnerUnnamed},
		"an unknown partner":    {"order", []Given{{Item: feed.Item, Value: feed.Value, From: "nobody"}}, PartnerOther},
		"from where none comes": {"browse", []Given{{Item: "web.score", Value: "1", From: "nobody"}}, NoPartner},
	} {
		found := false
		for _, r := range p.Collect(c.at, c.given, f) {
			switch r.Code {
			case c.want:
				found = true
			case ItemAlone, ItemBelow, PartnerUnnamed, PartnerOther, NoPartner, ItemNoLaw:
				t.Errorf("%s: %s", what, r.Code)
			}
		}
		if c.want != "" && !found {
			t.Errorf("%s: %s is not among the refusals", what, c.want)
		}
	}
}
