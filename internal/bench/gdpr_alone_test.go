package bench

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
	"github.com/avow-dev/avow/internal/db"
)

// loadAlone returns a table that is used as programs use these engines: each
// operation is a transaction of its own, with a sync of its own, and every caller
// has a connection. Statements are prepared once. On SQLite readers have their own
// connections and one connection writes.
func loadAlone(t testing.TB, e db.Engine, s gdprbench.Scale) *bare {
	t.Helper()
	g := fill(t, e, s)
	size := g.bytes()
	if err := g.data.Close(); err != nil {
		t.Fatal(err)
	}
	b := &bare{TB: t, scale: s}
	if e == db.SQLite {
		b.via = openAloneLite(t, g.config.File)
	} else {
		b.via = &alonePost{conns: postConns(t, g.config), size: size}
	}
	return b
}

// An alonePost is PostgreSQL with a connection for each caller.
type alonePost struct {
	conns chan *pgx.Conn
	size  int64 // after loading
}

func postConns(t testing.TB, c db.Config) chan *pgx.Conn {
	t.Helper()
	conns := make(chan *pgx.Conn, gdprCallers)
	for range gdprCallers {
		config, err := pgx.ParseConfig(c.DSN)
		if err != nil {
			t.Fatal(err)
		}
		config.RuntimeParams["search_path"] = c.Schema
		config.RuntimeParams["synchronous_commit"] = "on"
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(context.Background()) })
		conns <- conn
	}
	return conns
}

func (a *alonePost) bytes() int64 { return a.size }

func (a *alonePost) write(ctx context.Context, s *db.Statement, args ...any) error {
	return a.update(ctx, s.SQL(), args...)
}

func (a *alonePost) update(ctx context.Context, sql string, args ...any) error {
	c := <-a.conns
	defer func() { a.conns <- c }()
	_, err := c.Exec(ctx, sql, args...)
	return err
}

func (a *alonePost) each(ctx context.Context, sql string, arg any, fn func(scan func(...any) error) error) error {
	c := <-a.conns
	defer func() { a.conns <- c }()
	rows, err := c.Query(ctx, sql, arg)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// An aloneLite is SQLite with a connection for each reader and one that writes.
type aloneLite struct {
	file    string
	readers chan *aloneConn

	mu     sync.Mutex // held by who writes
	writer *aloneConn
}

// An aloneConn is a connection with its prepared statements.
type aloneConn struct {
	c     *sqlite3.Conn
	ready map[string]*sqlite3.Stmt
}

func openAloneLite(t testing.TB, file string) *aloneLite {
	t.Helper()
	a := &aloneLite{file: file, readers: make(chan *aloneConn, gdprCallers)}
	open := func() *aloneConn {
		c, err := sqlite3.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		err = errors.Join(c.BusyTimeout(5*time.Second), c.Exec("PRAGMA journal_mode = wal"), c.Exec("PRAGMA synchronous = FULL"), c.Exec("PRAGMA cache_size = -16384"))
		if err != nil {
			t.Fatal(err)
		}
		return &aloneConn{c: c, ready: map[string]*sqlite3.Stmt{}}
	}
	a.writer = open()
	for range gdprCallers {
		a.readers <- open()
	}
	return a
}

// stmt returns a prepared statement with its arguments bound.
func (c *aloneConn) stmt(sql string, args []any) (*sqlite3.Stmt, error) {
	s := c.ready[sql]
	if s == nil {
		var err error
		// SQLite numbers $1 by its first appearance, and ?1 by its number.
		if s, _, err = c.c.PrepareFlags(strings.ReplaceAll(sql, "$", "?"), sqlite3.PREPARE_PERSISTENT); err != nil {
			return nil, err
		}
		c.ready[sql] = s
	}
	for i, arg := range args {
		var err error
		switch arg := arg.(type) {
		case int64:
			err = s.BindInt64(i+1, arg)
		case string:
			err = s.BindText(i+1, arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (a *aloneLite) bytes() int64 {
	info, err := os.Stat(a.file)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (a *aloneLite) write(ctx context.Context, s *db.Statement, args ...any) error {
	return a.update(ctx, s.SQL(), args...)
}

func (a *aloneLite) update(_ context.Context, sql string, args ...any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, err := a.writer.stmt(sql, args)
	if err != nil {
		return err
	}
	return s.Exec()
}

func (a *aloneLite) each(_ context.Context, sql string, arg any, fn func(scan func(...any) error) error) error {
	c := <-a.readers
	defer func() { a.readers <- c }()
	s, err := c.stmt(sql, []any{arg})
	if err != nil {
		return err
	}
	defer s.Reset()
	scan := func(dest ...any) error {
		for i, d := range dest {
			switch d := d.(type) {
			case *int64:
				*d = s.ColumnInt64(i)
			case *string:
				*d = s.ColumnText(i)
			}
		}
		return nil
	}
	for s.Step() {
		if err := fn(scan); err != nil {
			return err
		}
	}
	return s.Err()
}
