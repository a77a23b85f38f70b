package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
)

func asking(t testing.TB, right policy.RightKind, s Scope, systems ...Surveyed) In {
	t.Helper()
	return In{Request: "req_1", Right: right, Scope: s, Policy: lampShop(t), Systems: systems}
}

func TestAScopeIsReadBackAsItIsWritten(t *testing.T) {
	for _, s := range []Scope{{}, Lifted(), {OneClass, "books"}, Items([]string{"account.phone"}), Items([]string{"b", "a", "b"})} {
		if got, err := ParseScope(s.String()); err != nil || got != s {
			t.Errorf("%s is read as %+v: %v", s, got, err)
		}
	}
	if got := Items([]string{"b", "a", "b"}).String(); got != "items:a,b" {
		t.Errorf("items are written %q", got)
	}
}

func TestACorrectionIsPlannedWhereItsItemStandsAndNowhereElse(t *testing.T) {
	in := asking(t, policy.Rectification, Items([]string{"account.phone", "order.history"}), vaultSystem(), shop(t))
	in.Recipients = []Recipient{{Name: "beamer", Items: []string{"account.phone"}, Last: time.Unix(1, 0)}, {Name: "mailer", Items: []string{"account.email"}}}
	p := mustMake(t, in)
	got := map[string]string{}
	for _, s := range p.Systems {
		for _, c := range s.Collections {
			got[s.Name+"."+c.Name] = string(c.Action) + " " + strings.Join(c.Columns, ",")
		}
	}
	if got["shop.customers"] != "correct phone" || got["shop.orders"] != "keep " {
		t.Errorf("planned: %v", got)
	}
	if len(p.Recipients) != 1 || p.Recipients[0].Name != "beamer" {
		t.Errorf("to be told: %+v", p.Recipients)
	}
	var kinds []string
	for _, s := range p.Steps {
		kinds = append(kinds, strings.TrimSpace(string(s.Kind)+" "+s.System))
	}
	if all := strings.Join(kinds, "; "); !strings.Contains(all, "correct shop") || strings.Contains(all, "manual") || !strings.HasSuffix(all, "tell; deliver; inform; close") {
		t.Errorf("steps: %s", all)
	}
}

func TestWhatASystemCannotDoIsNamedAsWorkForPeople(t *testing.T) {
	s := shop(t)
	s.Can = func(a gate.Action) bool { return a != gate.Correct }
	p := mustMake(t, asking(t, policy.Rectification, Items([]string{"account.phone"}), s))
	want := []Task{{System: "shop", Collection: "customers", Columns: []string{"phone"}, Items: []string{"account.phone"}, Rows: 2}}
	got := append([]Task(nil), p.Manual...)
	for i := range got {
		if got[i].Why["en"] == "" || got[i].Why["zh-CN"] == "" {
			t.Error("the work has no reason in both languages")
		}
		got[i].Why = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	shared := shop(t)
	shared.Survey.Found[0].Action, shared.Survey.Found[0].Keep = connector.Keep, connector.Retention{Ground: "others"}
	if p := mustMake(t, asking(t, policy.Rectification, Items([]string{"account.phone"}), shared)); len(p.Manual) != 1 || p.needs(Correct, &p.Systems[0]) {
		t.Errorf("what is also somebody else's is written over: %+v", p.Systems)
	}
}

func TestAPlanSaysWhatAnonymisedColumnsHoldAfterwards(t *testing.T) {
	m, err := datamap.Parse("shop.yaml", []byte(`avow: 1
system: shop
kind: sqlite
subjects: {customer: {collection: customers, identifiers: {email: customers.email}}}
collections:
  customers:
    columns:
      email: {item: account.email, erase: hash}
      phone: {item: account.phone, erase: mask, reason: {en: To tell calls apart}}
      name: {item: user.name, erase: null}
    erase: clear
`))
	if err != nil {
		t.Fatal(err)
	}
	s := Surveyed{Name: "shop", Kind: "sqlite", Map: m, Survey: &connector.Survey{System: "shop", Map: m.Hash(), Found: []connector.Found{{
		Collection: "customers", Keys: []string{"7"}, Role: connector.Self, Action: connector.Clear, Columns: []string{"email", "phone", "name"}, Why: "customers.email",
	}}}}
	p := mustMake(t, erasure(t, Scope{}, s))
	left := p.Systems[0].Collections[0].Leaves
	if len(left) != 2 || left[0].Strategy != datamap.Hash || left[0].Why["zh-CN"] == "" || left[1].Why["en"] != "To tell calls apart" {
		t.Errorf("left: %+v", left)
	}
}

func TestOnlyWhatWasGivenOrObservedOnConsentOrContractIsPortable(t *testing.T) {
	p := lampShop(t)
	for name, want := range map[string]bool{
		"account.email": true, "order.history": true, "eye.sight": true,
		"account.password": false, // a secret
		"net.ip":           false, // legitimate interest alone
	} {
		item, err := p.Item(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Portable(p, item); got != want {
			t.Errorf("%s: portable is %v", name, got)
		}
	}
}
