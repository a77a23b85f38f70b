package vault_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// run runs statements in the data store, behind the vault's back.
func (s *stack) run(sqlite, postgres []string) {
	s.t.Helper()
	if s.data.Engine() == db.Postgres {
		sqlite = postgres
	}
	s.must(s.data.Tx(s.t.Context(), func(tx *db.Tx) error {
		for _, x := range sqlite {
			if _, err := tx.Exec(s.t.Context(), x); err != nil {
				return err
			}
		}
		return nil
	}))
}

// hinder lets nobody take an intent away, until free is called.
func (s *stack) hinder() (free func()) {
	s.t.Helper()
	s.run([]string{`CREATE TRIGGER stays BEFORE DELETE ON vault_erasure BEGIN SELECT RAISE(ABORT, 'it stays'); END`}, []string{
		`CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE check_violation; END $$`,
		`CREATE TRIGGER stays BEFORE DELETE ON vault_erasure FOR EACH ROW EXECUTE FUNCTION stays()`,
	})
	return func() {
		s.t.Helper()
		s.run([]string{`DROP TRIGGER stays`}, []string{`DROP TRIGGER stays ON vault_erasure`})
	}
}

// What could not be ended for a while is ended as soon as it can be, on a node that
// stays up, and the log says the same as it would have said.
func TestAnEndingThatWasGivenUpIsTakenUp(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		t.Parallel()
		num, other := s.person(email, phone), s.person("b"+email, phone)
		free := s.hinder()
		_, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true, Control: policy.RetentionClosed})
		s.must(err)
		s.must(s.vault.Correct(t.Context(), vault.Correction{Subject: other, Item: s.item("account.email"), Value: seal.NewPersonal("c" + email)}))
		if err := s.vault.Settle(t.Context()); err == nil {
			t.Fatal("it was ended all the same")
		}
		if n, err := s.vault.TakeUp(t.Context()); len(n) != 0 || err == nil {
			t.Errorf("taken up although nothing can be ended: %d, %v", n, err)
		}
		free()
		if n, err := s.vault.TakeUp(t.Context()); !slices.Equal(n, []int64{num}) || err != nil { // and the correction
			t.Errorf("taken up: %d, %v", n, err)
		}
		s.must(s.vault.Settle(t.Context()))
		if got := s.facts(num).State; got != subject.Erased || s.intents() != 0 || s.entries(num, audit.Erased) != 1 {
			t.Errorf("state %s, %d intents, %d entries", got, s.intents(), s.entries(num, audit.Erased))
		}
		if n := s.shown(policy.RetentionClosed); n == 0 {
			t.Error("the entry says it was another control")
		}
		if n, err := s.vault.TakeUp(t.Context()); len(n) != 0 || err != nil {
			t.Errorf("taken up twice: %d, %v", n, err)
		}
	})
}

// shown counts the entries that show a control.
func (s *stack) shown(c policy.Control) (n int64) {
	s.t.Helper()
	_, err := s.log.Sequence(s.t.Context())
	s.must(err)
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) error {
		all, err := audit.Totals(s.t.Context(), r)
		for _, t := range all {
			if t.Control == c {
				n += t.N
			}
		}
		return err
	}))
	return n
}

// An erasure that failed before its keys were dead is finished too, some minutes
// later and not under the hands of who is still at it.
func TestAnErasureThatFailedIsTakenUpMinutesLater(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			s := newStack(t, e)
			num := s.person(email, phone)
			dies := s.keysOf(num)
			layer := dbtest.FailingFiles(t, func(sync bool) error {
				if sync {
					return errors.New("the disk is gone")
				}
				return nil
			})
			broken, err := journal.OpenOn(layer, filepath.Join(s.dir, "journal.broken"), "lamp-shop")
			s.must(err)
			defer broken.Close()
			failing := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: broken})
			if _, err := failing.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true}); err == nil {
				t.Fatal("an erasure that is not in the journal was acknowledged")
			}
			if n, err := s.vault.TakeUp(t.Context()); len(n) != 0 || err != nil {
				t.Errorf("taken up while somebody may be at it: %d, %v", n, err)
			}
			s.data.NotBefore(s.data.Now().Add(6 * time.Minute))
			if n, err := s.vault.TakeUp(t.Context()); len(n) != 1 || err != nil {
				t.Errorf("taken up: %d, %v", n, err)
			}
			s.dead(dies)
			all, err := s.journal.All()
			s.must(err)
			if len(all) != 1 || all[0].Scope.Kind != journal.Everything {
				t.Errorf("the journal has %+v", all)
			}
			if got := s.facts(num).State; got != subject.Erased || s.intents() != 0 || s.entries(num, audit.Erased) != 1 {
				t.Errorf("state %s, %d intents, %d entries", got, s.intents(), s.entries(num, audit.Erased))
			}
		})
	}
}
