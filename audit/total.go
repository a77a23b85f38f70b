package audit

import (
	"cmp"
	"context"
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
	list, err := db.List(ctx, r, "audit totals", scanTotal, selectTotals)
	slices.SortFunc(list, func(a, b Total) int { return cmp.Compare(a.Control, b.Control) })
	return list, err
}

func scanTotal(row db.Scanner) (t Total, err error) {
	var first, last int64
	err = row.Scan(&t.Control, &t.N, &first, &last, &t.Seq)
	t.First, t.Last = time.Unix(first*86400, 0).UTC(), time.Unix(last*86400, 0).UTC()
	return t, err
}
