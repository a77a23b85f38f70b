package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var addEntry = db.Declare(`INSERT INTO audit_pending (id, kind, subject, seal_key, public, sealed)
	VALUES ($1, $2, $3, $4, $5, $6)`, "int int int int bytes bytes")

const (
	selectPending = `SELECT id, public, sealed FROM audit_pending ORDER BY id LIMIT $1`
	isPending     = `SELECT id FROM audit_pending WHERE id = $1`
	countPending  = `SELECT count(*) FROM audit_pending`

	// A run of consecutive ids becomes a run of consecutive numbers.
	placeRun = `INSERT INTO audit_entry (seq, id, kind, subject, seal_key, public, sealed)
	SELECT id + $1, id, kind, subject, seal_key, public, sealed FROM audit_pending WHERE id BETWEEN $2 AND $3`
	removeRun = `DELETE FROM audit_pending WHERE id BETWEEN $1 AND $2`

	selectState = `SELECT size, fence, signer FROM audit_state WHERE one = 1`
	moveState   = `UPDATE audit_state SET size = $1, fence = $2
	WHERE one = 1 AND size = $3 AND fence <= $2 AND signer = $4`
	setSigner = `UPDATE audit_state SET signer = $1 WHERE one = 1 AND signer = $2`

	putTile = `INSERT INTO audit_tile (level, n, hashes) VALUES ($1, $2, $3)
	ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`
	selectTile = `SELECT hashes FROM audit_tile WHERE level = $1 AND n = $2`

	putCheckpoint = `INSERT INTO audit_checkpoint (day, size, note) VALUES ($1, $2, $3)
	ON CONFLICT (day) DO UPDATE SET size = excluded.size, note = excluded.note`
	lastCheckpoint    = `SELECT note FROM audit_checkpoint ORDER BY size DESC, day DESC LIMIT 1`
	selectCheckpoints = `SELECT day, size, note FROM audit_checkpoint ORDER BY day`

	addCount = `INSERT INTO audit_count (control, day, n, last_seq) VALUES ($1, $2, $3, $4)
	ON CONFLICT (control, day) DO UPDATE SET n = audit_count.n + excluded.n, last_seq = excluded.last_seq`

	selectSeq = `SELECT seq FROM audit_entry WHERE id = $1`
)

// A state is where the sequencer stands.
type state struct {
	size   int64
	fence  int64
	signer string // verifier key of the key that signs
}

func readState(ctx context.Context, r db.Reader) (state, error) {
	var s state
	err := r.Row(ctx, selectState).Scan(&s.size, &s.fence, &s.signer)
	if err != nil {
		return s, fmt.Errorf("audit state: %w", err)
	}
	return s, nil
}

// readTile returns at least the first width hashes of a tile. An absent tile is
// fault.NotFound.
func readTile(ctx context.Context, r db.Reader, level int, n int64, width int) ([]byte, error) {
	var hashes []byte
	err := r.Row(ctx, selectTile, int64(level), n).Scan(&hashes)
	if db.None(err) || err == nil && len(hashes) < width*tlog.HashSize {
		return nil, fault.New(fault.NotFound, "the log has no tile %d/%d with %d hashes", level, n, width)
	}
	if err != nil {
		return nil, fmt.Errorf("audit tile: %w", err)
	}
	return hashes, nil
}

// readEdge loads the right edge of a tree of this size.
func readEdge(ctx context.Context, r db.Reader, size int64) (*edge, error) {
	e := &edge{size: size}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		hs := make([]tlog.Hash, 0, tileWidth)
		width := int(size >> (tileHeight * level) & (tileWidth - 1))
		if width > 0 {
			data, err := readTile(ctx, r, level, size>>(tileHeight*(level+1)), width)
			if err != nil {
				return nil, err
			}
			for i := range width {
				hs = append(hs, tlog.Hash(data[i*tlog.HashSize:(i+1)*tlog.HashSize]))
			}
		}
		e.levels = append(e.levels, hs)
	}
	return e, nil
}

// hashReader reads hashes of the tree for proofs. It trusts the tiles: who
// answers with a proof checks it first.
type hashReader struct {
	ctx   context.Context
	r     db.Reader
	tiles map[[2]int64][]byte
}

// ReadHashes returns the hashes at the storage indexes of package tlog.
func (h *hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		t := tlog.TileForIndex(tileHeight, index)
		key := [2]int64{int64(t.L), t.N}
		data, ok := h.tiles[key]
		if !ok || len(data) < t.W*tlog.HashSize {
			var err error
			if data, err = readTile(h.ctx, h.r, t.L, t.N, t.W); err != nil {
				return nil, err
			}
			h.tiles[key] = data
		}
		var err error
		if out[i], err = tlog.HashFromTile(t, data, index); err != nil {
			return nil, fmt.Errorf("audit tile: %w", err)
		}
	}
	return out, nil
}

func newHashReader(ctx context.Context, r db.Reader) *hashReader {
	return &hashReader{ctx, r, map[[2]int64][]byte{}}
}

// day returns the UTC day of a time, counted from 1970-01-01.
func day(at time.Time) int64 {
	s := at.Unix()
	if s < 0 {
		s -= 86399
	}
	return s / 86400
}
