package mysql_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/connector/mysql"
	"github.com/avow-dev/avow/datamap"
)

// database is a MariaDB database outside avow, dropped after the test.
type database struct {
	cfg  *driver.Config
	open *sql.DB // of the test itself, which writes standard SQL
}

func fresh(t testing.TB) connectortest.Database {
	t.Helper()
	dsn := os.Getenv("AVOW_TEST_MYSQL")
	if dsn == "" {
		if testing.Short() {
			t.Skip("-short leaves MariaDB out")
		}
		t.Fatal("AVOW_TEST_MYSQL is not set: run make test, which starts the server")
	}
	cfg, err := driver.ParseDSN(dsn)
	if err != nil {
		t.Fatal("AVOW_TEST_MYSQL cannot be read")
	}
	cfg.MultiStatements, cfg.InterpolateParams = true, true
	cfg.Params = map[string]string{"sql_mode": "'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'"}
	d := &database{cfg: cfg}
	name := "avow_connector_" + strings.ToLower(rand.Text()[:12])
	admin := d.connect(t)
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the test's context has ended by then
		if _, err := admin.ExecContext(context.Background(), "DROP DATABASE "+name); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	cfg.DBName = name
	d.open = d.connect(t)
	t.Cleanup(func() { d.open.Close() })
	return d
}

func (d *database) connect(t testing.TB) *sql.DB {
	t.Helper()
	c, err := driver.NewConnector(d.cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sql.OpenDB(c)
}

// dsn is how a company would write it.
func (d *database) dsn() string {
	cfg := driver.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = d.cfg.User, d.cfg.Passwd, d.cfg.Net, d.cfg.Addr, d.cfg.DBName
	return cfg.FormatDSN()
}

func (d *database) Load(t testing.TB, script string) {
	t.Helper()
	if _, err := d.open.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

var parameter = regexp.MustCompile(`\$[0-9]+`)

func (d *database) Fill(t testing.TB, fill func(exec func(sql string, args ...any) error) error) {
	t.Helper()
	tx, err := d.open.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = fill(func(sql string, args ...any) error {
		_, err := tx.ExecContext(t.Context(), parameter.ReplaceAllString(sql, "?"), args...)
		return err
	})
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (d *database) query(t testing.TB, query string, row func(values, names []string)) {
	t.Helper()
	rows, err := d.open.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	raw, to := make([]sql.RawBytes, len(names)), make([]any, len(names))
	for i := range raw {
		to[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		values := make([]string, len(raw))
		for i, b := range raw {
			values[i] = string(b)
		}
		row(values, names)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func (d *database) Rows(t testing.TB, sql string) []string {
	t.Helper()
	var out []string
	d.query(t, sql, func(values, _ []string) { out = append(out, values[0]) })
	return out
}

func (d *database) Text(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, table := range d.Rows(t, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()") {
		d.query(t, "SELECT * FROM `"+strings.ReplaceAll(table, "`", "``")+"`", func(values, names []string) {
			for i, v := range values {
				out = append(out, table+"."+names[i]+": "+v)
			}
		})
	}
	sort.Strings(out)
	return out
}

func (d *database) Open(t testing.TB, m *datamap.Map, progress func(connector.Progress)) connector.System {
	t.Helper()
	s, err := mysql.Open(t.Context(), mysql.Config{DSN: d.dsn(), Map: m, Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func kind(of string) string { return of[strings.LastIndexByte(of, ' ')+1:] }

func TestChinookIsPerfect(t *testing.T) {
	connectortest.RunCase(t, "chinook-mysql", fresh, kind)
}

func TestTheConnectorKeepsThePromisesOfEveryKind(t *testing.T) {
	connectortest.Run(t, "mysql", fresh)
}
