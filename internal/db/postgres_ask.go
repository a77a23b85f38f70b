package db

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// ask answers a group with one statement for each query, all in one round trip.
func (e *post) ask(ctx context.Context, group []*asking) error {
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	defer e.put(c)
	same := sameQuery(group)
	ready := make([]*pgconn.StatementDescription, len(same))
	for i, g := range same {
		if ready[i], err = c.readyQuery(ctx, g[0].q, len(g) > 1); err != nil {
			return err
		}
	}
	p := c.pipe(ctx)
	defer p.p.Close() // its errors have been seen
	for i, g := range same {
		p.sendQuery(ready[i], g)
	}
	if err := p.flush(); err != nil {
		return err
	}
	for _, g := range same {
		if err := p.answers(g); err != nil {
			return err
		}
	}
	p.sent = p.sent[1:]
	return p.mark(nil)
}

// sameQuery sorts askers by what they ask. Who asks the very same as the first of a
// query becomes its twin: a question that is about nobody is asked once.
func sameQuery(group []*asking) (out [][]*asking) {
	for _, a := range group {
		a.twins = nil
		i := 0
		for i < len(out) && out[i][0].q != a.q {
			i++
		}
		if i == len(out) {
			out = append(out, nil)
		} else if first := out[i][0]; slices.EqualFunc(a.args, first.args, value.equal) {
			first.twins = append(first.twins, a)
			continue
		}
		out[i] = append(out[i], a)
	}
	return out
}

// share gives the answer of a to its twins.
func (a *asking) share() {
	for _, t := range a.twins {
		t.reply = a.reply
		t.reply.memory = bytes.Clone(a.reply.memory)
	}
	a.twins = nil
}

// sendAsks sends what acts ask with their commit, one statement for each query.
func (p *pipe) sendAsks(jobs []*job) {
	asks := p.c.asks[:0]
	for _, j := range jobs {
		if j.err != nil {
			continue
		}
		for _, a := range j.load.asks {
			a.reply = reply{}
			asks = append(asks, a)
		}
	}
	p.c.asks = asks
	groups := sameQuery(asks)
	clear(asks)
	for _, g := range groups {
		ready := p.c.queries[g[0].q]
		if len(g) == 1 {
			p.sendQuery(ready.single, g)
		} else {
			p.sendQuery(ready.merged, g)
		}
		p.sent[len(p.sent)-1].asks = g
	}
}

// prepareAsks prepares what sendAsks may send.
func (c *postConn) prepareAsks(ctx context.Context, jobs []*job) error {
	for _, j := range jobs {
		for _, a := range j.load.asks {
			if ready := c.queries[a.q]; ready.single != nil && (ready.merged != nil || len(jobs) == 1 && len(j.load.asks) == 1) {
				continue
			}
			if _, err := c.readyQuery(ctx, a.q, false); err != nil {
				return err
			}
			if _, err := c.readyQuery(ctx, a.q, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// postQuery is a declared query, prepared for one asker and for many.
type postQuery struct{ single, merged *pgconn.StatementDescription }

// readyQuery prepares a declared query, once.
func (c *postConn) readyQuery(ctx context.Context, q *Query, many bool) (s *pgconn.StatementDescription, err error) {
	ready := c.queries[q]
	to, sql := &ready.single, q.sql
	if many {
		to, sql = &ready.merged, q.merged
	}
	if *to == nil {
		if *to, err = c.prepare(ctx, sql, oids(q.types, many)); err != nil {
			return nil, err
		}
		c.queries[q] = ready
	}
	return *to, nil
}

func (p *pipe) sendQuery(s *pgconn.StatementDescription, group []*asking) {
	out := &p.c.out
	out.reset()
	if len(group) == 1 {
		for i := range group[0].args {
			out.scalar(&group[0].args[i])
		}
		p.sendEncoded(s, false)
		return
	}
	for col, k := range group[0].q.types {
		out.beginArray(k, len(group))
		for _, a := range group {
			out.element(&a.args[col])
		}
		out.endParam()
	}
	p.sendEncoded(s, false)
}

// answers reads the rows of a statement and gives them to their askers.
func (p *pipe) answers(group []*asking) error {
	rr, err := p.rows()
	if err != nil {
		return err
	}
	err = give(rr, group)
	group[0].share()
	if _, e := rr.Close(); e != nil {
		return postError(e)
	}
	return err
}

// give hands the rows of an answer to their askers.
func give(rr *pgconn.ResultReader, group []*asking) (err error) {
	fields, skip := rr.FieldDescriptions(), 0
	if len(group) > 1 {
		skip = 1
	}
	for rr.NextRow() {
		row, a := rr.Values(), group[0]
		if skip == 1 {
			a = group[binary.BigEndian.Uint64(row[0])-1]
		}
		a.reply.width = len(row) - skip
		for i := skip; i < len(row); i++ {
			if e := a.reply.addPost(fields[i].DataTypeOID, row[i]); e != nil && err == nil {
				err = fmt.Errorf("column %s: %w", fields[i].Name, e)
			}
		}
	}
	return err
}

// addPost appends a cell in PostgreSQL's binary format.
func (r *reply) addPost(oid uint32, raw []byte) error {
	switch {
	case raw == nil:
		r.add(null, 0)
	case oid == pgtype.Int8OID && len(raw) == 8:
		r.add(integer, int64(binary.BigEndian.Uint64(raw)))
	case oid == pgtype.Int4OID && len(raw) == 4:
		r.add(integer, int64(int32(binary.BigEndian.Uint32(raw))))
	case oid == pgtype.TextOID:
		r.addBytes(text, raw)
	case oid == pgtype.ByteaOID:
		r.addBytes(blob, raw)
	default:
		return fmt.Errorf("a declared query gives integers, texts and bytes, not type %d", oid)
	}
	return nil
}
