package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/connector/sqlite"
	"github.com/avow-dev/avow/datamap"
)

// file is a SQLite database outside avow.
type file struct{ path string }

func fresh(t testing.TB) connectortest.Database {
	return &file{filepath.Join(t.TempDir(), "outside.db")}
}

func (f *file) conn(t testing.TB) *sqlite3.Conn {
	t.Helper()
	c, err := sqlite3.Open(f.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func (f *file) Load(t testing.TB, script string) {
	t.Helper()
	c := f.conn(t)
	defer c.Close()
	// Foreign keys are off in scripts, as in the sqlite3 shell.
	if err := c.Exec("PRAGMA foreign_keys = OFF; BEGIN;" + script + "; COMMIT"); err != nil {
		t.Fatal(err)
	}
}

func (f *file) Fill(t testing.TB, fill func(exec func(sql string, args ...any) error) error) {
	t.Helper()
	c := f.conn(t)
	defer c.Close()
	if err := c.Exec("BEGIN"); err != nil {
		t.Fatal(err)
	}
	stmts := map[string]*sqlite3.Stmt{}
	err := fill(func(sql string, args ...any) error {
		stmt := stmts[sql]
		if stmt == nil {
			var err error
			if stmt, _, err = c.Prepare(sql); err != nil {
				return err
			}
			stmts[sql] = stmt
		}
		for i, a := range args {
			var err error
			switch v := a.(type) {
			case int64:
				err = stmt.BindInt64(i+1, v)
			case string:
				err = stmt.BindText(i+1, v)
			default:
				err = stmt.BindNull(i + 1)
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(stmt.Exec(), stmt.Reset())
	})
	for _, stmt := range stmts {
		stmt.Close()
	}
	if err == nil {
		err = c.Exec("COMMIT")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (f *file) Rows(t testing.TB, sql string) []string {
	t.Helper()
	c := f.conn(t)
	defer c.Close()
	stmt, _, err := c.Prepare(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	var out []string
	for stmt.Step() {
		out = append(out, stmt.ColumnText(0))
	}
	if err := stmt.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (f *file) Text(t testing.TB) []string {
	t.Helper()
	c := f.conn(t)
	defer c.Close()
	var out []string
	for _, table := range f.Rows(t, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		stmt, _, err := c.Prepare(`SELECT * FROM "` + strings.ReplaceAll(table, `"`, `""`) + `"`)
		if err != nil {
			t.Fatal(err)
		}
		for stmt.Step() {
			for i := range stmt.ColumnCount() {
				out = append(out, fmt.Sprintf("%s.%s: %s", table, stmt.ColumnName(i), stmt.ColumnText(i)))
			}
		}
		stmt.Close()
	}
	sort.Strings(out)
	return out
}

func (f *file) Open(t testing.TB, m *datamap.Map, progress func(connector.Progress)) connector.System {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{File: f.path, Map: m, Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func identifier(of string) string {
	switch {
	case strings.HasSuffix(of, " id"):
		return strings.SplitN(of, "-", 2)[0] + "-id" // "customer-10 id": the number of a customer
	}
	return of[strings.LastIndexByte(of, ' ')+1:]
}

func TestChinookIsPerfect(t *testing.T) {
	connectortest.RunCase(t, "chinook-sqlite", fresh, identifier)
}

func TestLookAlikeTablesWithOppositeOwnersArePerfect(t *testing.T) {
	connectortest.RunCase(t, "k9db-ecommerce", fresh, identifier)
}

func TestJointOwnersArePerfect(t *testing.T) {
	connectortest.RunCase(t, "k9db-varown", fresh, identifier)
}

func TestTheConnectorKeepsThePromisesOfEveryKind(t *testing.T) {
	connectortest.Run(t, "sqlite", fresh)
}
