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

// flipAcross changes byte i of the i-th of many values, for every i, in one
// transaction, calls fn, and puts the values back.
func (w *world) flipAcross(get, set string, ids []int64, fn func()) {
	w.t.Helper()
	good := make([][]byte, len(ids))
	put := func(change func(i int, b []byte) []byte) {
		err := w.data.Tx(w.t.Context(), func(tx *db.Tx) error {
			for i, id := range ids {
				if n, err := tx.Exec(w.t.Context(), set, change(i, bytes.Clone(good[i])), id); n != 1 || err != nil {
					return fmt.Errorf("row %d: %d rows, %w", id, n, err)
				}
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	for i, id := range ids {
		good[i] = w.blob(get, id)
	}
	put(func(i int, b []byte) []byte { b[i%len(b)] ^= 1 << (i % 8); return b })
	fn()
	put(func(_ int, b []byte) []byte { return b })
}

func TestEveryFlippedByteIsFoundAndItsEntryNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(500)
		w.keys.destroy(1003)
		if _, err := w.Prune(t.Context(), []Ended{{3, 1003}}); err != nil {
			t.Fatal(err)
		}
		w.sequence()
		w.check()
		var own, pruned []int64 // ids of subject 2 and of subject 3
		for id := int64(3); id <= 500; id += 5 {
			own, pruned = append(own, id), append(pruned, id+1)
		}
		for _, x := range []struct {
			what, column string
			ids          []int64
		}{{"public part", "public", own[:len(w.blob(`SELECT public FROM audit_entry WHERE id = 3`))]}, {"sealed part", "sealed", own}, {"kept hash", "hash", pruned[:32]}} {
			w.flipAcross(`SELECT `+x.column+` FROM audit_entry WHERE id = $1`, `UPDATE audit_entry SET `+x.column+` = $1 WHERE id = $2`, x.ids, func() {
				found := map[int64]bool{}
				for _, wrong := range w.verify(Verify{}).Wrong {
					if wrong.Part == "entry" {
						found[wrong.Seq] = true
					}
				}
				for i, id := range x.ids {
					if !found[id-1] {
						t.Errorf("%s: byte %d of entry %d was flipped and not found", x.what, i, id-1)
					}
				}
				if len(found) != len(x.ids) {
					t.Errorf("%s: %d entries found, want %d", x.what, len(found), len(x.ids))
				}
			})
		}
		w.check()
	})
}

func TestEveryFlippedByteOfTilesAndCheckpointIsFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		tile := w.blob(`SELECT hashes FROM audit_tile WHERE level = 0 AND n = 1`)
		bad := bytes.Clone(tile)
		for i := range len(bad) / 32 { // byte i of hash i
			bad[i*32+i%32] ^= 1 << (i % 8)
		}
		w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 0 AND n = 1`, bad)
		r := w.verify(Verify{})
		if len(r.Wrong) != len(bad)/32 {
			t.Errorf("%d of %d changed hashes found", len(r.Wrong), len(bad)/32)
		}
		for i, x := range r.Wrong {
			if x.Part != "tile" || x.Seq != int64(256+i) {
				t.Errorf("found %q, want entry %d: tile", x, 256+i)
			}
		}
		w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 0 AND n = 1`, tile)
		for at := range 32 {
			hash := w.blob(`SELECT hashes FROM audit_tile WHERE level = 1`)
			bad := bytes.Clone(hash)
			bad[at] ^= 1
			w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 1`, bad)
			first(t, w.verify(Verify{}), 0, "tile")
			w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 1`, hash)
		}
		// Every bit of a checkpoint is flipped in TestEveryFlippedBitOfACheckpointIsSeen.
		note := w.blob(`SELECT note FROM audit_checkpoint`)
		for at := 0; at < len(note); at += 11 {
			bad := bytes.Clone(note)
			bad[at] ^= 2
			w.exec(`UPDATE audit_checkpoint SET note = $1`, bad)
			r := w.verify(Verify{})
			if len(r.Wrong) == 0 || r.Wrong[len(r.Wrong)-1].Part != "checkpoint" {
				t.Errorf("checkpoint, byte %d: %v", at, r.Wrong)
			}
		}
		w.exec(`UPDATE audit_checkpoint SET note = $1`, note)
		w.check()
	})
}

func TestALogGreaterThanATileOfTilesIsVerifiedToTheTop(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	e := Entry{Kind: Denied, Control: "use.decision", Public: []Field{Num(TagPolicy, 1)}}
	for range 66 {
		a := w.data.NewAct()
		for range 1000 {
			if _, err := w.Append(t.Context(), a, e); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.data.Commit(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	w.sequence()
	if r := w.check(); r.Size != 66001 {
		t.Errorf("%d entries", r.Size)
	}
	for _, id := range []ID{1, 65536, 65537, 66001} {
		p, err := w.Proof(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyProof(p, w.Key()); err != nil {
			t.Errorf("entry %d: %v", id, err)
		}
	}
	full := w.blob(`SELECT hashes FROM audit_tile WHERE level = 1 AND n = 0`)
	bad := bytes.Clone(full)
	bad[200*32+5] ^= 1
	w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 1 AND n = 0`, bad)
	first(t, w.verify(Verify{}), 200*256, "tile")
	w.exec(`UPDATE audit_tile SET hashes = $1 WHERE level = 1 AND n = 0`, full)
	w.exec(`DELETE FROM audit_tile WHERE level = 2`)
	first(t, w.verify(Verify{}), 0, "tile")
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
			{what: "a dropped entry", do: []string{`DELETE FROM audit_entry WHERE id = 18`}, seq: 17, part: "order"},
			{what: "dropped entries", do: []string{`DELETE FROM audit_entry WHERE id BETWEEN 251 AND 301`}, seq: 250, part: "order"},
			{
				what: "exchanged entries", seq: 20, part: "entry",
				do: []string{
					`UPDATE audit_entry SET id = 100000 WHERE id = 21`, `UPDATE audit_entry SET id = 21 WHERE id = 41`,
					`UPDATE audit_entry SET id = 41 WHERE id = 100000`,
				},
			},
			{what: "a dropped last entry", do: []string{`DELETE FROM audit_entry WHERE id = 611`}, seq: 610, part: "order"},
			{
				what: "a cut tail, the state with it", seq: 600, part: "order",
				do: []string{`DELETE FROM audit_entry WHERE id > 600`, `UPDATE audit_run SET n = 600`, `UPDATE audit_state SET size = 600`},
			},
			{what: "a dropped order", do: []string{`DELETE FROM audit_run`}, seq: 0, part: "order"},
			{what: "a shorter order", do: []string{`UPDATE audit_run SET n = n - 1`}, seq: 610, part: "order"},
			{what: "a longer order", do: []string{`UPDATE audit_run SET n = n + 1`}, seq: 611, part: "order"},
			{what: "a moved order", do: []string{`UPDATE audit_run SET id = id + 1`}, seq: 0, part: "entry"},
			{
				what: "an order that overlaps", seq: 7, part: "order",
				do: []string{`INSERT INTO audit_run (seq, id, n) VALUES (7, 20, 3)`},
			},
			{
				what: "an entry put in without a place", seq: -1, part: "order",
				do: []string{`INSERT INTO audit_entry (id, at, kind, public) SELECT 100000, at, kind, public FROM audit_entry WHERE id = 1`},
			},
			{what: "another time in the row", do: []string{`UPDATE audit_entry SET at = at + 1 WHERE id = 10`}, seq: 9, part: "entry"},
			{what: "another size of the state", do: []string{`UPDATE audit_state SET size = size - 1`}, seq: -1, part: "checkpoint"},
			{what: "another kind in the row", do: []string{`UPDATE audit_entry SET kind = 34 WHERE id = 10`}, seq: 9, part: "entry"},
			{what: "a sealed part taken away", do: []string{`UPDATE audit_entry SET sealed = NULL WHERE id = 10`}, seq: 9, part: "entry"},
			{what: "a missing tile", do: []string{`DELETE FROM audit_tile WHERE level = 0 AND n = 1`}, seq: 256, part: "tile"},
			{what: "a missing tile above", do: []string{`DELETE FROM audit_tile WHERE level = 1`}, seq: 0, part: "tile"},
			{what: "a missing checkpoint", do: []string{`DELETE FROM audit_checkpoint`}, seq: -1, part: "checkpoint"},
			{what: "another size of the checkpoint", do: []string{`UPDATE audit_checkpoint SET size = 3`}, seq: -1, part: "checkpoint"},
			{what: "a higher counter", do: []string{`UPDATE audit_count SET n = n + 1`}, seq: -1, part: "count"},
			{what: "a higher total", do: []string{`UPDATE audit_total SET n = n + 1`}, seq: -1, part: "count"},
			{what: "a missing total", do: []string{`DELETE FROM audit_total`}, seq: -1, part: "count"},
			{what: "a total of another day", do: []string{`UPDATE audit_total SET last_day = last_day + 1`}, seq: -1, part: "count"},
			{what: "a missing counter", do: []string{`DELETE FROM audit_count`}, seq: -1, part: "count"},
			{
				what: "a counter too many", seq: -1, part: "count",
				do: []string{`INSERT INTO audit_count (control, day, n, last_seq) SELECT 'use.log', day, n, last_seq FROM audit_count`},
			},
			{what: "a moved counter", do: []string{`UPDATE audit_count SET day = day + 1`}, seq: -1, part: "count"},
			{what: "another signer", do: []string{`UPDATE audit_state SET signer = 'x'`}, seq: -1, part: "key"},
			{what: "an entry hidden from its subject", do: []string{`DELETE FROM audit_own WHERE id = 10`}, seq: 9, part: "entry"},
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
	tables := []string{"audit_entry", "audit_own", "audit_run", "audit_tile", "audit_checkpoint", "audit_count", "audit_total", "audit_state"}
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
	size := w.number(`SELECT count(*) FROM audit_entry`)
	put := func(x tile) error {
		w.exec(putTile, int64(x.level), x.n, joinHashes(x.hashes))
		return nil
	}
	for seq := range size {
		public := w.blob(`SELECT public FROM audit_entry WHERE id = $1`, seq+1)
		sealed := w.blob(`SELECT sealed FROM audit_entry WHERE id = $1`, seq+1)
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
	d, err := Decode(w.blob(`SELECT public FROM audit_entry WHERE id = $1`, seq+1))
	if err != nil {
		w.t.Fatal(err)
	}
	d.At = d.At.Add(-time.Minute)
	b, err := Encode(d)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`UPDATE audit_entry SET public = $1, at = $2 WHERE id = $3`, b, d.At.UnixMicro(), seq+1)
	w.exec(`UPDATE audit_own SET at = $1 WHERE id = $2`, d.At.UnixMicro(), seq+1)
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
	w.exec(`UPDATE audit_entry SET public = $1, at = $2 WHERE id = 1`, b, dbtest.Start().UnixMicro())
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
		w.exec(`DELETE FROM audit_entry WHERE id > $1`, short.Size)
		w.exec(`UPDATE audit_run SET n = $1`, short.Size)
		w.exec(`UPDATE audit_count SET n = 30, last_seq = 30`)
		w.exec(`UPDATE audit_total SET n = 30, last_seq = 30`)
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
		w.exec(`UPDATE audit_entry SET subject = 4 WHERE id = 4`)
		first(t, w.verify(Verify{}), 3, "entry")
		w.exec(`UPDATE audit_own SET subject = 4 WHERE id = 4`)
		if r := w.verify(Verify{}); len(r.Wrong) != 0 {
			t.Fatalf("the subject's column and list are indexes, yet: %v", r.Wrong)
		}
		first(t, w.verify(Verify{Open: true}), 3, "sealed part")
	})
}

// A keyring has no key 0, and to it a sealed part without a key is one whose key is dead:
// whoever takes an entry out of its subject's list must not get by with taking its key
// away too.
func TestAnEntryIsNotHiddenFromItsSubjectByTakingItsKeyAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		w.exec(`UPDATE audit_entry SET subject = NULL, seal_key = NULL WHERE id = 4`)
		w.exec(`DELETE FROM audit_own WHERE id = 4`)
		first(t, w.verify(Verify{}), 3, "entry")
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
