package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

var (
	askChildren = db.DeclareQuery(`SELECT num, parent, name, body FROM t_child WHERE parent = $1 AND num > $2 ORDER BY num DESC LIMIT $3`, "int int int")
	askName     = db.DeclareQuery(`SELECT num, count(*) FROM t_child WHERE name = $1 GROUP BY num`, "text")
)

func openLite(t *testing.T) *db.DB { return dbtest.Open(t, db.SQLite, db.Data) }

// family adds children 1 … n: child i of parent 1 + i mod 4.
func family(t *testing.T, d *db.DB, n int64) {
	t.Helper()
	a := d.NewAct()
	for i := int64(1); i <= n; i++ {
		var name, body any
		if i%3 != 0 {
			name, body = fmt.Sprint("child ", i), []byte{byte(i), 0, 1}
		}
		a.Do(addChild, i, 1+i%4, name, body)
	}
	must(t, d.Commit(t.Context(), a))
}

// checkChildren asks for the newest children of a parent and compares.
func checkChildren(t *testing.T, d *db.DB, of, after, n, limit int64) {
	rows, err := d.Ask(t.Context(), askChildren, of, after, limit)
	if err != nil {
		t.Error(err)
		return
	}
	for want := n; want > after && limit > 0; want-- {
		if 1+want%4 != of {
			continue
		}
		limit--
		var num, parent int64
		var name *string
		var body []byte
		if !rows.Next() {
			t.Errorf("parent %d after %d: no child %d", of, after, want)
			return
		}
		if err := rows.Scan(&num, &parent, &name, &body); err != nil {
			t.Error(err)
			return
		}
		bare := want%3 == 0
		if num != want || parent != of || (name == nil) != bare || (body == nil) != bare ||
			!bare && (*name != fmt.Sprint("child ", want) || string(body) != string([]byte{byte(want), 0, 1})) {
			t.Errorf("parent %d: got %d %v %x, want child %d", of, num, name, body, want)
		}
	}
	if rows.Next() || rows.Err() != nil {
		t.Errorf("parent %d: more rows, or %v", of, rows.Err())
	}
}

func TestEveryAskerGetsTheirOwnRows(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 60)
		var group sync.WaitGroup
		for i := range int64(40) {
			group.Go(func() {
				for j := range int64(15) {
					checkChildren(t, d, 1+(i+j)%6, (i*j)%70, 60, 1+j%5) // parents 5 and 6 have none
					name := fmt.Sprint("child ", 1+i)
					rows, err := d.Ask(t.Context(), askName, name)
					if err != nil {
						t.Error(err)
						return
					}
					if found := rows.Next(); found != ((1+i)%3 != 0) {
						t.Errorf("%q: found %v", name, found)
					}
				}
			})
		}
		group.Wait()
	})
}

func TestAnAskerSeesWhatWasCommittedBefore(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var group sync.WaitGroup
		for i := range int64(16) {
			group.Go(func() {
				for j := range int64(10) {
					a := d.NewAct()
					name := fmt.Sprintf("%d of %d", j, i)
					a.Do(addChild, i*100+j, 1, name, nil)
					if err := d.Commit(t.Context(), a); err != nil {
						t.Error(err)
						return
					}
					rows, err := d.Ask(t.Context(), askName, name)
					if err != nil || !rows.Next() {
						t.Errorf("%q was committed and is not seen: %v", name, err)
					}
				}
			})
		}
		group.Wait()
	})
}

func TestAnAskerWhoseTimeIsUpLeavesTheOthersBe(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 10)
		var group sync.WaitGroup
		for i := range 60 {
			group.Go(func() {
				if i%3 > 0 {
					checkChildren(t, d, 1, 0, 10, 5)
					return
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Microsecond)
				defer cancel()
				if _, err := d.Ask(ctx, askName, "x"); err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

func TestWhatDoesNotFitAQueryIsRefused(t *testing.T) {
	d := openLite(t)
	makeTables(t, d)
	for _, args := range [][]any{{}, {1}, {nil}, {"a", "b"}, {[]byte("a")}} {
		if _, err := d.Ask(t.Context(), askName, args...); err == nil {
			t.Errorf("arguments %v are taken", args)
		}
	}
	for sql, types := range map[string]string{
		`UPDATE t_child SET name = $1`:             "text",
		`SELECT num FROM t_child`:                  "",
		`SELECT num FROM t_child WHERE num = $1`:   "int int",
		`SELECT num FROM t_child WHERE num = $2`:   "int",
		`SELECT num FROM t_child WHERE body = $1 `: "blob",
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q with %q is taken", sql, types)
				}
			}()
			db.DeclareQuery(sql, types)
		}()
	}
}

func TestNobodyIsAnsweredByAClosedDatabase(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		d, err := db.Open(t.Context(), dbtest.Config(t, e, db.Data))
		must(t, err)
		must(t, d.Close())
		if _, err := d.Ask(t.Context(), askName, "x"); err == nil {
			t.Errorf("%s: no error", e)
		}
	}
}

// What an act asks with its commit is answered to those who are not lost, each by
// their own, also where the group is written again.
func TestAnActIsAnsweredWithItsCommit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 40)
		for _, lost := range []bool{false, true} {
			var acts []*db.Act
			var rows []*db.Rows
			for i := range int64(9) {
				a := d.NewAct()
				a.Require(parent, 1+i%4, 1)
				if lost && i == 4 {
					a.Require(parent, 2, 7) // was never so
				}
				rows = append(rows, a.Ask(askChildren, 1+i%4, i, int64(3)))
				if i%2 == 0 {
					a.Ask(askName, fmt.Sprint("child ", i))
				}
				acts = append(acts, a)
			}
			for i, err := range db.CommitTogether(d, acts...) {
				if lost && i == 4 {
					if !db.Lost(err) {
						t.Errorf("act %d: %v", i, err)
					}
					continue
				}
				must(t, err)
				var got []int64
				for rows[i].Next() {
					n, err := rows[i].Int(0)
					must(t, err)
					got = append(got, n)
				}
				must(t, rows[i].Err())
				if len(got) != 3 || got[0] <= got[1] || 1+got[0]%4 != 1+int64(i)%4 || got[0] < 37 {
					t.Errorf("act %d is answered %v", i, got)
				}
			}
		}
	})
}

// A single act is asked and answered by itself, with what it finds behind its
// precondition.
func TestAnActAloneIsAnsweredWithItsCommit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 8)
		a := d.NewAct()
		rows := a.Ask(askName, "child 4")
		none := a.Ask(askName, "nobody")
		must(t, d.Commit(t.Context(), a))
		if !rows.Next() || rows.Next() || none.Next() {
			t.Error("want one row, and none")
		}
	})
}

// Who asks the very same as others of a group gets an answer of their own, in memory that
// nobody else has.
func TestWhoAskAlikeEachGetTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 40)
		bodies := func(rows *db.Rows) (out [][]byte) {
			for rows.Next() {
				var num, parent int64
				var name *string
				var body []byte
				must(t, rows.Scan(&num, &parent, &name, &body))
				out = append(out, body)
			}
			must(t, rows.Err())
			return out
		}
		var acts []*db.Act
		var answers []*db.Rows
		for i := range int64(8) {
			a := d.NewAct()
			of := int64(1)
			if i == 5 {
				of = 2
			}
			acts, answers = append(acts, a), append(answers, a.Ask(askChildren, of, int64(0), int64(2)))
		}
		for _, err := range db.CommitTogether(d, acts...) {
			must(t, err)
		}
		for i, rows := range answers {
			got, want := bodies(rows), [][]byte{{40, 0, 1}, nil} // children 40 and 36, which has none
			if i == 5 {
				want = [][]byte{{37, 0, 1}, nil} // 37 and 33
			}
			if !slices.EqualFunc(got, want, bytes.Equal) {
				t.Errorf("act %d is answered %v, want %v", i, got, want)
			}
			for _, b := range got {
				clear(b) // it is theirs
			}
		}
		var group sync.WaitGroup
		for range 12 {
			group.Go(func() {
				for range 10 {
					rows, err := d.Ask(t.Context(), askChildren, int64(1), int64(0), int64(2))
					if err != nil {
						t.Error(err)
						return
					}
					got := bodies(rows)
					if !slices.EqualFunc(got, [][]byte{{40, 0, 1}, nil}, bytes.Equal) {
						t.Errorf("an asker is answered %v", got)
						return
					}
					clear(got[0])
				}
			})
		}
		group.Wait()
	})
}
