package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/google/go-cmp/cmp"
)

func TestALostPreconditionWritesNothingAndHarmsNoNeighbour(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var acts []*db.Act
		for i := range 9 {
			a := d.NewAct()
			a.Require(parent, int64(i%4+1), 1)
			if i == 4 {
				a.Require(parent, 2, 7) // was never so
			}
			a.Do(addChild, i, 1, fmt.Sprint("n", i), nil)
			acts = append(acts, a)
		}
		for i, err := range db.CommitTogether(d, acts...) {
			if lost := i == 4; db.Lost(err) != lost || acts[i].Committed() == lost || acts[i].Open() {
				t.Errorf("act %d: %v, committed %v", i, err, acts[i].Committed())
			}
			if i == 4 && fault.Of(err) != fault.Conflict {
				t.Errorf("kind %s", fault.Of(err))
			}
		}
		if n := children(t, d); n != 8 {
			t.Errorf("%d rows, want 8", n)
		}
	})
}

func TestAColumnWithoutItsValueIsToldFromOtherConstraints(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for what, x := range map[string]struct {
			args []any
			null bool
		}{
			"no parent":      {[]any{1, nil, nil, nil}, true},
			"no such parent": {[]any{1, 99, nil, nil}, false},
		} {
			a := d.NewAct()
			a.Do(addChild, x.args...)
			if err := d.Commit(t.Context(), a); !db.Constraint(err) || db.Null(err) != x.null {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestAConstraintFailsOnlyItsAct(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var acts []*db.Act
		for i := range 12 {
			a := d.NewAct()
			switch i {
			case 3: // fails at its first write
				a.Do(addChild, 100, 99, nil, nil)
			case 5: // fails after it has written
				a.Do(addChild, 50, 1, "fine", nil)
				a.Change(parent, 4, 1)
				a.Do(addChild, 51, 1, "name0", nil)
			case 7: // the database takes no text with a zero byte, or the column no such text
				a.Do(addChild, 52, 1, "fine too", nil)
				a.Do(addChild, 52, 1, "again", nil)
			default:
				a.Do(addChild, i, 1, fmt.Sprint("name", i), []byte{})
			}
			acts = append(acts, a)
		}
		for i, err := range db.CommitTogether(d, acts...) {
			wrong := i == 3 || i == 5 || i == 7
			if db.Constraint(err) != wrong || (err != nil) != wrong || (wrong && fault.Of(err) != fault.Conflict) {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if n := children(t, d); n != 9 {
			t.Errorf("%d rows, want 9", n)
		}
		if v := version(t, d, 4); v != 1 {
			t.Errorf("the failed act moved the version to %d", v)
		}
		must(t, d.Err())
	})
}

func TestAConstraintFoundAtCommitFailsOnlyItsAct(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var acts []*db.Act
		for i := range 5 {
			a := d.NewAct()
			a.Do(addLate, i, 1+98*(i%2)) // 1 and 3 have no parent
			acts = append(acts, a)
		}
		for i, err := range db.CommitTogether(d, acts...) {
			if db.Constraint(err) != (i%2 == 1) {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if n := number(t, d, `SELECT count(*) FROM t_late`); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
		must(t, d.Err())
	})
}

func TestOneOfThoseWhoChangeARowWins(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const callers, rounds = 16, 10
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for c := range callers {
			wg.Go(func() {
				for r := range rounds {
					v := version(t, d, 1)
					a := d.NewAct()
					a.Change(parent, 1, v)
					a.Require(parent, 2, 1)
					a.Do(addChild, c*rounds+r, 1, nil, nil)
					switch err := d.Commit(t.Context(), a); {
					case err == nil:
						won.Add(1)
					case db.Lost(err):
						lost.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if v, n := version(t, d, 1), children(t, d); v != 1+won.Load() || n != won.Load() || won.Load()+lost.Load() != callers*rounds {
			t.Errorf("version %d, %d rows, %d won, %d lost", v, n, won.Load(), lost.Load())
		}
	})
}

func TestInOneGroupAChangeAndARequirementOfARowAreInOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		make := func(num int, change bool) *db.Act {
			a := d.NewAct()
			if change {
				a.Change(parent, 1, 1)
			} else {
				a.Require(parent, 1, 1)
			}
			a.Do(addChild, num, 1, nil, nil)
			return a
		}
		errs := db.CommitTogether(d, make(1, false), make(2, true), make(3, false), make(4, true))
		var got []bool
		for _, err := range errs {
			got = append(got, err == nil)
		}
		// On PostgreSQL the third may go with the first, before the change.
		if d.Engine() == db.Postgres {
			got[2] = false
		}
		if !got[0] || !got[1] || got[2] || got[3] || version(t, d, 1) != 2 {
			t.Errorf("errors %v, version %d", errs, version(t, d, 1))
		}
	})
}

func TestWritesOfAnActKeepTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		a := d.NewAct()
		a.Do(addParent, 9, 1)
		a.Do(addChild, 1, 9, "a", nil)
		a.Do(renameChild, 1, "b")
		a.Do(addChild, 2, 9, "a", nil)
		a.Do(dropChild, 1)
		a.Do(addChild, 1, 9, "b", nil)
		b := d.NewAct()
		b.Do(addChild, 3, 1, "c", nil)
		b.Do(addParent, 8, 1)
		b.Do(addChild, 4, 8, "d", nil)
		for _, err := range db.CommitTogether(d, a, b) {
			must(t, err)
		}
		if n := children(t, d); n != 4 {
			t.Errorf("%d rows, want 4", n)
		}
		// A row put beside its neighbour's, in front of the DELETE, would be lost.
		a, b = d.NewAct(), d.NewAct()
		a.Do(addChild, 5, 1, nil, nil)
		b.Do(dropChild, 6)
		b.Do(addChild, 6, 1, nil, nil)
		for _, err := range db.CommitTogether(d, a, b) {
			must(t, err)
		}
		if n := children(t, d); n != 6 {
			t.Errorf("%d rows, want 6", n)
		}
	})
}

func TestAStatementThatMustTouchARowLosesTheAct(t *testing.T) {
	rename, drop := renameChild.Must(), dropChild.Must()
	each(t, func(t *testing.T, d *db.DB) {
		add := db.Declare(`INSERT INTO t_child (num, parent) VALUES ($1, $2) ON CONFLICT DO NOTHING`, "int int").Must()
		first, none, again, last := d.NewAct(), d.NewAct(), d.NewAct(), d.NewAct()
		first.Do(add, 1, 1)
		first.Do(rename, 1, "x")
		none.Do(add, 2, 1)
		none.Do(rename, 77, "x")
		again.Do(add, 1, 1)
		last.Do(add, 3, 1)
		last.Do(drop, 3)
		errs := db.CommitTogether(d, first, none, again, last)
		if errs[0] != nil || !db.Lost(errs[1]) || !db.Lost(errs[2]) || errs[3] != nil {
			t.Error(errs)
		}
		if n := children(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			tx.Do(add, 5, 1)
			tx.Do(drop, 6)
			return nil
		})
		if !db.Lost(err) || children(t, d) != 1 {
			t.Errorf("in a Tx: %v", err)
		}
	})
}

func TestAnActIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		a := d.NewAct()
		b := d.NewAct()
		if a.ID() == 0 || a.ID() == b.ID() || !b.Now().After(a.Now()) || !a.Open() {
			t.Errorf("acts %d at %v and %d at %v", a.ID(), a.Now(), b.ID(), b.Now())
		}
		must(t, d.Commit(t.Context(), a))
		for name, use := range map[string]func(){
			"Do":      func() { a.Do(dropChild, 1) },
			"Require": func() { a.Require(parent, 1, 1) },
			"Commit":  func() { d.Commit(t.Context(), a) },
			"wrong":   func() { b.Do(dropChild, "text") },
			"few":     func() { b.Do(dropChild) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s did not panic", name)
					}
				}()
				use()
			}()
		}
	})
}

func TestAWaitingActIsWithdrawnWithItsContext(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, db.Data)
	makeTables(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	a := d.NewAct()
	a.Do(addParent, 1, 1)
	must(t, d.Tx(t.Context(), func(*db.Tx) error { // the writer is taken
		cancel()
		if err := d.Commit(ctx, a); !errors.Is(err, context.Canceled) {
			t.Errorf("commit: %v", err)
		}
		return nil
	}))
	if n := number(t, d, `SELECT count(*) FROM t_parent`); n != 0 || a.Open() || a.Committed() {
		t.Errorf("%d rows", n)
	}
}

func TestAcknowledgedRowsAreThereAfterReopening(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		must(t, err)
		makeTables(t, d)
		a := d.NewAct()
		a.Do(addParent, 1, 1)
		must(t, d.Commit(t.Context(), a))
		const callers, each = 64, 20
		var acked sync.Map
		var wg sync.WaitGroup
		for caller := range callers {
			wg.Go(func() {
				for i := range each {
					num := int64(caller*each + i)
					a := d.NewAct()
					a.Require(parent, 1, 1)
					a.Do(addChild, num, 1, nil, []byte{1, 2})
					if i%5 == 4 {
						a.Do(addChild, num-1, 1, nil, nil) // a duplicate
					}
					switch err := d.Commit(t.Context(), a); {
					case i%5 == 4 && db.Constraint(err):
					case i%5 != 4 && err == nil:
						acked.Store(num, true)
					default:
						t.Errorf("act %d: %v", num, err)
					}
				}
			})
		}
		wg.Wait()
		must(t, d.Close())
		d, err = db.Open(t.Context(), c)
		must(t, err)
		defer d.Close()
		var got, want int
		acked.Range(func(any, any) bool { want++; return true })
		must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
			rows, err := s.Query(t.Context(), `SELECT num FROM t_child`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var num int64
				if err := rows.Scan(&num); err != nil {
					return err
				}
				if _, ok := acked.Load(num); !ok {
					t.Errorf("row %d was never acknowledged", num)
				}
				got++
			}
			return rows.Err()
		}))
		if diff := cmp.Diff(want, got); diff != "" || want != callers*each*4/5 {
			t.Errorf("acknowledged, there: %s", diff)
		}
	})
}

func TestErrorsQuoteNoValue(t *testing.T) {
	const secret = "marker-7f3a"
	each(t, func(t *testing.T, d *db.DB) {
		a := d.NewAct()
		a.Do(addChild, 1, 1, secret, []byte(secret))
		must(t, d.Commit(t.Context(), a))
		a = d.NewAct()
		a.Do(addChild, 2, 1, secret, nil)
		errs := []error{d.Commit(t.Context(), a)}
		for _, sql := range []string{
			`INSERT INTO t_child (num, parent, name) VALUES (3, 1, $1)`,
			`INSERT INTO t_child (num, parent, body) VALUES (4, $1, NULL)`,
			`UPDATE t_child SET num = $1 WHERE num = 1`,
		} {
			errs = append(errs, d.Tx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), sql, secret)
				return err
			}))
		}
		for _, err := range errs {
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("error %v", err)
			}
		}
	})
}

func TestAChangeInALargeGroupIsSeenByThoseBehindIt(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, db.Data) // where acts run in order
	makeTables(t, d)
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 1, 1); return nil }))
	var acts []*db.Act
	for i := range 40 {
		a := d.NewAct()
		a.Do(addChild, i, 1, nil, nil)
		if i == 20 {
			a.Change(parent, 1, 1)
		} else {
			a.Require(parent, 1, 1)
		}
		acts = append(acts, a)
	}
	for i, err := range db.CommitTogether(d, acts...) {
		if db.Lost(err) != (i > 20) {
			t.Errorf("act %d: %v", i, err)
		}
	}
	if n := children(t, d); n != 21 {
		t.Errorf("%d rows, want 21", n)
	}
}
