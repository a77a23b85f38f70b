package db

import (
	"context"

	"github.com/ncruces/go-sqlite3"
)

// ask answers a group on one connection, in one snapshot.
func (e *lite) ask(ctx context.Context, group []*asking) error {
	c, err := e.readers.get(ctx)
	if err != nil {
		return err
	}
	defer e.readers.put(c, true)
	if len(group) > 1 {
		if err := c.do("BEGIN"); err != nil {
			return err
		}
	}
	for _, a := range group {
		if err = c.reply(a); err != nil {
			break
		}
	}
	if !c.c.GetAutocommit() {
		if e := c.do("ROLLBACK"); e != nil && err == nil {
			err = e
		}
	}
	return err
}

// answerAct answers what an act asks, behind its preconditions and before its writes.
// The one connection that writes keeps every page that it has read, where a reader
// begins anew after each commit of somebody else.
func (c *liteConn) answerAct(l *load) error {
	for _, a := range l.asks {
		a.reply = reply{} // of an attempt that was undone
		if err := c.reply(a); err != nil {
			return err
		}
	}
	return nil
}

// reply reads all rows of one asker.
func (c *liteConn) reply(a *asking) error {
	s, err := c.bound(a.q.sql, a.args)
	if err != nil {
		return err
	}
	defer c.release(s)
	a.reply.width = s.s.ColumnCount()
	for s.s.Step() {
		for i := range a.reply.width {
			switch s.s.ColumnType(i) {
			case sqlite3.INTEGER:
				a.reply.add(integer, s.s.ColumnInt64(i))
			case sqlite3.TEXT:
				a.reply.addBytes(text, s.s.ColumnRawText(i))
			case sqlite3.BLOB:
				a.reply.addBytes(blob, s.s.ColumnRawBlob(i))
			default:
				a.reply.add(null, 0)
			}
		}
	}
	err = c.fault(s.s.Err())
	s.s.Reset()
	return err
}
