package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/relational"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
)

// patience is how long a call waits for a lock that another process holds, if its
// context leaves so much time.
const patience = 5 * time.Second

// Config says which file, under which map.
type Config struct {
	File     string
	Map      *datamap.Map
	Progress func(connector.Progress) // may be nil
}

// Open returns the system. The file is first opened by the first call.
func Open(_ context.Context, c Config) (connector.System, error) {
	if c.File == "" {
		return nil, fault.New(fault.Invalid, "system %s: the path of the SQLite file is missing", c.Map.System)
	}
	return relational.New(&engine{file: c.File, vacuum: c.Map.Vacuum}, c.Map, c.Progress)
}

type engine struct {
	dialect
	file   string
	vacuum bool
}

func (e *engine) Kind() string { return "sqlite" }

func (e *engine) Close() error { return nil }

func (e *engine) open(ctx context.Context, flags sqlite3.OpenFlag, pragmas string) (*sqlite3.Conn, error) {
	if info, err := os.Stat(e.file); err != nil || info.IsDir() {
		return nil, fault.New(fault.Busy, "the SQLite file %s cannot be read", e.file)
	}
	conn, err := sqlite3.OpenFlags(e.file, flags)
	if err != nil {
		return nil, clean(err)
	}
	conn.SetInterrupt(ctx)
	wait := patience
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end)/2)
	}
	err = conn.BusyTimeout(wait)
	if err == nil {
		err = conn.Exec(pragmas)
	}
	if err != nil {
		conn.Close()
		return nil, clean(err)
	}
	return conn, nil
}

// View implements [relational.Engine].
func (e *engine) View(ctx context.Context, fn func(relational.Session) error) error {
	conn, err := e.open(ctx, sqlite3.OPEN_READONLY, "PRAGMA query_only = ON; BEGIN")
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(&session{conn})
}

// Change implements [relational.Engine].
func (e *engine) Change(ctx context.Context, fn func(relational.Session) error) (err error) {
	conn, err := e.open(ctx, sqlite3.OPEN_READWRITE, "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")
	if err != nil {
		return err
	}
	defer conn.Close() // rolls back what is not committed
	if err := fn(&session{conn}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return clean(conn.Exec("COMMIT"))
}

// Settle implements [relational.Engine]. secure_delete has overwritten what was
// deleted, but pages also hold copies of rows that SQLite moved earlier: only a
// VACUUM, which writes the file anew, ends those. Then the write-ahead log is
// truncated.
func (e *engine) Settle(ctx context.Context, touched []*relational.Table) (notes []string) {
	if len(touched) == 0 {
		return nil
	}
	conn, err := e.open(ctx, sqlite3.OPEN_READWRITE, "PRAGMA secure_delete = ON")
	if err != nil {
		return []string{unsettled}
	}
	defer conn.Close()
	switch {
	case !e.vacuum:
		notes = append(notes, "free space inside the file may hold copies of rows that SQLite moved before; VACUUM ends them (vacuum: true in the map does it after each erasure)")
	case conn.Exec("VACUUM") != nil:
		notes = append(notes, "the file could not be vacuumed, because another process was using it: free space inside it may hold copies of rows that SQLite moved before")
	}
	mode, busy := "", true
	s := &session{conn}
	err = s.Query(ctx, "PRAGMA journal_mode", nil, func(v []relational.Value) error { mode = v[0].Str; return nil })
	if err == nil && mode != "wal" {
		return append(notes, fmt.Sprintf("the file uses a rollback journal (%s): the disk blocks of the ended journal are the file system's", mode))
	}
	err = s.Query(ctx, "PRAGMA wal_checkpoint(TRUNCATE)", nil, func(v []relational.Value) error { busy = v[0].Int != 0; return nil })
	if err != nil || busy {
		notes = append(notes, unsettled)
	}
	return notes
}

const unsettled = "the write-ahead log could not be truncated, because another process was reading: it keeps old bytes until its next checkpoint"

// session runs statements on a connection.
type session struct{ conn *sqlite3.Conn }

func (s *session) prepare(ctx context.Context, sql string, args []relational.Value) (*sqlite3.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	stmt, _, err := s.conn.Prepare(sql)
	if err != nil {
		return nil, clean(err)
	}
	for i, a := range args {
		switch a.Kind {
		case relational.Null:
			err = stmt.BindNull(i + 1)
		case relational.Int:
			err = stmt.BindInt64(i+1, a.Int)
		case relational.Real:
			err = stmt.BindFloat(i+1, a.Real)
		case relational.Text:
			err = stmt.BindText(i+1, a.Str)
		case relational.Blob:
			err = stmt.BindBlob(i+1, []byte(a.Str))
		}
		if err != nil {
			stmt.Close()
			return nil, clean(err)
		}
	}
	return stmt, nil
}

// Query implements [relational.Session].
func (s *session) Query(ctx context.Context, sql string, args []relational.Value, row func([]relational.Value) error) error {
	stmt, err := s.prepare(ctx, sql, args)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for stmt.Step() {
		values := make([]relational.Value, stmt.ColumnCount())
		for i := range values {
			values[i] = column(stmt, i)
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return clean(stmt.Err())
}

func column(stmt *sqlite3.Stmt, i int) relational.Value {
	switch stmt.ColumnType(i) {
	case sqlite3.INTEGER:
		return relational.IntValue(stmt.ColumnInt64(i))
	case sqlite3.FLOAT:
		return relational.Value{Kind: relational.Real, Real: stmt.ColumnFloat(i)}
	case sqlite3.TEXT:
		return relational.TextValue(stmt.ColumnText(i))
	case sqlite3.BLOB:
		return relational.Value{Kind: relational.Blob, Str: string(stmt.ColumnRawBlob(i))}
	}
	return relational.Value{}
}

// Exec implements [relational.Session].
func (s *session) Exec(ctx context.Context, sql string, args []relational.Value) (int64, error) {
	stmt, err := s.prepare(ctx, sql, args)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	if err := stmt.Exec(); err != nil {
		return 0, clean(err)
	}
	return s.conn.Changes(), nil
}

var constraintPattern = regexp.MustCompile(`(UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(: [A-Za-z0-9_$., ]+)?$`)

// clean turns an error of SQLite into a fault without values: the text of a
// trigger's RAISE or of a CHECK may hold them, so only codes and the names in a
// violated constraint pass.
func clean(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || fault.Of(err) != fault.Internal {
		return err
	}
	code, ok := errors.AsType[sqlite3.ErrorCode](err)
	if !ok {
		return fault.New(fault.Internal, "SQLite failed")
	}
	what := strings.TrimPrefix(code.Error(), "sqlite3: ")
	switch code {
	case sqlite3.INTERRUPT:
		return context.Canceled
	case sqlite3.BUSY, sqlite3.LOCKED:
		return fault.New(fault.Busy, "the SQLite file is locked by another process (%s): try again", what)
	case sqlite3.CONSTRAINT:
		if named := constraintPattern.FindString(err.Error()); named != "" {
			what = named
		}
		return fault.New(fault.Conflict, "SQLite refused the change: %s. Nothing was done", what)
	case sqlite3.CANTOPEN, sqlite3.NOTADB, sqlite3.READONLY, sqlite3.PERM, sqlite3.AUTH:
		return fault.New(fault.Busy, "the SQLite file cannot be used: %s", what)
	}
	return fault.New(fault.Internal, "SQLite failed: %s", what)
}
