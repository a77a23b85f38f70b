package db

import (
	"context"
	"fmt"
	"math"
)

// An Inquiry is several declared reads, each of them about many at once, answered
// together: on one snapshot, on PostgreSQL in one round trip. It is built and used
// by one goroutine, once.
type Inquiry struct {
	db        *DB
	questions []*question
	err       error // of the first question that cannot be asked
}

// A question is one query of an inquiry.
type question struct {
	q     *Query
	n     int     // how many it is asked for
	args  []value // of each asker, one after the other
	reply asked
}

// asked is a reply of which each row belongs to one of many.
type asked struct {
	reply
	of []int32 // the asker of each row
}

// NewInquiry begins an inquiry.
func (d *DB) NewInquiry() *Inquiry { return &Inquiry{db: d} }

// Ask adds a question. Of args, lists ([]int64, []string, [][]byte) have one value
// for each that is asked about, and are of one length; others are the same for all.
// Once [Inquiry.Run] has returned, the rows are there, in memory: [Rows.Asker] tells
// whom a row is about. The rows of one stand in the order of the query.
func (in *Inquiry) Ask(q *Query, args ...any) *Rows {
	x, err := ask(q, args)
	if err != nil && in.err == nil {
		in.err = err
	}
	in.questions = append(in.questions, x)
	return &Rows{cur: &x.reply}
}

func ask(q *Query, args []any) (*question, error) {
	x := &question{q: q, n: -1}
	columns := make([][]value, len(args))
	for k, a := range args {
		many, list, err := toColumn(a)
		if err != nil {
			return x, err
		}
		if list && x.n >= 0 && x.n != len(many) {
			return x, fmt.Errorf("db: lists of %d and %d arguments for %q", x.n, len(many), q.sql)
		}
		if list {
			x.n = len(many)
		}
		columns[k] = many
	}
	if x.n < 0 {
		x.n = 1
	}
	if len(columns) != len(q.types) || x.n > math.MaxInt32 {
		return x, fmt.Errorf("db: %d arguments for %d parameters of %q", len(columns), len(q.types), q.sql)
	}
	x.args = make([]value, 0, x.n*len(columns))
	for i := range x.n {
		for k, c := range columns {
			v := c[min(i, len(c)-1)]
			if v.kind != q.types[k] {
				return x, fmt.Errorf("db: argument $%d is %s, declared %s, in %q", k+1, v.kind, q.types[k], q.sql)
			}
			x.args = append(x.args, v)
		}
	}
	return x, nil
}

// toColumn converts an argument: a list, or one value for all.
func toColumn(a any) (column []value, list bool, err error) {
	switch a := a.(type) {
	case []int64:
		column = make([]value, len(a))
		for i, n := range a {
			column[i] = value{kind: integer, n: n}
		}
		return column, true, nil
	case []string:
		column = make([]value, len(a))
		for i, s := range a {
			column[i] = value{kind: text, s: s}
		}
		return column, true, nil
	case [][]byte:
		column = make([]value, len(a))
		for i, b := range a {
			column[i] = value{kind: blob, b: b}
		}
		return column, true, nil
	}
	v, err := toValue(a)
	return []value{v}, false, err
}

// of returns the arguments of one asker.
func (x *question) of(i int) []value {
	n := len(x.q.types)
	return x.args[i*n : (i+1)*n]
}

// Run asks everything at once.
func (in *Inquiry) Run(ctx context.Context) error {
	if in.err != nil {
		return in.err
	}
	e, ok := in.db.engine.(interface {
		inquire(context.Context, []*question) error
	})
	if !ok {
		return fmt.Errorf("db: %s answers no inquiry", in.db.Engine())
	}
	if err := e.inquire(ctx, in.questions); err != nil {
		return report(err)
	}
	return in.db.engine.durable(ctx)
}

// Asker returns whom the row is about, as a place in the lists that were asked
// with, from 0.
func (r *Rows) Asker() int {
	if a, ok := r.cur.(*asked); ok && a.at > 0 {
		return int(a.of[a.at-1])
	}
	return 0
}
