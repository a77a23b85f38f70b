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
	"github.com/avow-dev/avow/internal/seal"
)

// NewestMost is how many entries [Log.Newest] returns at most.
const NewestMost = 1000

const (
	tailRoom = 2048 // rows remembered; a power of two, more than a page and what comes meanwhile
	tailRow  = 1024 // bytes of the greatest that is remembered
	shareOf  = 16   // rows of audit_pending that are counted together
	tailTime = 10   // seconds after the end was read for which what is written is remembered
)

var (
	// The order has the newest entries that wait, and the newest runs of those that
	// have their place: one statement, so that none is in neither.
	askOrder = db.DeclareQuery(`SELECT p.id, -1 AS seq, 0 AS n, p.entries FROM (SELECT id, entries FROM audit_pending ORDER BY id DESC LIMIT $1) AS p
	UNION ALL SELECT r.id, r.seq, r.n, NULL FROM (SELECT id, seq, n FROM audit_run ORDER BY seq DESC LIMIT $2) AS r`, "int int")
	askPiece = db.DeclareQuery(`SELECT id, subject, seal_key, public, sealed, pruned, -1
	FROM audit_entry WHERE id >= $1 AND id < $2 ORDER BY id`, "int int")
)

// A tail remembers rows of the end of the log as they were read, still sealed: the
// end is read again and again. A row changes once at most, when it is pruned, and the
// entry that says so comes after it: so a page that reads backward from the end knows
// it before it gets to the row (see [Log.rowsOf]). Beside a row it remembers what was
// opened of it, for the stay of its key in memory. While the end is being read, it also
// remembers what this process puts on acts: whether it was committed, the order says.
// Its zero value is ready.
type tail struct {
	rows    [tailRoom]atomic.Pointer[Record]   // each at its id modulo tailRoom
	opened  [tailRoom]atomic.Pointer[opened]   // likewise
	written [tailRoom]atomic.Pointer[Prepared] // likewise
	asked   atomic.Int64                       // seconds for which written is filled
	share   atomic.Int64                       // entries that lately waited in shareOf rows; 0: not known
}

// An opened is the sealed part of an entry, opened. It is used for the stay of its key.
type opened struct {
	id      ID
	stay    *seal.Stay
	subject string
	private Fields
}

// get returns the row of an entry, with what was opened of it; false where it is not
// remembered.
func (t *tail) get(id ID) (Record, bool) {
	at := uint64(id) % tailRoom
	e := t.rows[at].Load()
	if e == nil || e.ID != id {
		if e = t.read(id); e == nil {
			return Record{}, false
		}
	}
	r := *e
	if o := t.opened[at].Load(); o != nil && o.id == id && !o.stay.Over() {
		r.Private, r.SubjectID, r.Sealed, r.sealed = o.private, o.subject, Opened, nil
	}
	return r, true
}

// put remembers a row that lies in so many bytes of its own.
func (t *tail) put(e *Record, size int) {
	if e.Sealed != Dropped && e.Kind != Pruned && size <= tailRow {
		at := uint64(e.ID) % tailRoom
		t.rows[at].Store(e)
		if o := t.opened[at].Load(); o != nil && o.id != e.ID { // it goes with its row
			t.opened[at].CompareAndSwap(o, nil)
		}
	}
}

// offer remembers an entry that was put, if the end is being read.
func (t *tail) offer(p Prepared) {
	if t.asked.Load() > 0 && p.kind != Pruned && len(p.public)+len(p.sealed) <= tailRow {
		own := p // on the heap here only
		t.written[uint64(p.ID)%tailRoom].Store(&own)
	}
}

// read makes the row of an entry that was put here, nil where it is not remembered.
func (t *tail) read(id ID) *Record {
	p := t.written[uint64(id)%tailRoom].Load()
	if p == nil || p.ID != id {
		return nil
	}
	e := &Record{ID: id, Subject: p.subject, Seq: -1, key: p.key, sealed: p.sealed}
	if (&reading{fields: make(Fields, 0, 6)}).decode(e, p.public) != nil {
		return nil // the store will say what is wrong
	}
	t.put(e, len(p.public)+len(p.sealed))
	return e
}

// keep remembers what was opened of an entry whose row is remembered, in memory of its
// own.
func (t *tail) keep(e *Record, stay *seal.Stay) {
	at := uint64(e.ID) % tailRoom
	if row := t.rows[at].Load(); row == nil || row.ID != e.ID || stay == nil {
		return
	}
	private := slices.Clone(e.Private)
	for i := range private {
		private[i].raw = bytes.Clone(private[i].raw)
	}
	t.opened[at].Store(&opened{id: e.ID, stay: stay, subject: e.SubjectID, private: private})
}

// fade is called once a second: it forgets what was opened with keys whose stay is over,
// and what was written since the end was read last, when that is long ago.
func (t *tail) fade() {
	if t.asked.Load() > 0 && t.asked.Add(-1) == 0 {
		for i := range t.written {
			t.written[i].Store(nil)
		}
	}
	for i := range t.opened {
		if o := t.opened[i].Load(); o != nil && o.stay.Over() {
			t.opened[i].CompareAndSwap(o, nil)
		}
	}
}

// forget forgets everything.
func (t *tail) forget() {
	for i := range t.rows {
		t.rows[i].Store(nil)
		t.opened[i].Store(nil)
		t.written[i].Store(nil)
	}
}

// rowsFor returns how many rows of audit_pending are likely to hold so many entries.
func (t *tail) rowsFor(limit int) int64 {
	most := int64(limit) // a row holds one at least
	if share := t.share.Load(); share > 0 {
		return min(most, most*shareOf*5/4/share+shareOf)
	}
	return most
}

// held notes how many entries some rows of audit_pending held.
func (t *tail) held(rows, entries int64) {
	if rows >= shareOf {
		t.share.Store(entries * shareOf / rows)
	}
}

// NewestOf asks for the newest entries of the whole log, 1,000 at most: as [Log.Entries]
// gives them with Newest. Once the inquiry has run, what it returns gives them.
func (l *Log) NewestOf(in *db.Inquiry, limit int) func(context.Context) ([]Record, error) {
	limit = max(1, min(limit, NewestMost))
	l.tail.asked.Store(tailTime)
	most := l.tail.rowsFor(limit)
	rows := in.Ask(askOrder, most, int64(runsInPage))
	return func(ctx context.Context) ([]Record, error) {
		o, err := readOrder(rows)
		if err != nil {
			return nil, err
		}
		l.tail.held(o.rows, int64(len(o.waiting)))
		order, whole := o.newest(limit, most)
		if !whole {
			return l.newestOf(ctx, limit)
		}
		list, whole, err := l.rowsOf(ctx, order)
		if err != nil {
			return nil, err
		}
		if !whole {
			return l.newestOf(ctx, limit)
		}
		return list, l.openTail(ctx, list)
	}
}

// openTail opens the sealed parts of a page of the end of the log that are not
// remembered, and remembers them.
func (l *Log) openTail(ctx context.Context, list []Record) error {
	var sealed []int
	for i := range list {
		if len(list[i].sealed) > 0 {
			sealed = append(sealed, i)
		}
	}
	if err := l.openAll(ctx, list); err != nil {
		return err
	}
	keys, ok := l.keys.(manyOpener)
	for _, i := range sealed {
		if e := &list[i]; ok && e.Sealed == Opened {
			l.tail.keep(e, keys.Stay(e.key))
		}
	}
	return nil
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

// An order is the end of the log as askOrder reads it.
type order struct {
	waiting []placing // entries without a place, as they come
	rows    int64     // of audit_pending, in which they came
	low     int64     // the least id of these rows
	runs    []run
}

func readOrder(rows *db.Rows) (o order, err error) {
	var memory []byte
	for rows.Next() {
		var x run
		for i, to := range [...]*int64{&x.id, &x.seq, &x.n} {
			if *to, err = rows.Int(i); err != nil {
				return o, fmt.Errorf("audit order: %w", err)
			}
		}
		if x.n > 0 {
			o.runs = append(o.runs, x)
			continue
		}
		if memory, err = rows.AppendBytes(memory[:0], 3); err != nil {
			return o, fmt.Errorf("audit order: %w", err)
		}
		if len(memory)%16 != 0 {
			return o, fault.New(fault.Conflict, "the list of entries that wait for their place is damaged at %d: it was changed from outside", x.id)
		}
		if o.rows++; o.rows == 1 || x.id < o.low {
			o.low = x.id
		}
		for at := len(memory) - 16; at >= 0; at -= 16 { // mostly descending already
			o.waiting = append(o.waiting, placing{int64(binary.BigEndian.Uint64(memory[at:])), -1})
		}
	}
	if err := rows.Err(); err != nil {
		return o, fmt.Errorf("audit order: %w", err)
	}
	return o, nil
}

// newest returns so many of the newest entries, the newest first, where at most most
// rows of those that wait were asked for. It is not whole where others may belong among
// them that were not read.
func (o order) newest(limit int, most int64) (list []placing, whole bool) {
	list = o.waiting
	slices.SortFunc(list, func(a, b placing) int { return cmp.Compare(b.id, a.id) })
	list = slices.Compact(list)
	list = list[:min(len(list), limit)]
	if o.rows == most && (len(list) < limit || list[limit-1].id < o.low) {
		return nil, false
	}
	slices.SortFunc(o.runs, func(a, b run) int { return cmp.Compare(b.seq, a.seq) })
	for _, x := range o.runs {
		for i := x.n - 1; i >= 0 && len(list) < limit; i-- {
			list = append(list, placing{x.id + i, x.seq + i})
		}
	}
	return list, len(list) == limit || len(o.runs) < runsInPage
}

// rowsOf returns the rows of a page that begins at the end of the log, remembered ones
// and others. It is not whole where a row is missing, and where an entry among them
// says that others were pruned: which, is not known.
func (l *Log) rowsOf(ctx context.Context, order []placing) (list []Record, whole bool, err error) {
	list = make([]Record, len(order))
	var missing []int // of the order
	for i, x := range order {
		var ok bool
		if list[i], ok = l.tail.get(x.id); ok {
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
