package dbtest

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/jackc/pgx/v5"
)

// Start returns the business time at which test databases begin.
func Start() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// A Clock is business time that a test moves. It stands still in between; a
// database still gives out a later microsecond each time.
type Clock struct {
	mu  sync.Mutex
	now time.Time // owned by mu
}

// NewClock returns a clock that shows Start.
func NewClock() *Clock { return &Clock{now: Start()} }

// Now returns what the clock shows: pass it as db.Config.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Each runs fn once for each engine, on a database of the store as Config has it, whose
// business time begins at Start.
func Each(t *testing.T, store db.Store, fn func(*testing.T, *db.DB)) {
	t.Helper()
	EachConfig(t, store, func(t *testing.T, c db.Config) { fn(t, open(t, c)) })
}

// EachConfig runs fn once for each engine with the configuration of a database as
// Config has it that is not open yet, for tests that open it more than once.
func EachConfig(t *testing.T, store db.Store, fn func(*testing.T, db.Config)) {
	t.Helper()
	each(t, func(t *testing.T, e db.Engine) { fn(t, Config(t, e, store)) })
}

// EachNew is EachConfig with databases that are not there yet.
func EachNew(t *testing.T, store db.Store, fn func(*testing.T, db.Config)) {
	t.Helper()
	each(t, func(t *testing.T, e db.Engine) { fn(t, New(t, e, store)) })
}

func each(t *testing.T, fn func(*testing.T, db.Engine)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(t, engine) })
	}
}

// Open opens a database as Config has it, which is closed when the test ends.
func Open(t testing.TB, engine db.Engine, store db.Store) *db.DB {
	t.Helper()
	return open(t, Config(t, engine, store))
}

func open(t testing.TB, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Config returns the configuration of a database that holds nothing but what
// migrations write: a file in the test's directory that is still to be made, or a
// schema that was migrated before and is lent until the test ends.
func Config(t testing.TB, engine db.Engine, store db.Store) db.Config {
	t.Helper()
	if engine == db.SQLite {
		return New(t, engine, store)
	}
	c := db.Config{Engine: engine, Store: store, Clock: NewClock().Now, DSN: server(t, store)}
	c.Schema = borrow(t, c.DSN, store)
	return c
}

// New is Config for a database that is not there yet, on either engine: for tests
// of how one is made, and for those that change its tables or cut its connections.
func New(t testing.TB, engine db.Engine, store db.Store) db.Config {
	t.Helper()
	c := db.Config{Engine: engine, Store: store, Clock: NewClock().Now}
	if engine == db.SQLite {
		c.File = filepath.Join(t.TempDir(), string(store)+".db")
		return c
	}
	c.DSN = server(t, store)
	c.Schema = "avow_" + strings.ToLower(rand.Text()[:16])
	t.Cleanup(func() { drop(t, c) })
	return c
}

// server returns the connection string of the cluster for a store.
func server(t testing.TB, store db.Store) string {
	t.Helper()
	name := "AVOW_TEST_POSTGRES"
	if store == db.Keys {
		name = "AVOW_TEST_POSTGRES_KEYS"
	}
	dsn := os.Getenv(name)
	if dsn == "" && testing.Short() {
		t.Skip("-short leaves PostgreSQL out: " + name + " is not set")
	}
	if dsn == "" {
		t.Fatalf("%s is not set: run `make test`, which starts the PostgreSQL servers for tests", name)
	}
	return dsn
}

func drop(t testing.TB, c db.Config) {
	ctx := context.Background() // the test's own has ended
	conn, err := pgx.Connect(ctx, c.DSN)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{c.Schema}.Sanitize()+" CASCADE"); err != nil {
		t.Error(err)
	}
}
