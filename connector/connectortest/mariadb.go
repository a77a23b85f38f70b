package connectortest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// MariaDB is a database of MariaDB outside avow. It is all of a [Database] but what
// opens avow's connector.
type MariaDB struct {
	Config *mysql.Config
	DB     *sql.DB // of the test itself, which writes standard SQL
}

// NewMariaDB makes an empty database that is gone after the test.
func NewMariaDB(t testing.TB) *MariaDB {
	t.Helper()
	dsn := os.Getenv("AVOW_TEST_MYSQL")
	if dsn == "" {
		if testing.Short() {
			t.Skip("-short leaves MariaDB out")
		}
		t.Fatal("AVOW_TEST_MYSQL is not set: run make test, which starts the server")
	}
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		t.Fatal("AVOW_TEST_MYSQL cannot be read")
	}
	cfg.MultiStatements, cfg.InterpolateParams = true, true
	cfg.Params = map[string]string{"sql_mode": "'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'"}
	d := &MariaDB{Config: cfg}
	name := "avow_connector_" + strings.ToLower(rand.Text()[:12])
	admin := d.connect(t)
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the test's context has ended by then
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	cfg.DBName = name
	d.DB = d.connect(t)
	t.Cleanup(func() { d.DB.Close() })
	return d
}

func (d *MariaDB) connect(t testing.TB) *sql.DB {
	t.Helper()
	c, err := mysql.NewConnector(d.Config)
	if err != nil {
		t.Fatal(err)
	}
	return sql.OpenDB(c)
}

// DSN is how a company would write it.
func (d *MariaDB) DSN() string {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = d.Config.User, d.Config.Passwd, d.Config.Net, d.Config.Addr, d.Config.DBName
	return cfg.FormatDSN()
}

// Load implements [Database].
func (d *MariaDB) Load(t testing.TB, script string) {
	t.Helper()
	if _, err := d.DB.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

var parameter = regexp.MustCompile(`\$[0-9]+`)

// Fill implements [Database].
func (d *MariaDB) Fill(t testing.TB, fill func(exec func(sql string, args ...any) error) error) {
	t.Helper()
	tx, err := d.DB.BeginTx(t.Context(), nil)
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

func (d *MariaDB) query(t testing.TB, query string, row func(values, names []string)) {
	t.Helper()
	rows, err := d.DB.QueryContext(t.Context(), query)
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

// Rows implements [Database].
func (d *MariaDB) Rows(t testing.TB, sql string) []string {
	t.Helper()
	var out []string
	d.query(t, sql, func(values, _ []string) { out = append(out, values[0]) })
	return out
}

// Text implements [Database].
func (d *MariaDB) Text(t testing.TB) []string {
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
