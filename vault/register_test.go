package vault_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// suppress keeps an e-mail address from coming in again.
func (s *stack) suppress(address string, scope subject.Scope) {
	s.t.Helper()
	digest, err := s.vault.Index("email", address)
	s.must(err)
	act := s.data.NewAct()
	subject.Suppress(act, subject.Suppression{Digest: digest, Scope: scope, Ground: "gdpr-17"})
	s.must(s.data.Commit(s.t.Context(), act))
}

// newcomer is somebody of age who accepts the policy, and what they give.
func (s *stack) newcomer(given ...policy.Given) (subject.New, vault.Collection) {
	s.t.Helper()
	num, err := s.data.Number(s.t.Context(), "subject")
	s.must(err)
	n := subject.New{Num: num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: s.version.Policy.Version()}
	return n, vault.Collection{Subject: num, Point: "registration", Given: given}
}

// found counts the subjects that an e-mail address finds.
func (s *stack) found(address string) int {
	s.t.Helper()
	digest, err := s.vault.Index("email", address)
	s.must(err)
	n := 0
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) error {
		list, err := subject.Find(s.t.Context(), r, digest)
		n = len(list)
		return err
	}))
	return n
}

// all counts the log entries of a kind.
func (s *stack) all(k audit.Kind) int {
	s.t.Helper()
	return s.entries(0, k)
}

func given(address string) []policy.Given {
	return []policy.Given{
		{Item: "account.email", Value: address, Voluntary: true}, {Item: "account.phone", Value: phone, Voluntary: true},
	}
}

func codes(refusals []policy.Refusal) (out []string) {
	for _, r := range refusals {
		out = append(out, string(r.Code))
	}
	return out
}

// interrupted calls once when a gate asks for the nth time which policy is in force:
// it does at every step of an act.
func (s *stack) interrupted(nth int, once func()) *vault.Vault {
	s.t.Helper()
	calls := 0
	g, err := gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: func() *publication.Version {
		if calls++; calls == nth {
			once()
		}
		return s.version
	}})
	s.must(err)
	return vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: g, Journal: s.journal})
}

// Whoever asked not to come in again does not, however late before the act was
// committed they asked; and the refusal says why and stands in the log.
func TestASuppressionHoldsFromItsCommitOn(t *testing.T) {
	for what, come := range map[string]func(s *stack, v *vault.Vault, address string) ([]policy.Refusal, error){
		"registration": func(s *stack, v *vault.Vault, address string) ([]policy.Refusal, error) {
			n, c := s.newcomer(given(address)...)
			return v.Register(s.t.Context(), n, c)
		},
		"collection": func(s *stack, v *vault.Vault, address string) ([]policy.Refusal, error) {
			n, c := s.newcomer(given(address)...)
			refusals, err := s.vault.Register(s.t.Context(), n, vault.Collection{})
			if err != nil || len(refusals) > 0 {
				s.t.Fatalf("a registration without values: %v %v", refusals, err)
			}
			return v.Collect(s.t.Context(), c)
		},
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, s *stack) {
				for nth := 1; ; nth++ {
					address, late, asked := fmt.Sprintf("lin%d@example.org", nth), false, false
					refused := s.all(audit.Refused)
					v := s.interrupted(nth, func() {
						asked, late = true, s.found(address) > 0
						s.suppress(address, subject.Import)
					})
					refusals, err := come(s, v, address)
					s.must(err)
					if late || !asked { // they were in before
						if nth < 5 {
							t.Fatalf("the policy was asked for %d times before the commit", nth)
						}
						return
					}
					if got := codes(refusals); !cmp.Equal(got, []string{"person.suppressed"}) {
						t.Fatalf("asked not to come in at step %d: refusals %q", nth, got)
					}
					if s.found(address) != 0 || s.all(audit.Refused) != refused+1 {
						t.Fatalf("step %d: %d found, %d refusals in the log", nth, s.found(address), s.all(audit.Refused)-refused)
					}
				}
			})
		})
	}
}

// A refusal names every reason, a suppression among them.
func TestARefusedRegistrationIsToldOfTheSuppressionToo(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.suppress(email, subject.Refused)
		n, c := s.newcomer(append(given(email), policy.Given{Item: "account.shoe-size", Value: "43"})...)
		refusals, err := s.vault.Register(t.Context(), n, c)
		s.must(err)
		if got := codes(refusals); len(got) != 2 || got[0] != "person.suppressed" {
			t.Errorf("refusals %q", got)
		}
	})
}

// Neither what is suppressed of marketing alone nor what has ended keeps anybody out.
func TestOnlyWhatBarsKeepsSomebodyOut(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.suppress(email, subject.Marketing)
		digest, err := s.vault.Index("email", email)
		s.must(err)
		act := s.data.NewAct()
		subject.Suppress(act, subject.Suppression{Digest: digest, Scope: subject.Import, Ground: "x", Until: act.Now()})
		s.must(s.data.Commit(t.Context(), act))
		s.person(email, phone)
	})
}

// Of many who come at once only those are kept out who asked for it, and who gives the
// address of another that only one may have is told so.
func TestWhoIsKeptOutTakesNobodyAlong(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		const many = 30
		for i := 0; i < many; i += 3 {
			s.suppress(fmt.Sprintf("lin%d@example.org", i), subject.Import)
		}
		n, c := s.newcomer(given("first@example.org")...)
		c.Verified = true
		_, err := s.vault.Register(t.Context(), n, c)
		s.must(err)
		var wg sync.WaitGroup
		for i := range many {
			address := fmt.Sprintf("lin%d@example.org", i)
			if i%3 == 1 {
				address = "first@example.org"
			}
			n, c := s.newcomer(given(address)...)
			c.Verified = true
			wg.Go(func() {
				refusals, err := s.vault.Register(t.Context(), n, c)
				switch {
				case i%3 == 0 && (err != nil || len(refusals) != 1):
					t.Errorf("%d asked not to come in: %v %v", i, refusals, err)
				case i%3 == 1 && fault.Of(err) != fault.Conflict:
					t.Errorf("%d gives the address of another: %v %v", i, refusals, err)
				case i%3 == 2 && (err != nil || len(refusals) > 0):
					t.Errorf("%d is free to come: %v %v", i, refusals, err)
				}
			})
		}
		wg.Wait()
	})
}

// Two values that are the same identifier are one, and who has it may give it again.
func TestAnIdentifierGivenTwiceIsOne(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		n, c := s.newcomer(given(email)...)
		_, err := s.vault.Register(t.Context(), n, vault.Collection{})
		s.must(err)
		digest, err := s.vault.Index("email", email)
		s.must(err)
		act := s.data.NewAct()
		for range 2 {
			subject.Admit(act, n.Num, subject.Identifier{Kind: "email", Digest: digest, Exclusive: true})
		}
		s.must(s.data.Commit(t.Context(), act))
		refusals, err := s.vault.Collect(t.Context(), c)
		s.must(err)
		if len(refusals) > 0 || s.found(email) != 1 {
			t.Errorf("refusals %v, %d found", refusals, s.found(email))
		}
	})
}

// What is remembered of somebody who was just registered is what the ledgers say, to
// the last key, and nothing is read for it.
func TestANewcomerIsRememberedAsTheyAreRead(t *testing.T) {
	same := func(t *testing.T, s *stack) {
		for what, x := range map[string]struct {
			change func(*subject.New)
			given  []policy.Given
		}{
			"without values":        {},
			"with values":           {given: given("values@example.org")},
			"values of two classes": {given: append([]policy.Given{{Item: "order.history", Value: "a lamp", Voluntary: true}}, given("classes@example.org")...)},
			"a minor":               {change: func(n *subject.New) { n.Age = subject.Minor }},
			"of unknown age":        {change: func(n *subject.New) { n.Age = subject.AgeUnknown }},
			"an enterprise":         {change: func(n *subject.New) { n.Kind = subject.Enterprise }},
			"a visitor":             {change: func(n *subject.New) { n.Kind, n.Accepted = subject.Visitor, "" }},
			"who lives somewhere":   {change: func(n *subject.New) { n.Residence = "DE" }, given: given("lives@example.org")},
			"who accepted nothing":  {change: func(n *subject.New) { n.Accepted = "" }},
		} {
			t.Run(what, func(t *testing.T) {
				n, c := s.newcomer(x.given...)
				if x.change != nil {
					x.change(&n)
				}
				refusals, err := s.vault.Register(t.Context(), n, c)
				s.must(err)
				if len(refusals) > 0 {
					t.Fatal(refusals)
				}
				act := s.data.NewAct() // behind the gate's back: who reads sees it
				subject.Restrict(act, n.Num, true)
				s.must(s.data.Commit(t.Context(), act))
				have, err := s.gate.State(t.Context(), n.Num)
				s.must(err)
				if have.Subject.Restricted {
					t.Error("the facts were read")
				}
				act = s.data.NewAct()
				subject.Restrict(act, n.Num, false)
				s.must(s.data.Commit(t.Context(), act))
				want, err := s.gate.Fresh(t.Context(), n.Num)
				s.must(err)
				opts := cmp.Options{cmp.AllowUnexported(gate.State{}, policy.Facts{}), cmpopts.EquateEmpty()}
				if diff := cmp.Diff(want, have, opts); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			same(t, newStack(t, e, "source: given, at: [order]", "source: given, at: [order, registration]"))
		})
	}
}

// Who accepted a version that is in force no more is asked for, not remembered.
func TestWhoAcceptedAnotherVersionIsNotRemembered(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		n, c := s.newcomer()
		n.Accepted = "of old"
		_, err := s.vault.Register(t.Context(), n, c)
		s.must(err)
		act := s.data.NewAct()
		subject.Restrict(act, n.Num, true)
		s.must(s.data.Commit(t.Context(), act))
		if have, err := s.gate.State(t.Context(), n.Num); err != nil || !have.Subject.Restricted {
			t.Errorf("they were remembered (%v)", err)
		}
	})
}
