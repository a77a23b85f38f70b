package mysql

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/connector/relational"
)

// session runs statements on a connection.
type session struct {
	conn    *sql.Conn
	name    string // of the database
	mariadb bool
}

// prepare puts the settings of this kind on the connection. A call that has an end
// also has the server stop its statements then.
func (s *session) prepare(ctx context.Context) error {
	for _, sql := range []string{settings, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"} {
		if _, err := s.Exec(ctx, sql, nil); err != nil {
			return err
		}
	}
	err := s.Query(ctx, "SELECT VERSION()", nil, func(v []relational.Value) error {
		s.mariadb = strings.Contains(v[0].Str, "MariaDB")
		return nil
	})
	end, ok := ctx.Deadline()
	if err != nil || !ok {
		return err
	}
	limit := "SET SESSION max_execution_time = " + strconv.FormatInt(max(time.Until(end).Milliseconds(), 1), 10)
	if s.mariadb {
		limit = "SET SESSION max_statement_time = " + strconv.FormatFloat(max(time.Until(end).Seconds(), 0.001), 'f', 3, 64)
	}
	_, err = s.Exec(ctx, limit, nil)
	return err
}

// args turns values into what the driver writes as literals.
func args(values []relational.Value) []any {
	out := make([]any, len(values))
	for i, v := range values {
		switch v.Kind {
		case relational.Null:
		case relational.Int:
			out[i] = v.Int
		case relational.Blob:
			out[i] = []byte(v.Str)
		default:
			out[i] = v.Plain()
		}
	}
	return out
}

// Query implements [relational.Session].
func (s *session) Query(ctx context.Context, sql string, values []relational.Value, row func([]relational.Value) error) error {
	rows, err := s.conn.QueryContext(ctx, sql, args(values)...)
	if err != nil {
		return clean(ctx, err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return clean(ctx, err)
	}
	raw, to := scans(len(types))
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return clean(ctx, err)
		}
		out := make([]relational.Value, len(raw))
		for i, b := range raw {
			if b != nil {
				out[i] = value(types[i].DatabaseTypeName(), b)
			}
		}
		if err := row(out); err != nil {
			return err
		}
	}
	return clean(ctx, rows.Err())
}

// scans returns places for the bytes of a row.
func scans(n int) ([]sql.RawBytes, []any) {
	raw, to := make([]sql.RawBytes, n), make([]any, n)
	for i := range raw {
		to[i] = &raw[i]
	}
	return raw, to
}

// value reads integers as such, bytes as bytes, and everything else as text.
func value(name string, b []byte) relational.Value {
	switch {
	case strings.HasSuffix(name, "INT"):
		if i, err := strconv.ParseInt(string(b), 10, 64); err == nil {
			return relational.IntValue(i)
		}
	case strings.HasSuffix(name, "BLOB"), strings.HasSuffix(name, "BINARY"):
		return relational.Value{Kind: relational.Blob, Str: string(b)}
	}
	return relational.TextValue(string(b))
}

// Exec implements [relational.Session].
func (s *session) Exec(ctx context.Context, sql string, values []relational.Value) (int64, error) {
	result, err := s.conn.ExecContext(ctx, sql, args(values)...)
	if err != nil {
		return 0, clean(ctx, err)
	}
	n, err := result.RowsAffected()
	return n, clean(ctx, err)
}
