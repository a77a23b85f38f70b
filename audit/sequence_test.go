package audit

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// expire ends the sequencer's lease as time would.
func (w *world) expire() { w.exec(`UPDATE db_lease SET until = 0 WHERE name = 'audit'`) }

func TestASequencerWithoutTheLeaseDoesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.reopen()
		w.sequence() // takes the lease
		w.append(used(1))
		if n, err := other.Sequence(t.Context()); n != 0 || err != nil {
			t.Errorf("placed %d, %v", n, err)
		}
		if err := w.Close(t.Context()); err != nil { // gives it back
			t.Fatal(err)
		}
		if n, err := other.Sequence(t.Context()); n != 1 || err != nil {
			t.Errorf("after Close placed %d, %v, want 1", n, err)
		}
		w.check()
	})
}

func TestASequencerWhoseLeaseWasTakenCannotForkTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		for range 40 {
			w.append(used(2))
		}
		// The first sequencer has the lease, the edge and what is pending in hand,
		// and stops there for longer than its lease.
		stalled, err := w.pending(t.Context())
		if err != nil || len(stalled.leaves) != 40 {
			t.Fatal(len(stalled.leaves), err)
		}
		if ok, err := w.lease(t.Context()); err != nil || !ok {
			t.Fatal(ok, err)
		}
		w.expire()
		other := w.reopen()
		if n, err := other.Sequence(t.Context()); n != 40 || err != nil {
			t.Fatal(n, err)
		}
		after := w.checkpoint()
		if err := w.place(t.Context(), stalled); !errors.Is(err, errOvertaken) {
			t.Fatalf("the stalled sequencer: %v, want overtaken", err)
		}
		if got := w.checkpoint(); got.Size != after.Size || got.Root != after.Root {
			t.Errorf("it moved the checkpoint to %d", got.Size)
		}
		w.check()
		w.append(used(1))
		w.expire()
		if n := w.sequence(); n != 1 { // and goes on soundly later
			t.Errorf("placed %d, want 1", n)
		}
		w.check()
	})
}

func TestAnOlderFenceCannotWriteAtTheSameSize(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sequence()
		other := w.reopen()
		w.expire()
		w.append(used(1))
		if ok, err := other.lease(t.Context()); !ok || err != nil { // a newer fence, nothing written yet
			t.Fatal(ok, err)
		}
		pending, err := w.pending(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := other.place(t.Context(), pending); err != nil {
			t.Fatal(err)
		}
		w.append(used(2))
		if pending, err = w.pending(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = w.data.Read(t.Context(), func(r *db.Snapshot) (err error) {
			w.edge, err = readSoundEdge(t.Context(), r, 2) // it even has the right edge, under its old fence
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.place(t.Context(), pending); !errors.Is(err, errOvertaken) {
			t.Errorf("an older fence: %v, want overtaken", err)
		}
	})
}

func TestAStaleEdgeCannotWriteUnderTheSameFence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(10)
		stale, last := w.edge.clone(), w.last
		w.fill(10)
		w.append(used(1))
		pending, err := w.pending(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.edge, w.last = stale, last
		if err := w.place(t.Context(), pending); !errors.Is(err, errOvertaken) {
			t.Errorf("an edge of an older size: %v, want overtaken", err)
		}
		w.sequence()
		w.check()
	})
}

func TestAnOldSignerCannotWriteAfterARotation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(10)
		old := w.signer.Load()
		if err := w.RotateSigner(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.append(used(1))
		if ok, err := w.lease(t.Context()); !ok || err != nil {
			t.Fatal(ok, err)
		}
		pending, err := w.pending(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		current := w.signer.Swap(old)
		if err := w.place(t.Context(), pending); !errors.Is(err, errOvertaken) {
			t.Errorf("the old key: %v, want overtaken", err)
		}
		w.signer.Store(current)
		w.sequence()
		w.check()
	})
}

func TestTwoSequencersThatBothBelieveInTheirLeaseNeverFork(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sequence()
		other := w.reopen()
		other.owner = w.owner // so that both always get the lease, with one fence
		logs := []*Log{w.Log, other}
		var group sync.WaitGroup
		for _, l := range logs {
			group.Go(func() {
				for range 60 {
					a := w.data.NewAct()
					_, err := l.Append(t.Context(), a, used(1))
					if err == nil {
						err = w.data.Commit(t.Context(), a)
					}
					if err == nil {
						_, err = l.Sequence(t.Context())
					}
					if err != nil && fault.Of(err) != fault.Conflict { // the edge and the state may be read apart
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		for _, l := range logs {
			if _, err := l.Sequence(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if r := w.check(); r.Size != 121 || r.Pending != 0 {
			t.Errorf("%d entries, %d pending", r.Size, r.Pending)
		}
	})
}

func TestASequencerRefusesToSignOverDamage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		w.append(used(1))
		w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 0`, make([]byte, 21*tlog.HashSize))
		other := w.reopen()
		w.expire()
		if _, err := other.Sequence(t.Context()); fault.Of(err) != fault.Conflict {
			t.Errorf("over a changed tile: %v", err)
		}
		w.exec(`DELETE FROM audit_tile`)
		if _, err := other.Sequence(t.Context()); err == nil {
			t.Error("over a missing tile: no error")
		}
		w.exec(`DELETE FROM audit_checkpoint`)
		if _, err := other.Sequence(t.Context()); err == nil {
			t.Error("without its checkpoint: no error")
		}
	})
}

func TestAPendingEntryThatIsNoneStopsTheSequencer(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.exec(`UPDATE audit_entry SET public = $1`, []byte("x"))
	if _, err := w.reopen().Sequence(t.Context()); fault.Of(err) != fault.Invalid { // it has written none itself
		t.Errorf("got %v", err)
	}
}

// Who wrote an entry gives the tree what was written, whatever the row says by then.
func TestAPendingEntryThatWasChangedIsFoundByVerifying(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(3)
		one, two := w.append(used(1)), w.append(used(2))
		w.exec(`UPDATE audit_entry SET public = (SELECT public FROM audit_entry WHERE id = $1) WHERE id = $2`, one, two)
		if n := w.sequence(); n != 2 {
			t.Errorf("placed %d", n)
		}
		if r := w.verify(Verify{Open: true}); len(r.Wrong) == 0 {
			t.Error("the log verifies")
		}
	})
}

func TestTheLogIsSoundWhateverTheBatches(t *testing.T) {
	for _, batch := range []int{1, 7, 256, 500, 501, 1300} {
		w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
		for n := 0; n < 1300; n += batch {
			a := w.data.NewAct()
			for range min(batch, 1300-n) {
				if _, err := w.Append(t.Context(), a, used(1)); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.data.Commit(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if batch > 1 || n%50 == 0 {
				w.sequence()
			}
		}
		w.sequence()
		if r := w.check(); r.Size != 1301 {
			t.Errorf("batch %d: %d entries", batch, r.Size)
		}
	}
}

func TestRunSequencesUntilItsContextEnds(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := w.Checkpoint(ctx); err == nil {
			break
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("no checkpoint after twenty seconds")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v", err)
	}
	w.check()
}
