package dbtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/internal/db"
)

// lenders are the servers that schemas are borrowed from. To make the tables of a store
// and to drop them takes PostgreSQL longer than most tests take: a schema is emptied
// instead, and serves the next test, of whatever process.
var lenders = struct {
	mu sync.Mutex
	by map[string]*lender // by connection string; owned by mu
}{by: map[string]*lender{}}

// A lender lends the schemas of a server. Who has a lock on the name of one has the
// schema, so that a process gives all of them back however it ends.
type lender struct {
	mu    sync.Mutex
	conn  *pgx.Conn       // open as long as the process
	lent  map[string]bool // owned by mu
	known map[string]bool // to have this program's tables; owned by mu
}

// borrow returns the name of a schema with the tables of a store and what its migrations
// wrote, and nothing else. It is the test's alone until it ends.
func borrow(t testing.TB, dsn string, store db.Store) string {
	t.Helper()
	l, err := lenderOf(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name, err := l.lend(db.Config{Engine: db.Postgres, Store: store, DSN: dsn})
	if name != "" {
		t.Cleanup(func() {
			if err := l.takeBack(name); err != nil {
				t.Error(err)
			}
		})
	}
	if err != nil {
		t.Fatalf("schema %s: %v", name, err)
	}
	return name
}

func lenderOf(dsn string) (*lender, error) {
	lenders.mu.Lock()
	defer lenders.mu.Unlock()
	if l := lenders.by[dsn]; l != nil {
		return l, nil
	}
	ctx := context.Background() // it serves other tests too
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, spareFunctions); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	l := &lender{conn: conn, lent: map[string]bool{}, known: map[string]bool{}}
	lenders.by[dsn] = l
	return l, nil
}

// lend locks the first schema that is free, and prepares it.
func (l *lender) lend(c db.Config) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := 0; ; n++ {
		c.Schema = fmt.Sprintf("avow_spare_%s_%d", c.Store, n)
		switch free, err := l.lock(c.Schema); {
		case err != nil:
			return "", err
		case free:
			return c.Schema, l.prepare(c)
		}
	}
}

// lock takes a schema, unless somebody has it, or still works in it: of a connection
// that was cut off the server is the last to hear.
func (l *lender) lock(name string) (free bool, err error) {
	ctx := context.Background()
	if l.lent[name] {
		return false, nil
	}
	if err := l.conn.QueryRow(ctx, lockSpare, name).Scan(&free); err != nil || !free {
		return false, err
	}
	l.lent[name] = true
	var busy bool
	if err := l.conn.QueryRow(ctx, busySpare, name).Scan(&busy); err != nil {
		return false, err
	}
	if busy {
		return false, l.unlock(name)
	}
	return true, nil
}

func (l *lender) unlock(name string) error {
	delete(l.lent, name)
	_, err := l.conn.Exec(context.Background(), freeSpare, name)
	return err
}

func (l *lender) takeBack(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unlock(name)
}

// prepare leaves a schema as migrations leave it: emptied, or made anew where it is not
// there, was changed by a test, or was made by another version of the program.
func (l *lender) prepare(c db.Config) error {
	ctx, seed := context.Background(), c.Schema+"_seed"
	var emptied bool
	if err := l.conn.QueryRow(ctx, emptySpare, c.Schema, seed).Scan(&emptied); err != nil {
		return err
	}
	if emptied && (l.known[c.Schema] || migrate(ctx, c) == nil) {
		l.known[c.Schema] = true
		return nil
	}
	if _, err := l.conn.Exec(ctx, dropSpare, c.Schema, seed); err != nil {
		return err
	}
	if err := migrate(ctx, c); err != nil {
		return err
	}
	l.known[c.Schema] = true
	_, err := l.conn.Exec(ctx, keepSpare, c.Schema, seed)
	return err
}

func migrate(ctx context.Context, c db.Config) error {
	d, err := db.Open(ctx, c)
	if err != nil {
		return err
	}
	return d.Close()
}
