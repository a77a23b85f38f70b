package plan

import (
	"os"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/google/go-cmp/cmp"
)

func lampShop(t testing.TB) *policy.Policy {
	t.Helper()
	src, err := os.ReadFile("../policy/testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load("base.yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const shopMap = `avow: 1
system: shop
kind: sqlite
subjects:
  customer:
    collection: customers
    identifiers: {email: [customers.email]}
collections:
  customers: {columns: {email: account.email, phone: account.phone}, plain: [id], erase: delete}
  orders: {columns: {what: order.history}, plain: [id, customer_id], erase: keep, keep: {ground: legal-obligation, reason: {en: Tax records}, cite: § 147 AO, for: P10Y}}
links: [{from: orders.customer_id, to: customers.id, role: owns}]
`

func shop(t testing.TB) Surveyed {
	t.Helper()
	m, err := datamap.Parse("shop.yaml", []byte(shopMap))
	if err != nil {
		t.Fatal(err)
	}
	return Surveyed{Name: "shop", Kind: "sqlite", Map: m, Survey: &connector.Survey{System: "shop", Map: m.Hash(), Found: []connector.Found{
		{
			Collection: "customers", Keys: []string{"7", "3", "7"}, Why: "customers.email", Role: connector.Self, Action: connector.Delete,
			Items: []string{"account.email", "account.phone"},
		},
		{
			Collection: "orders", Keys: []string{"1", "2"}, Why: "orders.customer_id → customers.id", Role: connector.Owns, Action: connector.Keep,
			Items: []string{"order.history"}, Keep: connector.Retention{Ground: "legal-obligation", Reason: map[string]string{"en": "Tax records"}, Until: "P10Y"},
		},
	}}}
}

func vaultSystem() Surveyed {
	return Surveyed{Name: "vault", Kind: Vault, Survey: &connector.Survey{System: "vault", Found: []connector.Found{
		{Collection: "account", Keys: []string{"10"}, Why: "retention class account of this subject", Role: connector.Self, Action: connector.Delete, Items: []string{"account.email", "account.phone"}},
		{Collection: "logs", Keys: []string{"11", "12"}, Why: "retention class logs of this subject", Role: connector.Self, Action: connector.Delete, Items: []string{"net.ip"}},
	}}}
}

func erasure(t testing.TB, s Scope, systems ...Surveyed) In {
	return In{Request: "req_00000000000000000000000000", Right: policy.Erasure, Scope: s, Policy: lampShop(t), Systems: systems}
}

func mustMake(t testing.TB, in In) *Plan {
	t.Helper()
	p, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPlanIsAFunctionOfItsInputs(t *testing.T) {
	a := mustMake(t, erasure(t, Scope{}, shop(t), vaultSystem()))
	b := mustMake(t, erasure(t, Scope{}, vaultSystem(), shop(t)))
	if a.Hash() != b.Hash() {
		t.Error("the order in which systems were asked changes the plan")
	}
	back, err := Read(a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Errorf("a plan read back is another (-made +read):\n%s", diff)
	}
	other := shop(t)
	other.Survey.Found[0].Keys[0] = "8"
	if mustMake(t, erasure(t, Scope{}, other, vaultSystem())).Hash() == a.Hash() {
		t.Error("another row gives the same hash: the approval would not bind it")
	}
}

func TestOutsideSystemsComeBeforeTheVaultAndSearchingAfterErasing(t *testing.T) {
	p := mustMake(t, erasure(t, Scope{}, vaultSystem(), shop(t)))
	var got []string
	for _, s := range p.Steps {
		got = append(got, strings.TrimSuffix(string(s.Kind)+" "+s.System, " "))
	}
	want := []string{"check shop", "check vault", "erase shop", "erase vault", "search shop", "search vault", "deliver", "inform", "close"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTargetsSayWhatTheMapSays(t *testing.T) {
	p := mustMake(t, erasure(t, Scope{}, shop(t)))
	got := p.Systems[0].Targets()
	want := []connector.Target{
		{Collection: "customers", Keys: []string{"3", "7"}, Action: connector.Delete},
		{Collection: "orders", Keys: []string{"1", "2"}, Action: connector.Keep, Keep: connector.Retention{
			Ground: "legal-obligation", Reason: map[string]string{"en": "Tax records"}, Until: "P10Y",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPublicPlanHasNoKeysAndTheHashOfTheWholePlan(t *testing.T) {
	p := mustMake(t, erasure(t, Scope{}, shop(t), vaultSystem()))
	shown := p.Public()
	for _, s := range shown.Systems {
		for _, c := range s.Collections {
			if c.Keys != nil || c.Count == 0 {
				t.Errorf("%s.%s shows keys %v and counts %d", s.Name, c.Name, c.Keys, c.Count)
			}
		}
	}
	if shown.Hash != p.Hash() || p.Systems[0].Collections[0].Keys == nil {
		t.Error("showing a plan changed it, or its hash")
	}
}

func TestNothingIsSkippedInSilence(t *testing.T) {
	for name, spoil := range map[string]func(*Surveyed){
		"no rule":          func(s *Surveyed) { s.Survey.Found[0].Action = "" },
		"unknown rule":     func(s *Surveyed) { s.Survey.Found[0].Action = "hide" },
		"kept, no reason":  func(s *Surveyed) { s.Survey.Found[1].Keep.Reason = nil },
		"cleared, no part": func(s *Surveyed) { s.Survey.Found[0].Action = connector.Clear },
		"not surveyed":     func(s *Surveyed) { s.Survey = nil },
		"map changed":      func(s *Surveyed) { s.Survey.Map = "0000" },
	} {
		s := shop(t)
		spoil(&s)
		_, err := Make(erasure(t, Scope{}, s))
		if fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "shop") {
			t.Errorf("%s: got %v, want a fault that names the system", name, err)
		}
	}
}

func TestAScopeLeavesTheRestWithAReason(t *testing.T) {
	p := mustMake(t, erasure(t, Scope{OneItem, "account.phone"}, shop(t), vaultSystem()))
	type row struct {
		System, Collection string
		Action             connector.Action
		Columns            string
		Ground             string
	}
	var got []row
	for _, s := range p.Systems {
		for _, c := range s.Collections {
			ground := ""
			if c.Keep != nil {
				ground = c.Keep.Ground
			}
			got = append(got, row{s.Name, c.Name, c.Action, strings.Join(c.Columns, " "), ground})
		}
	}
	want := []row{
		{"shop", "customers", connector.Clear, "phone", ""},
		{"shop", "orders", connector.Keep, "", "not-asked"},
		{"vault", "account", connector.Clear, "account.phone", ""},
		{"vault", "logs", connector.Keep, "", "not-asked"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	class := mustMake(t, erasure(t, Scope{OneClass, "logs"}, vaultSystem()))
	if a := class.Systems[0].Collections; a[0].Action != connector.Keep || a[1].Action != connector.Delete {
		t.Errorf("a class alone: account is %s and logs is %s", a[0].Action, a[1].Action)
	}
	if _, err := Make(erasure(t, Scope{OneItem, "account.phon"}, vaultSystem())); fault.Of(err) != fault.NotFound {
		t.Errorf("an unknown item gave %v", err)
	}
}

func TestAccessCopiesEveryRowAndDestroysNone(t *testing.T) {
	in := erasure(t, Scope{}, shop(t), vaultSystem())
	in.Right = policy.Access
	p := mustMake(t, in)
	for _, s := range p.Systems {
		for _, c := range s.Collections {
			if c.Action != Copy {
				t.Errorf("%s.%s would be %s", s.Name, c.Name, c.Action)
			}
		}
	}
	for _, s := range p.Steps {
		if s.Kind == Erase {
			t.Error("an access request erases")
		}
	}
}

func TestOnlyRowsBeyondThePlanMatter(t *testing.T) {
	planned := mustMake(t, erasure(t, Scope{}, shop(t)))
	again := func(change func(*Surveyed)) []Difference {
		s := shop(t)
		change(&s)
		return Differ(&planned.Systems[0], &mustMake(t, erasure(t, Scope{}, s)).Systems[0])
	}
	if d := again(func(s *Surveyed) { s.Survey.Found = s.Survey.Found[:1]; s.Survey.Found[0].Keys = []string{"3"} }); d != nil {
		t.Errorf("rows that are gone stop a run: %v", d)
	}
	if d := again(func(s *Surveyed) { s.Survey.Found[1].Keys = []string{"1", "2", "9"} }); len(d) != 1 || d[0].Added != 1 || d[0].Collection != "orders" {
		t.Errorf("a new row is not told: %v", d)
	}
	if d := again(func(s *Surveyed) {
		s.Survey.Found[1].Action, s.Survey.Found[1].Keep = connector.Delete, connector.Retention{}
	}); len(d) != 1 || d[0].Added != 2 {
		t.Errorf("another treatment of the same rows is not told: %v", d)
	}
}

func TestScopesReadAsTheyAreWritten(t *testing.T) {
	for _, s := range []Scope{{}, {OneClass, "books"}, {OneItem, "account.email"}} {
		if back, err := ParseScope(s.String()); err != nil || back != s {
			t.Errorf("%s reads as %v, %v", s, back, err)
		}
	}
	for _, bad := range []string{"all", "class:", "thing:x", ":", "item"} {
		if _, err := ParseScope(bad); fault.Of(err) != fault.Invalid {
			t.Errorf("%q is taken for a scope", bad)
		}
	}
}
