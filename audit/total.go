package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

const selectTotals = `SELECT control, n, first_day, last_day, last_seq FROM audit_total`

// A Total says how much evidence a control has left since the log began.
type Total struct {
	Control policy.Control
	N       int64
	First   time.Time // UTC day of the first such entry
	Last    time.Time // UTC day of the last
	Seq     int64     // number of the last such entry in the log
	Entry   ID        // and its id
}

// Totals returns the totals of every control that has left evidence, by control.
// They read one row a control, so they cost the same in a log of any size; they
// are as old as the last sequencing: about a second.
func Totals(ctx context.Context, r db.Reader) ([]Total, error) {
	list, err := readTotals(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range list {
		p, ok, err := readRun(ctx, r, runAt, list[i].Seq)
		if err != nil {
			return nil, err
		}
		if ok && list[i].Seq < p.seq+p.n {
			list[i].Entry = p.idOf(list[i].Seq)
		}
	}
	return list, nil
}

func readTotals(ctx context.Context, r db.Reader) ([]Total, error) {
	rows, err := r.Query(ctx, selectTotals)
	if err != nil {
		return nil, fmt.Errorf("audit totals: %w", err)
	}
	defer rows.Close()
	var list []Total
	for rows.Next() {
		var t Total
		var first, last int64
		if err := rows.Scan(&t.Control, &t.N, &first, &last, &t.Seq); err != nil {
			return nil, fmt.Errorf("audit totals: %w", err)
		}
		t.First, t.Last = time.Unix(first*86400, 0).UTC(), time.Unix(last*86400, 0).UTC()
		list = append(list, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("audit totals: %w", err)
	}
	slices.SortFunc(list, func(a, b Total) int { return cmp.Compare(a.Control, b.Control) })
	return list, nil
}
