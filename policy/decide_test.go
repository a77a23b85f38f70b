package policy

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func benchUse(tb testing.TB, p *Policy) (*Use, *Facts) {
	mailer, err := p.Recipient("mailer")
	if err != nil {
		tb.Fatal(err)
	}
	email, _ := p.Item("account.email")
	news, _ := p.Purpose("news")
	u := &Use{Subject: 1, Items: []ItemNo{email.No}, Purpose: news.No, Recipient: mailer.No}
	f := &Facts{Accepted: true, Account: AccountOpen}
	f.Consents.Add(news.No)
	f.Explicit.Add(news.No)
	f.Agreements.Add(mailer.No)
	return u, f
}

func TestAnAllowedUseTakesNoMemory(t *testing.T) {
	p := compile(t, base(t))
	u, f := benchUse(t, p)
	if n := testing.AllocsPerRun(100, func() {
		if d := p.Decide(u, f); !d.Allowed {
			t.Fatal(d)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
	// Uses that the full examination lets pass take none either.
	u.Surface, f.Age, f.Guardian, u.Recipient = "web", AgeAdult, true, 0
	if n := testing.AllocsPerRun(100, func() { p.Decide(u, f) }); n != 0 {
		t.Errorf("%v allocations on the long way, want none", n)
	}
}

func BenchmarkDecideAllowed(b *testing.B) {
	p := compile(b, base(b))
	u, f := benchUse(b, p)
	u.Recipient = 0
	b.ReportAllocs()
	for b.Loop() {
		if !p.Decide(u, f).Allowed {
			b.Fatal("denied")
		}
	}
}

func BenchmarkDecideAllowedToRecipient(b *testing.B) {
	p := compile(b, base(b))
	u, f := benchUse(b, p)
	b.ReportAllocs()
	for b.Loop() {
		if !p.Decide(u, f).Allowed {
			b.Fatal("denied")
		}
	}
}

func BenchmarkDecideDenied(b *testing.B) {
	p := compile(b, base(b))
	u, _ := benchUse(b, p)
	f := &Facts{}
	b.ReportAllocs()
	for b.Loop() {
		if p.Decide(u, f).Allowed {
			b.Fatal("allowed")
		}
	}
}

// randomCase draws a use and facts in which each check fails now and then.
func randomCase(r *rand.Rand, p *Policy) (*Use, *Facts) {
	rare := func() bool { return r.IntN(6) == 0 }
	likely := func() bool { return r.IntN(6) != 0 }
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	u := &Use{Purpose: PurposeNo(r.IntN(len(p.purposes.byNo) + 1)), Actor: RoleNo(r.IntN(4))}
	if rare() {
		u.Actor = Self
	}
	for range r.IntN(4) {
		u.Items = append(u.Items, ItemNo(r.IntN(len(p.items.byNo)+1)))
	}
	if pu := p.PurposeBy(u.Purpose); pu != nil && likely() {
		u.Items = u.Items[:0]
		for _, it := range p.items.ordered {
			if p.hot.rules[pu.No].items.Has(it.No) && likely() {
				u.Items = append(u.Items, it.No)
			}
		}
	}
	if likely() {
		u.Ref = Ref{Kind: RefKind(r.IntN(7)), ID: pick("A-1", "")}
	}
	if r.IntN(3) == 0 {
		u.Recipient = RecipientNo(r.IntN(len(p.recipients.byNo) + 1))
	}
	if rare() {
		u.Scenario = Scenario(r.IntN(12))
	}
	u.Function, u.Surface, u.Device = pick("lamp-finder", "x", ""), pick("", "", "web", "y"), pick("", "Beamer")
	u.Instrument, u.Interest = pick("", "", "law"), pick("", "right")
	u.Region = []Region{0, 0, 'D'<<8 | 'E', 'U'<<8 | 'S', 0xffff}[r.IntN(5)]
	f := &Facts{Accepted: likely(), Account: AccountOpen, Restricted: rare(), Guardian: rare()}
	if rare() {
		f.Account = AccountState(r.IntN(6))
	}
	if rare() {
		f.Age = AgeBand(r.IntN(4))
	}
	for no := range PurposeNo(len(p.purposes.byNo)) {
		add := func(s *PurposeSet, on bool) {
			if on {
				s.Add(no)
			}
		}
		add(&f.Consents, likely())
		add(&f.Explicit, likely())
		add(&f.Withdrawn, r.IntN(36) == 0)
		add(&f.Expired, r.IntN(36) == 0)
		add(&f.Objected, rare())
	}
	for no := range RecipientNo(len(p.recipients.byNo)) {
		add := func(s *RecipientSet, on bool) {
			if on {
				s.Add(no)
			}
		}
		add(&f.Shared, likely())
		add(&f.Abroad, likely())
		add(&f.Agreements, likely())
		add(&f.AuditDue, rare())
	}
	if rare() {
		f.Held.Add(ClassNo(r.IntN(len(p.classes.byNo))))
	}
	return u, f
}

// The quick look must never allow what the examination has a reason against.
func TestTheQuickLookAgreesWithTheExamination(t *testing.T) {
	var policies []*Policy
	for _, src := range []string{
		base(t),
		edit(t, base(t), "laws: [gdpr]", "laws: [gdpr, pipl]", "abroad: [law, explicit-consent]", "abroad: [free]"),
		edit(t, base(t), "laws: [gdpr]", "laws: [gdpr, {law: pipl, for: [residents]}]"),
		edit(t, base(t), "below_child: refuse", "below_child: allow", "below_adult: guardian-consent", "below_adult: allow", "sale: never-without-consent", "sale: allowed"),
	} {
		policies = append(policies, compile(t, src))
	}
	r := rand.New(rand.NewPCG(1, 2))
	var quick, long, denied int
	for i := range 200_000 {
		p := policies[i%len(policies)]
		u, f := randomCase(r, p)
		e := explanation{p: p, u: u, f: f}
		e.run()
		d := p.Decide(u, f)
		if d.Allowed != (len(e.reasons) == 0) {
			t.Fatalf("the quick look says %v, the examination %v\n%+v\n%+v", d.Allowed, e.reasons, u, f)
		}
		o, ok := p.hot.clear(u, f)
		switch {
		case ok:
			quick++
			if o != p.hot.oblige(u) {
				t.Fatalf("obligations differ: %v and %v for %+v", o, p.hot.oblige(u), u)
			}
		case d.Allowed:
			long++
		default:
			denied++
		}
	}
	if quick < 1000 || long < 1000 || denied < 1000 {
		t.Errorf("the draw is lopsided: %d quick, %d long, %d denied", quick, long, denied)
	}
}

// What only makes a person's position stronger must never turn a denial into
// leave, and what makes it weaker never leave into a denial.
func TestTakingBackNeverOpensADoor(t *testing.T) {
	p := compile(t, base(t))
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		u, f := randomCase(r, p)
		if p.Decide(u, f).Allowed {
			continue
		}
		g := *f
		switch r.IntN(8) {
		case 0:
			g.Consents = PurposeSet{}
		case 1:
			g.Withdrawn.Add(u.Purpose)
		case 2:
			g.Objected.Add(u.Purpose)
		case 3:
			g.Restricted = true
		case 4:
			g.Shared, g.Abroad, g.Agreements = RecipientSet{}, RecipientSet{}, RecipientSet{}
		case 5:
			g.Account = AccountErased
		case 6:
			g.Accepted = false
		case 7:
			g.Expired.Add(u.Purpose)
		}
		if p.Decide(u, &g).Allowed {
			t.Fatalf("taking back opened a door:\n%+v\n%+v\n%+v", u, f, g)
		}
	}
}

func TestReasonsAndRefusalsHoldNoWordsOfTheCaller(t *testing.T) {
	p := compile(t, base(t))
	const secret = "zara.canary@mail.test"
	u := &Use{Items: []ItemNo{1, 400}, Purpose: 3, Ref: Ref{RefOrder, secret}, Function: secret, Surface: secret, Device: secret, Recipient: 3, Scenario: 77}
	for _, r := range p.Decide(u, nil).Reasons {
		if strings.Contains(r.Text, "zara") {
			t.Errorf("a reason repeats what the caller said: %s", r.Text)
		}
	}
	got := p.Collect(secret, []Given{
		{Item: secret, Value: secret},
		{Item: "account.email", Value: "zara", Origin: Origin(secret)},
		{Item: "zara.canary", Value: secret},
		{Item: "account.phone", Value: secret},
	}, nil)
	if len(got) < 5 {
		t.Fatalf("only %d refusals", len(got))
	}
	for _, r := range got {
		if strings.Contains(r.Text, "zara") && r.Item != "zara.canary" || strings.Contains(r.Item, "@") {
			t.Errorf("a refusal repeats what the caller said: %+v", r)
		}
	}
}

func TestSetsIgnoreWhatTheyCannotHold(t *testing.T) {
	var s PurposeSet
	var i ItemSet
	s.Add(0xffff)
	i.Add(0xffff)
	s.Remove(0xffff)
	i.Remove(0xffff)
	if s != (PurposeSet{}) || i != (ItemSet{}) || s.Has(0xffff) || i.Has(0xffff) || s.Has(MaxNames+1) || i.Has(MaxItems+1) {
		t.Error("a number out of range is in a set")
	}
	for n := range PurposeNo(MaxNames + 1) {
		s.Add(n)
		if !s.Has(n) {
			t.Fatalf("%d was added and is not there", n)
		}
		s.Remove(n)
	}
	for n := range ItemNo(MaxItems + 1) {
		i.Add(n)
		if !i.Has(n) {
			t.Fatalf("%d was added and is not there", n)
		}
		i.Remove(n)
	}
	if s != (PurposeSet{}) || i != (ItemSet{}) {
		t.Error("what was removed is still there")
	}
}
