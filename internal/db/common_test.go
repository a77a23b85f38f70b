package db_test

import (
	"strings"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

const (
	makeParent = `CREATE TABLE t_parent (num BIGINTEGER NOT NULL PRIMARY KEY, version BIGINTEGER NOT NULL)`
	makeChild  = `CREATE TABLE t_child (num BIGINTEGER NOT NULL PRIMARY KEY, parent BIGINTEGER NOT NULL REFERENCES t_parent (num),
		name TEXT UNIQUE, body BLOBBYTES)`
	makeLate = `CREATE TABLE t_late (num BIGINTEGER NOT NULL PRIMARY KEY,
		parent BIGINTEGER NOT NULL REFERENCES t_parent (num) DEFERRABLE INITIALLY DEFERRED)`
)

var (
	parent      = db.Versioned{Table: "t_parent", Key: "num", Version: "version"}
	addParent   = db.Declare(`INSERT INTO t_parent (num, version) VALUES ($1, $2)`, "int int")
	addChild    = db.Declare(`INSERT INTO t_child (num, parent, name, body) VALUES ($1, $2, $3, $4)`, "int int text bytes")
	addLate     = db.Declare(`INSERT INTO t_late (num, parent) VALUES ($1, $2)`, "int int")
	renameChild = db.Declare(`UPDATE t_child SET name = $2 WHERE num = $1`, "int text")
	dropChild   = db.Declare(`DELETE FROM t_child WHERE num = $1`, "int")
)

// each runs fn on both engines with the tables of these tests, and parents 1 to
// 4 at version 1.
func each(t *testing.T, fn func(*testing.T, *db.DB)) {
	t.Helper()
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		makeTables(t, d)
		for n := range 4 {
			a := d.NewAct()
			a.Do(addParent, n+1, 1)
			must(t, d.Commit(t.Context(), a))
		}
		fn(t, d)
	})
}

func makeTables(t testing.TB, d *db.DB) {
	t.Helper()
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{makeParent, makeChild, makeLate} {
			if _, err := tx.Exec(t.Context(), words(d.Engine(), sql)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// words puts column types into the engine's words.
func words(e db.Engine, sql string) string {
	if e == db.SQLite {
		return strings.NewReplacer("BIGINTEGER", "INTEGER", "BLOBBYTES", "BLOB").Replace(sql) + " STRICT"
	}
	return strings.NewReplacer("BIGINTEGER", "BIGINT", "BLOBBYTES", "BYTEA").Replace(sql)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// number reads one integer.
func number(t testing.TB, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
		return s.Row(t.Context(), sql, args...).Scan(&n)
	}))
	return n
}

func children(t testing.TB, d *db.DB) int64 {
	t.Helper()
	return number(t, d, `SELECT count(*) FROM t_child`)
}

func version(t testing.TB, d *db.DB, num int64) int64 {
	t.Helper()
	return number(t, d, `SELECT version FROM t_parent WHERE num = $1`, num)
}
