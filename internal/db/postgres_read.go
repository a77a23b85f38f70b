package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

// read costs one round trip for each query and no more: BEGIN travels with the
// first, and nobody waits for ROLLBACK.
func (e *post) read(ctx context.Context, single bool, fn func(*Snapshot) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	s := &postSnapshot{postConn: c, single: single}
	snap := &Snapshot{s: s, single: single}
	defer func() {
		snap.finish()
		if !s.begun || c.c.IsClosed() {
			e.put(c)
			return
		}
		go func() {
			c.c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
			e.put(c)
		}()
	}()
	return fn(snap)
}

// postSnapshot is the session of a snapshot.
type postSnapshot struct {
	*postConn
	single bool // no transaction: there is one query
	begun  bool
}

// query implements session.
func (s *postSnapshot) query(ctx context.Context, sql string, args []value) (cursor, error) {
	if s.begun || s.single {
		return s.postConn.query(ctx, sql, args)
	}
	s.begun = true
	var b pgx.Batch
	b.Queue(beginRead)
	b.Queue(sql, anys(args)...)
	results := s.c.SendBatch(ctx, &b)
	if _, err := results.Exec(); err != nil {
		results.Close()
		return nil, postError(err)
	}
	rows, err := results.Query()
	if err != nil {
		results.Close()
		return nil, postError(err)
	}
	return &postCursor{rows: rows, types: s.c.TypeMap(), batch: results}, nil
}

// durable implements engine: PostgreSQL shows nothing that is not on its disk.
func (e *post) durable(context.Context) error { return nil }
