package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var (
	addEntry = db.Declare(`INSERT INTO audit_entry (id, at, kind, subject, seal_key, public, sealed)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int int int int int bytes bytes")
	addPending = db.Declare(`INSERT INTO audit_pending (id, entries) VALUES ($1, $2)`, "int bytes").Packed()
	endPending = db.Declare(`DELETE FROM audit_pending WHERE id = $1`, "int").Must()
)

const (
	selectLeaves = `SELECT id, public, sealed FROM audit_entry WHERE id >= $1 AND id < $2 ORDER BY id`
	addOwn       = `INSERT INTO audit_own (subject, at, id)
	SELECT subject, at, id FROM audit_entry WHERE id >= $1 AND id < $2 AND subject IS NOT NULL ORDER BY subject, at, id`

	addRun     = `INSERT INTO audit_run (seq, id, n) VALUES ($1, $2, $3)`
	growRun    = `UPDATE audit_run SET n = n + $1 WHERE seq = $2 AND id + n = $3`
	lastRun    = `SELECT seq, id, n FROM audit_run ORDER BY seq DESC LIMIT 1`
	runAt      = `SELECT seq, id, n FROM audit_run WHERE seq <= $1 ORDER BY seq DESC LIMIT 1`
	runsAfter  = `SELECT seq, id, n FROM audit_run WHERE seq > $1 ORDER BY seq LIMIT $2`
	runsBefore = `SELECT seq, id, n FROM audit_run WHERE seq < $1 ORDER BY seq DESC LIMIT $2`
	runOf      = `SELECT seq, id, n FROM audit_run WHERE id <= $1 ORDER BY id DESC LIMIT 1`

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
	addTotal = `INSERT INTO audit_total (control, n, first_day, last_day, last_seq) VALUES ($1, $2, $3, $3, $4)
	ON CONFLICT (control) DO UPDATE SET n = audit_total.n + excluded.n,
		first_day = CASE WHEN excluded.first_day < audit_total.first_day THEN excluded.first_day ELSE audit_total.first_day END,
		last_day = CASE WHEN excluded.last_day > audit_total.last_day THEN excluded.last_day ELSE audit_total.last_day END,
		last_seq = CASE WHEN excluded.last_seq > audit_total.last_seq THEN excluded.last_seq ELSE audit_total.last_seq END`
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

// A run is a piece of the order: n entries with consecutive ids and numbers.
type run struct{ seq, id, n int64 }

// seqOf returns the number of an entry of the run.
func (p run) seqOf(id ID) int64 { return p.seq + id - p.id }

// idOf returns the id of an entry of the run.
func (p run) idOf(seq int64) ID { return p.id + seq - p.seq }

// readRun returns the run that a query chooses; ok is false when there is none.
func readRun(ctx context.Context, r db.Reader, sql string, args ...any) (p run, ok bool, err error) {
	err = r.Row(ctx, sql, args...).Scan(&p.seq, &p.id, &p.n)
	if db.None(err) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("audit order: %w", err)
	}
	return p, true, nil
}

func readRuns(ctx context.Context, r db.Reader, sql string, args ...any) ([]run, error) {
	return db.List(ctx, r, "audit order", scanRun, sql, args...)
}

func scanRun(row db.Scanner) (p run, err error) {
	err = row.Scan(&p.seq, &p.id, &p.n)
	return p, err
}

// readSeq returns the number of an entry, -1 when it has none.
func readSeq(ctx context.Context, r db.Reader, id ID) (int64, error) {
	p, ok, err := readRun(ctx, r, runOf, id)
	if err != nil || !ok || id >= p.id+p.n {
		return -1, err
	}
	return p.seqOf(id), nil
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
