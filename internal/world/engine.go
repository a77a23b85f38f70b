package world

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db"
)

// engine makes the databases of the world and returns their part of the
// configuration.
func (w *World) engine() string {
	if w.Engine == db.SQLite {
		return ""
	}
	w.dsn[db.Data] = Database(w, "AVOW_TEST_POSTGRES")
	w.dsn[db.Keys] = Database(w, "AVOW_TEST_POSTGRES_KEYS")
	return fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", w.fault.through(w.dsn[db.Data]), w.fault.through(w.dsn[db.Keys]))
}

// shop makes the shop, of the engine's own kind. Its customers are made where
// there is none too: the people of the vault have their names.
func (w *World) shop() ([]shop.Customer, error) {
	n := max(w.options.People, 1) + 2 // two customers are nobody in the vault
	switch {
	case !w.options.Shop:
		return shop.Fill(n, func(string, ...any) error { return nil })
	case w.Engine == db.SQLite:
		w.File("shop.yaml", shop.Map("sqlite"))
		return shop.CreateSQLite(context.Background(), filepath.Join(w.Dir, "shop.db"), n)
	}
	w.File("shop.yaml", shop.MapIn(shop.DemoSchema))
	w.shopDSN = Database(w, "AVOW_TEST_POSTGRES")
	w.File("shop.dsn", []byte(shop.SchemaDSN(w.shopDSN)))
	return shop.CreatePostgres(context.Background(), w.shopDSN, n)
}

func (w *World) shopSystem() string {
	if w.Engine == db.SQLite {
		return "{kind: sqlite, map: shop.yaml, file: shop.db}"
	}
	return "{kind: postgres, map: shop.yaml, dsn_file: shop.dsn}"
}

// A row is what a table of a database holds, by column.
type row struct {
	table  string
	values map[string]any
}

// int returns an integer column; 0 where it is NULL or none.
func (r row) int(column string) int64 {
	n, _ := r.values[column].(int64)
	return n
}

// bytes returns a column of bytes; nil where it is NULL or none.
func (r row) bytes(column string) []byte {
	b, _ := r.values[column].([]byte)
	return b
}

// text returns a text column.
func (r row) text(column string) string {
	s, _ := r.values[column].(string)
	return s
}

// rows reads every row of every table of one of the platform's stores, through
// a connection of its own.
func (w *World) rows(store db.Store, platform string) []row {
	w.Helper()
	if w.Engine == db.SQLite {
		return liteRows(w, w.StoreFile(store, platform))
	}
	return pgRows(w, w.dsn[store], "avow_"+platform+"_"+string(store))
}

// StoreFile returns the file of a store of the embedded engine.
func (w *World) StoreFile(store db.Store, platform string) string {
	dir := "data"
	if store == db.Keys {
		dir = "keys"
	}
	return filepath.Join(w.Dir, dir, platform+"."+string(store)+".db")
}

// SQL runs a script in one of the platform's stores, behind its back.
func (w *World) SQL(store db.Store, script string) {
	w.Helper()
	if w.Engine == db.SQLite {
		liteExec(w, w.StoreFile(store, ID), script)
		return
	}
	conn, err := pgx.Connect(context.Background(), w.dsn[store])
	w.Must(err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), "SET search_path TO \"avow_"+ID+"_"+string(store)+"\"")
	w.Must(err)
	_, err = conn.PgConn().Exec(context.Background(), script).ReadAll()
	w.Must(err)
}

func liteExec(t testing.TB, file, script string) {
	t.Helper()
	c, err := sqlite3.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA busy_timeout = 5000; " + script); err != nil {
		t.Fatal(err)
	}
}

func liteRows(t testing.TB, file string) (out []row) {
	t.Helper()
	c, err := sqlite3.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA busy_timeout = 5000"); err != nil {
		t.Fatal(err)
	}
	var tables []string
	each := func(sql string, fn func(s *sqlite3.Stmt)) {
		s, _, err := c.Prepare(sql)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for s.Step() {
			fn(s)
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
	}
	each("SELECT name FROM sqlite_schema WHERE type = 'table'", func(s *sqlite3.Stmt) { tables = append(tables, s.ColumnText(0)) })
	for _, table := range tables {
		each("SELECT * FROM "+table, func(s *sqlite3.Stmt) {
			r := row{table: table, values: map[string]any{}}
			for i := range s.ColumnCount() {
				switch s.ColumnType(i) {
				case sqlite3.INTEGER:
					r.values[s.ColumnName(i)] = s.ColumnInt64(i)
				case sqlite3.TEXT:
					r.values[s.ColumnName(i)] = s.ColumnText(i)
				case sqlite3.BLOB:
					r.values[s.ColumnName(i)] = s.ColumnBlob(i, nil)
				}
			}
			out = append(out, r)
		})
	}
	return out
}

func pgRows(t testing.TB, dsn, schema string) (out []row) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	tables, err := conn.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(tables, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range names {
		rs, err := conn.Query(ctx, "SELECT * FROM "+pgx.Identifier{schema, table}.Sanitize())
		if err != nil {
			t.Fatal(err)
		}
		maps, err := pgx.CollectRows(rs, pgx.RowToMap)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range maps {
			out = append(out, row{table, m})
		}
	}
	return out
}

// FileText returns all that the tables of an SQLite file hold, a row a line, for
// a search.
func FileText(t testing.TB, file string) string {
	t.Helper()
	return lines(liteRows(t, file))
}

// ServerText returns all that the tables of a schema of a PostgreSQL database
// hold, a row a line, for a search.
func ServerText(t testing.TB, dsn, schema string) string {
	t.Helper()
	return lines(pgRows(t, dsn, schema))
}

func lines(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintln(&b, r.table, r.values)
	}
	return b.String()
}
