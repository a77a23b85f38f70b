package audit

import (
	"slices"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

func TestPrunedPartsAreGoneAndTheLogStillVerifies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(2600) // more than one transaction of each of five subjects
		receipt, err := w.Proof(t.Context(), w.append(used(2)))
		if err != nil {
			t.Fatal(err)
		}
		before := w.checkpoint()
		pending := w.append(used(2))
		w.keys.destroy(1002)
		n, err := w.Prune(t.Context(), []Ended{{2, 1002}})
		if err != nil || n != 522 {
			t.Fatalf("pruned %d, %v; want 522", n, err)
		}
		w.sequence()
		if n := w.number(`SELECT count(*) FROM audit_entry WHERE subject = 2 OR seal_key = 1002`); n != 0 {
			t.Errorf("%d entries are still tied to the subject", n)
		}
		if n := w.number(`SELECT count(*) FROM audit_entry WHERE sealed IS NULL AND hash IS NOT NULL`); n != 522 {
			t.Errorf("%d entries are pruned, want 522", n)
		}
		r := w.verify(Verify{Open: true, Trusted: [][]byte{before.Note}, Proofs: []Proof{receipt}})
		if len(r.Wrong) > 0 || r.Pruned != 522 {
			t.Errorf("%d pruned, wrong: %v", r.Pruned, r.Wrong)
		}
		p, err := w.Proof(t.Context(), pending)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyProof(p, w.Key()); err != nil {
			t.Errorf("proof of a pruned entry: %v", err)
		}
		err = w.data.Read(t.Context(), func(r *db.Snapshot) error {
			e, err := w.Entry(t.Context(), r, pending)
			if err == nil && (e.Sealed != Dropped || e.Private != nil || e.SubjectID != "") {
				t.Errorf("read back as %+v", e)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := w.Prune(t.Context(), []Ended{{2, 1002}}); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

func TestPruneRefusesAKeyThatStillLives(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(10)
		if n, err := w.Prune(t.Context(), []Ended{{2, 1002}}); n != 0 || fault.Of(err) != fault.Conflict {
			t.Errorf("pruned %d, %v", n, err)
		}
		w.check()
	})
}

// A sealed part that went without a word, with its hash in place, leaves the tree
// whole: only the missing Pruned entry tells.
func TestASilentPruningIsFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		w.keys.destroy(1002)
		if _, err := w.Prune(t.Context(), []Ended{{2, 1002}}); err != nil {
			t.Fatal(err)
		}
		w.sequence()
		id := w.number(`SELECT id FROM audit_entry WHERE kind = 4`)
		drop := func(seq, by int64) {
			hash := sealedHash(w.blob(`SELECT sealed FROM audit_entry WHERE id = $1`, seq+1))
			w.exec(`UPDATE audit_entry SET sealed = NULL, hash = $1, pruned = $2 WHERE id = $3`, hash, by, seq+1)
		}
		w.undone("under an entry that is not there", func(func(string, ...any)) { drop(3, 99999) }, func(*Log) {
			first(t, w.verify(Verify{}), 3, "prune")
		})
		w.undone("under an entry that tells of others", func(func(string, ...any)) { drop(1, id) }, func(*Log) {
			first(t, w.verify(Verify{}), 1, "prune")
		})
		kept := w.blob(`SELECT sealed FROM audit_entry WHERE id = 2`)
		w.undone("as many, but others", func(exec func(string, ...any)) {
			drop(1, id)
			exec(`UPDATE audit_entry SET sealed = $1, hash = NULL, pruned = NULL WHERE id = 3`, kept)
		}, func(*Log) {
			if r := w.verify(Verify{}); !slices.ContainsFunc(r.Wrong, func(x Wrong) bool { return x.Seq == 1 && x.Part == "prune" }) {
				t.Errorf("found %v", r.Wrong)
			}
		})
		w.undone("restored behind the entry", func(exec func(string, ...any)) {
			exec(`UPDATE audit_entry SET pruned = 77777 WHERE pruned IS NOT NULL`)
		}, func(*Log) {
			r := w.verify(Verify{})
			first(t, r, 2, "prune")
			if len(r.Wrong) != 2 || r.Wrong[1].Seq != id-1 {
				t.Errorf("found %v", r.Wrong)
			}
		})
		w.check()
	})
}

func TestAnEntryUnderADeadKeyReadsAsSuch(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	id := w.append(used(3))
	w.sequence()
	w.keys.destroy(seal.KeyID(1003))
	err := w.data.Read(t.Context(), func(r *db.Snapshot) error {
		e, err := w.Entry(t.Context(), r, id)
		if e.Sealed != KeyDestroyed || e.Private != nil {
			t.Errorf("read back as %+v", e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := w.check(); r.Dead != 1 || r.Opened != 0 {
		t.Errorf("%+v", r)
	}
}
