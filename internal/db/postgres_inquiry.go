package db

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// inquire sends all questions before it reads the first answer. What is sent at once is
// one transaction, and by the connection's isolation one snapshot.
func (e *post) inquire(ctx context.Context, list []*question) error {
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	defer e.put(c)
	ready := make([]*pgconn.StatementDescription, len(list))
	for i, x := range list {
		if ready[i], err = c.readyQuery(ctx, x.q, x.n != 1); err != nil {
			return err
		}
	}
	p := c.pipe(ctx)
	defer p.p.Close() // its errors have been seen
	for i, x := range list {
		p.sendQuestion(ready[i], x)
	}
	if err := p.flush(); err != nil {
		return err
	}
	for _, x := range list {
		if err := p.answerOf(x); err != nil {
			return err
		}
	}
	p.sent = p.sent[1:]
	return p.mark(nil)
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
