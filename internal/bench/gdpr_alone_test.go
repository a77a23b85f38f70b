package bench

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
	"github.com/avow-dev/avow/internal/db"
)

// A way is how a program uses a table: each operation is a transaction of its own,
// with a sync of its own, and every caller has a connection. Statements are prepared
// once. size is how many bytes the table took when it was filled.
type way func(t testing.TB, c db.Config, size int64) engine

// usual is how most Go programs use an engine: SQLite through database/sql,
// PostgreSQL through pgx. The targets are set against this.
func usual(e db.Engine) way {
	if e == db.SQLite {
		return openPool
	}
	return openPost
}

// loadBare returns a table that is used in a way.
func loadBare(t testing.TB, e db.Engine, s gdprbench.Scale, open way) *bare {
	t.Helper()
	g := fill(t, e, s)
	size := g.bytes()
	if err := g.data.Close(); err != nil {
		t.Fatal(err)
	}
	return &bare{TB: t, scale: s, via: open(t, g.config, size)}
}

// A post is PostgreSQL with a connection for each caller.
type post struct {
	conns chan *pgx.Conn
	size  int64 // after loading
}

func openPost(t testing.TB, c db.Config, size int64) engine {
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
	return &post{conns, size}
}

func (p *post) bytes() int64 { return p.size }

func (p *post) write(ctx context.Context, s *db.Statement, args ...any) error {
	return p.update(ctx, s.SQL(), args...)
}

func (p *post) update(ctx context.Context, sql string, args ...any) error {
	c := <-p.conns
	defer func() { p.conns <- c }()
	_, err := c.Exec(ctx, sql, args...)
	return err
}

func (p *post) each(ctx context.Context, sql string, arg any, fn func(scan func(...any) error) error) error {
	c := <-p.conns
	defer func() { p.conns <- c }()
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

// A native is SQLite through the engine's own interface, with a connection and its
// prepared statements for each reader and for the one that writes. Few programs hold
// these themselves; it shows what database/sql costs.
type native struct {
	size    int64 // after loading
	readers chan *nativeConn

	mu     sync.Mutex // held by who writes
	writer *nativeConn
}

// A nativeConn is a connection with its prepared statements.
type nativeConn struct {
	c     *sqlite3.Conn
	ready map[string]*sqlite3.Stmt
}

func openNative(t testing.TB, config db.Config, size int64) engine {
	t.Helper()
	a := &native{size: size, readers: make(chan *nativeConn, gdprCallers)}
	open := func() *nativeConn {
		c, err := sqlite3.Open(config.File)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		err = errors.Join(c.BusyTimeout(5*time.Second), c.Exec("PRAGMA journal_mode = wal"), c.Exec("PRAGMA synchronous = FULL"), c.Exec("PRAGMA cache_size = -16384"))
		if err != nil {
			t.Fatal(err)
		}
		return &nativeConn{c: c, ready: map[string]*sqlite3.Stmt{}}
	}
	a.writer = open()
	for range gdprCallers {
		a.readers <- open()
	}
	return a
}

// numbered is a statement for SQLite, which numbers $1 by its first appearance, and
// ?1 by its number.
func numbered(sql string) string { return strings.ReplaceAll(sql, "$", "?") }

// stmt returns a prepared statement with its arguments bound.
func (c *nativeConn) stmt(sql string, args []any) (*sqlite3.Stmt, error) {
	s := c.ready[sql]
	if s == nil {
		var err error
		if s, _, err = c.c.PrepareFlags(numbered(sql), sqlite3.PREPARE_PERSISTENT); err != nil {
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

func (a *native) bytes() int64 { return a.size }

func (a *native) write(ctx context.Context, s *db.Statement, args ...any) error {
	return a.update(ctx, s.SQL(), args...)
}

func (a *native) update(_ context.Context, sql string, args ...any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, err := a.writer.stmt(sql, args)
	if err != nil {
		return err
	}
	return s.Exec()
}

func (a *native) each(_ context.Context, sql string, arg any, fn func(scan func(...any) error) error) error {
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
