package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func catalogue(t *testing.T, d *db.DB) (tables []db.Table) {
	t.Helper()
	err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
		tables, err = d.Catalogue(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// shape is what both engines must agree on.
func shape(tables []db.Table) map[string][]db.Column {
	m := map[string][]db.Column{}
	for _, t := range tables {
		m[t.Name] = t.Columns
	}
	return m
}

func TestBothEnginesHaveTheSameTablesAndColumns(t *testing.T) {
	for _, store := range []db.Store{db.Data, db.Keys, db.Server} {
		lite := shape(catalogue(t, dbtest.Open(t, db.SQLite, store)))
		post := shape(catalogue(t, dbtest.Open(t, db.Postgres, store)))
		if diff := cmp.Diff(lite, post); diff != "" || len(lite) < 2 {
			t.Errorf("%s store, sqlite and postgres: %s", store, diff)
		}
	}
}

// Rows are filled in table by table, by name: a foreign key would need an order.
func TestNoTableRefersToAnother(t *testing.T) {
	for _, store := range []db.Store{db.Data, db.Keys, db.Server} {
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			d := dbtest.Open(t, engine, store)
			sql := `SELECT COUNT(1) FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table'`
			if engine == db.Postgres {
				sql = `SELECT COUNT(1) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`
			}
			var n int
			err := d.Read(t.Context(), func(r *db.Snapshot) error { return r.Row(t.Context(), sql).Scan(&n) })
			if err != nil || n != 0 {
				t.Errorf("%s on %s: %d foreign keys, %v; teach Catalogue to give parents first", store, engine, n, err)
			}
		}
	}
}

func TestRowsComeBackInOneOrderOnBothEngines(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		sql := `CREATE TABLE t_mixed (name TEXT NOT NULL, num BIGINTEGER NOT NULL, body BLOBBYTES, PRIMARY KEY (name, num))`
		if d.Engine() == db.Postgres { // a server may sort by a language
			sql = strings.Replace(sql, "name TEXT", `name TEXT COLLATE "en-x-icu"`, 1)
		}
		err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, words(d.Engine(), sql))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var mixed db.Table
		for _, x := range catalogue(t, d) {
			if x.Name == "t_mixed" {
				mixed = x
			}
		}
		rows := [][]any{ // in the order of bytes, which is no language's
			{"", int64(-3), nil},
			{"B", int64(1), []byte{}},
			{"a", int64(-1), []byte{0, 255}},
			{"a", int64(2), nil},
			{"é", int64(1 << 62), []byte("x")},
		}
		for _, i := range []int{4, 1, 3, 0, 2} {
			if err := d.Fill(ctx, mixed, rows[i:i+1]); err != nil {
				t.Fatal(err)
			}
		}
		var got [][]any
		err = d.Read(ctx, func(r *db.Snapshot) error {
			n, err := mixed.Count(ctx, r)
			if n != 5 || err != nil {
				t.Errorf("%d rows, %v", n, err)
			}
			return mixed.Each(ctx, r, func(row []any) error {
				got = append(got, append([]any{}, row...))
				return nil
			})
		})
		if diff := cmp.Diff(rows, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

func TestADatabaseThatIsBeingFilledCannotBeOpened(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		ctx := t.Context()
		open := func() (*db.DB, error) { return db.Open(ctx, c) }
		d, err := open()
		if err != nil {
			t.Fatal(err)
		}
		before := migrations(t, d)
		if err := d.Hold(ctx, catalogue(t, d)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, migrations(t, d)); diff != "" || len(before) < 2 {
			t.Error(diff)
		}
		if err := d.Hold(ctx, nil); err == nil {
			t.Error("a database is held twice")
		}
		d.Close()
		if _, err = open(); fault.Of(err) != fault.Conflict {
			t.Fatalf("err = %v, want conflict", err)
		}
	})
}

func TestAReleasedDatabaseOpens(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Hold(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		// A lease that came with the rows of an archive belongs to nobody here.
		before, ok, err := d.Lease(t.Context(), "work", "the node of the archive", time.Hour)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := d.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.Close()
		if d, err = db.Open(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if fence, ok, err := d.Lease(t.Context(), "work", "a new node", time.Hour); err != nil || !ok || fence <= before {
			t.Errorf("a new node waits for a lease of the archive: %v, %v, fence %d after %d", ok, err, fence, before)
		}
		d.Close()
	})
}

func migrations(t *testing.T, d *db.DB) (names []string) {
	t.Helper()
	err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
		names, err = d.Migrations(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
