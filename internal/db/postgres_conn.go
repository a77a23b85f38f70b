package db

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// postConn is one PostgreSQL connection with its prepared statements. It is used
// by one goroutine at a time.
type postConn struct {
	c        *pgx.Conn
	prepared int // how many, for their names
	words    postWords
	declared map[*Statement]postStatement
	guards   map[Versioned]*postGuard
	queries  map[*Query]postQuery

	// Memory for the group being written.
	format []int16 // of parameters and results: binary
	out    postEncoder
	steps  []step
	sent   []sending
	asks   []*asking
}

// postWords are the statements around acts.
type postWords struct{ begin, commit, savepoint, release, rollback *pgconn.StatementDescription }

// postStatement is a declared statement, prepared for one row and for many.
type postStatement struct{ single, merged *pgconn.StatementDescription }

func newPostConn(c *pgx.Conn) *postConn {
	return &postConn{
		c:        c,
		declared: map[*Statement]postStatement{},
		guards:   map[Versioned]*postGuard{},
		queries:  map[*Query]postQuery{},
		out:      postEncoder{buf: make([]byte, 0, 1<<12)}, // never nil: nil is NULL
		format:   []int16{pgx.BinaryFormatCode},
		sent:     make([]sending, 0, 64),
	}
}

// whole reports whether the connection can be used again.
func (c *postConn) whole() bool {
	return !c.c.IsClosed() && c.c.PgConn().TxStatus() == 'I' && !c.c.PgConn().IsBusy()
}

// prepare prepares sql with parameters of the given types.
func (c *postConn) prepare(ctx context.Context, sql string, oids []uint32) (*pgconn.StatementDescription, error) {
	c.prepared++
	s, err := c.c.PgConn().Prepare(ctx, fmt.Sprintf("avow_%d", c.prepared), sql, oids)
	return s, postError(err)
}

// statement prepares a declared statement, once.
func (c *postConn) statement(ctx context.Context, s *Statement) (ready postStatement, err error) {
	if ready, ok := c.declared[s]; ok {
		return ready, nil
	}
	if ready.single, err = c.prepare(ctx, s.single, oids(s.types, false)); err != nil {
		return ready, err
	}
	if s.merged != "" {
		if ready.merged, err = c.prepare(ctx, s.merged, oids(s.types, true)); err != nil {
			return ready, err
		}
	}
	c.declared[s] = ready
	return ready, nil
}

func (c *postConn) prepareWords(ctx context.Context) error {
	if c.words.rollback != nil {
		return nil
	}
	w := &c.words
	for _, x := range []struct {
		sql string
		to  **pgconn.StatementDescription
	}{
		{"BEGIN ISOLATION LEVEL READ COMMITTED", &w.begin},
		{"COMMIT", &w.commit},
		{"SAVEPOINT act", &w.savepoint},
		{"RELEASE act", &w.release},
		{"ROLLBACK TO act", &w.rollback},
	} {
		var err error
		if *x.to, err = c.prepare(ctx, x.sql, nil); err != nil {
			return err
		}
	}
	return nil
}

// query implements session.
func (c *postConn) query(ctx context.Context, sql string, args []value) (cursor, error) {
	rows, err := c.c.Query(ctx, sql, anys(args)...)
	if err != nil {
		return nil, postError(err)
	}
	return &postCursor{rows: rows, types: c.c.TypeMap()}, nil
}

// exec implements session.
func (c *postConn) exec(ctx context.Context, sql string, args []value) (int64, error) {
	tag, err := c.c.Exec(ctx, sql, anys(args)...)
	if err != nil {
		return 0, postError(err)
	}
	return tag.RowsAffected(), nil
}

func anys(vals []value) []any {
	out := make([]any, len(vals))
	for i, v := range vals {
		switch v.kind {
		case integer:
			out[i] = v.n
		case text:
			out[i] = v.s
		case blob:
			out[i] = v.b
		}
	}
	return out
}

// postCursor is an open result.
type postCursor struct {
	rows  pgx.Rows
	types *pgtype.Map
	batch pgx.BatchResults // that the rows are part of; may be nil
}

func (r *postCursor) next() bool      { return r.rows.Next() }
func (r *postCursor) err() error      { return postError(r.rows.Err()) }
func (r *postCursor) columns() int    { return len(r.rows.FieldDescriptions()) }
func (r *postCursor) null(i int) bool { return r.rows.RawValues()[i] == nil }

func (r *postCursor) close() {
	r.rows.Close()
	if r.batch != nil {
		r.batch.Close() // its errors are those of the rows
	}
}

func (r *postCursor) int64(i int) (n int64, err error) {
	f, raw := r.rows.FieldDescriptions()[i], r.rows.RawValues()[i]
	if f.Format == pgx.BinaryFormatCode {
		switch {
		case f.DataTypeOID == pgtype.Int8OID && len(raw) == 8:
			return int64(binary.BigEndian.Uint64(raw)), nil
		case f.DataTypeOID == pgtype.Int4OID && len(raw) == 4:
			return int64(int32(binary.BigEndian.Uint32(raw))), nil
		case f.DataTypeOID == pgtype.BoolOID && len(raw) == 1:
			return int64(raw[0]), nil
		}
	}
	return n, r.scan(i, &n, "an integer")
}

func (r *postCursor) text(i int) (s string, err error) {
	switch r.rows.FieldDescriptions()[i].DataTypeOID {
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.NameOID:
		return string(r.rows.RawValues()[i]), nil
	}
	return s, r.scan(i, &s, "a text")
}

func (r *postCursor) bytes(i int) (b []byte, err error) {
	f, raw := r.rows.FieldDescriptions()[i], r.rows.RawValues()[i]
	switch {
	case f.DataTypeOID == pgtype.TextOID, f.DataTypeOID == pgtype.ByteaOID && f.Format == pgx.BinaryFormatCode:
		return append(make([]byte, 0, len(raw)), raw...), nil
	}
	return b, r.scan(i, &b, "bytes")
}

// scan converts the rarer types, such as the numeric of a sum. The error of the
// driver is dropped because it may quote the value.
func (r *postCursor) scan(i int, dest any, what string) error {
	f := r.rows.FieldDescriptions()[i]
	if err := r.types.Scan(f.DataTypeOID, f.Format, r.rows.RawValues()[i], dest); err != nil {
		return fmt.Errorf("column %s cannot be scanned into %s", f.Name, what)
	}
	return nil
}

// postError strips and sorts an error of PostgreSQL. Only messages of classes
// that name tables and constraints are kept: others may quote values.
func postError(err error) error {
	if err == nil {
		return nil
	}
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, pgx.ErrTxCommitRollback) {
			return err
		}
		if _, ok := errors.AsType[*engineError](err); ok {
			return err
		}
		return &engineError{class: classBusy, code: "connection", text: err.Error()}
	}
	e := &engineError{code: "SQLSTATE " + pg.Code, text: pg.Message}
	switch {
	case pg.Code == "40001" || pg.Code == "40P01":
		e.class = classRetry
	case pg.Code == "53100", len(pg.Code) == 5 && (pg.Code[:2] == "58"), pg.Code == "XX001", pg.Code == "XX002":
		e.class = classFatal
	case hasClass(pg.Code, "23"):
		e.class = classConstraint
	case hasClass(pg.Code, "08"), hasClass(pg.Code, "53"), hasClass(pg.Code, "57"), pg.Code == "55P03":
		e.class = classBusy
	case hasClass(pg.Code, "22"):
		e.text = "a value does not fit the statement or its column " + pg.ColumnName
		if pg.Code != divisionByZero {
			e.class = classConstraint
		}
	}
	return e
}

func hasClass(code, class string) bool { return len(code) == 5 && code[:2] == class }
