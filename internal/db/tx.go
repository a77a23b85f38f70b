package db

import (
	"context"
	"time"
)

// A Reader reads: a [Snapshot] or a [Tx].
type Reader interface {
	Query(ctx context.Context, sql string, args ...any) (*Rows, error)
	Row(ctx context.Context, sql string, args ...any) *Row
}

// A session is an engine's connection inside a transaction.
type session interface {
	query(ctx context.Context, sql string, args []value) (cursor, error)
	exec(ctx context.Context, sql string, args []value) (int64, error)
	run(ctx context.Context, l *load) error // declared writes, in order
}

// A Snapshot reads one consistent state of the database. It is used by one
// goroutine.
type Snapshot struct {
	s      session
	rows   *Rows // the last result
	single bool  // of Look: one query and no more
}

// Query runs sql and returns its rows.
func (s *Snapshot) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.rows != nil && !s.rows.done {
		return nil, errOpenRows
	}
	if s.rows != nil && s.single {
		return nil, errOneQuery
	}
	if controls(sql) {
		return nil, errControl
	}
	vals, err := toValues(args)
	if err != nil {
		return nil, err
	}
	cur, err := s.s.query(ctx, sql, vals)
	if err != nil {
		return nil, report(err)
	}
	s.rows = &Rows{cur: cur}
	return s.rows, nil
}

// Row runs sql and returns its first row.
func (s *Snapshot) Row(ctx context.Context, sql string, args ...any) *Row {
	rows, err := s.Query(ctx, sql, args...)
	return &Row{rows, err}
}

// finish closes what fn has left open.
func (s *Snapshot) finish() {
	if s.rows != nil {
		s.rows.Close()
	}
}

// A Tx is a transaction. Everything written in it happened at one time. After a
// statement has failed, nothing of it will be written.
type Tx struct {
	snap Snapshot
	ctx  context.Context // of the call of DB.Tx, for Do
	now  time.Time
	load *load // declared writes not yet sent
	err  error // the first failure
}

func (d *DB) newTx(ctx context.Context, s session) *Tx {
	return &Tx{snap: Snapshot{s: s}, ctx: ctx, now: d.Now(), load: d.newLoad()}
}

// Now returns the business time of the transaction.
func (t *Tx) Now() time.Time { return t.now }

// Do adds a declared write. A failure shows at the next statement or at the end.
func (t *Tx) Do(s *Statement, args ...any) { t.load.add(s, args) }

// Query runs sql and returns its rows.
func (t *Tx) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	rows, err := t.snap.Query(ctx, sql, args...)
	return rows, t.note(err)
}

// Row runs sql and returns its first row.
func (t *Tx) Row(ctx context.Context, sql string, args ...any) *Row {
	rows, err := t.Query(ctx, sql, args...)
	return &Row{rows, err}
}

// Exec runs sql and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := t.flush(); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, t.note(err)
	}
	if controls(sql) {
		return 0, t.note(errControl)
	}
	vals, err := toValues(args)
	if err != nil {
		return 0, t.note(err)
	}
	n, err := t.snap.s.exec(ctx, sql, vals)
	return n, t.note(report(err))
}

// flush sends the declared writes.
func (t *Tx) flush() error {
	if t.err != nil {
		return errBroken
	}
	if rows := t.snap.rows; rows != nil && !rows.done {
		return t.note(errOpenRows)
	}
	if t.snap.rows != nil && t.snap.rows.err != nil {
		return t.note(t.snap.rows.err)
	}
	if len(t.load.ops) == 0 {
		return nil
	}
	err := t.snap.s.run(t.ctx, t.load)
	t.load.reset()
	return t.note(report(err))
}

func (t *Tx) note(err error) error {
	if err != nil && t.err == nil {
		t.err = err
	}
	return err
}

// run calls fn and settles the transaction's outcome: fn's error, or that of a
// statement whose error fn has swallowed.
func (t *Tx) run(fn func(*Tx) error) error {
	defer t.snap.finish()
	if err := fn(t); err != nil {
		return err
	}
	t.snap.finish()
	if err := t.flush(); err != nil && t.err == nil {
		return err
	}
	return t.err
}
