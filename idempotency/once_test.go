package idempotency_test

import (
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/idempotency"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func each(t *testing.T, fn func(*testing.T, *db.DB, *dbtest.Clock)) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		clock := dbtest.NewClock()
		c.Clock = clock.Now
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		fn(t, d, clock)
	})
}

func digest(s ...string) []byte { return idempotency.Digest([]byte("secret"), s...) }

func TestOneKeyIsOneRequestAndOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		key, request := digest("k"), digest("r")
		first, err := idempotency.Begin(t.Context(), d, key, request)
		if err != nil || first.Replayed {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, err := idempotency.Begin(t.Context(), d, key, request); fault.Of(err) != fault.Conflict {
			t.Errorf("while it is worked on: %v", err)
		}
		if err := first.Done(t.Context(), d, []byte("sub")); err != nil {
			t.Fatal(err)
		}
		again, err := idempotency.Begin(t.Context(), d, key, request)
		if err != nil || !again.Replayed || string(again.Answer) != "sub" {
			t.Errorf("again: %+v, %v", again, err)
		}
		if _, err := idempotency.Begin(t.Context(), d, key, digest("other")); fault.Of(err) != fault.Invalid {
			t.Errorf("another request: %v", err)
		}
		clock.Add(idempotency.Life + time.Minute)
		later, err := idempotency.Begin(t.Context(), d, key, digest("other"))
		if err != nil || later.Replayed {
			t.Errorf("after its life: %+v, %v", later, err)
		}
	})
}

func TestAReleasedKeyMayBeUsedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		first, err := idempotency.Begin(t.Context(), d, digest("k"), digest("r"))
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Release(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if next, err := idempotency.Begin(t.Context(), d, digest("k"), digest("corrected")); err != nil || next.Replayed {
			t.Errorf("%+v, %v", next, err)
		}
	})
}

func TestAKeyOfWorkThatWasCutOffIsFreeAfterItsLease(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		key, request := digest("k"), digest("r")
		begin := func() (idempotency.Ticket, error) { return idempotency.Begin(t.Context(), d, key, request) }
		cut, err := begin()
		if err != nil {
			t.Fatal(err)
		}
		clock.Add(idempotency.Lease - time.Minute)
		if _, err := begin(); fault.Of(err) != fault.Conflict {
			t.Errorf("within the lease: %v", err)
		}
		clock.Add(2 * time.Minute)
		if _, err := idempotency.Begin(t.Context(), d, key, digest("other")); fault.Of(err) != fault.Invalid {
			t.Errorf("another request after the lease: %v", err)
		}
		next, err := begin()
		if err != nil || next.Replayed {
			t.Fatalf("after the lease: %+v, %v", next, err)
		}
		if _, err := begin(); fault.Of(err) != fault.Conflict {
			t.Errorf("while it is done again: %v", err)
		}
		// The first was only slow: it neither answers nor frees for the second.
		if err := cut.Release(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if err := cut.Done(t.Context(), d, []byte("first")); err != nil {
			t.Fatal(err)
		}
		if err := next.Done(t.Context(), d, []byte("second")); err != nil {
			t.Fatal(err)
		}
		if again, err := begin(); err != nil || string(again.Answer) != "second" {
			t.Errorf("at the end: %+v, %v", again, err)
		}
	})
}

func TestASweepForgetsOldKeysAndNoOthers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for _, name := range []string{"old", "young"} {
			k, err := idempotency.Begin(t.Context(), d, digest(name), digest("r"))
			if err != nil {
				t.Fatal(err)
			}
			if err := k.Done(t.Context(), d, []byte(name)); err != nil {
				t.Fatal(err)
			}
			clock.Add(idempotency.Life - time.Hour)
		}
		if err := idempotency.Sweep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for name, replayed := range map[string]bool{"old": false, "young": true} {
			if k, err := idempotency.Begin(t.Context(), d, digest(name), digest("r")); err != nil || k.Replayed != replayed {
				t.Errorf("%s: %+v, %v", name, k, err)
			}
		}
	})
}

func TestOfManyAtOnceOneWorks(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var (
			mu   sync.Mutex
			got  int
			done sync.WaitGroup
		)
		for range 16 {
			done.Go(func() {
				_, err := idempotency.Begin(t.Context(), d, digest("k"), digest("r"))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					got++
				case fault.Of(err) != fault.Conflict:
					t.Error(err)
				}
			})
		}
		done.Wait()
		if got != 1 {
			t.Errorf("%d of 16 work", got)
		}
	})
}

func TestADigestKeepsItsPartsApart(t *testing.T) {
	if string(digest("ab", "c")) == string(digest("a", "bc")) {
		t.Error("the parts run together")
	}
}
