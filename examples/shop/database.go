package shop

import (
	"context"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"
)

// CreateSQLite makes a new database file with n customers.
func CreateSQLite(ctx context.Context, file string, n int) ([]Customer, error) {
	c, err := sqlite3.OpenContext(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; BEGIN;" + Schema("sqlite")); err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	people, err := Fill(n, func(sql string, args ...any) error { return execSQLite(c, sql, args) })
	if err != nil {
		return nil, err
	}
	return people, c.Exec("COMMIT")
}

// execSQLite runs one statement. The shop's parameters stand in order, so that
// SQLite's binding of $n by first appearance does no harm.
func execSQLite(c *sqlite3.Conn, sql string, args []any) error {
	s, _, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	defer s.Close()
	for i, arg := range args {
		switch v := arg.(type) {
		case int64:
			err = s.BindInt64(i+1, v)
		case string:
			err = s.BindText(i+1, v)
		default:
			err = s.BindNull(i + 1)
		}
		if err != nil {
			return err
		}
	}
	return s.Exec()
}

// DemoSchema is the schema that [CreatePostgres] makes.
const DemoSchema = "avow_demo_shop"

// SchemaDSN returns dsn with [DemoSchema] as its search path.
func SchemaDSN(dsn string) string { return PlaceDSN(dsn, DemoSchema) }

// PlaceDSN returns dsn with a schema as its search path.
func PlaceDSN(dsn, schema string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// CreatePostgres makes [DemoSchema], in place of an older one, with n
// customers.
func CreatePostgres(ctx context.Context, dsn string, n int) ([]Customer, error) {
	c, err := pgx.Connect(ctx, SchemaDSN(dsn))
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	defer c.Close(ctx)
	tx, err := c.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "DROP SCHEMA IF EXISTS "+DemoSchema+" CASCADE; CREATE SCHEMA "+DemoSchema+";"+Schema("postgres")); err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	people, err := Fill(n, func(sql string, args ...any) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return people, tx.Commit(ctx)
}
