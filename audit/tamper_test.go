package audit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// first fails unless the first wrong thing of the report is this.
func first(t *testing.T, r Report, seq int64, part string) {
	t.Helper()
	if len(r.Wrong) == 0 {
		t.Errorf("nothing was found, want entry %d: %s", seq, part)
		return
	}
	if w := r.Wrong[0]; w.Seq != seq || w.Part != part {
		t.Errorf("first wrong is %q, want entry %d: %s\nall: %v", w, seq, part, r.Wrong)
	}
	if fault.Of(r.Err()) != fault.Invalid {
		t.Errorf("Err = %v", r.Err())
	}
}

// blob reads one column of one row.
func (w *world) blob(sql string, args ...any) (b []byte) {
	w.t.Helper()
	err := w.data.Read(w.t.Context(), func(r *db.Snapshot) error { return r.Row(w.t.Context(), sql, args...).Scan(&b) })
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// flipEach changes each byte of a stored value in turn, calls fn, and puts the
// value back. Every bit of every third byte is enough: the hash sees all alike.
func (w *world) flipEach(get, set string, fn func(at int)) {
	w.t.Helper()
	good := w.blob(get)
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 1 << (i % 8)
		w.exec(set, b)
		fn(i)
	}
	w.exec(set, good)
}

func TestEveryFlippedByteIsFoundAndItsEntryNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		w.keys.destroy(1003)
		if _, err := w.Prune(t.Context(), []Ended{{3, 1003}}); err != nil {
			t.Fatal(err)
		}
		w.sequence()
		w.check()
		for _, x := range []struct {
			what, get, set string
			seq            int64
			part           string
		}{
			{"public part", `SELECT public FROM audit_entry WHERE seq = 5`, `UPDATE audit_entry SET public = $1 WHERE seq = 5`, 5, "entry"},
			{"sealed part", `SELECT sealed FROM audit_entry WHERE seq = 5`, `UPDATE audit_entry SET sealed = $1 WHERE seq = 5`, 5, "entry"},
			{"kept hash", `SELECT hash FROM audit_entry WHERE seq = 3`, `UPDATE audit_entry SET hash = $1 WHERE seq = 3`, 3, "entry"},
			{"tile above", `SELECT hashes FROM audit_tile WHERE level = 1`, `UPDATE audit_tile SET hashes = $1 WHERE level = 1`, 0, "tile"},
		} {
			w.flipEach(x.get, x.set, func(at int) {
				if r := w.verify(Verify{}); len(r.Wrong) == 0 || r.Wrong[0].Seq != x.seq || r.Wrong[0].Part != x.part {
					t.Errorf("%s, byte %d: %v", x.what, at, r.Wrong)
				}
			})
		}
		w.flipEach(`SELECT hashes FROM audit_tile WHERE level = 0 AND n = 1`, `UPDATE audit_tile SET hashes = $1 WHERE level = 0 AND n = 1`, func(at int) {
			if at%5 != 0 {
				return
			}
			if r := w.verify(Verify{}); len(r.Wrong) == 0 || r.Wrong[0].Seq != int64(256+at/32) || r.Wrong[0].Part != "tile" {
				t.Errorf("tile, byte %d: %v", at, r.Wrong)
			}
		})
		w.flipEach(`SELECT note FROM audit_checkpoint`, `UPDATE audit_checkpoint SET note = $1`, func(at int) {
			if r := w.verify(Verify{}); len(r.Wrong) == 0 || r.Wrong[len(r.Wrong)-1].Part != "checkpoint" {
				t.Errorf("checkpoint, byte %d: %v", at, r.Wrong)
			}
		})
		w.check()
	})
}

func TestWhatIsDoneToTheRowsIsFoundAndItsEntryNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(600)
		old := w.checkpoint()
		w.fill(10)
		for _, x := range []struct {
			what    string
			do      []string
			seq     int64
			part    string
			trusted bool
		}{
			{what: "a dropped entry", do: []string{`DELETE FROM audit_entry WHERE seq = 17`}, seq: 17, part: "order"},
			{what: "dropped entries", do: []string{`DELETE FROM audit_entry WHERE seq BETWEEN 250 AND 300`}, seq: 250, part: "order"},
			{
				what: "exchanged entries", seq: 20, part: "entry",
				do: []string{
					`UPDATE audit_entry SET seq = 100000 WHERE seq = 20`, `UPDATE audit_entry SET seq = 20 WHERE seq = 40`,
					`UPDATE audit_entry SET seq = 40 WHERE seq = 100000`,
				},
			},
			{what: "a dropped last entry", do: []string{`DELETE FROM audit_entry WHERE seq = 610`}, seq: 610, part: "order"},
			{
				what: "a cut tail, the state with it", seq: 600, part: "order",
				do: []string{`DELETE FROM audit_entry WHERE seq >= 600`, `UPDATE audit_state SET size = 600`},
			},
			{what: "an entry beyond", do: []string{`UPDATE audit_state SET size = size - 1`}, seq: -1, part: "checkpoint"},
			{what: "another kind in the row", do: []string{`UPDATE audit_entry SET kind = 34 WHERE seq = 9`}, seq: 9, part: "entry"},
			{what: "a sealed part taken away", do: []string{`UPDATE audit_entry SET sealed = NULL WHERE seq = 9`}, seq: 9, part: "entry"},
			{what: "a missing tile", do: []string{`DELETE FROM audit_tile WHERE level = 0 AND n = 1`}, seq: 256, part: "tile"},
			{what: "a missing tile above", do: []string{`DELETE FROM audit_tile WHERE level = 1`}, seq: 0, part: "tile"},
			{what: "a missing checkpoint", do: []string{`DELETE FROM audit_checkpoint`}, seq: -1, part: "checkpoint"},
			{what: "another size of the checkpoint", do: []string{`UPDATE audit_checkpoint SET size = 3`}, seq: -1, part: "checkpoint"},
			{what: "a higher counter", do: []string{`UPDATE audit_count SET n = n + 1`}, seq: -1, part: "count"},
			{what: "a missing counter", do: []string{`DELETE FROM audit_count`}, seq: -1, part: "count"},
			{what: "a moved counter", do: []string{`UPDATE audit_count SET day = day + 1`}, seq: -1, part: "count"},
			{what: "another signer", do: []string{`UPDATE audit_state SET signer = 'x'`}, seq: -1, part: "key"},
			{what: "no entry at all", do: []string{`DELETE FROM audit_entry`}, seq: 0, part: "order"},
		} {
			w.undone(x.what, func(exec func(string, ...any)) {
				for _, sql := range x.do {
					exec(sql)
				}
			}, func(l *Log) {
				r, err := l.Verify(t.Context(), Verify{Trusted: [][]byte{old.Note}})
				if err != nil {
					t.Fatalf("%s: %v", x.what, err)
				}
				t.Run(x.what, func(t *testing.T) { first(t, r, x.seq, x.part) })
			})
		}
		w.check()
	})
}

// undone runs do and see, and puts the tables back as they were.
func (w *world) undone(what string, do func(exec func(string, ...any)), see func(*Log)) {
	w.t.Helper()
	tables := []string{"audit_entry", "audit_tile", "audit_checkpoint", "audit_count", "audit_state"}
	for _, table := range tables {
		w.exec(`CREATE TABLE kept_` + table + ` AS SELECT * FROM ` + table)
	}
	do(func(sql string, args ...any) {
		if w.exec(sql, args...) == 0 {
			w.t.Errorf("%s: %s changed nothing", what, sql)
		}
	})
	see(w.Log)
	for _, table := range tables {
		w.exec(`DELETE FROM ` + table)
		w.exec(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
		w.exec(`DROP TABLE kept_` + table)
	}
}

// rebuild is the adversary who has the database and knows this package: tiles,
// counters and checkpoint are made anew over the rows as they are, signed by s.
func (w *world) rebuild(s *signer) {
	w.t.Helper()
	e := &edge{}
	size := w.number(`SELECT max(seq) + 1 FROM audit_entry`)
	put := func(x tile) error {
		w.exec(putTile, int64(x.level), x.n, joinHashes(x.hashes))
		return nil
	}
	for seq := range size {
		public := w.blob(`SELECT public FROM audit_entry WHERE seq = $1`, seq)
		sealed := w.blob(`SELECT sealed FROM audit_entry WHERE seq = $1`, seq)
		if err := e.add(leafHash(public, sealedHash(sealed)), put); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, p := range e.partial() {
		put(p)
	}
	c := signedCheckpoint(w.t, s, size, e.root())
	w.exec(`DELETE FROM audit_checkpoint`)
	w.exec(putCheckpoint, int64(1), size, c.Note)
	w.exec(`UPDATE audit_state SET size = $1`, size)
}

// forge puts another entry in the place of number seq.
func (w *world) forge(seq int64) {
	w.t.Helper()
	d, err := Decode(w.blob(`SELECT public FROM audit_entry WHERE seq = $1`, seq))
	if err != nil {
		w.t.Fatal(err)
	}
	d.At = d.At.Add(-time.Minute)
	b, err := Encode(d)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`UPDATE audit_entry SET public = $1 WHERE seq = $2`, b, seq)
}

func TestARebuiltTreeWithoutTheSigningKeyIsFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(40)
		w.forge(12)
		w.rebuild(key(t, "avow/shop", 66))
		first(t, w.verify(Verify{}), -1, "checkpoint")
	})
}

func TestALogPutUnderAnotherKeyIsFoundByWhoHoldsTheKey(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(40)
	own := w.Key()
	// The adversary writes a whole log of its own, with a key of its own.
	thief := key(t, "avow/shop", 66)
	b, err := Encode(Decoded{Kind: LogKeyAdded, At: dbtest.Start(), Fields: Fields{Text(TagLogKey, thief.public)}})
	if err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE audit_entry SET public = $1 WHERE seq = 0`, b)
	w.exec(`UPDATE audit_state SET signer = $1`, thief.public)
	w.rebuild(thief)
	first(t, w.verify(Verify{}), -1, "key")
	first(t, w.verify(Verify{Keys: own}), -1, "key")
	w.signer.Store(thief) // an auditor who takes the log's own word for its key
	if r := w.verify(Verify{}); len(r.Wrong) != 0 {
		t.Errorf("by its own word the forged log is sound, but: %v", r.Wrong)
	}
	first(t, w.verify(Verify{Keys: own}), -1, "key")
}

func TestWhoHoldsAReceiptFindsHistoryRewrittenWithTheSigningKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(40)
		id := w.append(used(2))
		w.sequence()
		receipt, err := w.Proof(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		older := w.checkpoint()
		w.fill(40)
		w.forge(receipt.Index)
		w.rebuild(w.signer.Load()) // the thief has the signing key
		if r := w.verify(Verify{}); len(r.Wrong) != 0 {
			t.Fatalf("without anything kept outside nothing can be found, but: %v", r.Wrong)
		}
		r := w.verify(Verify{Trusted: [][]byte{older.Note}})
		first(t, r, -1, "checkpoint")
		if !strings.Contains(r.Wrong[0].What, fmt.Sprintf("one of 0 to %d", older.Size-1)) {
			t.Errorf("%s", r.Wrong[0])
		}
		first(t, w.verify(Verify{Proofs: []Proof{receipt}}), receipt.Index, "receipt")
		// Consistency shows the same to somebody who has no access to the log.
		newer := w.checkpoint()
		c, err := w.Consistency(t.Context(), older.Size, newer.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyConsistency(older.Note, newer.Note, c, w.Key()); fault.Of(err) != fault.Invalid {
			t.Errorf("consistency of a rewritten log: %v", err)
		}
	})
}

func TestTwoKeptCheckpointsNarrowDownWhatWasRewritten(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	var kept [][]byte
	for range 5 {
		w.fill(10)
		kept = append(kept, w.checkpoint().Note)
	}
	w.forge(25)
	w.rebuild(w.signer.Load())
	r := w.verify(Verify{Trusted: kept})
	if len(r.Wrong) != 3 || !strings.Contains(r.Wrong[0].What, "one of 21 to 30 ") {
		t.Errorf("found %v", r.Wrong)
	}
}

func TestATruncatedLogIsFoundByATrustedCheckpoint(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(30)
		short := w.checkpoint()
		w.fill(30)
		long := w.checkpoint()
		w.exec(`DELETE FROM audit_entry WHERE seq >= $1`, short.Size)
		w.exec(`UPDATE audit_count SET n = 30, last_seq = 30`)
		w.rebuild(w.signer.Load())
		if r := w.verify(Verify{Trusted: [][]byte{short.Note}}); len(r.Wrong) != 0 {
			t.Fatalf("a clean cut shows only to who holds a longer checkpoint, but: %v", r.Wrong)
		}
		first(t, w.verify(Verify{Trusted: [][]byte{long.Note}}), short.Size, "order")
	})
}

func TestASealedPartMovedToAnotherEntryDoesNotOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		w.exec(`UPDATE audit_entry SET subject = 4 WHERE seq = 3`)
		if r := w.verify(Verify{}); len(r.Wrong) != 0 {
			t.Fatalf("the subject's column is an index, yet: %v", r.Wrong)
		}
		first(t, w.verify(Verify{Open: true}), 3, "sealed part")
	})
}

func TestACheckpointOfAnotherLogIsNotTrusted(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(3)
	other := signedCheckpoint(t, key(t, "avow/market", 1), 2, tlog.Hash{1})
	first(t, w.verify(Verify{Trusted: [][]byte{other.Note}}), -1, "checkpoint")
	first(t, w.verify(Verify{Trusted: [][]byte{[]byte("x")}}), -1, "checkpoint")
	forged := signedCheckpoint(t, key(t, "avow/shop", 9), 2, tlog.Hash{1})
	first(t, w.verify(Verify{Trusted: [][]byte{forged.Note}}), -1, "checkpoint")
	if _, err := w.Verify(t.Context(), Verify{Keys: "x"}); fault.Of(err) != fault.Invalid {
		t.Errorf("a key that is none: %v", err)
	}
}
