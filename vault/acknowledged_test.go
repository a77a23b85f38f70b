package vault_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// intents counts the erasures and corrections that have not ended.
func (s *stack) intents() (n int) {
	s.t.Helper()
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) error {
		return r.Row(s.t.Context(), `SELECT count(*) FROM vault_erasure`).Scan(&n)
	}))
	return n
}

// holds counts the rows of a subject outside a class.
func (s *stack) holds(num int64, but policy.ClassNo) (n int) {
	s.t.Helper()
	held, err := s.vault.Holdings(s.t.Context(), num)
	s.must(err)
	for _, h := range held {
		if h.Class != but {
			n++
		}
	}
	return n
}

// When an erasure is acknowledged, its keys are dead, the journal has it, and
// nothing is held or found any more; its last entry follows.
func TestWhatIsAcknowledgedIsDeadJournaledAndGone(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		books := s.class("books")
		for _, c := range []struct {
			what  string
			e     vault.Erasure
			scope journal.Scope
			left  int // rows outside the books
			marks int // identifiers that the journal keeps hashes of
			entry audit.Kind
		}{
			{"an item", vault.Erasure{Item: s.item("account.email")}, journal.Scope{Kind: journal.OneItem, Number: int64(s.item("account.email"))}, 1, 2, audit.ItemErased},
			{"a class", vault.Erasure{Class: s.class("account")}, journal.Scope{Kind: journal.OneClass, Number: int64(s.class("account"))}, 0, 2, audit.ClassErased},
			{"everything", vault.Erasure{Everything: true, Keep: []policy.ClassNo{books}}, journal.Whole([]int64{int64(s.class("account"))}), 0, 2, audit.Erased},
		} {
			num := s.person(c.what[:1]+email, phone)
			account, ok := s.keyOf(num, "account")
			if !ok {
				t.Fatal("no key")
			}
			c.e.Subject = num
			done, err := s.vault.Erase(t.Context(), c.e)
			s.must(err)
			if done.Keys == 0 || done.Values == 0 {
				t.Errorf("%s: %+v", c.what, done)
			}
			s.dead([]seal.KeyID{account})
			if n := s.holds(num, books); n != c.left {
				t.Errorf("%s: %d rows are held, want %d", c.what, n, c.left)
			}
			if s.findable("email", c.what[:1]+email) != 0 {
				t.Errorf("%s: the address still finds somebody", c.what)
			}
			all, err := s.journal.All()
			s.must(err)
			if last := all[len(all)-1]; last.Scope != c.scope || len(last.Digests) != c.marks || last.Subject != string(s.facts(num).ID) {
				t.Errorf("%s: the journal ends with %+v", c.what, last)
			}
			s.must(s.vault.Await(t.Context(), num))
			if n := s.entries(num, c.entry); n != 1 {
				t.Errorf("%s: %d entries %s, want 1", c.what, n, c.entry)
			}
		}
		if n := s.intents(); n != 0 {
			t.Errorf("%d intents are left", n)
		}
	})
}

func (s *stack) keyOf(num int64, class string) (seal.KeyID, bool) {
	s.t.Helper()
	st, err := s.gate.Fresh(s.t.Context(), num)
	s.must(err)
	return st.Key(s.class(class), 0)
}

// A correction is acknowledged with the old key dead.
func TestWhatIsCorrectedWasSealedUnderADeadKey(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		old := s.keysOf(num)
		s.must(s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.email"), Value: seal.NewPersonal("new@example.org")}))
		s.dead(old)
		s.must(s.vault.Settle(t.Context()))
		if n := s.intents(); n != 0 {
			t.Errorf("%d intents are left", n)
		}
	})
}

// Journal and keys go side by side, and the answer waits for both: here the keys
// are dead while the journal still writes. When the disk fails then, nothing was
// acknowledged, and the next start does both again.
func TestAnErasureIsNotAcknowledgedBeforeTheJournalHasIt(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		dies := s.keysOf(num)
		writing, fail := make(chan struct{}), make(chan error)
		layer := dbtest.FailingFiles(t, func(sync bool) error {
			if !sync {
				return nil
			}
			close(writing)
			return <-fail
		})
		slow, err := journal.OpenOn(layer, filepath.Join(s.dir, "journal.slow"), "lamp-shop")
		s.must(err)
		defer slow.Close()
		crashing := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: slow})
		answered := make(chan error, 1)
		go func() {
			_, err := crashing.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true})
			answered <- err
		}()
		<-writing
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for end := time.After(20 * time.Second); ; {
			if _, err := s.keys.Seal(t.Context(), dies[0], seal.AAD{}, nil); fault.Of(err) == fault.NotFound {
				break
			}
			select {
			case <-tick.C:
			case <-end:
				t.Fatal("the keys wait for the journal")
			}
		}
		select {
		case err := <-answered:
			t.Fatalf("answered before the journal has it: %v", err)
		default:
		}
		if got := s.facts(num).State; got != subject.Erasing || s.intents() == 0 {
			t.Errorf("state %s with %d intents before the answer", got, s.intents())
		}
		fail <- errors.New("the disk is gone")
		if err := <-answered; err == nil {
			t.Fatal("an erasure that is not in the journal was acknowledged")
		}
		if n, err := s.vault.Resume(t.Context()); err != nil || len(n) != 1 {
			t.Fatalf("resumed %d: %v", n, err)
		}
		all, err := s.journal.All()
		s.must(err)
		if len(all) != 1 || all[0].Scope.Kind != journal.Everything || len(all[0].Digests) != 2 {
			t.Errorf("the journal has %+v after the next start", all)
		}
		if got := s.facts(num).State; got != subject.Erased || s.intents() != 0 || s.entries(num, audit.Erased) != 1 {
			t.Errorf("state %s, %d intents, %d entries", got, s.intents(), s.entries(num, audit.Erased))
		}
	})
}

// What could not be ended by itself, because the person's record moved on, is ended
// all the same, once.
func TestAnErasureEndsThoughTheRecordMovesOn(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		var people []int64
		for i := range 20 {
			people = append(people, s.person(string(rune('a'+i))+email, phone))
		}
		for _, num := range people {
			_, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Item: s.item("account.email")})
			s.must(err)
			st, err := s.gate.Fresh(t.Context(), num)
			s.must(err)
			act := s.data.NewAct()
			_, err = s.gate.Exercise(t.Context(), act, st, gate.Duty{Kind: audit.Restricted, Control: policy.RestrictionApplied})
			s.must(err)
			subject.Restrict(act, num, true)
			if err := s.data.Commit(t.Context(), act); err != nil && !db.Lost(err) {
				t.Fatal(err)
			}
		}
		s.must(s.vault.Settle(t.Context()))
		for _, num := range people {
			if n := s.entries(num, audit.ItemErased); n != 1 {
				t.Errorf("%d entries of the end, want 1", n)
			}
		}
		if s.intents() != 0 {
			t.Errorf("%d intents are left", s.intents())
		}
	})
}

// A value that comes while its class is given new keys is either erased with the
// others or can be read: none is left under a key that died.
func TestNoValueIsLeftUnderAKeyThatIsLeftBehind(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "order 0")
		history := s.item("order.history")
		var wg sync.WaitGroup
		var enough atomic.Bool
		for g := range 4 {
			wg.Go(func() {
				for i := 0; !enough.Load(); i++ {
					_, err := s.vault.Collect(t.Context(), vault.Collection{Subject: num, Point: "order", Given: []policy.Given{
						{Item: "order.history", Value: fmt.Sprintf("order %d.%d", g, i), Voluntary: true},
					}})
					if err != nil && fault.Of(err) != fault.Busy {
						t.Error(err)
					}
				}
			})
		}
		for range 15 {
			if _, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Item: history}); err != nil {
				t.Error(err)
			}
		}
		enough.Store(true)
		wg.Wait()
		got, _ := s.use(num, "books", "order.history")
		if rows := s.holds(num, s.class("account")); len(got) != rows {
			t.Errorf("%d rows are held and %d can be read: values are left under a key that died", rows, len(got))
		}
	})
}

// While an erasure is on its way to the disk, a power cut could take it back: until then
// nobody is told that there is nothing to correct, although it can be read already.
func TestARefusalWaitsForTheDiskThatItRestsOn(t *testing.T) {
	var slow atomic.Bool
	release := make(chan struct{})
	s := newStackOn(t, db.SQLite, dbtest.FailingFiles(t, func(sync bool) error {
		if sync && slow.CompareAndSwap(true, false) {
			<-release
		}
		return nil
	}))
	num := s.person(email, phone)
	slow.Store(true)
	erased, refused := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Item: s.item("account.email")})
		erased <- err
	}()
	for n, end := 0, time.Now().Add(20*time.Second); n == 0; {
		s.must(s.data.Ahead(t.Context(), func(r *db.Snapshot) error {
			return r.Row(t.Context(), `SELECT count(*) FROM vault_erasure`).Scan(&n)
		}))
		if time.Now().After(end) {
			t.Fatal("the erasure cannot be seen")
		}
	}
	go func() {
		refused <- s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.email"), Value: seal.NewPersonal("new" + email)})
	}()
	select {
	case err := <-refused:
		t.Errorf("the erasure is not on the disk, and somebody heard: %v", err)
		refused <- err
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	if err := <-refused; fault.Of(err) != fault.NotFound {
		t.Errorf("what was erased is corrected: %v", err)
	}
	s.must(<-erased)
}
