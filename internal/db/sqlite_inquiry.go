package db

import (
	"context"
	"errors"

	"github.com/ncruces/go-sqlite3"
)

// inquire answers one question after the other, in one snapshot: the statement is
// found once, and run for each asker. One question about one is a snapshot of its own.
func (e *lite) inquire(ctx context.Context, list []*question) error {
	c, err := e.readers.get(ctx)
	if err != nil {
		return err
	}
	defer e.readers.put(c, true)
	if len(list) != 1 || list[0].n != 1 {
		if err := c.do("BEGIN"); err != nil {
			return err
		}
	}
	c.c.SetInterrupt(ctx)
	for _, x := range list {
		if err = c.answer(x); err != nil {
			break
		}
	}
	c.c.SetInterrupt(context.Background())
	if !c.c.GetAutocommit() {
		err = errors.Join(err, c.do("ROLLBACK"))
	}
	return err
}

// answer runs a question for each asker.
func (c *liteConn) answer(x *question) error {
	s, err := c.prepare(x.q.sql)
	if err != nil {
		return err
	}
	defer c.release(s)
	r := &x.reply
	r.width = s.s.ColumnCount()
	for i := range x.n {
		if err := bind(s.s, x.of(i)); err != nil {
			return err
		}
		for s.s.Step() {
			r.of = append(r.of, int32(i))
			r.addLite(s.s)
		}
		err = c.fault(s.s.Err())
		s.s.Reset()
		if err != nil {
			return err
		}
	}
	return nil
}

// addLite appends the row that a statement stands on.
func (r *reply) addLite(s *sqlite3.Stmt) {
	for i := range r.width {
		switch s.ColumnType(i) {
		case sqlite3.INTEGER:
			r.add(integer, s.ColumnInt64(i))
		case sqlite3.TEXT:
			r.addBytes(text, s.ColumnRawText(i))
		case sqlite3.BLOB:
			r.addBytes(blob, s.ColumnRawBlob(i))
		default:
			r.add(null, 0)
		}
	}
}
