package archtest

import (
	"strings"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// TestEveryStatementPrepares shows every SQL text of the source to both engines
// (I-10), in the store that has its tables, and the form that PostgreSQL runs
// when a declared statement is merged.
func TestEveryStatementPrepares(t *testing.T) {
	tr := repository(t)
	var ignored faults // TestEachTableHasOneOwner reports them
	owners := claims(tr, &ignored)
	all, _ := statements(tr)
	for _, v := range versioned(tr) {
		all = append(all, statement{sql: "SELECT " + v.key + ", " + v.version + " FROM " + v.table, at: v.at, pkg: v.pkg})
	}
	for _, store := range stores() {
		t.Run(store, func(t *testing.T) {
			dbtest.Each(t, db.Store(store), func(t *testing.T, d *db.DB) {
				n := 0
				for _, s := range all {
					if !livesIn(owners, store, s) {
						continue
					}
					n++
					prepare(t, d, s)
				}
				if n == 0 && store != "server" {
					t.Error("no statement was prepared: the search for statements in sql_test.go is broken")
				}
				t.Logf("%d statements", n)
			})
		})
	}
}

// livesIn reports whether the store has all tables of the statement. Statements
// about an engine's own catalogue run on that engine only, and those that
// internal/db puts together are tried by its tests.
func livesIn(owners map[place]string, store string, s statement) bool {
	named := tablesOf(s.sql)
	for _, table := range named {
		if owners[place{store, table}] == "" {
			return false
		}
	}
	return len(named) > 0 && !placed.MatchString(s.sql)
}

// mergedOf returns what PostgreSQL runs for many callers at once.
func mergedOf(s statement) string {
	if strings.HasPrefix(s.sql, "SELECT") {
		return db.DeclareQuery(s.sql, s.types).Merged()
	}
	return db.Declare(s.sql, s.types).Merged()
}

func prepare(t *testing.T, d *db.DB, s statement) {
	t.Helper()
	texts := []string{s.sql}
	if s.types != "" {
		if merged := mergedOf(s); merged != "" && d.Engine() == db.Postgres {
			texts = append(texts, merged)
		}
	}
	for _, sql := range texts {
		if err := d.Prepare(t.Context(), sql); err != nil {
			t.Errorf("%s: %s does not take this statement: write it so that both engines do: %v\n%s", s.at, d.Engine(), err, sql)
		}
	}
}
