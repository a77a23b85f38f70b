package policies_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/policy"
)

func TestTheLintNamesTheDefectsOfTheGoSoftText(t *testing.T) {
	wantCodes(t, "go-soft.yaml", map[string]int{
		"date.missing": 1, "date.updated": 1, "consent.by-use": 1, "consent.by-silence": 1, "law.silent": 2,
		"controller.no-address": 1, "recipient.unnamed": 3,
	})
}

func TestEveryPromiseOfGoSoftIsAClause(t *testing.T) { clauses(t, "go-soft.yaml", "G", 125) }

// observed are the names of the items that the system records by itself and
// whose names begin with a prefix.
func observed(p *policy.Policy, prefix string) []string {
	var out []string
	for _, it := range p.Items() {
		if it.Origin == policy.FromDevice && len(it.Name) > len(prefix) && it.Name[:len(prefix)] == prefix {
			out = append(out, it.Name)
		}
	}
	slices.Sort(out)
	return out
}

func TestGoSoftRecordsFiveThingsOfADeviceAndSixOfAnAccess(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	for prefix, want := range map[string][]string{
		"device.": {"device.browser", "device.id", "device.model", "device.network", "device.os"},
		"access.": {"access.crashes", "access.frequency", "access.ip", "access.operations", "access.pages", "access.time"},
	} {
		if diff := cmp.Diff(want, observed(p, prefix)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", prefix, diff)
		}
	}
	for _, it := range p.Items() {
		if it.Necessary.IsZero() {
			t.Errorf("%s does not say why it is needed", it.Name)
		}
		if it.Sensitive && it.Origin == policy.FromDevice {
			t.Errorf("%s is sensitive and recorded without an act of the person", it.Name)
		}
	}
}

func TestRegistrationWithGoSoftTakesNothingBeyondItsList(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	f := customer(t, p)
	for _, c := range []struct {
		item, value string
		code        policy.Code // "" where it may come in
	}{
		{"account.username", "lin", ""},
		{"account.password", "correct horse battery", ""},
		{"account.email", "lin@mail.example", ""},
		{"account.phone", "+86 138 0013 8000", ""},
		{"account.name", "Lin", policy.ItemUndeclared},
		{"activation.package", "Team", policy.ItemPoint},
		{"access.ip", "203.0.113.9", policy.ItemPoint},
	} {
		got := p.Collect("registration", []policy.Given{{Item: c.item, Value: c.value, Voluntary: true}}, f)
		if (len(got) > 0) != (c.code != "") || len(got) > 0 && got[0].Code != c.code {
			t.Errorf("%s: %+v, want %q", c.item, got, c.code)
		}
	}
	it, err := p.Item("account.certificate")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"enterprise"}, it.Kinds); diff != "" {
		t.Errorf("the certificate is asked of others than businesses:\n%s", diff)
	}
}

func TestSensitiveThingsComeInByTheirOwnDoorOnly(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	told := customer(t, p, "volunteered")
	const card, place, id = "4111 1111 1111 1111", "31.2304, 121.4737", "11010519491231002X"
	for _, c := range []struct {
		item, value string
		voluntary   bool
		f           *policy.Facts
		code        policy.Code
	}{
		{"interaction.message", "Bill it to " + card, true, told, policy.NeverCollected},
		{"interaction.feedback", "I am at " + place, true, told, policy.NeverCollected},
		{"interaction.complaint", "My number is " + id, true, told, policy.NeverCollected},
		{"interaction.message", "The export fails.", true, told, ""},
		{"sensitive.voluntary", "I am at " + place, true, told, ""},
		{"sensitive.voluntary", "I need a screen reader.", false, told, policy.NotVoluntary},
		{"sensitive.voluntary", "I need a screen reader.", true, customer(t, p), policy.NoGround},
	} {
		got := p.Collect("feedback", []policy.Given{{Item: c.item, Value: c.value, Voluntary: c.voluntary}}, c.f)
		if c.item == "interaction.message" || c.code == "" {
			if (len(got) > 0) != (c.code != "") {
				t.Errorf("%s: %+v", c.item, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Code != c.code {
			t.Errorf("%s: %+v, want %s", c.item, got, c.code)
		}
	}
}

func TestOptimisationSeesHabitsAndOperationsOnly(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	everything := make([]string, 0, len(p.Purposes()))
	for _, u := range p.Purposes() {
		everything = append(everything, u.Name)
	}
	f := customer(t, p, everything...)
	got := map[string]bool{}
	for _, it := range p.Items() {
		use := &policy.Use{Items: []policy.ItemNo{it.No}, Purpose: purpose(t, p, "optimisation").No}
		if p.Decide(use, f).Allowed {
			got[it.Name] = true
		}
	}
	want := []string{"access.frequency", "access.operations", "cookie.habits"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("optimisation (-want +got):\n%s", diff)
	}
	for _, name := range []string{"business-analysis", "industry-analysis", "product-research"} {
		use := &policy.Use{Items: []policy.ItemNo{item(t, p, "access.frequency")}, Purpose: purpose(t, p, name).No}
		if p.Decide(use, f).Allowed {
			t.Errorf("%s sees a person's values", name)
		}
	}
}

func TestNothingIsSoldWithoutAYesToThisBuyer(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	buyer, err := p.Recipient("payment")
	if err != nil {
		t.Fatal(err)
	}
	f := customer(t, p)
	u := &policy.Use{
		Items: []policy.ItemNo{item(t, p, "account.email")}, Purpose: purpose(t, p, "billing").No,
		Recipient: buyer.No, Scenario: policy.Sale,
	}
	d := p.Decide(u, f)
	if d.Allowed || !slices.ContainsFunc(d.Reasons, func(r policy.Reason) bool { return r.Code == policy.SaleNot }) {
		t.Errorf("sold without consent: %+v", d)
	}
	f.Shared.Add(buyer.No)
	if d := p.Decide(u, f); !d.Allowed {
		t.Errorf("with consent to this buyer: %+v", d.Reasons)
	}
}

func TestAnAuthorityOfGoSoftNamesItsInstrument(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	authority, err := p.Recipient("authority")
	if err != nil {
		t.Fatal(err)
	}
	u := &policy.Use{
		Items: []policy.ItemNo{item(t, p, "access.ip")}, Purpose: purpose(t, p, "inquiries").No,
		Recipient: authority.No, Ref: policy.Ref{Kind: policy.RefCase, ID: "7"},
	}
	if p.Decide(u, customer(t, p)).Allowed {
		t.Error("an authority gets data without an instrument")
	}
	u.Instrument = "Shanghai Pudong court, order 2026-17"
	u.Interest = "public safety"
	if p.Decide(u, customer(t, p)).Allowed {
		t.Error("an authority gets data that nobody approved")
	}
	f := customer(t, p)
	approval := policy.Backing{Need: policy.NeedApproval, Recipient: authority.No, Scenario: policy.Legal, Ref: "7"}
	approval.Items.Add(u.Items[0])
	f.Backings = append(f.Backings, approval)
	if d := p.Decide(u, f); !d.Allowed {
		t.Errorf("with an instrument, an interest and an approval: %+v", d.Reasons)
	}
	u.Items = []policy.ItemNo{item(t, p, "interaction.message")}
	if p.Decide(u, customer(t, p)).Allowed {
		t.Error("an authority gets messages, which its list does not have")
	}
}

func TestClocksOfGoSoftFollowThePersonsOwnLaw(t *testing.T) {
	p, _ := load(t, "go-soft.yaml")
	if all := len(p.Laws()); all != 3 {
		t.Fatalf("%d laws, want 3", all)
	}
	// Tuesday before Spring Festival 2026, at ten in China.
	received := time.Date(2026, 2, 10, 2, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		right   policy.RightKind
		country string
		want    string
	}{
		{policy.Access, "CN", "2026-03-12"},  // thirty days
		{policy.Access, "DE", "2026-03-10"},  // a month, by the GDPR
		{policy.Access, "US", "2026-03-12"},  // the 45 days of California are longer
		{policy.Erasure, "DE", "2026-03-09"}, // fifteen working days around the festival
		{policy.Objection, "CN", "2026-03-10"},
	} {
		home, err := policy.ParseRegion(c.country)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.DueFor(c.right, received, p.LawsFor(policy.Person{Residence: home}))
		if err != nil {
			t.Fatal(err)
		}
		if day := got.Reply.At.In(p.Calendar().Zone()).Format("2006-01-02"); day != c.want {
			t.Errorf("%s of somebody in %s is answered by %s (%s), want %s", c.right, c.country, day, got.Reply.Rule, c.want)
		}
	}
}
