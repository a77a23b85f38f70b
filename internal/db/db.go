package db

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/trace"
)

// An Engine is a database engine that avow runs on.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"   // embedded, one node
	Postgres Engine = "postgres" // PostgreSQL 15 or later, one or more nodes
)

// A Store says what a database is for, and so which migrations it takes.
type Store string

// The stores.
const (
	Data   Store = "data"   // a platform's ledgers and sealed values
	Keys   Store = "keys"   // a platform's keys; apart from Data (I-7)
	Server Store = "server" // staff and server settings (I-8)
)

// Config says which database to open.
type Config struct {
	Engine Engine
	Store  Store

	File   string // SQLite: the path of the database file; created with mode 0600
	DSN    string // PostgreSQL: connection string
	Schema string // PostgreSQL: a schema of its own, created when missing

	// Clock gives business time. Nil is the engine's clock (PostgreSQL: the
	// server's). Tests and the demo move it; it must never wait.
	Clock func() time.Time

	// Readers bounds the connections for reading (and, on PostgreSQL, for Tx).
	// 0 is a sensible number.
	Readers int

	// VFS names a registered SQLite file layer, for tests that fail the disk.
	VFS string
}

// A DB is an open, migrated database. It is safe for concurrent use.
type DB struct {
	config  Config
	engine  engine
	clock   clock
	stop    stop
	acts    atomic.Uint64
	numbers sync.Map  // name → *sequence
	loads   sync.Pool // of *load
	askers  askers
}

// engine is what differs between SQLite and PostgreSQL.
type engine interface {
	commit(context.Context, *Act) error
	tx(ctx context.Context, bulk bool, fn func(*Tx) error) error
	read(ctx context.Context, single bool, fn func(*Snapshot) error) error
	ask(context.Context, []*asking) error // one outcome for all
	durable(context.Context) error        // all that was read is on the disk
	prepare(ctx context.Context, sql string) error
	identity(context.Context) (string, error)
	checkpoint(context.Context) error
	checkpointSoon()
	backup(ctx context.Context, file string, progress func(done, total int)) error
	realTime() (sql string) // an SQL expression or $4 for the parameter
	close() error
}

// Open opens, checks and migrates a database. It refuses settings under which a
// commit would not be durable or a deleted row would stay on the disk.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{config: c}
	d.stop.init()
	d.clock.source = c.Clock
	var err error
	switch c.Engine {
	case SQLite:
		err = d.openLite(ctx)
	case Postgres:
		err = d.openPostgres(ctx)
	default:
		err = fault.New(fault.Invalid, "database engine %q: use %q or %q", c.Engine, SQLite, Postgres)
	}
	if err != nil {
		return nil, fmt.Errorf("db open %s: %w", c.Store, err)
	}
	return d, nil
}

// Close waits for the writes that have begun, refuses the others and closes the
// database.
func (d *DB) Close() error { return d.engine.close() }

// Engine returns the engine.
func (d *DB) Engine() Engine { return d.config.Engine }

// Now returns the business time: UTC, in whole microseconds, later than every
// time this DB has returned before, in an act or a transaction too.
func (d *DB) Now() time.Time { return d.clock.now() }

// NotBefore makes business time go on after t, which an earlier life has given
// out: the machine's clock may have been set back meanwhile (I-5).
func (d *DB) NotBefore(t time.Time) { d.clock.notBefore(t.UnixMicro()) }

// Failed is closed at the first failed commit, sync or disk error. The node must
// stop: nothing is written any more.
func (d *DB) Failed() <-chan struct{} { return d.stop.failed }

// Err returns why the database has stopped writing, or nil while it has not.
func (d *DB) Err() error { return d.stop.err() }

// Identity returns what tells this database's place from another: the
// system_identifier of a PostgreSQL cluster, device and inode of a SQLite file.
func (d *DB) Identity(ctx context.Context) (string, error) { return d.engine.identity(ctx) }

// Prepare returns an error when the engine does not accept statement sql.
func (d *DB) Prepare(ctx context.Context, sql string) error { return d.engine.prepare(ctx, sql) }

// Checkpoint removes from SQLite's write-ahead log what is in the database file,
// and empties it (I-7). On PostgreSQL the server does that in its own time.
func (d *DB) Checkpoint(ctx context.Context) error { return d.engine.checkpoint(ctx) }

// CheckpointSoon has done what [DB.Checkpoint] does, within a second, without
// waiting for it: once for everybody who asked meanwhile. A reader that holds an
// old snapshot puts it off. After a crash it is done within a second of Open.
func (d *DB) CheckpointSoon() { d.engine.checkpointSoon() }

// Backup writes a consistent copy of a SQLite database to a new file of mode
// 0600, while writing goes on. progress may be nil; it counts pages. PostgreSQL
// gives fault.Invalid: its archive is made by pg_dump.
func (d *DB) Backup(ctx context.Context, file string, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	return d.engine.backup(ctx, file, progress)
}

// Read runs fn on one consistent snapshot, on a connection that cannot write.
func (d *DB) Read(ctx context.Context, fn func(*Snapshot) error) error {
	return d.heard(ctx, d.engine.read(ctx, false, fn))
}

// heard waits until all that was read is on the disk, whatever came of it: an error of
// the reader's own tells of it too.
func (d *DB) heard(ctx context.Context, err error) error {
	if e := d.engine.durable(ctx); e != nil {
		return e
	}
	return err
}

// Look is Read for one query: a statement is a snapshot of its own, so no
// transaction is begun around it, which saves half of its cost on SQLite and a
// round trip on PostgreSQL. A second query is an error.
func (d *DB) Look(ctx context.Context, fn func(*Snapshot) error) error {
	return d.heard(ctx, d.Ahead(ctx, fn))
}

// Ahead is Look at what may not be on the disk yet, and which a power cut could take
// back: nobody may hear of it before [DB.Durable] has returned nil, or [DB.Commit] of an
// act that began to be committed afterwards.
func (d *DB) Ahead(ctx context.Context, fn func(*Snapshot) error) error {
	return d.engine.read(ctx, true, fn)
}

// Durable returns nil once all that was read before is on the disk.
func (d *DB) Durable(ctx context.Context) error { return d.engine.durable(ctx) }

// Tx runs fn in a transaction and commits when fn returns nil. fn may be run
// again after a serialization failure or a deadlock, so it has no effect but
// through the Tx. Inside it, no other method of the DB that writes may be
// called: take numbers before.
func (d *DB) Tx(ctx context.Context, fn func(*Tx) error) error {
	ctx, span := trace.Start(ctx, "transaction")
	defer span.End()
	return d.engine.tx(ctx, false, fn)
}

// Bulk is Tx of low priority, for sweeps: it begins when nobody else waits, or
// after many have gone before. Write at most 500 rows in a call, so that nobody
// waits long behind it.
func (d *DB) Bulk(ctx context.Context, fn func(*Tx) error) error {
	return d.engine.tx(ctx, true, fn)
}
