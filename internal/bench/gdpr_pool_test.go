package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"

	"github.com/avow-dev/avow/internal/db"
)

// A pooled is SQLite through database/sql: a pool that reads, and one of a single
// connection that writes, so that no writer meets another and waits for SQLITE_BUSY.
type pooled struct {
	size          int64 // after loading
	reads, writes *pool
}

// A pool is a database/sql pool with its prepared statements.
type pool struct {
	*sql.DB
	ready sync.Map // SQL → *sql.Stmt
}

func openPool(t testing.TB, c db.Config, size int64) engine {
	t.Helper()
	return &pooled{size: size, reads: newPool(t, c.File, gdprCallers), writes: newPool(t, c.File, 1)}
}

// newPool opens a pool of so many connections, none of which it closes on its way.
func newPool(t testing.TB, file string, conns int) *pool {
	t.Helper()
	set := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "cache_size(-16384)"}}
	d, err := driver.Open((&url.URL{Scheme: "file", Opaque: file, RawQuery: set.Encode()}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	d.SetMaxOpenConns(conns)
	d.SetMaxIdleConns(conns)
	p := &pool{DB: d}
	p.keeps(t, "journal_mode", "wal")
	p.keeps(t, "synchronous", "2")
	return p
}

// keeps checks a setting: a driver passes over one that it does not know.
func (p *pool) keeps(t testing.TB, pragma, want string) {
	t.Helper()
	var got string
	if err := p.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
		t.Fatalf("%s is %q, want %q (%v)", pragma, got, want, err)
	}
}

// stmt returns a prepared statement.
func (p *pool) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := p.ready.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.PrepareContext(ctx, numbered(text))
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	kept, there := p.ready.LoadOrStore(text, s)
	if there {
		s.Close()
	}
	return kept.(*sql.Stmt), nil
}

func (p *pooled) bytes() int64 { return p.size }

func (p *pooled) write(ctx context.Context, s *db.Statement, args ...any) error {
	return p.update(ctx, s.SQL(), args...)
}

func (p *pooled) update(ctx context.Context, text string, args ...any) error {
	s, err := p.writes.stmt(ctx, text)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, args...)
	return err
}

func (p *pooled) each(ctx context.Context, text string, arg any, fn func(scan func(...any) error) error) error {
	s, err := p.reads.stmt(ctx, text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, arg)
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
