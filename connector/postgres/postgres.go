package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/relational"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
)

// closing is how long closing a connection may take.
const closing = 5 * time.Second

// Config says which database, under which map.
type Config struct {
	DSN      string // as pgx reads it; may name a role of its own
	Map      *datamap.Map
	Progress func(connector.Progress) // may be nil
}

// Open returns the system. It connects with the first call.
func Open(_ context.Context, c Config) (connector.System, error) {
	cfg, err := pgx.ParseConfig(c.DSN)
	if err != nil {
		return nil, fault.New(fault.Invalid, "system %s: the connection string cannot be read: write postgres://user@host:port/database or key=value pairs", c.Map.System)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	for name, value := range map[string]string{
		"application_name": "avow", "timezone": "UTC", "datestyle": "ISO, YMD", "intervalstyle": "postgres",
		"bytea_output": "hex", "client_encoding": "UTF8", "standard_conforming_strings": "on",
	} {
		cfg.RuntimeParams[name] = value
	}
	schema := c.Map.Schema
	if schema == "" {
		schema = "public"
	}
	return relational.New(&engine{cfg: cfg, schema: schema, vacuum: c.Map.Vacuum}, c.Map, c.Progress)
}

type engine struct {
	dialect
	cfg    *pgx.ConnConfig
	schema string // its tables are named without prefix
	vacuum bool
}

func (e *engine) Kind() string { return "postgres" }

func (e *engine) Close() error { return nil }

func (e *engine) connect(ctx context.Context) (*pgx.Conn, func(), error) {
	conn, err := pgx.ConnectConfig(ctx, e.cfg)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return nil, nil, fault.New(fault.Busy, "PostgreSQL at %s:%d cannot be reached or refuses the role: check address, role and password", e.cfg.Host, e.cfg.Port)
	}
	return conn, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		_ = conn.Close(ctx) // what is not committed is rolled back by the server
	}, nil
}

// View implements [relational.Engine].
func (e *engine) View(ctx context.Context, fn func(relational.Session) error) error {
	return e.in(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", fn)
}

// Change implements [relational.Engine].
func (e *engine) Change(ctx context.Context, fn func(relational.Session) error) error {
	return e.in(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ; SET CONSTRAINTS ALL DEFERRED", fn)
}

func (e *engine) in(ctx context.Context, begin string, fn func(relational.Session) error) error {
	conn, done, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer done()
	for stmt := range strings.SplitSeq(begin, ";") {
		if _, err := conn.Exec(ctx, stmt); err != nil {
			return clean(ctx, err)
		}
	}
	if err := fn(&session{conn, e.schema}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tag, err := conn.Exec(ctx, "COMMIT")
	if err == nil && tag.String() != "COMMIT" {
		return fault.New(fault.Conflict, "PostgreSQL rolled the transaction back. Nothing was done")
	}
	return clean(ctx, err)
}

// Settle implements [relational.Engine].
func (e *engine) Settle(ctx context.Context, touched []*relational.Table) []string {
	if len(touched) == 0 {
		return nil
	}
	names := relational.Names(touched)
	left := "PostgreSQL keeps the old row versions of " + names + " on disk until they are vacuumed, and copies in its write-ahead log and replicas until those are recycled"
	if !e.vacuum {
		return []string{left}
	}
	conn, done, err := e.connect(ctx)
	if err != nil {
		return []string{left}
	}
	defer done()
	for _, t := range touched {
		if _, err := conn.Exec(ctx, "VACUUM "+strings.TrimPrefix(t.Target, "ONLY ")); err != nil {
			return []string{left}
		}
	}
	return []string{"the old row versions of " + names + " were vacuumed unless another transaction still needed them; PostgreSQL keeps copies in its write-ahead log and replicas until those are recycled"}
}

// session runs statements on a connection.
type session struct {
	conn   *pgx.Conn
	schema string
}

// args turns values into what pgx sends as text.
func args(values []relational.Value) []any {
	out := make([]any, len(values))
	for i, v := range values {
		if v.Kind != relational.Null {
			out[i] = v.Plain()
		}
	}
	return out
}

// Query implements [relational.Session]. Integers are read as such and everything
// else as text.
func (s *session) Query(ctx context.Context, sql string, values []relational.Value, row func([]relational.Value) error) error {
	rows, err := s.conn.Query(ctx, sql, args(values)...)
	if err != nil {
		return clean(ctx, err)
	}
	defer rows.Close()
	fields := rows.FieldDescriptions()
	for rows.Next() {
		raw := rows.RawValues()
		out := make([]relational.Value, len(raw))
		for i, b := range raw {
			if b != nil {
				out[i] = value(fields[i].DataTypeOID, b)
			}
		}
		if err := row(out); err != nil {
			return err
		}
	}
	return clean(ctx, rows.Err())
}

// The object ids of PostgreSQL's integer types.
const (
	int8OID = 20
	int2OID = 21
	int4OID = 23
)

func value(oid uint32, text []byte) relational.Value {
	if oid == int8OID || oid == int4OID || oid == int2OID {
		if i, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			return relational.IntValue(i)
		}
	}
	return relational.TextValue(string(text))
}

// Exec implements [relational.Session].
func (s *session) Exec(ctx context.Context, sql string, values []relational.Value) (int64, error) {
	tag, err := s.conn.Exec(ctx, sql, args(values)...)
	if err != nil {
		return 0, clean(ctx, err)
	}
	return tag.RowsAffected(), nil
}

// clean turns an error of PostgreSQL into a fault without values. Message and
// detail repeat values ("Key (email)=(…) already exists", "invalid input syntax
// …"), so only the code and the names of table, column and constraint pass.
func clean(ctx context.Context, err error) error {
	if err == nil || fault.Of(err) != fault.Internal {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return fault.New(fault.Busy, "the connection to PostgreSQL broke: try again")
	}
	what := "code " + e.Code
	for _, n := range []struct{ kind, name string }{{"table", e.TableName}, {"column", e.ColumnName}, {"constraint", e.ConstraintName}} {
		if n.name != "" {
			what += fmt.Sprintf(", %s %s", n.kind, n.name)
		}
	}
	switch e.Code[:2] {
	case "23":
		return fault.New(fault.Conflict, "PostgreSQL refused the change (%s). Nothing was done", what)
	case "40", "53", "55", "57":
		return fault.New(fault.Busy, "PostgreSQL could not do it now (%s): try again", what)
	case "28", "3D":
		return fault.New(fault.Busy, "PostgreSQL refuses the connection (%s)", what)
	}
	if e.Code == "42501" {
		return fault.New(fault.Invalid, "the role may not do this (%s): grant SELECT on every table, and UPDATE and DELETE on mapped ones", what)
	}
	return fault.New(fault.Internal, "PostgreSQL failed (%s)", what)
}
