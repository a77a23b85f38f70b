package audit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

const (
	selectCounts   = `SELECT control, day, n, last_seq FROM audit_count WHERE day BETWEEN $1 AND $2`
	selectCountsOf = `SELECT control, day, n, last_seq FROM audit_count WHERE control = $1 AND day BETWEEN $2 AND $3`
)

// A Count says how much evidence a control left on one day.
type Count struct {
	Control policy.Control
	Day     time.Time // 00:00 UTC
	N       int64
	Last    int64 // number of the last such entry in the log
	day     int64
}

// Counts returns the counters of a control, or of all with "", for the UTC days
// from and to and those between, by control and day. They are as old as the last
// sequencing: about a second.
func (l *Log) Counts(ctx context.Context, c policy.Control, from, to time.Time) (list []Count, err error) {
	err = l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if c == "" {
			list, err = readCounts(ctx, r, selectCounts, day(from), day(to))
		} else {
			list, err = readCounts(ctx, r, selectCountsOf, string(c), day(from), day(to))
		}
		return err
	})
	return list, err
}

func readCounts(ctx context.Context, r db.Reader, sql string, args ...any) ([]Count, error) {
	list, err := db.List(ctx, r, "audit counts", scanCount, sql, args...)
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Control, b.Control), cmp.Compare(a.day, b.day))
	})
	return list, err
}

func scanCount(row db.Scanner) (c Count, err error) {
	err = row.Scan(&c.Control, &c.day, &c.N, &c.Last)
	c.Day = time.Unix(c.day*86400, 0).UTC()
	return c, err
}
