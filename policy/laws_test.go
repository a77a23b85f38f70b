package policy

import (
	"testing"
	"time"
)

func TestALawForSomePeopleHoldsForThemOnly(t *testing.T) {
	p := compile(t, edit(t, base(t), "laws: [gdpr]", "laws: [gdpr, {law: pipl, for: [residents]}]"))
	cn, _ := ParseRegion("CN")
	de, _ := ParseRegion("DE")
	for who, want := range map[Person]LawSet{{}: 0b11, {Residence: cn}: 0b11, {Residence: de}: 0b01} {
		if got := p.LawsFor(who); got != want {
			t.Errorf("%+v: %b, want %b", who, got, want)
		}
	}
	safety, _ := p.Purpose("safety")
	ip, _ := p.Item("net.ip")
	u := &Use{Items: []ItemNo{ip.No}, Purpose: safety.No}
	// Legitimate interest is no ground in China, and nobody knows who lives there.
	d := p.Decide(u, &Facts{})
	if d.Allowed || d.Reasons[0].Code != ConsentMissing {
		t.Errorf("without consent: %+v", d)
	}
	f := &Facts{}
	f.Consents.Add(safety.No)
	if d := p.Decide(u, f); !d.Allowed {
		t.Errorf("with consent: %+v", d.Reasons)
	}
	received := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	at, err := p.DueFor(Rectification, received, p.LawsFor(Person{Residence: de}))
	if err != nil || at.Reply.Rule != "gdpr" {
		t.Errorf("%+v, %v", at.Reply, err)
	}
	if at, _ = p.DueFor(Rectification, received, p.LawsFor(Person{Residence: cn})); at.Reply.Rule != "pipl" {
		t.Errorf("%+v", at.Reply)
	}
	if at, _ = p.Due(Rectification, received); at.Reply.Rule != "pipl" {
		t.Errorf("of nobody known the strictest law counts: %+v", at.Reply)
	}
}

func TestALawForChildrenHoldsUntilTheyAreKnownToBeOlder(t *testing.T) {
	p := compile(t, edit(t, base(t), "laws: [gdpr]", "laws: [gdpr, {law: pipl, for: [children]}]"))
	for age, want := range map[AgeBand]LawSet{AgeUnknown: 0b11, AgeChild: 0b11, AgeMinor: 0b01, AgeAdult: 0b01} {
		if got := p.LawsFor(Person{Age: age}); got != want {
			t.Errorf("%d: %b, want %b", age, got, want)
		}
	}
	if l := p.Laws()[1]; l.Name != "pipl" || !l.Children || l.Residents || len(l.Duties) < 10 || l.Territory[0].String() != "CN" {
		t.Errorf("%+v", l)
	}
}

// Every duty of a rule pack has its article; every duty that lint examines is
// demanded by a pack.
func TestEveryDutyOfALawNamesItsArticle(t *testing.T) {
	s, err := Parse("whole.yaml", []byte(entire(t)))
	if err != nil {
		t.Fatal(err)
	}
	unheard := newChecker(s).says()
	for _, name := range Laws() {
		l, err := openLaw(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.territory) == 0 || len(l.sensitive) == 0 || len(l.duties) == 0 {
			t.Errorf("%s has no territory, no sensitive categories or no duties", name)
		}
		for _, r := range l.territory {
			if !territory(name, r) {
				t.Errorf("%s does not hold in %s", name, r)
			}
		}
		if territory(name, Region('Q'<<8|'Q')) {
			t.Errorf("%s holds everywhere", name)
		}
		for _, d := range l.duties {
			if !d.Cite.Has("en") || !d.Cite.Has("zh-CN") || !d.Says.Has("en") || !d.Says.Has("zh-CN") {
				t.Errorf("%s: %s", name, d.Name)
			}
			delete(unheard, d.Name)
		}
	}
	for duty := range unheard {
		t.Errorf("no law demands %s", duty)
	}
}

func TestTheClocksOfCaliforniaAreItsOwn(t *testing.T) {
	p := compile(t, edit(t, base(t), "laws: [gdpr]", "laws: [ccpa, {law: gdpr, for: [residents]}]", "calendar: DE", "calendar: US", "country: DE\n  contacts", "country: US\n  contacts"))
	us, _ := ParseRegion("US")
	c, err := p.DueFor(Rectification, time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC), p.LawsFor(Person{Residence: us}))
	if err != nil {
		t.Fatal(err)
	}
	day := func(d Deadline) string { return d.At.In(p.Calendar().Zone()).Format("2006-01-02") }
	if day(c.Confirm) != "2026-03-16" || day(c.Reply) != "2026-04-16" || day(c.Extended) != "2026-05-31" || c.Reply.Rule != "ccpa" {
		t.Errorf("confirm %s, reply %s, extended %s by %s", day(c.Confirm), day(c.Reply), day(c.Extended), c.Reply.Rule)
	}
}
