package db_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"
)

func TestBothEnginesHaveTheSameMigrations(t *testing.T) {
	name := regexp.MustCompile(`^[0-9]{4}_[a-z]+\.sql$`)
	table := regexp.MustCompile(`(?i)CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)`)
	for _, store := range []db.Store{db.Data, db.Keys, db.Server} {
		var names, tables [2][]string
		for i, engine := range []db.Engine{db.SQLite, db.Postgres} {
			dir := path.Join("migrations", string(store), string(engine))
			entries, err := os.ReadDir(dir)
			must(t, err)
			for _, e := range entries {
				if !name.MatchString(e.Name()) {
					t.Errorf("%s/%s: name a migration 0001_package.sql", dir, e.Name())
				}
				names[i] = append(names[i], e.Name())
				b, err := os.ReadFile(path.Join(dir, e.Name()))
				must(t, err)
				for _, m := range table.FindAllStringSubmatch(string(b), -1) {
					tables[i] = append(tables[i], m[1])
				}
				if n := strings.Count(string(b), ") STRICT"); engine == db.SQLite && n != len(table.FindAllString(string(b), -1)) {
					t.Errorf("%s/%s: every SQLite table is STRICT", dir, e.Name())
				}
			}
			slices.Sort(tables[i])
		}
		if diff := cmp.Diff(names[0], names[1]); diff != "" {
			t.Errorf("%s: files of SQLite, PostgreSQL: %s", store, diff)
		}
		if diff := cmp.Diff(tables[0], tables[1]); diff != "" {
			t.Errorf("%s: tables of SQLite, PostgreSQL: %s", store, diff)
		}
	}
}

func TestMigrationsAreAppliedOnceAndNeverChange(t *testing.T) {
	for _, store := range []db.Store{db.Data, db.Keys, db.Server} {
		dbtest.EachNew(t, store, func(t *testing.T, c db.Config) {
			d, err := db.Open(t.Context(), c)
			must(t, err)
			files, err := fs.Glob(os.DirFS("."), path.Join("migrations", string(store), string(c.Engine), "*.sql"))
			must(t, err)
			if n := number(t, d, `SELECT count(*) FROM db_migration`); n != int64(len(files)) {
				t.Errorf("%d recorded, %d files", n, len(files))
			}
			edit := func(sql string, args ...any) {
				t.Helper()
				must(t, d.Tx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), sql, args...); return err }))
				must(t, d.Close())
			}
			refused := func(what string) {
				t.Helper()
				if d, err = db.Open(t.Context(), c); fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), what) {
					t.Fatalf("opened over %s: %v", what, err)
				}
			}
			must(t, d.Close())
			d, err = db.Open(t.Context(), c) // again, nothing to do
			must(t, err)

			edit(`INSERT INTO db_migration (name, sum, at) VALUES ('9999_later.sql', 'x', 1)`)
			refused("9999_later.sql")
			rawExec(t, c, `DELETE FROM db_migration WHERE name = '9999_later.sql'`)
			rawExec(t, c, `UPDATE db_migration SET sum = 'x' WHERE name = '0001_db.sql'`)
			refused("0001_db.sql was changed")
		})
	}
}

func TestNodesThatStartTogetherMigrateOnce(t *testing.T) {
	c := dbtest.New(t, db.Postgres, db.Data)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := db.Open(t.Context(), c)
			if err != nil {
				t.Error(err)
				return
			}
			d.Close()
		})
	}
	wg.Wait()
}

// rawExec runs sql past the package.
func rawExec(t *testing.T, c db.Config, sql string) {
	t.Helper()
	if c.Engine == db.SQLite {
		conn, err := sqlite3.Open(c.File)
		must(t, err)
		defer conn.Close()
		must(t, conn.Exec(sql))
		return
	}
	conn, err := pgx.Connect(t.Context(), c.DSN)
	must(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), "SET search_path = "+c.Schema)
	must(t, err)
	_, err = conn.Exec(t.Context(), sql)
	must(t, err)
}
