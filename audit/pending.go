package audit

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const (
	selectPending = `SELECT id, entries FROM audit_pending WHERE id > $1 ORDER BY id LIMIT $2`
	countPending  = `SELECT COALESCE(sum(length(entries)), 0) / 16 FROM audit_pending`
	pendingPage   = 128 // rows read at once
)

// A waiting is the entries without a place of some rows of audit_pending.
type waiting struct {
	rows []int64
	list []pendingEntry // ascending by id
}

// A pendingEntry is an entry without a place; subject is 0 for nobody.
type pendingEntry struct{ id, subject int64 }

// readPending reads rows until they hold at least atLeast entries.
func readPending(ctx context.Context, r db.Reader, atLeast int) (waiting, error) {
	var w waiting
	for after := int64(-1 << 62); len(w.list) < atLeast; {
		n, err := w.page(ctx, r, after, atLeast)
		if err != nil {
			return w, err
		}
		if n < pendingPage {
			break
		}
		after = w.rows[len(w.rows)-1]
	}
	byID := func(a, b pendingEntry) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(w.list, byID) {
		slices.SortFunc(w.list, byID)
	}
	w.list = slices.Compact(w.list)
	return w, nil
}

// page adds the next rows and returns how many.
func (w *waiting) page(ctx context.Context, r db.Reader, after int64, atLeast int) (n int, err error) {
	rows, err := r.Query(ctx, selectPending, after, pendingPage)
	if err != nil {
		return 0, fmt.Errorf("audit pending: %w", err)
	}
	defer rows.Close()
	var memory []byte
	for ; len(w.list) < atLeast && rows.Next(); n++ {
		id, err := rows.Int(0)
		if err != nil {
			return n, fmt.Errorf("audit pending: %w", err)
		}
		if memory, err = rows.AppendBytes(memory[:0], 1); err != nil {
			return n, fmt.Errorf("audit pending: %w", err)
		}
		entries := memory
		if len(entries)%16 != 0 {
			return n, fault.New(fault.Conflict, "the list of entries that wait for their place is damaged at %d: it was changed from outside", id)
		}
		w.rows = append(w.rows, id)
		for ; len(entries) > 0; entries = entries[16:] {
			w.list = append(w.list, pendingEntry{
				int64(binary.BigEndian.Uint64(entries)), int64(binary.BigEndian.Uint64(entries[8:])),
			})
		}
	}
	rows.Close()
	return n, rows.Err()
}

// own reads a page of one subject's entries by their time: those that have their
// place and those that wait.
func own(ctx context.Context, r db.Reader, f Filter, p *reading, at, id int64) error {
	sql, sign := selectOwn, 1
	if f.Newest {
		sql, sign = selectOwnBack, -1
	}
	if err := p.query(ctx, r, sql, f.Subject, at, id, int64(f.Kind), f.Limit); err != nil {
		return err
	}
	w, err := readPending(ctx, r, math.MaxInt)
	if err != nil {
		return err
	}
	byTime := func(a, b Record) int {
		return sign * cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	}
	last := Record{ID: id, At: time.UnixMicro(at)} // of the page before
	for _, e := range w.list {
		if e.subject != f.Subject {
			continue
		}
		n := len(p.list)
		if err := p.query(ctx, r, selectPiece, e.id, e.id+1, int64(f.Kind), 1); err != nil {
			return err
		}
		if f.After != "" && len(p.list) > n && byTime(p.list[n], last) <= 0 {
			p.list = p.list[:n]
		}
	}
	slices.SortFunc(p.list, byTime)
	p.list = p.list[:min(len(p.list), f.Limit)]
	return nil
}

// unplaced reads entries without a place, until the page is full: after id, or
// before it and descending with f.Newest.
func unplaced(ctx context.Context, r db.Reader, f Filter, p *reading, id ID) error {
	w, err := readPending(ctx, r, math.MaxInt)
	if err != nil {
		return err
	}
	sql, pieces := selectPiece, w.ranges(0)
	if f.Newest {
		sql = selectPieceBack
		slices.Reverse(pieces)
	}
	for _, ids := range pieces {
		from, to := ids[0], ids[1]
		if f.Newest {
			to = min(to, id)
		} else if id >= from {
			from = id + 1
		}
		if len(p.list) == f.Limit || from >= to {
			continue
		}
		if err := p.query(ctx, r, sql, from, to, int64(f.Kind), f.Limit-len(p.list)); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether an entry waits.
func (w waiting) has(id ID) bool {
	_, ok := slices.BinarySearchFunc(w.list, id, func(e pendingEntry, id ID) int { return cmp.Compare(e.id, id) })
	return ok
}

// ranges returns the entries as ranges of ids, from the first to before the
// second, that hold at most gap ids of other entries in a row.
func (w waiting) ranges(gap int64) (out [][2]int64) {
	for i, e := range w.list {
		if i > 0 && e.id-w.list[i-1].id <= gap+1 {
			out[len(out)-1][1] = e.id + 1
			continue
		}
		out = append(out, [2]int64{e.id, e.id + 1})
	}
	return out
}
