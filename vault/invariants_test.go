package vault_test

import (
	"errors"
	"testing"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// I-2: leave to touch a value is one act's alone. It is dead when the act fails,
// and worth nothing to a neighbour in the same group.
func TestI2AGrantIsItsOwnActsAlone(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num, other := s.person(email, phone), s.person("other@lamp.test", "+49 30 901899")
		item := s.item("account.email")
		open := func() (*db.Act, gate.Grant) {
			st, err := s.gate.Fresh(t.Context(), num)
			s.must(err)
			act := s.data.NewAct()
			g, d, err := s.gate.Open(t.Context(), act, st, s.ask(num, "account", "account.email"), gate.Actor{})
			s.must(err)
			if !d.Allowed || !g.Covers(act, num, item) || g.CoversAll(act, num) {
				t.Fatal("the grant does not cover its own act, or covers more than was asked")
			}
			return act, g
		}
		act, grant := open()
		neighbour, _ := open()
		for what, covered := range map[string]bool{
			"the zero grant":        (gate.Grant{}).Covers(act, num, item),
			"the zero grant of nil": (gate.Grant{}).Covers(nil, 0, 0),
			"a neighbour's act":     grant.Covers(neighbour, num, item),
			"no act":                grant.Covers(nil, num, item),
			"another subject":       grant.Covers(act, other, item),
			"another item":          grant.Covers(act, num, s.item("account.phone")),
		} {
			if covered {
				t.Errorf("%s is covered", what)
			}
		}
		s.must(s.data.Commit(t.Context(), neighbour))
		if grant.Settled() {
			t.Error("the commit of a neighbour settles a grant")
		}
		s.erase(vault.Erasure{Subject: num, Item: s.item("account.phone")}) // the subject's version moves
		if err := s.data.Commit(t.Context(), act); !db.Lost(err) {
			t.Fatalf("the act whose subject has changed: %v, want lost", err)
		}
		if grant.Covers(act, num, item) || grant.Settled() {
			t.Error("a grant outlives its act, which was lost")
		}
	})
}

// I-2: a denial gives no leave, and nothing of the vault opens without one.
func TestI2ADenialGivesNoLeave(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		st, err := s.gate.Fresh(t.Context(), num)
		s.must(err)
		act := s.data.NewAct()
		grant, d, err := s.gate.Open(t.Context(), act, st, s.ask(num, "news", "account.email"), gate.Actor{})
		s.must(err)
		if d.Allowed || grant.Covers(act, num, s.item("account.email")) {
			t.Error("a denied use has leave")
		}
		grant, refusals, err := s.gate.Admit(t.Context(), act, st, gate.Admission{Point: "order", Given: []policy.Given{{Item: "account.phone", Value: phone}}})
		s.must(err)
		if len(refusals) == 0 || grant.Covers(act, num, s.item("account.phone")) {
			t.Error("a refused collection has leave")
		}
		f := s.facts(num)
		stop := errors.New("stop")
		read := func(vault.Holding, []vault.Value) error { return stop }
		if err := s.vault.Read(t.Context(), gate.Warrant{}, gate.Export, f, read); err == nil || errors.Is(err, stop) {
			t.Errorf("values are read without a warrant: %v", err)
		}
		step := gate.Step{Request: "req_1", Number: 1, System: vault.System, Action: gate.Verify, Subject: f}
		w, err := s.gate.Warrant(t.Context(), step)
		s.must(err)
		if err := s.vault.Read(t.Context(), w, gate.Export, f, read); err == nil || errors.Is(err, stop) {
			t.Errorf("values are read with a warrant for something else: %v", err)
		}
		if _, err := s.vault.Traces(t.Context(), gate.Warrant{}, f, policy.ClassSet{}); err == nil {
			t.Error("the vault is searched without a warrant")
		}
	})
}
