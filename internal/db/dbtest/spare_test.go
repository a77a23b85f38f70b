package dbtest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/internal/db"
)

// lentTo runs fn with a schema, as a test of its own would, and returns its name.
func lentTo(t *testing.T, fn func(t *testing.T, conn *pgx.Conn)) (name string) {
	t.Helper()
	t.Run("", func(t *testing.T) {
		c := Config(t, db.Postgres, db.Data)
		name = c.Schema
		conn, err := pgx.Connect(t.Context(), c.DSN)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(context.Background()) })
		run(t, conn, "SET search_path = "+c.Schema)
		fn(t, conn)
	})
	return name
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.PgConn().Exec(t.Context(), sql).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

// holds returns how many rows each table of a schema has, what its triggers are, and the next job's number.
func holds(t *testing.T, conn *pgx.Conn) (out []string) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT relname || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]
		FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
		UNION ALL SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = current_schema()::regnamespace
		UNION ALL SELECT size || ' entries' FROM audit_state
		UNION ALL SELECT concat(last_value, is_called) FROM job_num_seq ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	out, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestALentSchemaIsAsMigrationsLeaveIt(t *testing.T) {
	c := New(t, db.Postgres, db.Data)
	if err := migrate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	fresh, err := pgx.Connect(t.Context(), c.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close(context.Background())
	run(t, fresh, "SET search_path = "+c.Schema)
	want := holds(t, fresh)
	for what, sql := range map[string]string{
		"written to": `INSERT INTO db_number VALUES ('x', 1); UPDATE audit_state SET size = 7; DELETE FROM recipient_ledger;
			DELETE FROM db_migration; SELECT nextval('job_num_seq'), nextval('job_num_seq')`,
		"grown":            `INSERT INTO db_number SELECT 'number ' || n, n FROM generate_series(1, 5000) n`,
		"another's table":  `CREATE TABLE own (num BIGINT); INSERT INTO own VALUES (1)`,
		"another's column": `ALTER TABLE db_number ADD COLUMN more TEXT`,
		"a trigger": `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
			CREATE TRIGGER full_up BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse()`,
	} {
		first := lentTo(t, func(t *testing.T, conn *pgx.Conn) { run(t, conn, sql) })
		second := lentTo(t, func(t *testing.T, conn *pgx.Conn) {
			if diff := cmp.Diff(want, holds(t, conn)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		})
		if first != second {
			t.Logf("%s: %s, then %s", what, first, second) // another process had it meanwhile
		}
	}
}

func TestASchemaIsLentToOneAtATimeAndNotWhileSomebodyWorksInIt(t *testing.T) {
	var late pgx.Tx
	first := lentTo(t, func(t *testing.T, conn *pgx.Conn) {
		name := lentTo(t, func(*testing.T, *pgx.Conn) {})
		var mine string
		if err := conn.QueryRow(t.Context(), "SELECT current_schema()").Scan(&mine); err != nil || mine == name {
			t.Errorf("%s is lent twice: %v", name, err)
		}
		c, err := pgx.ConnectConfig(context.Background(), conn.Config())
		if err != nil {
			t.Fatal(err)
		}
		run(t, c, "SET search_path = "+mine)
		if late, err = c.Begin(context.Background()); err != nil {
			t.Fatal(err)
		}
		if _, err := late.Exec(context.Background(), "INSERT INTO db_number VALUES ('late', 1)"); err != nil {
			t.Fatal(err)
		}
	})
	defer late.Conn().Close(context.Background())
	if again := lentTo(t, func(*testing.T, *pgx.Conn) {}); again == first {
		t.Errorf("%s is lent while a transaction goes on in it", again)
	}
}
