package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// verifyChunk is how many entries are read in one snapshot: whole tiles.
const verifyChunk = 8 * tileWidth

const selectChunk = `SELECT seq, id, kind, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, hash, COALESCE(pruned, 0)
	FROM audit_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq`

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

	tree   edge  // grown from the stored entries
	next   int64 // number of the next entry
	claim  int   // next claim to compare
	right  int64 // the greatest size whose claim was right
	keys   keyring
	keyAt  []int64 // number of the entry that announces each of keys
	differ []int64 // entries whose hash is not in their tile
	pruned map[int64]*prunedSet
	said   map[int64]told
	seen   map[countKey]Count
	room   Fields
	sealed []stored // of the chunk, to be opened after its snapshot
}

// A stored entry is a row of audit_entry.
type stored struct {
	seq, id, kind        int64
	subject, key, pruned int64 // 0: none
	public, sealed, hash []byte
}

func (w *verifier) wrong(seq int64, part, what string) {
	if len(w.report.Wrong) < 10*maxWrong {
		w.report.Wrong = append(w.report.Wrong, Wrong{seq, part, what})
	}
}

// chunk verifies the next entries.
func (w *verifier) chunk(ctx context.Context, r *db.Snapshot) error {
	end := min(w.next+verifyChunk, w.report.Size)
	leaves, err := w.leaves(ctx, r, end)
	if err != nil {
		return err
	}
	full, err := w.chunkRows(ctx, r, end, leaves)
	if err != nil {
		return err
	}
	for _, t := range full {
		data, err := readTile(ctx, r, t.level, t.n, tileWidth)
		if err != nil && fault.Of(err) != fault.NotFound {
			return err
		}
		w.compareTile(t, data)
	}
	return nil
}

// leaves reads the level-0 tiles of the chunk; what is missing is zero.
func (w *verifier) leaves(ctx context.Context, r *db.Snapshot, end int64) ([]byte, error) {
	out := make([]byte, 0, (end-w.next)*tlog.HashSize)
	for at := w.next; at < end; at += tileWidth {
		width := int(min(end-at, tileWidth))
		data, err := readTile(ctx, r, 0, at>>tileHeight, width)
		if err != nil && fault.Of(err) != fault.NotFound {
			return nil, err
		}
		if err != nil {
			data = make([]byte, width*tlog.HashSize)
		}
		out = append(out, data[:width*tlog.HashSize]...)
	}
	return out, nil
}

// chunkRows verifies the rows up to end against the tiles' leaves and returns the
// tiles above level 0 that they complete.
func (w *verifier) chunkRows(ctx context.Context, r *db.Snapshot, end int64, leaves []byte) (full []tile, err error) {
	rows, err := r.Query(ctx, selectChunk, w.next, end)
	if err != nil {
		return nil, fmt.Errorf("audit verify: %w", err)
	}
	defer rows.Close()
	start := w.next
	grow := func(h tlog.Hash) error {
		w.next++
		err := w.tree.add(h, func(t tile) error {
			if t.level > 0 {
				full = append(full, tile{t.level, t.n, append([]tlog.Hash(nil), t.hashes...)})
			}
			return nil
		})
		w.compareClaims()
		return err
	}
	stored0 := func() tlog.Hash { return tlog.Hash(leaves[(w.next-start)*tlog.HashSize:][:tlog.HashSize]) }
	missing := func(until int64) error {
		if w.next < until {
			w.wrong(w.next, "order", missingText(w.next, until))
		}
		for w.next < until { // the tile stands in, so that later entries are compared at their places
			if err := grow(stored0()); err != nil {
				return err
			}
		}
		return nil
	}
	for rows.Next() {
		var e stored
		err := rows.Scan(&e.seq, &e.id, &e.kind, &e.subject, &e.key, &e.public, &e.sealed, &e.hash, &e.pruned)
		if err != nil {
			return nil, fmt.Errorf("audit verify: %w", err)
		}
		if err := missing(e.seq); err != nil {
			return nil, err
		}
		leaf := w.entry(e)
		if leaf != stored0() {
			w.differ = append(w.differ, e.seq)
		}
		if err := grow(leaf); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return full, missing(end)
}

func missingText(from, until int64) string {
	if until-from == 1 {
		return "it is missing"
	}
	return fmt.Sprintf("it is missing, and so are those up to %d", until-1)
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
	if int64(d.Kind) != e.kind {
		w.wrong(e.seq, "entry", fmt.Sprintf("its row says %s, its canonical bytes %s", Kind(e.kind), d.Kind))
	}
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
	if c := d.Control(); c != "" {
		if w.seen == nil {
			w.seen = map[countKey]Count{}
		}
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
			w.right = c.Size
			continue
		}
		seq := int64(-1)
		if w.right == c.Size-1 {
			seq = w.right
		}
		w.wrong(seq, "checkpoint", fmt.Sprintf("%s was signed over other entries: one of %d to %d is not what it was", c.who, w.right, c.Size-1))
	}
}

// compareTile compares a tile above the leaves with the stored one.
func (w *verifier) compareTile(t tile, data []byte) {
	if len(data) >= len(t.hashes)*tlog.HashSize && bytes.Equal(data[:len(t.hashes)*tlog.HashSize], joinHashes(t.hashes)) {
		return
	}
	first := t.n << (tileHeight * (t.level + 1))
	if n := len(w.differ); n > 0 && w.differ[n-1] >= first {
		return // explained by an entry
	}
	w.wrong(first, "tile", fmt.Sprintf("the tile %d/%d above it does not fit the entries", t.level, t.n))
}

// partialTiles compares the tiles at the right edge.
func (w *verifier) partialTiles(ctx context.Context, r *db.Snapshot) error {
	for _, t := range w.tree.partial() {
		if t.level == 0 {
			continue // compared leaf by leaf
		}
		data, err := readTile(ctx, r, t.level, t.n, len(t.hashes))
		if err != nil && fault.Of(err) != fault.NotFound {
			return err
		}
		w.compareTile(t, data)
	}
	return nil
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
