package policy

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
)

func TestAPolicySaysWhatItsFileSays(t *testing.T) {
	p := compile(t, base(t))
	day := func(y, d int) time.Time { return time.Date(y, 1, d, 0, 0, 0, 0, time.UTC) }
	c, people, sec := p.Controller(), p.People(), p.Security()
	for what, ok := range map[string]bool{
		"platform":   p.Platform() == "lamp-shop" && p.Label() == "2026-01-01" && p.Title().In("zh-CN") == "灯店",
		"dates":      p.Updated().Equal(day(2026, 1)) && p.Effective().Equal(day(2026, 15)),
		"languages":  strings.Join(p.Languages(), " ") == "en zh-CN" && strings.Join(p.Surfaces(), " ") == "web shop",
		"controller": c.Name.In("en") == "Lamp Shop GmbH" && c.Country.String() == "DE" && c.Contacts["email"] == "privacy@lamp-shop.de" && c.AuthorityURL != "",
		"people":     people.AdultAge == 18 && people.Minors == MinorGuardian && people.Children == MinorRefused && len(people.Never) == 1,
		"security":   sec.AtRest == "aes-256-gcm" && sec.StaffMFA && sec.MaskedView && sec.Reviews["security-audit"] == (Period{Months: 12}),
		"points":     len(p.Points()) == 3 && p.Points()[0].Surface == "web",
		"lists":      len(p.Items()) == 6 && len(p.Purposes()) == 8 && len(p.Classes()) == 4 && len(p.Recipients()) == 4 && len(p.Roles()) == 2 && len(p.Rights()) == 8 && len(p.Clauses()) == 4,
		"rights":     p.PurposeBy(p.RightsPurpose()).Name == "rights",
		"keeping":    len(p.ClausesKeeping(CollectNever)) == 1 && p.ClausesKeeping(KeysApart) == nil,
	} {
		if !ok {
			t.Errorf("%s is not what the file says", what)
		}
	}
	email, _ := p.Item("account.email")
	if email.Clause != "" || email.Identifier != "email" || !email.Exclusive || p.ClassBy(email.Class).Name != "account" || email.Pos.Line != 36 {
		t.Errorf("%+v", email)
	}
	erasure, err := p.Right(Erasure)
	if err != nil || erasure.Backups != (Period{Days: 30}) || !erasure.assumes("backups") || erasure.assumes("reply") {
		t.Errorf("%+v, %v", erasure, err)
	}
	if cl, ok := p.Clause("L-3"); !ok || cl.About[0] != "items.eye.sight" {
		t.Errorf("%+v", cl)
	}
	if _, ok := p.Clause("L-9"); ok {
		t.Error("a clause nobody wrote")
	}
}

func TestAMissedNameSuggestsOne(t *testing.T) {
	p := compile(t, base(t))
	_, err := p.Purpose("nws")
	if fault.Of(err) != fault.NotFound || !strings.Contains(err.Error(), `did you mean "news"?`) {
		t.Errorf("err = %v", err)
	}
	if _, err := p.Item("zara@mail.test"); err == nil || strings.Contains(err.Error(), "zara") {
		t.Errorf("err = %v", err)
	}
	if _, err := p.Right("erasrue"); err == nil || !strings.Contains(err.Error(), `"erasure"`) {
		t.Errorf("err = %v", err)
	}
	if _, err := p.Right("Zara Q"); err == nil || strings.Contains(err.Error(), "Zara") {
		t.Errorf("err = %v", err)
	}
	for _, err := range []error{second(p.Class("x")), second(p.Recipient("x")), second(p.Role("x"))} {
		if fault.Of(err) != fault.NotFound {
			t.Errorf("err = %v", err)
		}
	}
	if p.ItemBy(0) != nil || p.ItemBy(400) != nil || p.RecipientBy(0) != nil || p.RoleBy(Self) != nil {
		t.Error("a number without a part has one")
	}
}

func second[T any](_ T, err error) error { return err }

func TestAssumedAsAWholeMeansEveryClock(t *testing.T) {
	p := compile(t, edit(t, base(t), "assumed: [backups]", "assumed: true"))
	r, _ := p.Right(Erasure)
	for _, key := range []string{"confirm", "reply", "done", "backups"} {
		if !r.assumes(key) {
			t.Errorf("%s is not assumed", key)
		}
	}
}

func TestTextsSpeakTheReadersLanguage(t *testing.T) {
	x := NewText(map[string]string{"zh-CN": "灯", "en": "lamp"})
	if x.In("zh-CN") != "灯" || x.In("de") != "lamp" || x.String() != "lamp" || !x.Has("en") || x.Has("de") {
		t.Errorf("%+v", x.Map())
	}
	if (Text{}).In("en") != "" || !(Text{}).IsZero() {
		t.Error("an empty text says something")
	}
	if only := NewText(map[string]string{"zh-CN": "灯"}); only.In("de") != "灯" {
		t.Error("a text without English is silent")
	}
	b, err := json.Marshal(x)
	var back Text
	if err != nil || json.Unmarshal(b, &back) != nil || back.In("zh-CN") != "灯" {
		t.Errorf("%s", b)
	}
	if json.Unmarshal([]byte(`7`), &back) == nil {
		t.Error("7 is a text")
	}
}

func TestWordsOfSmallTypes(t *testing.T) {
	for got, want := range map[string]string{
		Scenario(99).String(): "unknown", Sale.String(): "sale", RefKind(99).String(): "unknown", RefTicket.String(): "ticket",
		AccountState(99).String(): "unknown", AccountErasing.String(): "erasing", Region(0).String() + "-": "-", Region('C'<<8 | 'N').String(): "CN",
		(MustMask | MustNotify).String(): "mask+notify", Pos{File: "f"}.String(): "f", Pos{"f", 2, 3}.String(): "f:2:3", nodeKind(2).String(): "a mapping",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := ParseScenario("gift"); err == nil {
		t.Error("gift is a sharing case")
	}
	for _, bad := range []string{"order", "order:", ":1", "gift:1", ""} {
		if _, err := ParseRef(bad); err == nil {
			t.Errorf("%q is a reference", bad)
		}
	}
	if obligation("burn") != 0 {
		t.Error("burn is an obligation")
	}
	var s regionSet
	s.add(0xffff)
	if s.has(0xffff) || s.has(0) {
		t.Error("what is no region is in a set")
	}
}

func TestEveryControlIsListedOnceInBothLanguages(t *testing.T) {
	seen := map[Control]bool{}
	for _, c := range Controls() {
		if seen[c.ID] || !c.Title.Has("en") || !c.Title.Has("zh-CN") || !validName(string(c.ID)) {
			t.Errorf("%s", c.ID)
		}
		seen[c.ID] = true
	}
	for _, c := range []Control{CollectDeclared, UseDecision, ConsentWithdrawal, ErasureDeadline, RetentionClosed, AccessPackage, AtRest, TamperEvident} {
		if !seen[c] {
			t.Errorf("%s is not listed", c)
		}
	}
}

func TestTheRulePacksRead(t *testing.T) {
	for _, name := range Laws() {
		l, err := openLaw(name)
		if err != nil || l.name != name || l.label == "" || !l.title.Has("zh-CN") || len(l.clocks) == 0 || !l.grounds[Consent] {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
		for _, c := range l.clocks {
			if c.within.IsZero() || c.cite.IsZero() || len(c.rights) == 0 || c.clock == "" {
				t.Errorf("%s: %+v", name, c)
			}
		}
	}
	if _, err := openLaw("none"); err == nil {
		t.Error("a law nobody wrote opens")
	}
	if _, err := parseLaw("x.yaml", []byte("law: [x]")); err == nil {
		t.Error("a broken pack reads")
	}
	l, err := parseLaw("x.yaml", []byte("law: x\nclocks: [{rights: [access], clock: confirm, within: 10wd}]"))
	if err != nil {
		t.Fatal(err)
	}
	p := compile(t, base(t))
	var c Clocks
	p.lawClocks(l, Access, berlin(t, p, "2026-03-03 10:00"), &c)
	if c.Confirm.Rule != "x" {
		t.Errorf("%+v", c)
	}
}

func TestASourceKeepsItsOwnBytes(t *testing.T) {
	b := []byte(base(t))
	s, err := Parse("f.yaml", b)
	if err != nil {
		t.Fatal(err)
	}
	b[0] = 'X'
	if s.File() != "f.yaml" || s.Bytes()[0] == 'X' {
		t.Error("the source changed with its caller's bytes")
	}
}
