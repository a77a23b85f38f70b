package seal

import (
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

func (k *Keyring) mustSweep(t *testing.T) int {
	t.Helper()
	n, err := k.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSweepTakesOldUnboundKeysAndNoOther(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		bound, loose := k.mustNext(t), k.mustNext(t)
		s.bind(t, k, 1, 1, bound)
		k.waitForFill()
		if n := k.mustSweep(t); n != 0 {
			t.Errorf("%d keys swept before an hour was over", n)
		}
		s.clock.Add(sweepAge + time.Minute)
		before, err := k.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := k.mustSweep(t); n != before.Live-1 {
			t.Errorf("%d keys swept of %d, want all but the bound one", n, before.Live)
		}
		if n := k.mustSweep(t); n != 0 {
			t.Errorf("%d more swept", n)
		}
		fresh := s.ring(t)
		if _, err := fresh.Seal(t.Context(), bound, place, nil); err != nil {
			t.Errorf("the bound key: %v", err)
		}
		if _, err := fresh.Seal(t.Context(), loose, place, nil); fault.Of(err) != fault.NotFound {
			t.Errorf("the unbound key: err = %v, want not_found", err)
		}
		if after, err := k.Status(t.Context()); err != nil || after.Live != 1 || after.Unbound != 0 {
			t.Errorf("status %+v, %v", after, err)
		}
		k.mustNext(t) // the pool does not hand out what was swept
	})
}

// An act may have been on its way for so long that its key was swept.
func TestAnActThatBindsASweptKeyIsLostAndNotItsValue(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key := k.mustNext(t)
		k.waitForFill()
		s.clock.Add(sweepAge + time.Minute)
		k.mustSweep(t)
		act := s.data.NewAct()
		k.Bind(act, 1, 1, 0, key)
		if err := s.data.Commit(t.Context(), act); !db.Constraint(err) {
			t.Fatalf("err = %v, want a constraint violation", err)
		}
		err := s.data.Read(t.Context(), func(r *db.Snapshot) error {
			bs, err := k.Bound(t.Context(), r, 0)
			if len(bs) != 0 {
				t.Errorf("a swept key shows as bound: %v", bs)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Add(fenceAge + time.Hour)
		k.mustSweep(t)
		var left int
		err = s.data.Read(t.Context(), func(r *db.Snapshot) error {
			return r.Row(t.Context(), `SELECT COUNT(1) FROM subject_key`).Scan(&left)
		})
		if err != nil || left != 0 {
			t.Errorf("%d fences left after a day, %v", left, err)
		}
	})
}

// A sweep that was cut between its fence and the destruction is finished.
func TestASweepCutShortIsFinishedByTheNext(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key := k.mustNext(t)
		k.waitForFill()
		s.clock.Add(sweepAge + time.Minute)
		if _, err := k.fence(t.Context(), []KeyID{key}, nil, s.keys.Now()); err != nil {
			t.Fatal(err)
		}
		s.ring(t).mustSweep(t)
		if _, err := s.ring(t).Seal(t.Context(), key, place, nil); fault.Of(err) != fault.NotFound {
			t.Errorf("err = %v, want not_found", err)
		}
	})
}

func TestTwoNodesSweepWhileOthersBindAndNoBoundKeyIsLost(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		var keys []KeyID
		for range 400 {
			keys = append(keys, k.mustNext(t))
		}
		k.waitForFill()
		s.clock.Add(sweepAge + time.Minute)
		nodes := []*Keyring{s.ring(t), s.ring(t)}
		var wg sync.WaitGroup
		won := make([]bool, len(keys))
		for c := range 4 {
			wg.Go(func() {
				for i := c; i < len(keys); i += 4 {
					act := s.data.NewAct()
					k.Bind(act, int64(i+1), 1, 0, keys[i])
					err := s.data.Commit(t.Context(), act)
					if won[i] = err == nil; err != nil && !db.Constraint(err) {
						t.Error(err)
					}
				}
			})
		}
		for _, node := range nodes {
			wg.Go(func() {
				if _, err := node.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		fresh := s.ring(t)
		for i, key := range keys {
			_, err := fresh.cipher(t.Context(), key)
			if won[i] && err != nil {
				t.Errorf("key %d was bound and is lost: %v", key, err)
			}
			if !won[i] && fault.Of(err) != fault.NotFound {
				t.Errorf("key %d was swept and is there: %v", key, err)
			}
		}
	})
}

func TestAPurgeLeavesTheKeysThatTheDataNamesAndNoOther(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		var keys []KeyID
		for i := range int64(700) {
			key := k.mustNext(t)
			keys = append(keys, key)
			s.bind(t, k, i+1, 1, key)
		}
		k.waitForFill()
		s.clock.Add(sweepAge + time.Minute)
		k.mustSweep(t)
		// The data is put back from an archive that knows fewer subjects.
		err := s.data.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM subject_key WHERE subject > 600`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := k.mustSweep(t); n != 0 {
			t.Errorf("%d keys swept that were bound once", n)
		}
		k.mustNext(t)
		k.waitForFill()
		before, err := k.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, err := k.Purge(t.Context())
		if err != nil || n != before.Live-600 {
			t.Errorf("%d keys purged of %d, %v; want all but 600", n, before.Live, err)
		}
		fresh := s.ring(t)
		for i, key := range keys {
			if _, err := fresh.cipher(t.Context(), key); (err == nil) != (i < 600) {
				t.Fatalf("key of subject %d: %v", i+1, err)
			}
		}
		// What the pool held is gone, and it knows.
		s.bind(t, k, 9000, 1, k.mustNext(t))
	})
}
