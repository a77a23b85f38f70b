package vault_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

const (
	email = "lin.xiaoyu@example.org"
	phone = "+49 30 901820"
)

func TestAUseGivesTheValueAndLeavesAnEntry(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		got, allowed := s.use(num, "account", "account.email")
		if !allowed || !slices.Equal(got, []string{email}) {
			t.Fatalf("use gave %q, allowed %v", got, allowed)
		}
		if n := s.entries(num, audit.Used); n != 1 {
			t.Errorf("%d entries of the use, want 1", n)
		}
		if n := s.entries(num, audit.SubjectRegistered) + s.entries(num, audit.Collected); n != 2 {
			t.Errorf("%d entries of the registration, want 2", n)
		}
	})
}

func TestADenialIsAnAnswerWithAllItsReasonsAndAnEntry(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		a, err := s.vault.Use(t.Context(), s.ask(num, "news", "account.phone"), gate.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Decision.Allowed || len(a.Values) != 0 {
			t.Fatal("a use without consent, of an item the purpose does not cover, was allowed")
		}
		if len(a.Decision.Reasons) < 2 {
			t.Errorf("reasons %+v: want one for the consent and one for the item", a.Decision.Reasons)
		}
		if n := s.entries(num, audit.Denied); n != 1 {
			t.Errorf("%d entries of the denial, want 1", n)
		}
	})
}

func TestCollectionIsWholeOrNothing(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		refusals := s.collect(num, "order",
			policy.Given{Item: "order.history", Value: "lamp 1", Voluntary: true},
			policy.Given{Item: "order.history", Value: "card 4111 1111 1111 1111", Voluntary: true},
			policy.Given{Item: "account.shoe-size", Value: "43", Voluntary: true})
		var named []string
		for _, r := range refusals {
			named = append(named, r.Item)
			if strings.Contains(r.Text, "4111") || strings.Contains(r.Text, "43") {
				t.Errorf("a refusal repeats a value: %s", r.Text)
			}
		}
		if !slices.Contains(named, "account.shoe-size") || !slices.Contains(named, "order.history") {
			t.Errorf("refusals name %q", named)
		}
		if h, err := s.vault.Holdings(t.Context(), num); err != nil || len(h) != 1 {
			t.Errorf("%d rows held (%v), want only that of the registration", len(h), err)
		}
		if n := s.entries(num, audit.Refused); n != 1 {
			t.Errorf("%d entries of the refusal, want 1", n)
		}
	})
}

func TestARefusedRegistrationLeavesNobody(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		n := subject.New{Num: 77, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: s.version.Policy.Version()}
		refusals, err := s.vault.Register(t.Context(), n, vault.Collection{
			Point: "registration", Given: []policy.Given{{Item: "account.email", Value: "no address"}},
		})
		if err != nil || len(refusals) == 0 {
			t.Fatalf("refusals %v, error %v", refusals, err)
		}
		err = s.data.Read(t.Context(), func(r *db.Snapshot) error {
			_, err := subject.Get(t.Context(), r, n.ID)
			return err
		})
		if fault.Of(err) != fault.NotFound {
			t.Errorf("the refused person is on record: %v", err)
		}
	})
}

func TestASecondValueOfASingleItemIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		_, err := s.vault.Collect(t.Context(), vault.Collection{Subject: num, Point: "registration", Given: []policy.Given{
			{Item: "account.email", Value: "other@example.org", Voluntary: true},
		}})
		if fault.Of(err) != fault.Conflict {
			t.Errorf("a second e-mail address: %v, want a conflict", err)
		}
	})
}

func TestASecretCanBeVerifiedAndNeverRead(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		if r := s.collect(num, "registration", policy.Given{Item: "account.password", Value: "correct horse battery", Voluntary: true}); len(r) > 0 {
			t.Fatalf("refused: %v", r)
		}
		got, _ := s.use(num, "account", "account.password")
		if !slices.Equal(got, []string{"set"}) {
			t.Errorf("a use of the secret gave %q", got)
		}
		for candidate, want := range map[string]bool{"correct horse battery": true, "wrong horse battery": false} {
			ok, d, err := s.vault.VerifySecret(t.Context(), s.ask(num, "account", "account.password"), seal.NewPersonal(candidate), gate.Actor{})
			if err != nil || !d.Allowed || ok != want {
				t.Errorf("verify: %v %v %v, want %v", ok, d, err, want)
			}
		}
	})
}

// choose records a consent, as the platform does: its entry and the subject's
// version in one act.
func (s *stack) choose(num int64, purpose string, given bool) {
	s.t.Helper()
	p, err := s.version.Policy.Purpose(purpose)
	s.must(err)
	id, err := s.data.Number(s.t.Context(), "consent")
	s.must(err)
	for {
		st, err := s.gate.Fresh(s.t.Context(), num)
		s.must(err)
		act := s.data.NewAct()
		_, err = s.gate.Exercise(s.t.Context(), act, st, gate.Duty{Kind: audit.Consented, Control: policy.ConsentRecord})
		s.must(err)
		consent.Add(act, num, consent.Record{ID: id, Kind: consent.Consent, Purpose: p.No, Given: given, Explicit: true, Policy: "x", Channel: "settings"})
		if err := s.data.Commit(s.t.Context(), act); !db.Lost(err) {
			s.must(err)
			break
		}
	}
	s.gate.Forget(num)
}

func TestAWithdrawalStopsTheNextUseAlsoOfAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.choose(num, "news", true)
		other, err := gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: s.gate.InForce})
		s.must(err)
		node2 := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: other})
		a, err := node2.Use(t.Context(), s.ask(num, "news", "account.email"), gate.Actor{})
		s.must(err)
		if !a.Decision.Allowed {
			t.Fatalf("denied with consent: %v", a.Decision.Reasons)
		}
		s.choose(num, "news", false) // node 2 has the consent cached
		a, err = node2.Use(t.Context(), s.ask(num, "news", "account.email"), gate.Actor{})
		s.must(err)
		if a.Decision.Allowed || len(a.Values) > 0 {
			t.Error("a use was granted after the withdrawal had returned")
		}
	})
}

// restrict begins or ends a restriction of somebody, by way of this node.
func (s *stack) restrict(num int64, on bool) {
	s.t.Helper()
	st, err := s.gate.Fresh(s.t.Context(), num)
	s.must(err)
	act := s.data.NewAct()
	kind := audit.Restricted
	if !on {
		kind = audit.Unrestricted
	}
	_, err = s.gate.Exercise(s.t.Context(), act, st, gate.Duty{Kind: kind, Control: policy.RestrictionApplied})
	s.must(err)
	subject.Restrict(act, num, on)
	s.must(s.data.Commit(s.t.Context(), act))
	s.gate.Forget(num)
}

// What another node ended is over for the next value too: a refusal rests on what is
// true now, and stands in the log once.
func TestAValueIsTakenInOnceARestrictionHasEndedOnAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		other, err := gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: s.gate.InForce})
		s.must(err)
		node2 := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: other})
		give := func() []policy.Refusal {
			refusals, err := node2.Collect(t.Context(), vault.Collection{Subject: num, Point: "browse", Given: []policy.Given{{Item: "net.ip", Value: "203.0.113.7"}}})
			s.must(err)
			return refusals
		}
		s.restrict(num, true)
		if len(give()) == 0 {
			t.Fatal("a value was taken in under a restriction")
		}
		if n := s.entries(num, audit.Refused); n != 1 {
			t.Errorf("%d entries of one refusal", n)
		}
		s.restrict(num, false) // node 2 has the restriction cached
		if refusals := give(); len(refusals) > 0 {
			t.Errorf("refused on what was true before: %v", refusals)
		}
	})
}

func TestNoUseIsGrantedAfterAWithdrawalReturned(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.choose(num, "news", true)
		ask := s.ask(num, "news", "account.email")
		var (
			wg        sync.WaitGroup
			withdrawn = make(chan struct{})
		)
		for range 8 {
			wg.Go(func() {
				for range 20 {
					var after bool
					select {
					case <-withdrawn:
						after = true
					default:
					}
					a, err := s.vault.Use(t.Context(), ask, gate.Actor{})
					if err != nil {
						t.Error(err)
						return
					}
					if after && a.Decision.Allowed {
						t.Error("granted after the withdrawal had returned")
					}
				}
			})
		}
		s.choose(num, "news", false)
		close(withdrawn)
		wg.Wait()
	})
}

func TestACorrectionLeavesNoWayToTheOldValue(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		before := s.keysOf(num)
		s.must(s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.email"), Value: seal.NewPersonal("new@example.org")}))
		if got, _ := s.use(num, "account", "account.email"); !slices.Equal(got, []string{"new@example.org"}) {
			t.Errorf("after the correction: %q", got)
		}
		if got, _ := s.use(num, "account", "account.phone"); !slices.Equal(got, []string{phone}) {
			t.Errorf("the survivor of the class: %q", got)
		}
		for _, k := range before {
			if _, err := s.keys.Open(t.Context(), k, seal.AAD{}, make([]byte, 64)); fault.Of(err) != fault.NotFound {
				t.Errorf("key %d, which sealed the old value, is alive: %v", k, err)
			}
		}
		for value, want := range map[string]int{email: 0, "new@example.org": 1} {
			if n := s.findable("email", value); n != want {
				t.Errorf("%d subjects are found by an address, want %d", n, want)
			}
		}
	})
}

// keysOf returns the keys of the subject's rows, without the log key.
func (s *stack) keysOf(num int64) []seal.KeyID {
	st, err := s.gate.Fresh(s.t.Context(), num)
	s.must(err)
	var out []seal.KeyID
	for _, b := range st.Keys {
		if b.Class > seal.LogClass {
			out = append(out, b.Key)
		}
	}
	return out
}

func (s *stack) findable(kind, value string) int {
	d, err := s.vault.Index(kind, value)
	s.must(err)
	n := 0
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) error {
		c, err := subject.Find(s.t.Context(), r, d)
		n = len(c)
		return err
	}))
	return n
}

func TestGrantsCoverNothingButTheirOwnAct(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		item := s.item("account.email")
		if (gate.Grant{}).Covers(nil, 0, item) || (gate.Grant{}).Covers(s.data.NewAct(), num, item) {
			t.Error("the zero grant covers something")
		}
		st, err := s.gate.Fresh(t.Context(), num)
		s.must(err)
		act, neighbour := s.data.NewAct(), s.data.NewAct()
		g, d, err := s.gate.Open(t.Context(), act, st, s.ask(num, "account", "account.email"), gate.Actor{})
		s.must(err)
		switch {
		case !d.Allowed || !g.Covers(act, num, item):
			t.Error("the grant does not cover its own act")
		case g.Covers(neighbour, num, item):
			t.Error("a neighbour's act is covered")
		case g.Covers(act, num+1, item):
			t.Error("another subject is covered")
		case g.Covers(act, num, s.item("account.phone")):
			t.Error("another item is covered")
		case g.Settled():
			t.Error("the grant is settled before its act is durable")
		}
		s.must(s.data.Commit(t.Context(), act))
		if g.Covers(act, num, item) {
			t.Error("the grant covers its act after the commit")
		}
		if !g.Settled() {
			t.Error("the grant is not settled after the commit")
		}
	})
}

func TestAWarrantExistsOnlyOnceItIsDurable(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		f := s.facts(num)
		step := gate.Step{Request: "req_1", Number: 1, System: "shop", Action: gate.Erase, Subject: f}
		w, err := s.gate.Warrant(t.Context(), step)
		s.must(err)
		again, err := s.gate.Warrant(t.Context(), step)
		s.must(err)
		if w.ID() == "" || w.ID() != again.ID() {
			t.Errorf("the same step got warrants %q and %q", w.ID(), again.ID())
		}
		id := string(f.ID)
		if !w.Covers("shop", gate.Erase, id) || !again.Covers("shop", gate.Erase, id) {
			t.Error("the warrant does not cover its step")
		}
		if w.Covers("shop", gate.Export, id) || w.Covers("crm", gate.Erase, id) || w.Covers("shop", gate.Erase, "sub_other") || (gate.Warrant{}).Covers("", "", "") {
			t.Error("a warrant covers more than its step")
		}
		if n := s.entries(num, audit.Warranted); n != 1 {
			t.Errorf("%d entries of the warrant, want 1", n)
		}
	})
}
