package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

// sameNewest compares the end of the log as it is remembered with the end as the store
// has it.
func (w *world) sameNewest(limit int) {
	w.t.Helper()
	got, err := w.Newest(w.t.Context(), limit)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.data.Read(w.t.Context(), func(r *db.Snapshot) error {
		want, err := w.Entries(w.t.Context(), r, Filter{Newest: true, Limit: limit})
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Record{}, Field{}), cmpopts.EquateEmpty()); diff != "" {
			w.t.Errorf("the newest %d: %s", limit, diff)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Whatever is written, placed, pruned or destroyed between two readings, here or on
// another node, the end of the log reads as the store has it.
func TestTheEndOfTheLogIsReadAsTheStoreHasIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := *w
		other.Log = w.reopen()
		rng := rand.New(rand.NewPCG(1, 2))
		w.fill(40)
		for subject := int64(1); subject <= 4; subject++ {
			for range 12 {
				from := w
				if rng.IntN(3) == 0 {
					from = &other
				}
				from.append(used(subject + rng.Int64N(3))) // of subjects whose keys live
				if rng.IntN(6) == 0 {
					w.sequence()
				}
				w.sameNewest(1 + rng.IntN(60))
			}
			w.sameNewest(NewestMost)
			w.keys.destroy(seal.KeyID(1000 + subject))
			w.sameNewest(NewestMost)
			pruning := w
			if subject%2 == 0 {
				pruning = &other
			}
			if _, err := pruning.Prune(t.Context(), []Ended{{subject, seal.KeyID(1000 + subject)}}); err != nil {
				t.Fatal(err)
			}
			w.sameNewest(NewestMost)
		}
	})
}

// More than the tail has room for, ids that share a place in it, a row that is too
// large for it, and more runs than are asked for at once.
func TestALogLongerThanItsTailIsReadAsTheStoreHasIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(tailRoom + 700)
		w.sameNewest(NewestMost)
		big := used(1)
		for i := range 40 {
			big.Private = append(big.Private, Text(TagNote, fmt.Sprintf("%040d", i)))
		}
		w.append(big)
		w.sameNewest(3)
		w.fill(tailRoom / 2)
		w.sameNewest(NewestMost)
		for range runsInPage + 5 { // ids of others lie between: a run each
			if _, err := w.data.Number(t.Context(), "audit_entry"); err != nil {
				t.Fatal(err)
			}
			w.append(used(2))
			w.sequence()
		}
		w.sameNewest(runsInPage + 3)
		w.sameNewest(NewestMost)
		for i := range w.Log.tail.rows {
			if r := w.Log.tail.rows[i].Load(); r != nil && len(r.sealed) > tailRow {
				t.Errorf("a sealed part of %d bytes is remembered", len(r.sealed))
			}
		}
	})
}

// Entries are committed in another order than that in which they got their ids, many
// at once and then one by one, and some only at the second try, with another time: what
// is read of those that wait is never less than what belongs to the page, nor other.
func TestAPageOfThoseThatWaitLeavesNoneOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, most := range []int{12, 1, 5} {
			list := make([]Prepared, 150)
			for i := range list {
				var err error
				if list[i], err = w.Prepare(t.Context(), used(1+rng.Int64N(3))); err != nil {
					t.Fatal(err)
				}
			}
			rng.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
			for len(list) > 0 {
				some := list[:min(len(list), 1+rng.IntN(most))]
				list = list[len(some):]
				for _, want := range []error{fault.New(fault.Busy, "once more"), nil} {
					err := w.data.Tx(t.Context(), func(tx *db.Tx) error {
						for _, p := range some {
							p.Put(tx)
						}
						return want
					})
					if (err == nil) != (want == nil) {
						t.Fatal(err)
					}
					if want != nil {
						w.sameNewest(5)
					}
				}
				w.sameNewest(1 + rng.IntN(60))
			}
		}
		w.sequence()
		w.sameNewest(20)
	})
}

// What comes with a commit is as of a moment at or before it, and it comes only where
// the commit does.
func TestTheEndOfTheLogComesWithACommit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		a := w.data.NewAct()
		own, err := w.Append(t.Context(), a, used(3))
		if err != nil {
			t.Fatal(err)
		}
		list := w.NewestOf(a.Inquire(), 10)
		if err := w.data.Commit(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		got, err := list(t.Context())
		if err != nil || len(got) != 10 || got[0].ID > own {
			t.Errorf("%d entries, the newest %d: %v", len(got), got[0].ID, err)
		}
		w.sameNewest(10)
	})
}

// A countingSealer is a keyring that counts what is opened.
type countingSealer struct {
	*seal.Keyring
	opened int
}

func (s *countingSealer) OpenTo(ctx context.Context, to []byte, k seal.KeyID, a seal.AAD, sealed []byte) ([]byte, error) {
	s.opened++
	return s.Keyring.OpenTo(ctx, to, k, a, sealed)
}

// The end of the log is read again and again: a sealed part is opened once as long as
// its key is held, and nothing of it is left when the key is destroyed.
func TestWhatWasOpenedIsForgottenWithItsKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		keys := &countingSealer{Keyring: realKeys(t, w.data)}
		w.cfg.Keys = keys
		w.Log = w.reopen()
		var under [2]seal.KeyID
		for i := range under {
			var err error
			if under[i], err = keys.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 6 {
			e := used(int64(1 + i%2))
			e.Key = under[i%2]
			w.append(e)
		}
		for range 3 {
			w.sameNewest(6)
		}
		if want := 4 * 6; keys.opened != want { // one page that remembers, three that do not
			t.Errorf("%d sealed parts were opened, want %d", keys.opened, want)
		}
		if err := keys.Destroy(t.Context(), under[0]); err != nil {
			t.Fatal(err)
		}
		list, err := w.Newest(t.Context(), 6)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range list {
			want := KeyDestroyed
			if i%2 == 0 { // the newest is the last
				want = Opened
			}
			if e.Sealed != want || (e.Private != nil) != (want == Opened) || (e.SubjectID != "") != (want == Opened) {
				t.Errorf("entry %d from the end reads as %s of %q, want %s", i, e.Sealed, e.SubjectID, want)
			}
		}
		w.sameNewest(6)
		w.Log.tail.fade()
		left := 0
		for i := range w.Log.tail.opened {
			if w.Log.tail.opened[i].Load() != nil {
				left++
			}
		}
		if left != 3 {
			t.Errorf("%d opened parts are left, want the three whose key lives", left)
		}
	})
}

func TestADamagedListOfThoseThatWaitIsNotRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.append(used(1))
		w.exec(`UPDATE audit_pending SET entries = $1`, []byte{1, 2, 3})
		if _, err := w.Newest(t.Context(), 5); fault.Of(err) != fault.Conflict {
			t.Errorf("read: %v", err)
		}
	})
}
