package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func TestAProofVerifiesOfflineAfterItsJourneyThroughJSON(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		id := w.append(used(3)) // pending: Proof gives it its place
		p, err := w.Proof(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		file, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseProof(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Error(diff)
		}
		d, err := VerifyProof(back, w.Key())
		if err != nil {
			t.Fatal(err)
		}
		if d.Kind != Used || d.Control() != "use.decision" || d.Fields.Num(TagPolicy) != 3 || back.Index != 301 {
			t.Errorf("proved %v at %d", d, back.Index)
		}
		if bytes.Contains(file, []byte("sub_")) || strings.Contains(d.Fields.Text(TagRole), "stf") {
			t.Error("a proof tells who it is about")
		}
		if _, err := w.Proof(t.Context(), id+10000); fault.Of(err) != fault.NotFound {
			t.Errorf("no such entry: %v", err)
		}
	})
}

func TestEveryEntryOfEveryAgeHasAProof(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(520)
	for _, seq := range []int64{0, 1, 254, 255, 256, 257, 511, 512, 519, 520} {
		p, err := w.Proof(t.Context(), seq+1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyProof(p, w.Key()); err != nil || p.Index != seq {
			t.Errorf("entry %d: index %d, %v", seq, p.Index, err)
		}
		if len(p.Hashes) > 10 {
			t.Errorf("entry %d: %d hashes", seq, len(p.Hashes))
		}
	}
}

func TestEveryFlippedBitOfAProofIsSeen(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(300)
	p, err := w.Proof(t.Context(), w.append(used(3)))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, q Proof) {
		t.Helper()
		if _, err := VerifyProof(q, w.Key()); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, part := range []struct {
		what string
		get  func(q *Proof) *[]byte
	}{
		{"public", func(q *Proof) *[]byte { return &q.Public }},
		{"sealed", func(q *Proof) *[]byte { return &q.Sealed }},
		{"checkpoint", func(q *Proof) *[]byte { return &q.Checkpoint }},
	} {
		for i := range *part.get(&p) {
			q := p
			b := part.get(&q)
			*b = bytes.Clone(*b)
			(*b)[i] ^= 1 << (i % 8)
			refused(part.what, q)
		}
	}
	for i := range p.Hashes {
		q := p
		q.Hashes = append([]tlog.Hash(nil), p.Hashes...)
		q.Hashes[i][i] ^= 4
		refused("path", q)
	}
	for _, index := range []int64{0, p.Index - 1, p.Index + 1, 1 << 40, -1} {
		q := p
		q.Index = index
		refused("index", q)
	}
	q := p
	q.Sealed = nil
	refused("no sealed part", q)
	q.Sealed = p.Sealed[:31]
	refused("a short hash", q)
	q = p
	q.Hashes = p.Hashes[1:]
	refused("a shorter path", q)
	q.Hashes = append(append([]tlog.Hash(nil), p.Hashes...), tlog.Hash{})
	refused("a longer path", q)
	if _, err := VerifyProof(p, key(t, "avow/shop", 5).public); fault.Of(err) != fault.Invalid {
		t.Errorf("another key: %v", err)
	}
	if _, err := VerifyProof(p, ""); fault.Of(err) != fault.Invalid {
		t.Errorf("no key: %v", err)
	}
}

func TestAProofFileIsReadStrictly(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	p, err := w.Proof(t.Context(), w.append(used(3)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	good := string(file)
	for _, bad := range []string{
		"", "{}", good + "x", good + good, strings.Replace(good, proofFormat, "avow-proof-2", 1),
		strings.Replace(good, `"index"`, `"indices"`, 1), strings.Replace(good, `"index":1`, `"index":-1`, 1),
		strings.Replace(good, `"index":1`, `"index":1,"more":2`, 1), strings.Replace(good, `"sealed":"`, `"sealed":"AAAA`, 1),
	} {
		if _, err := ParseProof([]byte(bad)); fault.Of(err) != fault.Invalid {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}

func TestProofOfAChangedEntryIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(10)
		w.forge(4)
		if _, err := w.Proof(t.Context(), 5); fault.Of(err) != fault.Conflict {
			t.Errorf("got %v", err)
		}
	})
}

func TestProofWaitsForAnotherSequencer(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	other := w.reopen()
	w.sequence()
	id := w.append(used(1))
	if _, err := other.Proof(t.Context(), id); fault.Of(err) != fault.Busy {
		t.Errorf("got %v, want busy", err)
	}
}

func TestConsistencyHoldsBetweenAnyTwoCheckpoints(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var notes []Checkpoint
		for _, n := range []int{1, 5, 249, 1, 300, 44} {
			w.fill(n)
			notes = append(notes, w.checkpoint())
		}
		for i, a := range notes {
			for _, b := range notes[i:] {
				c, err := w.Consistency(t.Context(), a.Size, b.Size)
				if err != nil {
					t.Fatal(err)
				}
				file, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				var back Consistency
				if err := json.Unmarshal(file, &back); err != nil {
					t.Fatal(err)
				}
				if err := VerifyConsistency(a.Note, b.Note, back, w.Key()); err != nil {
					t.Errorf("%d to %d: %v", a.Size, b.Size, err)
				}
				if a.Size != b.Size && len(c.Hashes) > 0 {
					c.Hashes[0][3] ^= 1
					if err := VerifyConsistency(a.Note, b.Note, c, w.Key()); fault.Of(err) != fault.Invalid {
						t.Errorf("%d to %d with a changed hash: %v", a.Size, b.Size, err)
					}
				}
			}
		}
		last := notes[len(notes)-1]
		if c, err := w.Consistency(t.Context(), 2, 0); err != nil || c.To != last.Size {
			t.Errorf("to the newest: %d, %v", c.To, err)
		}
		for _, bad := range [][2]int64{{0, 1}, {3, 2}, {1, last.Size + 1}, {-1, 1}} {
			if _, err := w.Consistency(t.Context(), bad[0], bad[1]); fault.Of(err) != fault.Invalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		c, err := w.Consistency(t.Context(), notes[0].Size, last.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyConsistency(notes[1].Note, last.Note, c, w.Key()); fault.Of(err) != fault.Invalid {
			t.Errorf("for another checkpoint: %v", err)
		}
		if err := VerifyConsistency([]byte("x"), last.Note, c, w.Key()); fault.Of(err) != fault.Invalid {
			t.Errorf("no checkpoint: %v", err)
		}
		if err := VerifyConsistency(notes[0].Note, []byte("x"), c, w.Key()); fault.Of(err) != fault.Invalid {
			t.Errorf("no newer checkpoint: %v", err)
		}
		if err := VerifyConsistency(notes[0].Note, last.Note, c, "x"); fault.Of(err) != fault.Invalid {
			t.Errorf("no key: %v", err)
		}
		if err := json.Unmarshal([]byte(`{"format":"x"}`), &c); fault.Of(err) != fault.Invalid {
			t.Errorf("no consistency file: %v", err)
		}
	})
}

func TestTilesAreServedAsWideAsTheLogHasGrown(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	w.fill(300) // 301 entries
	for _, x := range []struct {
		level int
		n     int64
		width int
		ok    bool
	}{
		{0, 0, 256, true},
		{0, 0, 10, true},
		{0, 1, 45, true},
		{0, 1, 46, false},
		{0, 2, 1, false},
		{1, 0, 1, true},
		{1, 0, 2, false},
		{2, 0, 1, false},
		{-1, 0, 1, false},
		{0, 0, 257, false},
		{0, 0, 0, false},
	} {
		b, err := w.Tile(t.Context(), x.level, x.n, x.width)
		if x.ok && (err != nil || len(b) != 32*x.width) || !x.ok && fault.Of(err) != fault.NotFound {
			t.Errorf("tile %+v: %d bytes, %v", x, len(b), err)
		}
	}
}

func FuzzParseProof(f *testing.F) {
	s := key(f, "avow/shop", 1)
	public, _ := Encode(sample())
	leaf := leafHash(public, nil)
	good := Proof{Public: public, Index: 0, Checkpoint: signedCheckpoint(f, s, 1, leaf).Note, Hashes: []tlog.Hash{}}
	file, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := VerifyProof(good, s.public); err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProof(b)
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("an error that is no fault: %v", err)
			}
			return
		}
		if _, err := VerifyProof(p, s.public); err == nil && !bytes.Equal(p.Public, public) {
			t.Fatalf("forged: %q", b)
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseProof(again); err != nil {
			t.Fatalf("%q does not read back: %v", again, err)
		}
	})
}
