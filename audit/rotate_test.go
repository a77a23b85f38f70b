package audit

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func TestANewLogKeyIsVouchedForByTheOldOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		old, before := w.Key(), w.checkpoint()
		receipt, err := w.Proof(t.Context(), w.append(used(1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.RotateSigner(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.fill(20)
		if w.Key() == old {
			t.Fatal("the key is the old one")
		}
		r := w.check()
		if diff := cmp.Diff([]string{old, w.Key()}, r.Keys); diff != "" {
			t.Error(diff)
		}
		for name, v := range map[string]Verify{
			"the old key":                 {Keys: old},
			"the new key":                 {Keys: w.Key()},
			"both keys":                   {Keys: old + "\n" + w.Key()},
			"a checkpoint of the old key": {Trusted: [][]byte{before.Note}, Proofs: []Proof{receipt}},
		} {
			if r := w.verify(v); len(r.Wrong) > 0 {
				t.Errorf("with %s: %v", name, r.Wrong)
			}
		}
		if _, err := VerifyProof(receipt, old); err != nil {
			t.Errorf("an old receipt under the old key: %v", err)
		}
		if _, err := VerifyProof(receipt, w.Key()+"\n"+old); err != nil {
			t.Errorf("an old receipt under both keys: %v", err)
		}
		c, err := w.Consistency(t.Context(), before.Size, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyConsistency(before.Note, w.checkpoint().Note, c, old+"\n"+w.Key()); err != nil {
			t.Errorf("from the old key's checkpoint to the new one's: %v", err)
		}
		file, err := os.ReadFile(w.cfg.SignerFile)
		if err != nil || strings.Count(string(file), "PRIVATE+KEY") != 1 || strings.Contains(string(file), key(t, "avow/shop", 1).private) {
			t.Errorf("the key file still holds the old key: %v", err)
		}
		w.Log = w.reopen()
		w.exec(`UPDATE db_lease SET until = 0`)
		w.fill(5)
		w.check()
	})
}

func TestAKeyCannotSignForATimeBeforeItsAnnouncement(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(20)
	before := w.checkpoint()
	if err := w.RotateSigner(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fill(5)
	resigned := signedCheckpoint(t, w.signer.Load(), before.Size, before.Root)
	first(t, w.verify(Verify{Trusted: [][]byte{resigned.Note}}), -1, "checkpoint")
}

func TestANodeWithTheOldLogKeyDoesNotSign(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(2)
	other := w.reopen()
	if err := w.RotateSigner(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.append(used(1))
	w.expire()
	if _, err := other.Sequence(t.Context()); fault.Of(err) != fault.Conflict {
		t.Errorf("sequencing: %v", err)
	}
	if err := other.RotateSigner(t.Context()); fault.Of(err) != fault.Conflict {
		t.Errorf("rotating: %v", err)
	}
}

func TestARotationThatWasCutOffGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(2)
		old := w.Key()
		// Cut off after the new key was written down.
		next, err := w.nextSigner(w.signer.Load())
		if err != nil {
			t.Fatal(err)
		}
		w.Log = w.reopen()
		w.expire()
		if w.Key() != old {
			t.Fatal("the new key signs although no entry announces it")
		}
		w.fill(2)
		if err := w.RotateSigner(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w.Key() != next.keys[1].public {
			t.Error("it made a third key")
		}
		w.fill(2)
		w.check()
		// Cut off before the old key was forgotten.
		if err := next.write(w.cfg.SignerFile, false); err != nil {
			t.Fatal(err)
		}
		w.Log = w.reopen()
		w.expire()
		if w.Key() != next.keys[1].public {
			t.Error("the old key signs again")
		}
		if f, err := readSigners(w.cfg.SignerFile, "avow/shop"); err != nil || len(f.keys) != 1 || len(f.vouches) != 1 {
			t.Errorf("the file holds %+v, %v", f, err)
		}
		w.fill(2)
		w.check()
	})
}

func TestAStoreRestoredFromBeforeTwoRotationsFindsItsWayToTheNewKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		receipt, err := w.Proof(t.Context(), w.append(used(1)))
		if err != nil {
			t.Fatal(err)
		}
		w.undone("two rotations", func(func(string, ...any)) {
			for range 2 {
				if err := w.RotateSigner(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.fill(3)
			}
		}, func(*Log) { w.check() }) // and back to the tables of before
		w.exec(`DELETE FROM audit_pending`)
		w.exec(`UPDATE db_lease SET until = 0`)
		current := w.Key()
		w.Log = w.reopen()
		w.fill(3)
		if w.Key() != current {
			t.Errorf("the log is signed by %s", w.Key())
		}
		if r := w.verify(Verify{Proofs: []Proof{receipt}, Open: true}); len(r.Wrong) > 0 || len(r.Keys) != 3 {
			t.Errorf("%d keys, wrong: %v", len(r.Keys), r.Wrong)
		}
		w.exec(`UPDATE db_lease SET until = 0`)
		w.Log = w.reopen() // nothing more to announce
		w.fill(1)
		if r := w.check(); r.Size != 22+2+3+1 {
			t.Errorf("%d entries", r.Size)
		}
	})
}

func TestAKeyThatNobodyVouchesForIsFound(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(3)
	thief := key(t, "avow/shop", 66)
	forged, err := thief.Sign(announcement("avow/shop", thief.public))
	if err != nil {
		t.Fatal(err)
	}
	w.append(Entry{Kind: LogKeyAdded, Public: []Field{Text(TagLogKey, thief.public), Bytes(TagSignature, forged)}})
	w.append(Entry{Kind: LogKeyAdded, Public: []Field{Text(TagLogKey, key(t, "avow/market", 1).public)}})
	w.sequence()
	r := w.verify(Verify{})
	first(t, r, 4, "key")
	if len(r.Wrong) != 2 || len(r.Keys) != 1 {
		t.Errorf("wrong %v, keys %v", r.Wrong, r.Keys)
	}
}
