package audit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// NewestMost is how many entries [Log.Newest] returns at most.
const NewestMost = 1000

const (
	tailRoom = 2048 // rows remembered; a power of two, more than a page and what comes meanwhile
	tailRow  = 1024 // bytes of the greatest that is remembered
)

var (
	// The order has the entries that wait, and the newest runs of those that have
	// their place: one statement, so that none is in neither.
	askOrder = db.DeclareQuery(`SELECT id, -1 AS seq, 0 AS n, entries FROM audit_pending
	UNION ALL SELECT r.id, r.seq, r.n, NULL FROM (SELECT id, seq, n FROM audit_run ORDER BY seq DESC LIMIT $1) AS r`, "int")
	askPiece = db.DeclareQuery(`SELECT id, subject, seal_key, public, sealed, pruned, -1
	FROM audit_entry WHERE id >= $1 AND id < $2 ORDER BY id`, "int int")
)

// A tail remembers rows of the end of the log as they were read, still sealed: the
// end is read again and again. A row changes once at most, when it is pruned, and the
// entry that says so comes after it: so a page that reads backward from the end knows
// it before it gets to the row (see [Log.rowsOf]). Its zero value is ready.
type tail struct {
	rows [tailRoom]atomic.Pointer[Record] // each at its id modulo tailRoom
}

// get returns the row of an entry, nil where it is not remembered.
func (t *tail) get(id ID) *Record {
	if e := t.rows[uint64(id)%tailRoom].Load(); e != nil && e.ID == id {
		return e
	}
	return nil
}

// put remembers a row that lies in so many bytes of its own.
func (t *tail) put(e *Record, size int) {
	if e.Sealed != Dropped && e.Kind != Pruned && size <= tailRow {
		t.rows[uint64(e.ID)%tailRoom].Store(e)
	}
}

// forget forgets all rows.
func (t *tail) forget() {
	for i := range t.rows {
		t.rows[i].Store(nil)
	}
}

// NewestOf asks for the newest entries of the whole log, 1,000 at most: as [Log.Entries]
// gives them with Newest. Once the inquiry has run, what it returns gives them.
func (l *Log) NewestOf(in *db.Inquiry, limit int) func(context.Context) ([]Record, error) {
	limit = max(1, min(limit, NewestMost))
	rows := in.Ask(askOrder, int64(runsInPage))
	return func(ctx context.Context) ([]Record, error) {
		order, all, err := readOrder(rows, limit)
		if err != nil {
			return nil, err
		}
		list, whole, err := l.rowsOf(ctx, order)
		if err != nil {
			return nil, err
		}
		if !whole || (!all && len(list) < limit) {
			return l.newestOf(ctx, limit)
		}
		return list, l.openAll(ctx, list)
	}
}

// Newest returns the newest entries of the whole log, 1,000 at most: as [Log.Entries]
// does with Newest.
func (l *Log) Newest(ctx context.Context, limit int) ([]Record, error) {
	in := l.data.NewInquiry()
	list := l.NewestOf(in, limit)
	if err := in.Run(ctx); err != nil {
		return nil, fmt.Errorf("audit order: %w", err)
	}
	return list(ctx)
}

// newestOf reads the newest entries row by row.
func (l *Log) newestOf(ctx context.Context, limit int) (list []Record, err error) {
	err = l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = l.Entries(ctx, r, Filter{Newest: true, Limit: limit})
		return err
	})
	return list, err
}

// A placing is an entry with its place; -1 while it waits.
type placing struct{ id, seq int64 }

// readOrder returns the newest entries, the newest first. all says that no run was
// left out.
func readOrder(rows *db.Rows, limit int) (order []placing, all bool, err error) {
	var runs []run
	order = make([]placing, 0, limit)
	for rows.Next() {
		var x run
		var entries []byte
		if err := rows.Scan(&x.id, &x.seq, &x.n, &entries); err != nil {
			return nil, false, fmt.Errorf("audit order: %w", err)
		}
		if x.n > 0 {
			runs = append(runs, x)
			continue
		}
		if len(entries)%16 != 0 {
			return nil, false, fault.New(fault.Conflict, "the list of entries that wait for their place is damaged at %d: it was changed from outside", x.id)
		}
		for ; len(entries) > 0; entries = entries[16:] {
			order = append(order, placing{int64(binary.BigEndian.Uint64(entries)), -1})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("audit order: %w", err)
	}
	slices.SortFunc(order, func(a, b placing) int { return cmp.Compare(b.id, a.id) })
	order = slices.Compact(order)
	order = order[:min(len(order), limit)]
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(b.seq, a.seq) })
	for _, x := range runs {
		for i := x.n - 1; i >= 0 && len(order) < limit; i-- {
			order = append(order, placing{x.id + i, x.seq + i})
		}
	}
	return order, len(runs) < runsInPage, nil
}

// rowsOf returns the rows of a page that begins at the end of the log, remembered ones
// and others. It is not whole where a row is missing, and where an entry among them
// says that others were pruned: which, is not known.
func (l *Log) rowsOf(ctx context.Context, order []placing) (list []Record, whole bool, err error) {
	list = make([]Record, len(order))
	var missing []int // of the order
	for i, x := range order {
		if e := l.tail.get(x.id); e != nil {
			list[i] = *e
			list[i].Seq = x.seq
			continue
		}
		missing = append(missing, i)
	}
	if len(missing) == 0 {
		return list, true, nil
	}
	byID := func(i, k int) int { return cmp.Compare(order[i].id, order[k].id) }
	if slices.Reverse(missing); !slices.IsSortedFunc(missing, byID) { // the oldest first
		slices.SortFunc(missing, byID)
	}
	rows, err := l.rowsWith(ctx, order, missing)
	if err != nil {
		return nil, false, err
	}
	known, n := len(order) > len(missing), 0
	for p := newReading(1); rows.Next(); {
		e, err := p.alone(rows)
		if err != nil {
			return nil, false, err
		}
		if e.Kind == Pruned && known {
			return nil, false, nil
		}
		l.tail.put(e, len(p.memory))
		for n < len(missing) && order[missing[n]].id < e.ID {
			n++
		}
		if n < len(missing) && order[missing[n]].id == e.ID {
			list[missing[n]] = *e
			list[missing[n]].Seq = order[missing[n]].seq
		}
	}
	for _, i := range missing {
		if list[i].ID != order[i].id {
			return nil, false, rows.Err()
		}
	}
	return list, true, rows.Err()
}

// rowsWith reads the rows of entries of an order, ascending by id.
func (l *Log) rowsWith(ctx context.Context, order []placing, these []int) (*db.Rows, error) {
	var from, to []int64
	for k, i := range these {
		if id := order[i].id; k > 0 && to[len(to)-1] == id {
			to[len(to)-1]++
		} else {
			from, to = append(from, id), append(to, id+1)
		}
	}
	in := l.data.NewInquiry()
	rows := in.Ask(askPiece, from, to)
	if err := in.Run(ctx); err != nil {
		return nil, fmt.Errorf("audit entries: %w", err)
	}
	return rows, nil
}

// alone reads the row on which rows stand into memory of its own.
func (p *reading) alone(rows *db.Rows) (*Record, error) {
	p.memory = p.memory[:0]
	e := new(Record)
	public, err := p.columns(rows, e)
	if err != nil {
		return nil, err
	}
	own := bytes.Clone(p.memory)
	if len(e.sealed) > 0 {
		e.sealed = own[len(public):]
	}
	p.fields = make(Fields, 0, 6)
	return e, p.decode(e, own[:len(public):len(public)])
}
