package postgres_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/connector/postgres"
	"github.com/avow-dev/avow/datamap"
)

// database is a PostgreSQL database outside avow, dropped after the test.
type database struct {
	dsn  string
	open *pgx.Conn // of the test itself
}

func fresh(t testing.TB) connectortest.Database {
	t.Helper()
	dsn := os.Getenv("AVOW_TEST_POSTGRES")
	if dsn == "" {
		if testing.Short() {
			t.Skip("-short leaves PostgreSQL out: AVOW_TEST_POSTGRES is not set")
		}
		t.Fatal("AVOW_TEST_POSTGRES is not set: run make test, which starts the server")
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal("AVOW_TEST_POSTGRES cannot be read")
	}
	name := "avow_connector_" + strings.ToLower(rand.Text()[:12])
	admin := func(sql string) {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	admin("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'")
	t.Cleanup(func() { drop(t, dsn, name) })
	admin("ALTER DATABASE " + name + " SET synchronous_commit = off")
	return &database{dsn: strings.TrimSpace(fmt.Sprintf("host=%s port=%d user=%s password=%s dbname=%s sslmode=disable", cfg.Host, cfg.Port, cfg.User, orQuotes(cfg.Password), name))}
}

func orQuotes(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func (d *database) conn(t testing.TB) *pgx.Conn {
	t.Helper()
	if d.open != nil && !d.open.IsClosed() {
		return d.open
	}
	cfg, err := pgx.ParseConfig(d.dsn)
	if err != nil {
		t.Fatal(err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	d.open = conn
	return conn // ended by the drop of its database
}

// Load runs a script as psql does, with rows in line behind COPY … FROM stdin.
func (d *database) Load(t testing.TB, script string) {
	t.Helper()
	conn := d.conn(t)
	defer conn.Close(t.Context()) // with whatever the script has set
	run := func(sql string) {
		if strings.TrimSpace(sql) == "" {
			return
		}
		if _, err := conn.PgConn().Exec(t.Context(), sql).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	for {
		i := strings.Index(script, "\nCOPY ")
		if i < 0 {
			break
		}
		run(script[:i])
		command, rest, _ := strings.Cut(script[i+1:], "\n")
		rows, after, ok := strings.Cut(rest, "\n\\.\n")
		if strings.HasPrefix(rest, "\\.\n") {
			rows, after, ok = "", rest[3:], true
		} else {
			rows += "\n"
		}
		if !ok {
			t.Fatal("COPY has no end")
		}
		if _, err := conn.PgConn().CopyFrom(t.Context(), strings.NewReader(rows), strings.TrimSuffix(command, ";")); err != nil {
			t.Fatal(err)
		}
		script = after
	}
	run(script)
}

func (d *database) Fill(t testing.TB, fill func(exec func(sql string, args ...any) error) error) {
	t.Helper()
	conn := d.conn(t)
	err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		return fill(func(sql string, args ...any) error {
			_, err := tx.Exec(t.Context(), sql, args...)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *database) query(t testing.TB, sql string, row func(values []string, names []string)) {
	t.Helper()
	conn := d.conn(t)
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for _, f := range rows.FieldDescriptions() {
		names = append(names, f.Name)
	}
	for rows.Next() {
		values := make([]string, len(names))
		for i, raw := range rows.RawValues() {
			values[i] = string(raw)
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
	for _, table := range d.Rows(t, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") {
		d.query(t, "SELECT * FROM ONLY "+pgx.Identifier{table}.Sanitize(), func(values, names []string) {
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
	s, err := postgres.Open(t.Context(), postgres.Config{DSN: d.dsn, Map: m, Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func kind(of string) string { return of[strings.LastIndexByte(of, ' ')+1:] }

func TestChinookIsPerfect(t *testing.T) {
	connectortest.RunCase(t, "chinook-pg", fresh, kind)
}

func TestSakilaIsPerfect(t *testing.T) {
	connectortest.RunCase(t, "sakila-pg", fresh, kind)
}

// In real installations the rules put payments into the tables that inherit:
// every row is found once, where it lies.
func TestSakilaIsPerfectWithRowsInInheritingTables(t *testing.T) {
	connectortest.RunCase(t, "sakila-pg", func(t testing.TB) connectortest.Database { return &moved{fresh(t).(*database)} }, kind)
}

// moved is Sakila with a third of the payments in an inheriting table.
type moved struct{ *database }

func (d *moved) Load(t testing.TB, script string) {
	d.database.Load(t, script)
	if strings.Contains(script, "COPY public.payment ") {
		d.database.Load(t, `ALTER TABLE payment_p2007_01 DROP CONSTRAINT payment_p2007_01_payment_date_check;
			WITH gone AS (DELETE FROM ONLY payment WHERE payment_id % 3 = 0 RETURNING *)
			INSERT INTO payment_p2007_01 SELECT * FROM gone`)
	}
}

func TestTheConnectorKeepsThePromisesOfEveryKind(t *testing.T) {
	connectortest.Run(t, "postgres", fresh)
}
