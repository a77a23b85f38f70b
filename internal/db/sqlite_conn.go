package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// maxPrepared bounds the statements a connection keeps prepared.
const maxPrepared = 400

// liteConn is one SQLite connection with its prepared statements. It is used by
// one goroutine at a time.
type liteConn struct {
	c        *sqlite3.Conn
	stmts    map[string]*liteStmt // by text as written
	declared map[*Statement]*sqlite3.Stmt
	guards   map[Versioned]*liteGuard
	failure  error  // the first error of the disk
	held     []*job // memory of checkTogether
	steps    []step // memory of packed writes
}

type liteStmt struct {
	s    *sqlite3.Stmt
	busy bool // a result is open over it
	temp bool // not kept
}

func newLiteConn(c *sqlite3.Conn) *liteConn {
	return &liteConn{
		c:        c,
		stmts:    map[string]*liteStmt{},
		declared: map[*Statement]*sqlite3.Stmt{},
		guards:   map[Versioned]*liteGuard{},
	}
}

func (c *liteConn) close() error {
	for _, s := range c.stmts {
		s.s.Close()
	}
	for _, s := range c.declared {
		s.Close()
	}
	for _, g := range c.guards {
		g.close()
	}
	return c.c.Close()
}

// compile prepares one statement, already in SQLite's words.
func (c *liteConn) compile(lite string) (*sqlite3.Stmt, error) {
	s, tail, err := c.c.PrepareFlags(lite, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, c.fault(err)
	}
	if s == nil {
		return nil, errors.New("db: no statement")
	}
	if !blank(tail) {
		s.Close()
		return nil, fmt.Errorf("db: more than one statement in %q", lite)
	}
	return s, nil
}

func blank(s string) bool {
	for _, c := range s {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != ';' {
			return false
		}
	}
	return true
}

// prepare returns the statement for sql, kept from before where it is free.
func (c *liteConn) prepare(sql string) (*liteStmt, error) {
	kept := c.stmts[sql]
	if kept != nil && !kept.busy {
		return kept, nil
	}
	lite, err := toLite(sql)
	if err != nil {
		return nil, err
	}
	s, err := c.compile(lite)
	if err != nil {
		return nil, err
	}
	st := &liteStmt{s: s, temp: kept != nil}
	if !st.temp {
		c.makeRoom()
		c.stmts[sql] = st
	}
	return st, nil
}

// makeRoom drops some statement when there are too many.
func (c *liteConn) makeRoom() {
	if len(c.stmts) < maxPrepared {
		return
	}
	for sql, s := range c.stmts {
		if !s.busy {
			s.s.Close()
			delete(c.stmts, sql)
			return
		}
	}
}

func (c *liteConn) release(s *liteStmt) {
	s.busy = false
	if s.temp {
		s.s.Close()
	}
}

// statement returns the prepared form of a declared statement.
func (c *liteConn) statement(s *Statement) (*sqlite3.Stmt, error) {
	if st := c.declared[s]; st != nil {
		return st, nil
	}
	st, err := c.compile(s.lite)
	if err != nil {
		return nil, err
	}
	c.declared[s] = st
	return st, nil
}

// do runs a statement that the connection keeps for itself, such as BEGIN.
func (c *liteConn) do(sql string) error {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	return c.fault(s.s.Exec())
}

func bind(s *sqlite3.Stmt, vals []value) error {
	for i := range vals {
		var err error
		switch v := &vals[i]; v.kind {
		case integer:
			err = s.BindInt64(i+1, v.n)
		case text:
			err = s.BindText(i+1, v.s)
		case blob:
			err = s.BindBlob(i+1, v.b)
		default:
			err = s.BindNull(i + 1)
		}
		if err != nil {
			return liteError(err)
		}
	}
	return nil
}

// query implements session.
func (c *liteConn) query(ctx context.Context, sql string, args []value) (cursor, error) {
	s, err := c.bound(sql, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &liteCursor{c: c, s: s}, nil
}

// exec implements session.
func (c *liteConn) exec(ctx context.Context, sql string, args []value) (int64, error) {
	s, err := c.bound(sql, args)
	if err != nil {
		return 0, err
	}
	defer c.release(s)
	before := c.c.TotalChanges()
	if err := s.s.Exec(); err != nil {
		return 0, c.fault(err)
	}
	if c.c.TotalChanges() == before {
		return 0, nil // Changes would speak of an earlier statement
	}
	return c.c.Changes(), nil
}

func (c *liteConn) bound(sql string, args []value) (*liteStmt, error) {
	s, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	if n := s.s.BindCount(); n != len(args) {
		c.release(s)
		return nil, fmt.Errorf("db: %d arguments for %d parameters of %q", len(args), n, sql)
	}
	if err := bind(s.s, args); err != nil {
		c.release(s)
		return nil, err
	}
	return s, nil
}

// run implements session.
func (c *liteConn) run(_ context.Context, l *load) error {
	if _, err := c.write(l); err != nil {
		return err
	}
	return c.writePacked(addPacked(c.steps[:0], l))
}

// writePacked runs the packed writes in steps, and forgets them.
func (c *liteConn) writePacked(steps []step) error {
	defer func() { c.steps = forget(steps) }()
	for i := range steps {
		s, err := c.statement(steps[i].s)
		if err != nil {
			return err
		}
		err = pack(steps[i].rows, func(args []value) error {
			if err := bind(s, args); err != nil {
				return err
			}
			return c.fault(s.Exec())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// write runs the declared writes of l in order, all but the packed ones. It
// returns how many it has done before one failed.
func (c *liteConn) write(l *load) (int, error) {
	for i, o := range l.ops {
		if o.s.packed {
			continue
		}
		s, err := c.statement(o.s)
		if err != nil {
			return i, err
		}
		if err := bind(s, l.args(o)); err != nil {
			return i, err
		}
		if err := s.Exec(); err != nil {
			return i, c.fault(err)
		}
		if o.s.must && c.c.Changes() != 1 {
			return i + 1, ErrLost
		}
	}
	return len(l.ops), nil
}

// liteCursor is an open result.
type liteCursor struct {
	c *liteConn
	s *liteStmt
	e error
}

func (r *liteCursor) next() bool   { return r.s.s.Step() }
func (r *liteCursor) columns() int { return r.s.s.ColumnCount() }
func (r *liteCursor) null(i int) bool {
	return r.s.s.ColumnType(i) == sqlite3.NULL
}

func (r *liteCursor) err() error { return r.e }

func (r *liteCursor) close() {
	r.e = r.c.fault(r.s.s.Err())
	r.s.s.Reset()
	r.c.release(r.s)
}

func (r *liteCursor) int64(i int) (int64, error) {
	if t := r.s.s.ColumnType(i); t != sqlite3.INTEGER {
		return 0, fmt.Errorf("%s scanned into an integer", t)
	}
	return r.s.s.ColumnInt64(i), nil
}

func (r *liteCursor) text(i int) (string, error) {
	if t := r.s.s.ColumnType(i); t != sqlite3.TEXT {
		return "", fmt.Errorf("%s scanned into a text", t)
	}
	return r.s.s.ColumnText(i), nil
}

func (r *liteCursor) bytes(i int) ([]byte, error) {
	if t := r.s.s.ColumnType(i); t != sqlite3.BLOB && t != sqlite3.TEXT {
		return nil, fmt.Errorf("%s scanned into bytes", t)
	}
	return append(make([]byte, 0, 8), r.s.s.ColumnRawBlob(i)...), nil
}

// fault strips err and remembers it when the disk is at fault.
func (c *liteConn) fault(err error) error {
	err = liteError(err)
	if classOf(err) == classFatal && c.failure == nil {
		c.failure = err
	}
	return err
}

// liteError strips and sorts an error of SQLite. Its messages name tables,
// columns and constraints, never values.
func liteError(err error) error {
	if err == nil {
		return nil
	}
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return err
	}
	e := &engineError{code: fmt.Sprintf("SQLite %d", int(code)), text: err.Error()}
	switch code.Code() {
	case sqlite3.CONSTRAINT, sqlite3.MISMATCH:
		e.class = classConstraint
	case sqlite3.BUSY, sqlite3.LOCKED:
		e.class = classBusy
	case sqlite3.IOERR, sqlite3.FULL, sqlite3.CORRUPT, sqlite3.NOTADB, sqlite3.CANTOPEN,
		sqlite3.READONLY, sqlite3.PROTOCOL, sqlite3.NOMEM:
		e.class = classFatal
	}
	return e
}
