package audit

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const (
	// selectHashed reads what the leaves of a range of ids are made of.
	selectHashed = `SELECT id, public, sealed, hash FROM audit_entry WHERE id >= $1 AND id < $2 ORDER BY id`
	runsAfterTo  = `SELECT seq, id, n FROM audit_run WHERE seq < $1 AND seq + n > $2 ORDER BY seq`
)

// Bundle returns the first width leaves of the n-th tile of level 0, as C2SP
// tlog-tiles has entry bundles: each behind its length in two bytes, big endian.
// A leaf is the version byte and the hashes of the entry's public and sealed
// parts, so a bundle shows nothing that a tile does not: whoever has an entry
// finds it, and nobody reads one. It is fault.NotFound where the log has not
// grown so far.
func (l *Log) Bundle(ctx context.Context, n int64, width int) ([]byte, error) {
	if n < 0 || width < 1 || width > tileWidth {
		return nil, fault.New(fault.NotFound, "the log has no bundle %d with %d entries", n, width)
	}
	from, to := n*tileWidth, n*tileWidth+int64(width)
	var out []byte
	got := int64(0)
	err := l.data.Read(ctx, func(r *db.Snapshot) error {
		s, err := readState(ctx, r)
		if err != nil {
			return err
		}
		if s.size < to {
			return fault.New(fault.NotFound, "the log has no bundle %d with %d entries", n, width)
		}
		runs, err := readRuns(ctx, r, runsAfterTo, to, from)
		if err != nil {
			return err
		}
		for _, p := range runs {
			first, last := max(from, p.seq), min(to, p.seq+p.n)
			if out, err = appendLeaves(ctx, r, out, p.idOf(first), p.idOf(last)); err != nil {
				return err
			}
			got += last - first
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if got != int64(width) || len(out) != width*(2+leafSize) {
		return nil, fault.New(fault.Conflict, "entries %d to %d of the log are not all there: it was changed from outside; run audit verify", from, to-1)
	}
	return out, nil
}

// appendLeaves appends the leaves of a range of ids, behind their lengths.
func appendLeaves(ctx context.Context, r db.Reader, out []byte, from, to ID) ([]byte, error) {
	rows, err := r.Query(ctx, selectHashed, from, to)
	if err != nil {
		return nil, fmt.Errorf("audit bundle: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id ID
		var public, sealed, hash []byte
		if err := rows.Scan(&id, &public, &sealed, &hash); err != nil {
			return nil, fmt.Errorf("audit bundle: %w", err)
		}
		if hash == nil {
			hash = sealedHash(sealed)
		}
		leaf := leafOf(public, hash)
		out = binary.BigEndian.AppendUint16(out, leafSize)
		out = append(out, leaf[1:]...)
	}
	return out, rows.Err()
}
