package db

import (
	"context"
	"fmt"
	"time"
)

// takeLease renews the owner's lease or takes one that has run out. Times are of
// the database's real clock, in microseconds.
const takeLease = `INSERT INTO db_lease (name, owner, fence, until) VALUES ($1, $2, 1, %[1]s + $3)
	ON CONFLICT (name) DO UPDATE SET
		owner = excluded.owner,
		fence = CASE WHEN db_lease.owner = excluded.owner THEN db_lease.fence ELSE db_lease.fence + 1 END,
		until = excluded.until
	WHERE db_lease.owner = excluded.owner OR db_lease.until <= %[1]s
	RETURNING fence`

// endLeases lets every lease run out; fences go on growing.
const endLeases = `UPDATE db_lease SET until = 0`

// Lease gives owner the leave to do the work called name for d, by the
// database's real clock, or renews it. ok is false while somebody else has it.
// fence grows with each new owner: write it with the work, so that one who lost
// the lease without noticing is refused. A d of 0 or less gives the lease back.
func (d *DB) Lease(ctx context.Context, name, owner string, dur time.Duration) (fence int64, ok bool, err error) {
	args := []any{name, owner, max(0, dur.Microseconds())}
	if d.config.Engine == SQLite {
		args = append(args, time.Now().UnixMicro())
	}
	sql := fmt.Sprintf(takeLease, d.engine.realTime())
	err = d.Tx(ctx, func(tx *Tx) error {
		return tx.Row(ctx, sql, args...).Scan(&fence)
	})
	if None(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("db lease: %w", err)
	}
	return fence, true, nil
}
