package db

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// What stands around the questions of an inquiry, so that all see one snapshot.
var (
	beginInquiry = &Query{sql: beginRead}
	endInquiry   = &Query{sql: "COMMIT"}
)

// inquire sends all questions before it reads the first answer.
func (e *post) inquire(ctx context.Context, list []*question) error {
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	defer e.put(c)
	ready, err := c.readyInquiry(ctx, list)
	if err != nil {
		return err
	}
	p := c.pipe(ctx)
	defer p.p.Close() // its errors have been seen
	for i, s := range ready {
		switch {
		case len(list) == 1:
			p.sendQuestion(s, list[0])
		case i == 0 || i == len(ready)-1:
			p.send(s)
		default:
			p.sendQuestion(s, list[i-1])
		}
	}
	if err := p.flush(); err != nil {
		return err
	}
	if len(list) > 1 {
		if err := p.step(); err != nil {
			return err
		}
	}
	for _, x := range list {
		if err := p.answerOf(x); err != nil {
			return err
		}
	}
	if len(list) > 1 {
		if err := p.step(); err != nil {
			return err
		}
	}
	p.sent = p.sent[1:]
	return p.mark(nil)
}

// readyInquiry prepares the questions, between the words around them where there
// are several.
func (c *postConn) readyInquiry(ctx context.Context, list []*question) (ready []*pgconn.StatementDescription, err error) {
	one := func(q *Query, many bool) {
		if err != nil {
			return
		}
		var s *pgconn.StatementDescription
		s, err = c.readyQuery(ctx, q, many)
		ready = append(ready, s)
	}
	if len(list) > 1 {
		one(beginInquiry, false)
	}
	for _, x := range list {
		one(x.q, x.n != 1)
	}
	if len(list) > 1 {
		one(endInquiry, false)
	}
	return ready, err
}

// step reads the answer to a statement that gives no rows.
func (p *pipe) step() error {
	p.sent = p.sent[1:]
	return postError(p.result())
}

func (p *pipe) sendQuestion(s *pgconn.StatementDescription, x *question) {
	out := &p.c.out
	out.reset()
	for k, kind := range x.q.types {
		if x.n == 1 {
			out.scalar(&x.args[k])
			continue
		}
		out.beginArray(kind, x.n)
		for i := range x.n {
			out.element(&x.of(i)[k])
		}
		out.endParam()
	}
	p.sendEncoded(s, false)
}

// answerOf reads the rows of a question.
func (p *pipe) answerOf(x *question) error {
	rr, err := p.rows()
	if err != nil {
		return err
	}
	fields, skip := rr.FieldDescriptions(), 0
	if x.n != 1 {
		skip = 1
	}
	to := &x.reply
	for rr.NextRow() {
		row, asker := rr.Values(), int32(0)
		if skip == 1 {
			asker = int32(binary.BigEndian.Uint64(row[0]) - 1)
		}
		to.of, to.width = append(to.of, asker), len(row)-skip
		for i := skip; i < len(row); i++ {
			if e := to.addPost(fields[i].DataTypeOID, row[i]); e != nil && err == nil {
				err = fmt.Errorf("column %s: %w", fields[i].Name, e)
			}
		}
	}
	if _, e := rr.Close(); e != nil {
		return postError(e)
	}
	return err
}
