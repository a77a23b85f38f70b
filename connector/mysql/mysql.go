package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/relational"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
)

// dialing is how long a connection may take to make, if the connection string
// does not say.
const dialing = 10 * time.Second

// settings are those of every connection, whatever the server's defaults are. Times
// are seconds: lock_wait_timeout is for tables that are being altered, the other for
// rows; net_write_timeout is how long the server waits for us to read on.
const settings = `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', foreign_key_checks = 1, unique_checks = 1,
	sql_safe_updates = 0, sql_big_selects = 1, sql_select_limit = 18446744073709551615, innodb_lock_wait_timeout = 10, lock_wait_timeout = 10, net_write_timeout = 600`

// Config says which database, under which map.
type Config struct {
	DSN      string // as the driver reads it: user:password@tcp(host:port)/database?tls=true
	Map      *datamap.Map
	Progress func(connector.Progress) // may be nil
}

// Open returns the system. It connects with the first call.
func Open(_ context.Context, c Config) (connector.System, error) {
	cfg, err := mysql.ParseDSN(c.DSN)
	if err != nil || cfg.DBName == "" {
		return nil, fault.New(fault.Invalid, "system %s: the connection string cannot be read: write user:password@tcp(host:port)/database, and ?tls=true behind it for TLS", c.Map.System)
	}
	cfg.InterpolateParams, cfg.ClientFoundRows = true, true
	cfg.ParseTime, cfg.MultiStatements, cfg.AllowAllFiles, cfg.ColumnsWithAlias = false, false, false, false
	cfg.MaxAllowedPacket = 0 // what the server takes
	cfg.Logger = &mysql.NopLogger{}
	cfg.Collation = "utf8mb4_general_ci" // the one that both servers have
	if cfg.Timeout == 0 {
		cfg.Timeout = dialing
	}
	if cfg.TLSConfig == "" && cfg.Net != "unix" {
		cfg.TLSConfig = "preferred"
	}
	dial, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fault.New(fault.Invalid, "system %s: the connection string asks for something that is not there: check tls and the parameters", c.Map.System)
	}
	return relational.New(&engine{dial: dial, address: cfg.Addr, name: cfg.DBName, vacuum: c.Map.Vacuum}, c.Map, c.Progress)
}

type engine struct {
	dialect
	dial    driver.Connector
	address string
	name    string // of the database: its tables are named without prefix
	vacuum  bool
}

func (e *engine) Kind() string { return "mysql" }

func (e *engine) Close() error { return nil }

// connect returns a connection of its own, prepared, and what ends it.
func (e *engine) connect(ctx context.Context) (*session, func(), error) {
	db := sql.OpenDB(e.dial)
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return nil, nil, fault.New(fault.Busy, "MySQL at %s cannot be reached or refuses the role: check address, role, password and TLS", e.address)
	}
	s := &session{conn: conn, name: e.name}
	done := func() { conn.Close(); db.Close() } // what is not committed is rolled back by the server
	if err := s.prepare(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return s, done, nil
}

// View implements [relational.Engine].
func (e *engine) View(ctx context.Context, fn func(relational.Session) error) error {
	return e.in(ctx, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", fn)
}

// Change implements [relational.Engine].
func (e *engine) Change(ctx context.Context, fn func(relational.Session) error) error {
	return e.in(ctx, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ WRITE", fn)
}

func (e *engine) in(ctx context.Context, begin string, fn func(relational.Session) error) error {
	s, done, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := s.Exec(ctx, begin, nil); err != nil {
		return err
	}
	if err := fn(s); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = s.Exec(ctx, "COMMIT", nil)
	return err
}

// Settle implements [relational.Engine].
func (e *engine) Settle(ctx context.Context, touched []*relational.Table) []string {
	if len(touched) == 0 {
		return nil
	}
	names := relational.Names(touched)
	const elsewhere = "copies in its binary log and replicas until those expire"
	left := "MySQL keeps the old rows of " + names + " on disk until their pages are written anew, and " + elsewhere
	if !e.vacuum {
		return []string{left}
	}
	s, done, err := e.connect(ctx)
	if err != nil {
		return []string{left}
	}
	defer done()
	for _, t := range touched {
		failed := false
		err := s.Query(ctx, "OPTIMIZE TABLE "+t.Target, nil, func(v []relational.Value) error {
			failed = failed || strings.EqualFold(v[2].Str, "error")
			return nil
		})
		if err != nil || failed {
			return []string{left}
		}
	}
	return []string{"the tables " + names + " were rebuilt without the old rows; MySQL keeps " + elsewhere}
}
