package audit

import (
	"context"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// A reading turns rows into records. Their fields and bytes lie one after the other
// in memory that all records of a page share: a page of a thousand entries is a few
// allocations.
type reading struct {
	list    []Record
	memory  []byte
	fields  Fields
	control policy.Control // of the row before: most are the same
}

// The columns of a statement that query reads.
const (
	columnID = iota
	columnSubject
	columnKey
	columnPublic
	columnSealed
	columnPruned
	columnSeq
)

// newReading returns a reading of at most so many records.
func newReading(limit int) *reading {
	room := min(limit, 64) // what a person's page mostly has; more is made as it comes
	return &reading{list: make([]Record, 0, room), memory: make([]byte, 0, 256*room), fields: make(Fields, 0, 6*room)}
}

// query reads the rows of a statement.
func (p *reading) query(ctx context.Context, r db.Reader, sql string, args ...any) error {
	rows, err := r.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("audit entries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := p.add(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// piece reads entries of one run.
func (p *reading) piece(ctx context.Context, r db.Reader, x run, sql string, args ...any) error {
	first := len(p.list)
	err := p.query(ctx, r, sql, args...)
	for i := first; i < len(p.list); i++ {
		p.list[i].Seq = x.seqOf(p.list[i].ID)
	}
	return err
}

// add reads the row on which rows stand.
func (p *reading) add(rows *db.Rows) error {
	p.list = append(p.list, Record{})
	e := &p.list[len(p.list)-1]
	public, err := p.columns(rows, e)
	if err != nil {
		return err
	}
	return p.decode(e, public)
}

// columns reads a row but for its public part, which it returns.
func (p *reading) columns(rows *db.Rows, e *Record) (public []byte, err error) {
	var numbers [columnSeq + 1]int64
	for i := range numbers {
		if i == columnPublic || i == columnSealed {
			continue
		}
		if numbers[i], err = rows.Int(i); err != nil {
			return nil, fmt.Errorf("audit entries: %w", err)
		}
	}
	e.ID, e.Subject, e.key, e.Seq = numbers[columnID], numbers[columnSubject], seal.KeyID(numbers[columnKey]), numbers[columnSeq]
	if numbers[columnPruned] != 0 {
		e.Sealed = Dropped
	}
	if public, err = p.bytes(rows, columnPublic); err != nil {
		return nil, err
	}
	e.sealed, err = p.bytes(rows, columnSealed)
	return public, err
}

// bytes copies a column into the memory of the page.
func (p *reading) bytes(rows *db.Rows, column int) ([]byte, error) {
	at := len(p.memory)
	var err error
	if p.memory, err = rows.AppendBytes(p.memory, column); err != nil {
		return nil, fmt.Errorf("audit entries: %w", err)
	}
	return p.memory[at:len(p.memory):len(p.memory)], nil
}

func (p *reading) decode(e *Record, public []byte) error {
	at := len(p.fields)
	d, err := decodeInto(public, p.fields)
	if err != nil {
		return fmt.Errorf("audit entry %d: %w", e.ID, err)
	}
	p.fields = d.Fields
	e.Kind, e.At, e.Public = d.Kind, d.At, since(d.Fields, at)
	if f, ok := e.Public.Get(TagControl); ok && string(f.raw) != string(p.control) {
		p.control = policy.Control(f.raw)
	} else if !ok {
		return nil
	}
	e.Control = p.control
	return nil
}

// since returns the fields from a place on, nil for none.
func since(fields Fields, at int) Fields {
	if at == len(fields) {
		return nil
	}
	return fields[at:len(fields):len(fields)]
}

// A manyOpener reads the keys of many sealed parts at once, as a *seal.Keyring does.
type manyOpener interface {
	Warm(ctx context.Context, keys []seal.KeyID) (gone []seal.KeyID, err error)
	OpenTo(ctx context.Context, to []byte, k seal.KeyID, a seal.AAD, sealed []byte) ([]byte, error)
	Stay(k seal.KeyID) *seal.Stay
}

// openAll opens the sealed parts of records.
func (l *Log) openAll(ctx context.Context, list []Record) error {
	size, n := 0, 0
	for i := range list {
		if len(list[i].sealed) > 0 {
			size += len(list[i].sealed) // more than what it holds: what is appended never moves
			n++
		}
	}
	if n == 0 {
		return nil
	}
	var gone []seal.KeyID
	many, ok := l.keys.(manyOpener)
	if ok {
		keys, last := make([]seal.KeyID, 0, n), seal.KeyID(0)
		for i := range list {
			if k := list[i].key; len(list[i].sealed) > 0 && k != last {
				keys, last = append(keys, k), k
			}
		}
		var err error
		if gone, err = many.Warm(ctx, keys); err != nil {
			return fmt.Errorf("audit entries: %w", err)
		}
	}
	p := reading{memory: make([]byte, 0, size), fields: make(Fields, 0, 3*n)}
	for i := range list {
		if len(list[i].sealed) == 0 {
			continue
		}
		if _, dead := slices.BinarySearch(gone, list[i].key); dead {
			list[i].sealed, list[i].Sealed = nil, KeyDestroyed
		}
		if err := l.open(ctx, &p, many, &list[i]); err != nil {
			return fmt.Errorf("audit entry %d: %w", list[i].ID, err)
		}
	}
	return nil
}

// open opens the sealed part of a record; many may be nil.
func (l *Log) open(ctx context.Context, p *reading, many manyOpener, e *Record) (err error) {
	if len(e.sealed) == 0 {
		return nil
	}
	var plain []byte
	if many == nil {
		plain, err = l.keys.Open(ctx, e.key, place(e.Subject, e.ID), e.sealed)
	} else {
		var all []byte
		if all, err = many.OpenTo(ctx, p.memory, e.key, place(e.Subject, e.ID), e.sealed); err == nil {
			plain, p.memory = all[len(p.memory):len(all):len(all)], all
		}
	}
	e.sealed = nil
	if fault.Of(err) == fault.NotFound {
		e.Sealed = KeyDestroyed
		return nil
	}
	if err != nil {
		return err
	}
	at := len(p.fields)
	if p.fields, err = decodePrivateInto(plain, p.fields); err != nil {
		return err
	}
	e.Private = since(p.fields, at)
	e.Sealed, e.SubjectID = Opened, e.Private.Text(TagSubjectID)
	return nil
}
