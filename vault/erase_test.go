package vault_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

func (s *stack) order(num int64, what string) {
	s.t.Helper()
	if r := s.collect(num, "order", policy.Given{Item: "order.history", Value: what, Voluntary: true}); len(r) > 0 {
		s.t.Fatalf("refused: %v", r)
	}
}

// erase erases, and waits for the end of it.
func (s *stack) erase(e vault.Erasure) vault.Erased {
	s.t.Helper()
	out, err := s.vault.Erase(s.t.Context(), e)
	s.must(err)
	s.must(s.vault.Await(s.t.Context(), e.Subject))
	return out
}

// dead fails when one of the keys still opens anything.
func (s *stack) dead(keys []seal.KeyID) {
	s.t.Helper()
	for _, k := range keys {
		if _, err := s.keys.Seal(s.t.Context(), k, seal.AAD{}, nil); fault.Of(err) != fault.NotFound {
			s.t.Errorf("key %d is alive: %v", k, err)
		}
	}
}

func TestErasingAnItemSparesItsNeighbours(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		before := s.keysOf(num)
		if got := s.erase(vault.Erasure{Subject: num, Item: s.item("account.email")}); got.Values != 1 || got.Keys != 1 {
			t.Errorf("erased %+v, want one value and one key", got)
		}
		s.dead(before)
		if got, _ := s.use(num, "account", "account.email"); len(got) != 0 {
			t.Errorf("the erased item gives %q", got)
		}
		if got, _ := s.use(num, "account", "account.phone"); !slices.Equal(got, []string{phone}) {
			t.Errorf("its neighbour gives %q", got)
		}
		if s.findable("email", email) != 0 || s.findable("phone", phone) != 1 {
			t.Error("the blind indexes do not say what is held")
		}
		if s.entries(num, audit.ItemErased) != 1 {
			t.Error("the erasure has no entry")
		}
	})
}

func TestErasingEverythingKeepsWhatTheLawKeepsWithAnIdentifierOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "two lamps")
		books, account := s.class("books"), s.class("account")
		st, err := s.gate.Fresh(t.Context(), num)
		s.must(err)
		dies, _ := st.Key(account, 0)
		s.erase(vault.Erasure{Subject: num, Everything: true, Keep: []policy.ClassNo{books}})

		s.dead([]seal.KeyID{dies})
		if got := s.facts(num).State; got != subject.Erased {
			t.Errorf("state %s, want erased", got)
		}
		if got, allowed := s.use(num, "account", "account.email"); allowed || len(got) > 0 {
			t.Errorf("a use after the erasure: %q %v", got, allowed)
		}
		if r := s.collect(num, "order", policy.Given{Item: "order.history", Value: "one more"}); len(r) == 0 {
			t.Error("something was collected about an erased subject")
		}
		held, err := s.vault.Holdings(t.Context(), num)
		s.must(err)
		for _, h := range held {
			if h.Class != books {
				t.Errorf("a row of class %d is left", h.Class)
			}
		}
		if s.findable("email", email) != 1 || s.findable("phone", phone) != 0 {
			t.Error("the subject of the retained class must be found by its one identifier, and by no other")
		}
		// The kept class serves its law, and nothing else.
		if got, allowed := s.use(num, "books", "order.history"); !allowed || !slices.Contains(got, "two lamps") {
			t.Errorf("the tax books give %q %v", got, allowed)
		}
		if _, allowed := s.use(num, "orders", "order.history"); allowed {
			t.Error("the kept class was used for orders")
		}
		// When its time is over it goes too.
		s.erase(vault.Erasure{Subject: num, Class: books})
		if held, _ := s.vault.Holdings(t.Context(), num); len(held) != 0 || s.findable("email", email) != 0 {
			t.Errorf("%d rows are left after the class has ended", len(held))
		}
	})
}

func TestErasingTwiceDoesNothingTwice(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.erase(vault.Erasure{Subject: num, Everything: true})
		s.erase(vault.Erasure{Subject: num, Everything: true})
		if n := s.entries(num, audit.Erased); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
	})
}

func TestNoValueIsLostWhenCollectAndEraseMeet(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "order 0")
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				_, err := s.vault.Collect(t.Context(), vault.Collection{Subject: num, Point: "order", Given: []policy.Given{
					{Item: "order.history", Value: "order " + string(rune('a'+i)), Voluntary: true},
				}})
				if err != nil && fault.Of(err) != fault.Busy {
					t.Error(err)
				}
			})
			if i == 10 || i == 20 {
				wg.Go(func() {
					if _, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Class: s.class("books")}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		held, err := s.vault.Holdings(t.Context(), num)
		s.must(err)
		rows := 0
		for _, h := range held {
			if h.Class == s.class("books") {
				rows++
			}
		}
		got, _ := s.use(num, "books", "order.history")
		if len(got) != rows {
			t.Errorf("%d rows are held and %d can be read: values were sealed under a key that died", rows, len(got))
		}
	})
}

func TestARekeyingSavesRowsThatCameMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 5 {
					_, err := s.vault.Collect(t.Context(), vault.Collection{Subject: num, Point: "browse", Given: []policy.Given{{Item: "net.ip", Value: "203.0.113.7"}}})
					if err != nil && fault.Of(err) != fault.Busy {
						t.Error(err)
					}
				}
			})
		}
		for i := range 6 {
			addr := string(rune('a'+i)) + "@example.org"
			if err := s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.email"), Value: seal.NewPersonal(addr)}); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		if got, _ := s.use(num, "account", "account.email", "account.phone"); !slices.Contains(got, "f@example.org") || !slices.Contains(got, phone) {
			t.Errorf("after six corrections: %q", got)
		}
		held, err := s.vault.Holdings(t.Context(), num)
		s.must(err)
		got, _ := s.use(num, "safety", "net.ip")
		if len(got) != len(held)-1 {
			t.Errorf("%d of %d addresses can be read", len(got), len(held)-1)
		}
	})
}

// A journal that fails stands for a crash between the intent and the keys.
func TestAnInterruptedErasureIsFinishedAtTheNextStart(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "two lamps")
		dies := s.keysOf(num)
		broken, err := journal.Open(filepath.Join(s.dir, "journal.broken"), "lamp-shop")
		s.must(err)
		s.must(broken.Close())
		crashing := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: broken})
		if _, err := crashing.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true}); err == nil {
			t.Fatal("an erasure without a journal was acknowledged")
		}
		if got := s.facts(num).State; got != subject.Erasing {
			t.Fatalf("state %s, want erasing", got)
		}
		if got, allowed := s.use(num, "account", "account.email"); allowed || len(got) > 0 {
			t.Errorf("a use while the erasure is under way: %q %v", got, allowed)
		}
		n, err := s.vault.Resume(t.Context())
		s.must(err)
		if !slices.Equal(n, []int64{num}) || s.facts(num).State != subject.Erased {
			t.Errorf("%d resumed, state %s", n, s.facts(num).State)
		}
		s.dead(dies)
		if again, err := s.vault.Resume(t.Context()); err != nil || len(again) != 0 {
			t.Errorf("resumed %d more (%v)", again, err)
		}
		if n := s.entries(num, audit.Erased); n != 1 {
			t.Errorf("%d entries of the erasure, want 1", n)
		}
	})
}

// What an erasure of everything leaves is not erased by it: who asks for that meanwhile
// is not told that it is done.
func TestAClassIsErasedBesideAnErasureThatKeepsIt(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "two lamps")
		broken, err := journal.Open(filepath.Join(s.dir, "journal.broken"), "lamp-shop")
		s.must(err)
		s.must(broken.Close())
		crashing := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: broken})
		if _, err := crashing.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true, KeepLawful: true}); err == nil {
			t.Fatal("an erasure without a journal was acknowledged")
		}
		s.erase(vault.Erasure{Subject: num, Class: s.class("books")})
		if held, err := s.vault.Holdings(t.Context(), num); err != nil || len(held) != 0 || s.facts(num).State != subject.Erased {
			t.Errorf("%d rows are left, state %s, %v", len(held), s.facts(num).State, err)
		}
	})
}

func TestAnErasedValueIsInNoFileOfTheEmbeddedEngine(t *testing.T) {
	s := newStack(t, db.SQLite)
	dir := filepath.Dir(dbFile(t, s.data))
	num := s.person("canary-7f3a9c55@example.org", "+49 30 901821")
	s.order(num, "canary-order-1b2c3d4e")
	if _, err := s.log.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	search(t, dir, "before the erasure", "canary-7f3a9c55", "canary-order-1b2c3d4e")
	s.erase(vault.Erasure{Subject: num, Everything: true})
	search(t, dir, "after the erasure", "canary-7f3a9c55", "canary-order-1b2c3d4e")
}

// dbFile finds the file of an embedded store among the test's directories.
func dbFile(t *testing.T, d *db.DB) string {
	t.Helper()
	var file string
	err := d.Read(context.Background(), func(r *db.Snapshot) error {
		return r.Row(context.Background(), `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file)
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func search(t *testing.T, dir, when string, needles ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, n := range needles {
			if bytes.Contains(b, []byte(n)) {
				t.Errorf("%s: %s holds a value in clear", when, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABatchAnswersEverybodyForThemselves(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		a, b := s.person("a@example.org", phone), s.person("b@example.org", phone)
		s.choose(a, "news", true)
		u := s.ask(0, "news", "account.email")
		answers, err := s.vault.UseMany(t.Context(), vault.Batch{Subjects: []int64{a, b}, Use: *u, By: gate.Actor{}})
		s.must(err)
		if !answers[0].Decision.Allowed || len(answers[0].Values) != 1 || answers[1].Decision.Allowed {
			t.Errorf("answers %+v %+v", answers[0], answers[1])
		}
		if s.entries(a, audit.Used) != 1 || s.entries(b, audit.Denied) != 1 {
			t.Error("not everybody has an entry of their own")
		}
	})
}
