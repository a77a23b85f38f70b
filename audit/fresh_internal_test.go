package audit

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

func hashOf(n byte) (h tlog.Hash) { h[0] = n; return h }

func TestRememberedLeavesComeInTheirOrderAndOnce(t *testing.T) {
	var f fresh
	for _, id := range []ID{5, 2, 9, 7} {
		f.put(leaf{id: id, hash: hashOf(byte(id))})
	}
	f.put(leaf{id: 7, hash: hashOf(77)}) // its transaction was run again
	w := waiting{list: []pendingEntry{{id: 2}, {id: 3}, {id: 7}, {id: 9}}}
	known, rest := f.take(w)
	if len(known) != 3 || known[0].id != 2 || known[1].id != 7 || known[2].id != 9 || known[1].hash != hashOf(77) {
		t.Errorf("remembered: %v", known)
	}
	if len(rest.list) != 1 || rest.list[0].id != 3 {
		t.Errorf("not remembered: %v", rest.list)
	}
	if known, rest = f.take(w); len(known) != 0 || len(rest.list) != 4 {
		t.Errorf("taken twice: %v", known)
	}
	if known, _ = f.take(waiting{list: []pendingEntry{{id: 5}}}); len(known) != 1 {
		t.Error("what was not asked for is forgotten")
	}
	if f.leaves != nil || f.order != nil {
		t.Error("memory is held for nothing")
	}
}

func TestTheOldestLeavesAreForgottenFirst(t *testing.T) {
	var f fresh
	const more = 100
	for id := ID(1); id <= freshRoom+more; id++ {
		f.put(leaf{id: id})
	}
	if len(f.leaves) != freshRoom || len(f.order) != freshRoom {
		t.Fatalf("%d leaves and %d places, want %d", len(f.leaves), len(f.order), freshRoom)
	}
	w := waiting{list: []pendingEntry{{id: 1}, {id: more}, {id: more + 1}, {id: freshRoom + more}}}
	known, rest := f.take(w)
	if len(known) != 2 || known[0].id != more+1 || len(rest.list) != 2 || rest.list[1].id != more {
		t.Errorf("remembered %v, not %v", known, rest.list)
	}
}

// What this process remembers and what another wrote make one tree, and what was put
// on an act that was lost is not in it.
func TestRememberedAndReadLeavesMakeOneTree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.reopen()
		w.fill(20)
		for i := range 30 {
			l := w.Log
			if i%3 == 0 {
				l = other
			}
			act := w.data.NewAct()
			if i%5 == 0 {
				act.Require(db.Versioned{Table: "audit_state", Key: "one", Version: "fence"}, 1, -1) // never so
			}
			e := used(1)
			e.Also = []policy.Control{policy.ShareLedger}
			if _, err := l.Append(t.Context(), act, e); err != nil {
				t.Fatal(err)
			}
			if err := w.data.Commit(t.Context(), act); db.Lost(err) != (i%5 == 0) {
				t.Fatal(err)
			}
		}
		p, err := w.Prepare(t.Context(), used(2))
		if err != nil {
			t.Fatal(err)
		}
		for try := range 2 { // of a transaction that is run again, the last counts
			err := w.data.Tx(t.Context(), func(tx *db.Tx) error {
				p.Put(tx)
				if try == 0 {
					return errors.New("not yet")
				}
				return nil
			})
			if (err != nil) != (try == 0) {
				t.Fatal(err)
			}
		}
		if n := w.sequence(); n != 24+1 {
			t.Errorf("placed %d, want 25", n)
		}
		w.check()
	})
}
