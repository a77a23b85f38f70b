package subject

import (
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
)

var (
	askNum   = db.DeclareQuery(`SELECT num FROM subject WHERE id = $1`, "bytes")
	askFacts = db.DeclareQuery(selectByNum, "int")
	askHolds = db.DeclareQuery(selectHolds, "int")
	askKinds = db.DeclareQuery(`SELECT kind FROM identifier WHERE subject = $1 ORDER BY kind, digest, class`, "int")
)

// NumsOf asks for the internal numbers of many subjects. Once the inquiry has run,
// what it returns gives them in their order; fault.NotFound when one is not there.
func NumsOf(in *db.Inquiry, ids []ID) (func() ([]int64, error), error) {
	raw := make([][]byte, len(ids))
	for i, sub := range ids {
		var ok bool
		if raw[i], ok = id.Bytes(idPrefix, string(sub)); !ok {
			return nil, errNone
		}
	}
	rows := in.Ask(askNum, raw)
	return func() ([]int64, error) {
		out := make([]int64, len(ids))
		for rows.Next() {
			if err := rows.Scan(&out[rows.Asker()]); err != nil {
				return nil, fmt.Errorf("subject numbers: %w", err)
			}
		}
		for _, num := range out {
			if num == 0 {
				return nil, errNone
			}
		}
		return out, rows.Err()
	}, nil
}

var errNone = fault.New(fault.NotFound, "there is no such subject")

// FactsOf asks for the facts on record about many subjects, as [NumsOf] does.
func FactsOf(in *db.Inquiry, nums []int64) func() ([]Facts, error) {
	rows := in.Ask(askFacts, nums)
	return func() ([]Facts, error) {
		out := make([]Facts, len(nums))
		for rows.Next() {
			f, err := scan(rows)
			if err != nil {
				return nil, fmt.Errorf("subject facts: %w", err)
			}
			out[rows.Asker()] = f
		}
		for i := range out {
			if out[i].Num == 0 {
				return nil, errNone
			}
		}
		return out, rows.Err()
	}
}

// HoldsOf asks for the holds on many subjects, lapsed ones included.
func HoldsOf(in *db.Inquiry, nums []int64) func() ([][]Hold, error) {
	rows := in.Ask(askHolds, nums)
	return func() ([][]Hold, error) { return db.Lists(rows, len(nums), "subject holds", scanHold) }
}

func scanHold(row db.Scanner) (Hold, error) {
	var (
		h     Hold
		since int64
		until *int64
	)
	if err := row.Scan(&h.Class, &h.Cite, &since, &until); err != nil {
		return h, err
	}
	h.Since = when(since)
	if until != nil {
		h.Until = when(*until)
	}
	return h, nil
}

// KindsOf asks for the kinds of a subject's identifiers, one for each.
func KindsOf(in *db.Inquiry, num int64) func() ([]string, error) {
	rows := in.Ask(askKinds, num)
	return func() ([]string, error) { return db.Collect(rows, "subject identifiers", db.Value[string]) }
}

// DigestsOf asks for the digests by which a subject is found, those of retained classes
// included: what the erasure journal keeps of it.
func DigestsOf(in *db.Inquiry, num int64) func() ([][]byte, error) {
	rows := in.Ask(askDigests, num)
	return func() ([][]byte, error) { return db.Collect(rows, "subject digests", db.Value[[]byte]) }
}
