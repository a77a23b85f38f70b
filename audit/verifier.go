package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

type countKey struct {
	control policy.Control
	day     int64
}

// told is what a Pruned entry says.
type told struct {
	Fields
	seq int64
}

func (t told) hash(sum []byte) bool {
	f, ok := t.Get(TagHash)
	return ok && bytes.Equal(f.Bytes(), sum)
}

// prunedSet is what was found pruned on the word of one entry.
type prunedSet struct {
	pruneSet
	first int64
}

// A verifier goes through the log once, entry by entry.
type verifier struct {
	log     *Log
	options Verify
	report  Report
	state   state
	claims  []claim // ascending by size
	proofs  map[int64]Proof
	counts  []Count
	totals  []Total

	tree   edge  // grown from the stored entries
	next   int64 // number of the next entry
	claim  int   // next claim to compare
	right  int64 // the greatest size at which a claim was right
	before int64 // the one before that
	keys   keyring
	keyAt  []int64 // number of the entry that announces each of keys
	differ []int64 // entries whose hash is not in their tile
	pruned map[int64]*prunedSet
	said   map[int64]told
	seen   map[countKey]Count
	room   Fields
	shown  []policy.Control
	sealed []stored // of the chunk, to be opened after its snapshot
}

// A stored entry is a row of audit_entry with its number.
type stored struct {
	seq                  int64
	id, at, kind         int64
	subject, key, pruned int64 // 0: none
	public, sealed, hash []byte
	listed               bool // among its subject's own
}

func (w *verifier) wrong(seq int64, part, what string) {
	if len(w.report.Wrong) < 10*maxWrong {
		w.report.Wrong = append(w.report.Wrong, Wrong{seq, part, what})
	}
}

// columns compares what stands beside the canonical bytes.
func (w *verifier) columns(e stored, d Decoded) {
	if int64(d.Kind) != e.kind || d.At.UnixMicro() != e.at {
		w.wrong(e.seq, "entry", fmt.Sprintf("the kind or the time in its row is not that of its canonical bytes, %s", d.Kind))
	}
	if e.subject != 0 && !e.listed {
		w.wrong(e.seq, "entry", "the list of its subject's own entries does not have it")
	}
	if len(e.sealed) > 0 && e.key == 0 {
		w.wrong(e.seq, "entry", "its row does not name the key of its sealed part")
	}
	if e.hash != nil && (e.sealed != nil || e.pruned == 0) || e.hash == nil && e.pruned != 0 {
		w.wrong(e.seq, "entry", "a hash stands in its row in place of its sealed part, but not as a pruned entry has it")
	}
}

// entry verifies one stored entry by itself and returns its hash.
func (w *verifier) entry(e stored) tlog.Hash {
	hash := e.hash
	if hash == nil {
		hash = sealedHash(e.sealed)
	}
	leaf := leafHash(e.public, hash)
	d, err := decodeInto(e.public, w.room[:0])
	if err != nil {
		w.wrong(e.seq, "entry", fault.Message(err))
		return leaf
	}
	w.room = d.Fields
	w.columns(e, d)
	w.count(d, e.seq)
	switch d.Kind {
	case LogKeyAdded:
		n := len(w.keys.known)
		if err := w.keys.add(d.Fields); err != nil {
			w.wrong(e.seq, "key", fault.Message(err))
		}
		if len(w.keys.known) > n {
			w.keyAt = append(w.keyAt, e.seq)
		}
	case Pruned:
		if w.said == nil {
			w.said = map[int64]told{}
		}
		w.said[e.id] = told{append(Fields(nil), d.Fields...), e.seq}
	}
	if e.pruned != 0 {
		w.countPruned(e)
	}
	if p, ok := w.proofs[e.seq]; ok && p.leaf() != leaf {
		w.wrong(e.seq, "receipt", "it is not the entry that a kept proof shows at this place")
	}
	if w.options.Open && len(e.sealed) > 0 {
		w.sealed = append(w.sealed, e)
	}
	return leaf
}

func (w *verifier) count(d Decoded, seq int64) {
	w.shown = d.Fields.appendControls(w.shown[:0])
	if w.seen == nil && len(w.shown) > 0 {
		w.seen = map[countKey]Count{}
	}
	for _, c := range w.shown {
		key := countKey{c, day(d.At)}
		n := w.seen[key]
		n.N, n.Last = n.N+1, seq
		w.seen[key] = n
	}
}

func (w *verifier) countPruned(e stored) {
	w.report.Pruned++
	if w.pruned == nil {
		w.pruned = map[int64]*prunedSet{}
	}
	set := w.pruned[e.pruned]
	if set == nil {
		set = &prunedSet{pruneSet: *newPruneSet(), first: e.seq}
		w.pruned[e.pruned] = set
	}
	set.add(e.seq)
}

// compareClaims compares the tree with the roots signed for its size.
func (w *verifier) compareClaims() {
	for ; w.claim < len(w.claims) && w.claims[w.claim].Size <= w.tree.size; w.claim++ {
		c := w.claims[w.claim]
		if c.Size != w.tree.size || c.Size == 0 {
			continue
		}
		if c.Root == w.tree.root() {
			if w.right < c.Size {
				w.before, w.right = w.right, c.Size
			}
			continue
		}
		seq, right := int64(-1), w.right
		if right == c.Size {
			right = w.before
		}
		if right == c.Size-1 {
			seq = right
		}
		w.wrong(seq, "checkpoint", fmt.Sprintf("%s was signed over other entries: one of %d to %d is not what it was", c.who, right, c.Size-1))
	}
}

// openChunk opens the sealed parts of the chunk whose keys live.
func (w *verifier) openChunk(ctx context.Context) error {
	for _, e := range w.sealed {
		plain, err := w.log.keys.Open(ctx, seal.KeyID(e.key), place(e.subject, e.id), e.sealed)
		switch {
		case fault.Of(err) == fault.NotFound:
			w.report.Dead++
			continue
		case errors.Is(err, seal.ErrChanged):
			w.wrong(e.seq, "sealed part", "it does not open: it belongs to another entry, subject or key")
			continue
		case err != nil:
			return fmt.Errorf("audit verify: %w", err)
		}
		if _, err := decodePrivate(plain); err != nil {
			w.wrong(e.seq, "sealed part", fault.Message(err))
		}
		w.report.Opened++
	}
	w.sealed = w.sealed[:0]
	return nil
}
