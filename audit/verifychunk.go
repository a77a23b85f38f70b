package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// verifyChunk is how many entries are read in one snapshot: whole tiles.
const verifyChunk = 8 * tileWidth

const selectChunk = `SELECT id, at, kind, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, hash, COALESCE(pruned, 0),
	COALESCE((SELECT 1 FROM audit_own o WHERE o.subject = e.subject AND o.at = e.at AND o.id = e.id), 0)
	FROM audit_entry e WHERE id >= $1 AND id < $2 ORDER BY id`

// chunk verifies the next entries.
func (w *verifier) chunk(ctx context.Context, r *db.Snapshot) error {
	end := min(w.next+verifyChunk, w.report.Size)
	c := chunk{verifier: w, start: w.next}
	var err error
	if c.leaves, err = w.leaves(ctx, r, end); err != nil {
		return err
	}
	for w.next < end {
		p, err := w.nextRun(ctx, r)
		if err != nil {
			return err
		}
		if p.n == 0 || p.seq >= end {
			return errors.Join(c.missing(end), c.above(ctx, r))
		}
		if err := c.missing(p.seq); err != nil {
			return err
		}
		if err := c.rows(ctx, r, p, min(end, p.seq+p.n)); err != nil {
			return err
		}
	}
	return c.above(ctx, r)
}

// nextRun returns the run that holds the next number, or the first after it; n is
// 0 when there is none.
func (w *verifier) nextRun(ctx context.Context, r *db.Snapshot) (run, error) {
	p, ok, err := readRun(ctx, r, runAt, w.next)
	if err != nil || ok && w.next < p.seq+p.n {
		return p, err
	}
	list, err := readRuns(ctx, r, runsAfter, w.next, 1)
	if err != nil || len(list) == 0 {
		return run{}, err
	}
	return list[0], nil
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

// A chunk is the part of the log that is verified in one snapshot.
type chunk struct {
	*verifier
	start  int64
	leaves []byte // what the tiles say
	full   []tile // the tiles above that it completes
}

// stored returns the hash that the tile has for the next entry.
func (c *chunk) stored() tlog.Hash {
	return tlog.Hash(c.leaves[(c.next-c.start)*tlog.HashSize:][:tlog.HashSize])
}

// grow takes the hash of the next entry.
func (c *chunk) grow(h tlog.Hash) error {
	c.next++
	err := c.tree.add(h, func(t tile) error {
		if t.level > 0 {
			c.full = append(c.full, tile{t.level, t.n, slices.Clone(t.hashes)})
		}
		return nil
	})
	c.compareClaims()
	return err
}

// missing takes note that there is no entry up to a number. The tile stands in,
// so that later entries are compared at their places.
func (c *chunk) missing(until int64) error {
	if c.next < until {
		c.wrong(c.next, "order", missingText(c.next, until))
	}
	for c.next < until {
		if err := c.grow(c.stored()); err != nil {
			return err
		}
	}
	return nil
}

// rows verifies the stored entries of a run up to the number end.
func (c *chunk) rows(ctx context.Context, r *db.Snapshot, p run, end int64) error {
	rows, err := r.Query(ctx, selectChunk, p.idOf(c.next), p.idOf(end))
	if err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e stored
		err := rows.Scan(&e.id, &e.at, &e.kind, &e.subject, &e.key, &e.public, &e.sealed, &e.hash, &e.pruned, &e.listed)
		if err != nil {
			return fmt.Errorf("audit verify: %w", err)
		}
		e.seq = p.seqOf(e.id)
		if err := c.missing(e.seq); err != nil {
			return err
		}
		leaf := c.entry(e)
		if leaf != c.stored() {
			c.differ = append(c.differ, e.seq)
		}
		if err := c.grow(leaf); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), c.missing(end))
}

// above compares the tiles above the leaves that the chunk completes.
func (c *chunk) above(ctx context.Context, r *db.Snapshot) error {
	for _, t := range c.full {
		data, err := readTile(ctx, r, t.level, t.n, tileWidth)
		if err != nil && fault.Of(err) != fault.NotFound {
			return err
		}
		c.compareTile(t, data)
	}
	return nil
}

func missingText(from, until int64) string {
	if until-from == 1 {
		return "it is missing"
	}
	return fmt.Sprintf("it is missing, and so are those up to %d", until-1)
}

// compareTile compares a tile above the leaves with the stored one.
func (w *verifier) compareTile(t tile, data []byte) {
	if len(data) >= len(t.hashes)*tlog.HashSize && bytes.Equal(data[:len(t.hashes)*tlog.HashSize], joinHashes(t.hashes)) {
		return
	}
	start := t.n << (tileHeight * (t.level + 1))
	if n := len(w.differ); n > 0 && w.differ[n-1] >= start {
		return // explained by an entry
	}
	i := 0 // the first hash that differs
	for want := joinHashes(t.hashes); (i+1)*tlog.HashSize <= len(data) && bytes.Equal(data[i*tlog.HashSize:(i+1)*tlog.HashSize], want[i*tlog.HashSize:(i+1)*tlog.HashSize]); {
		i++
	}
	first := start + int64(i)<<(tileHeight*t.level)
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
