package vault_test

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// TestTheVaultIsAMap walks through random lives of two people in the vault and
// compares every answer, every row and every blind index with a map of what was
// given and not taken away.
func TestTheVaultIsAMap(t *testing.T) { lives(t, db.SQLite, 6) }

// TestSoakVaultModel is the same on both engines, for long.
func TestSoakVaultModel(t *testing.T) {
	period := dbtest.Soak(t)
	begin, n := db.Wall(), 0
	for n == 0 || db.Wall().Sub(begin) < period {
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			n += lives(t, e, 30)
		}
	}
	dbtest.Soaked(t, "vault histories", n, 0)
}

func lives(t *testing.T, e db.Engine, checks int) (n int) {
	t.Helper()
	if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	s := newStack(t, e)
	rapid.Check(t, func(t *rapid.T) {
		n++
		m := &vaultModel{stack: s}
		for range 2 {
			m.people = append(m.people, m.newcomer())
		}
		t.Repeat(map[string]func(*rapid.T){
			"collect": m.collects, "correct": m.corrects, "use": m.uses, "say": m.says, "restrict": m.restricts,
			"erase item": m.erasesItem, "erase class": m.erasesClass, "erase everything": m.erasesAll, "rotate": m.rotates,
			"": m.check,
		})
	})
	return n
}

// A resident is what is true of one person.
type resident struct {
	num        int64
	values     map[string][]string
	news       bool
	objected   bool
	restricted bool
	erased     bool
	retained   string // the address that the books keep
	used       int    // uses that were answered with values or none
	denied     int
}

type vaultModel struct {
	*stack
	people []*resident
	turn   int64
}

// fresh returns a number that was not there before.
func (m *vaultModel) fresh() int64 {
	n, err := m.data.Number(m.t.Context(), "row")
	m.must(err)
	return n
}

// something returns a value that nobody gave before.
func (m *vaultModel) something(item string) string {
	unique := m.fresh()
	switch item {
	case "account.email":
		return fmt.Sprintf("p%d@lamp.test", unique)
	case "account.phone":
		return fmt.Sprintf("+4930%07d", 1000000+unique)
	case "net.ip":
		return fmt.Sprintf("10.%d.%d.%d", unique>>16, unique>>8&255, unique&255)
	}
	return fmt.Sprintf("lamp %d", unique)
}

func (m *vaultModel) newcomer() *resident {
	email, phone := m.something("account.email"), m.something("account.phone")
	return &resident{
		num: m.person(email, phone), values: map[string][]string{"account.email": {email}, "account.phone": {phone}},
	}
}

func (m *vaultModel) draw(t *rapid.T) *resident {
	return m.people[rapid.IntRange(0, 1).Draw(t, "person")]
}

func items() []string { return []string{"account.email", "account.phone", "order.history", "net.ip"} }

func classOf(item string) string {
	return map[string]string{"account.email": "account", "account.phone": "account", "order.history": "books", "net.ip": "logs"}[item]
}

func (m *vaultModel) collects(t *rapid.T) {
	p, item := m.draw(t), rapid.SampledFrom(items()).Draw(t, "item")
	if p.restricted {
		t.Skip("what may be collected under a restriction is the policy's matter")
	}
	value := m.something(item)
	point := map[string]string{"order.history": "order", "net.ip": "browse"}[item]
	if point == "" {
		point = "registration"
	}
	refusals, err := m.vault.Collect(m.t.Context(), vault.Collection{Subject: p.num, Point: point, Given: []policy.Given{{Item: item, Value: value, Voluntary: true}}})
	single := point == "registration" && len(p.values[item]) > 0
	switch {
	case p.erased:
		if err != nil || len(refusals) == 0 {
			t.Fatalf("%s of somebody erased was taken: %v, %v", item, refusals, err)
		}
	case item == "net.ip" && p.objected && len(refusals) > 0: // an objection may end the collection too
	case single:
		if fault.Of(err) != fault.Conflict {
			t.Fatalf("a second %s: %v, %v", item, refusals, err)
		}
	case err != nil || len(refusals) > 0:
		t.Fatalf("%s was refused: %v, %v", item, refusals, err)
	default:
		p.values[item] = append(p.values[item], value)
	}
}

func (m *vaultModel) corrects(t *rapid.T) {
	p, item := m.draw(t), rapid.SampledFrom(items()).Draw(t, "item")
	value, before := m.something(item), m.keysOf(p.num)
	err := m.vault.Correct(m.t.Context(), vault.Correction{Subject: p.num, Item: m.item(item), Value: seal.NewPersonal(value)})
	want := fault.Kind("")
	switch {
	case classOf(item) != "account":
		want = fault.Invalid
	case p.erased:
		want = fault.Conflict
	case len(p.values[item]) == 0:
		want = fault.NotFound
	}
	if want != "" {
		if fault.Of(err) != want {
			t.Fatalf("correct %s: %v, want %v", item, err, want)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	p.values[item] = []string{value}
	m.died(t, p, before)
}

// died asserts that the keys which a change has replaced are dead, and that there
// are some.
func (m *vaultModel) died(t *rapid.T, p *resident, before []seal.KeyID) {
	after, n := m.keysOf(p.num), 0
	for _, k := range before {
		if !slices.Contains(after, k) {
			n++
			m.dead([]seal.KeyID{k})
		}
	}
	if n == 0 {
		t.Fatal("no key died with the value")
	}
}

// expect says whether a purpose is allowed, and what it gives.
func (p *resident) expect(purpose string, items ...string) (values []string, allowed bool) {
	allowed = !p.erased && !p.restricted
	switch purpose {
	case "news":
		allowed = allowed && p.news
	case "safety":
		allowed = allowed && !p.objected
	case "books": // serves the law: neither erasure nor restriction stand in its way
		allowed = true
	}
	if !allowed {
		return nil, false
	}
	for _, item := range items {
		values = append(values, p.values[item]...)
	}
	return values, true
}

func (m *vaultModel) uses(t *rapid.T) {
	p := m.draw(t)
	purpose := rapid.SampledFrom([]string{"account", "orders", "news", "safety", "books"}).Draw(t, "purpose")
	wanted := map[string][]string{
		"account": {"account.email", "account.phone"}, "orders": {"account.email", "order.history"}, "news": {"account.email"},
		"safety": {"net.ip"}, "books": {"order.history"},
	}[purpose]
	got, allowed := m.use(p.num, purpose, wanted...)
	want, may := p.expect(purpose, wanted...)
	slices.Sort(got)
	slices.Sort(want)
	if allowed != may || !slices.Equal(got, want) {
		t.Fatalf("%s gives %q, allowed %v; want %q, %v", purpose, got, allowed, want, may)
	}
	if allowed {
		p.used++
	} else {
		p.denied++
	}
}

func (m *vaultModel) says(t *rapid.T) {
	p, yes := m.draw(t), rapid.Bool().Draw(t, "yes")
	if p.erased {
		t.Skip("nobody says anything any more who is erased")
	}
	kind, purpose := consent.Consent, "news"
	if rapid.Bool().Draw(t, "objection") {
		kind, purpose = consent.Objection, "safety"
	}
	pur, err := m.version.Policy.Purpose(purpose)
	m.must(err)
	id, err := m.data.Number(m.t.Context(), "consent")
	m.must(err)
	m.exercise(p, audit.Consented, func(act *db.Act) {
		m.turn++
		consent.Add(act, p.num, consent.Record{ID: id, Turn: m.turn, Kind: kind, Purpose: pur.No, Given: yes, Explicit: true, Policy: "x", Channel: "settings"})
	})
	if kind == consent.Consent {
		p.news = yes
	} else {
		p.objected = yes
	}
}

func (m *vaultModel) restricts(t *rapid.T) {
	p, on := m.draw(t), rapid.Bool().Draw(t, "on")
	if p.erased {
		t.Skip("there is nothing to restrict")
	}
	m.exercise(p, audit.Restricted, func(act *db.Act) { subject.Restrict(act, p.num, on) })
	p.restricted = on
}

// exercise commits a change of facts, as the platform's verbs do.
func (m *vaultModel) exercise(p *resident, kind audit.Kind, fn func(*db.Act)) {
	st, err := m.gate.Fresh(m.t.Context(), p.num)
	m.must(err)
	act := m.data.NewAct()
	_, err = m.gate.Exercise(m.t.Context(), act, st, gate.Duty{Kind: kind, Control: policy.ConsentRecord})
	m.must(err)
	fn(act)
	m.must(m.data.Commit(m.t.Context(), act))
	m.gate.Forget(p.num)
}

func (m *vaultModel) erasesItem(t *rapid.T) {
	p, item := m.draw(t), rapid.SampledFrom(items()).Draw(t, "item")
	before := m.keysOf(p.num)
	m.erase(vault.Erasure{Subject: p.num, Item: m.item(item)})
	if p.erased {
		return // nothing happens any more
	}
	if len(p.values[item]) > 0 {
		m.died(t, p, before)
	}
	delete(p.values, item)
}

func (m *vaultModel) erasesClass(t *rapid.T) {
	p, class := m.draw(t), rapid.SampledFrom([]string{"account", "books", "logs"}).Draw(t, "class")
	held := 0
	for _, item := range items() {
		if classOf(item) == class {
			held += len(p.values[item])
		}
	}
	before := m.keysOf(p.num)
	m.erase(vault.Erasure{Subject: p.num, Class: m.class(class)})
	if held > 0 {
		m.died(t, p, before)
	}
	for _, item := range items() {
		if classOf(item) == class {
			delete(p.values, item)
		}
	}
	if class == "books" {
		p.retained = ""
	}
}

func (m *vaultModel) erasesAll(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "seldom") != 2 {
		t.Skip("not now")
	}
	p := m.draw(t)
	if p.erased {
		return
	}
	m.erase(vault.Erasure{Subject: p.num, Everything: true, KeepLawful: true})
	kept := p.values["order.history"]
	if e := p.values["account.email"]; len(kept) > 0 && len(e) > 0 && len(p.values["account.phone"]) == 0 {
		p.retained = e[0] // of two identifiers, whichever came first
	}
	p.values, p.erased = map[string][]string{}, true
	if len(kept) > 0 {
		p.values["order.history"] = kept
	}
}

func (m *vaultModel) rotates(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "seldom") != 2 {
		t.Skip("not now")
	}
	_, err := m.keys.Rotate(m.t.Context(), nil)
	m.must(err)
}

// check compares everything that is held, asking no decision: with a warrant.
func (m *vaultModel) check(t *rapid.T) {
	for i, p := range m.people {
		f := m.facts(p.num)
		w, err := m.gate.Warrant(m.t.Context(), gate.Step{Request: "req_model", Number: m.fresh(), System: vault.System, Action: gate.Export, Subject: f})
		m.must(err)
		var got, want []string
		m.must(m.vault.Read(m.t.Context(), w, gate.Export, f, func(h vault.Holding, values []vault.Value) error {
			for _, v := range values {
				got = append(got, m.version.Policy.ItemBy(v.Item).Name+" "+v.Text.Reveal())
			}
			return nil
		}))
		for item, values := range p.values {
			for _, v := range values {
				want = append(want, item+" "+v)
			}
		}
		// Which of the two identifiers the books keep follows the order of rows.
		retained := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !p.erased || !strings.HasPrefix(s, "account.") })
		got = slices.DeleteFunc(got, func(s string) bool { return p.erased && strings.HasPrefix(s, "account.") })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || len(retained) > 1 || p.erased && len(p.values) == 0 && len(retained) > 0 {
			t.Fatalf("person %d: held %q and retained %q, want %q", i, got, retained, want)
		}
		for _, e := range p.values["account.email"] {
			if m.findable("email", e) != 1 {
				t.Fatalf("person %d is not found by the address that is held", i)
			}
		}
		if p.retained != "" && (m.findable("email", p.retained) != 1 || len(retained) != 1) {
			t.Fatalf("person %d, whose books are kept, is not found by their address", i)
		}
		if n, d := m.entries(p.num, audit.Used), m.entries(p.num, audit.Denied); n != p.used || d != p.denied {
			t.Fatalf("person %d: the log has %d uses and %d denials, answered were %d and %d", i, n, d, p.used, p.denied)
		}
	}
}
