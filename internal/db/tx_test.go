package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/google/go-cmp/cmp"
)

func TestATransactionThatFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		mine := errors.New("mine")
		write := func(tx *db.Tx) {
			tx.Do(addChild, 1, 1, "a", nil)
			if _, err := tx.Exec(t.Context(), `UPDATE t_parent SET version = version + 1`); err != nil {
				t.Error(err)
			}
		}
		for name, end := range map[string]func(tx *db.Tx) error{
			"an error": func(*db.Tx) error { return mine },
			"a swallowed error": func(tx *db.Tx) error {
				if _, err := tx.Exec(t.Context(), `INSERT INTO t_child (num, parent) VALUES ($1, $2)`, 2, 99); !db.Constraint(err) {
					t.Errorf("constraint: %v", err)
				}
				return nil
			},
			"a bad statement": func(tx *db.Tx) error { tx.Do(addChild, 1, 1, nil, nil); return nil },
			"a bad query":     func(tx *db.Tx) error { tx.Row(t.Context(), `SELECT nothing FROM nowhere`); return nil },
			"an end of its context": func(tx *db.Tx) error {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				_, err := tx.Exec(ctx, `DELETE FROM t_child`)
				return err
			},
		} {
			if err := d.Tx(t.Context(), func(tx *db.Tx) error { write(tx); return end(tx) }); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n, v := children(t, d), version(t, d, 1); n != 0 || v != 1 {
				t.Errorf("%s: %d rows, version %d", name, n, v)
			}
		}
		must(t, d.Err())
	})
}

func TestAPanicInATransactionUndoesOnlyItsOwn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		wg.Go(func() {
			defer func() {
				if recover() != "mine" {
					t.Error("the panic did not reach the caller")
				}
			}()
			d.Tx(t.Context(), func(tx *db.Tx) error {
				tx.Do(addChild, 1, 1, nil, nil)
				panic("mine")
			})
		})
		wg.Go(func() {
			t.Run("a test that fails", func(t *testing.T) {
				d.Tx(t.Context(), func(tx *db.Tx) error {
					tx.Do(addChild, 2, 1, nil, nil)
					t.SkipNow() // ends the goroutine
					return nil
				})
			})
		})
		wg.Wait()
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addChild, 3, 1, nil, nil); return nil }))
		if n := children(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestATransactionCannotEndTheSharedOne(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				a := d.NewAct()
				a.Do(addChild, i, 1, fmt.Sprint(i), nil)
				if err := d.Commit(t.Context(), a); err != nil {
					t.Error(err)
				}
			})
		}
		for _, sql := range []string{`ROLLBACK`, `commit;`} {
			err := d.Tx(t.Context(), func(tx *db.Tx) error {
				tx.Do(addChild, 100, 1, nil, nil)
				_, err := tx.Exec(t.Context(), sql)
				return err
			})
			if err == nil {
				t.Errorf("%s was accepted", sql)
			}
		}
		if d.Engine() == db.SQLite {
			err := d.Tx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT OR ROLLBACK INTO t_parent (num, version) VALUES (1, 1)`)
				return err
			})
			if !db.Constraint(err) {
				t.Errorf("or rollback: %v", err)
			}
		}
		wg.Wait()
		if n := number(t, d, `SELECT count(*) FROM t_child WHERE num < 100`); n != 8 {
			t.Errorf("%d rows, want 8", n)
		}
		must(t, d.Err())
	})
}

func TestParametersBindByNumber(t *testing.T) {
	swapped := db.Declare(`INSERT INTO t_child (name, num, parent, body) VALUES ($2, $1, $3, $4)`, "int text int bytes")
	each(t, func(t *testing.T, d *db.DB) {
		a, b, c := d.NewAct(), d.NewAct(), d.NewAct()
		a.Do(swapped, 1, "a", 2, nil)
		b.Do(swapped, 2, "b", 2, []byte{7})
		c.Do(renameChild, 1, "c") // UPDATE … $2 … $1
		for _, err := range db.CommitTogether(d, a, b) {
			must(t, err)
		}
		must(t, d.Commit(t.Context(), c))
		type row struct {
			Num, Parent int64
			Name        string
			Body        []byte
		}
		var got []row
		must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
			rows, err := s.Query(t.Context(), `SELECT num, parent, name, body FROM t_child WHERE parent = $2 AND num >= $1 AND $2 = parent ORDER BY num`, 1, 2)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var r row
				if err := rows.Scan(&r.Num, &r.Parent, &r.Name, &r.Body); err != nil {
					return err
				}
				got = append(got, r)
			}
			return rows.Err()
		}))
		want := []row{{1, 2, "c", nil}, {2, 2, "b", []byte{7}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	type id int64
	type word string
	each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Exec(t.Context(), `INSERT INTO t_child (num, parent, name, body) VALUES ($1, $2, $3, $4), (11, 1, $5, $6), ($7, 1, NULL, NULL)`,
				id(10), true, word(""), []byte{}, "x\x01é", []byte{0, 255}, 1<<62)
			if n != 3 {
				t.Errorf("%d rows", n)
			}
			return err
		}))
		must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
			var num id
			var yes bool
			var name word
			var body []byte
			must(t, s.Row(t.Context(), `SELECT num, parent, name, body FROM t_child WHERE num = 10`).Scan(&num, &yes, &name, &body))
			if num != 10 || !yes || name != "" || body == nil || len(body) != 0 {
				t.Errorf("%v %v %q %v", num, yes, name, body)
			}
			var text string
			var large int64
			must(t, s.Row(t.Context(), `SELECT name, body, (SELECT max(num) FROM t_child) FROM t_child WHERE num = $1`, 11).Scan(&text, &body, &large))
			if text != "x\x01é" || string(body) != "\x00\xff" || large != 1<<62 {
				t.Errorf("%q %x %d", text, body, large)
			}
			var sum int
			must(t, s.Row(t.Context(), `SELECT sum(parent) FROM t_child`).Scan(&sum))
			var none *string
			var noBytes []byte
			must(t, s.Row(t.Context(), `SELECT name, body FROM t_child WHERE num > $1`, 11).Scan(&none, &noBytes))
			var some *word
			must(t, s.Row(t.Context(), `SELECT name FROM t_child WHERE num = 11`).Scan(&some))
			if sum != 3 || none != nil || noBytes != nil || some == nil || *some != "x\x01é" {
				t.Errorf("%d %v %v %v", sum, none, noBytes, some)
			}
			if err := s.Row(t.Context(), `SELECT name FROM t_child WHERE num > 11`).Scan(&text); err == nil {
				t.Error("NULL was scanned into a text")
			}
			if err := s.Row(t.Context(), `SELECT name FROM t_child WHERE num = 12`).Scan(&text); !db.None(err) {
				t.Errorf("no row: %v", err)
			}
			if err := s.Row(t.Context(), `SELECT name FROM t_child WHERE num = 11`).Scan(&large); err == nil {
				t.Error("a text was scanned into a number")
			}
			return nil
		}))
	})
}

func TestASnapshotStandsStillAndCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
			count := func() (n int) {
				must(t, s.Row(t.Context(), `SELECT count(*) FROM t_child`).Scan(&n))
				return n
			}
			before := count()
			must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addChild, 1, 1, nil, nil); return nil }))
			if after := count(); after != before {
				t.Errorf("%d rows, then %d", before, after)
			}
			rows, err := s.Query(t.Context(), `DELETE FROM t_child`)
			if err == nil {
				rows.Next()
				err = rows.Err()
			}
			if err == nil {
				t.Error("a snapshot has written")
			}
			return nil
		}))
		if n := children(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestRowsMustBeClosedBeforeTheNextStatement(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
			rows, err := s.Query(t.Context(), `SELECT num FROM t_parent`)
			must(t, err)
			if !rows.Next() {
				t.Error("no row")
			}
			if _, err := s.Query(t.Context(), `SELECT 1`); err == nil {
				t.Error("a second result was opened")
			}
			rows.Close()
			var n int
			return s.Row(t.Context(), `SELECT 1`).Scan(&n)
		}))
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(t.Context(), `SELECT num FROM t_parent`)
			must(t, err)
			rows.Next()
			_, err = tx.Exec(t.Context(), `DELETE FROM t_child`)
			return err
		})
		if err == nil {
			t.Error("a statement ran over open rows")
		}
	})
}

func TestPrepareKnowsBadStatements(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Prepare(t.Context(), `SELECT num FROM t_parent WHERE version = $1`))
		for _, sql := range []string{`SELECT num FROM nowhere`, `SELEC`, `SELECT '$1'`} {
			if d.Prepare(t.Context(), sql) == nil {
				t.Errorf("%s was accepted", sql)
			}
		}
	})
}

func TestTransactionsThatCollideAreRepeated(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() {
				for range 3 { // half lock 1 then 2, half 2 then 1: deadlocks on PostgreSQL
					err := d.Tx(t.Context(), func(tx *db.Tx) error {
						for _, n := range []int{1 + i%2, 2 - i%2} {
							if _, err := tx.Exec(t.Context(), `UPDATE t_parent SET version = version + 1 WHERE num = $1`, n); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if a, b := version(t, d, 1), version(t, d, 2); a != 7 || b != 7 {
			t.Errorf("versions %d and %d, want 7", a, b)
		}
	})
}

func TestBulkWritesAmongTheOthers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				write := d.Tx
				if i%4 == 0 {
					write = d.Bulk
				}
				err := write(t.Context(), func(tx *db.Tx) error {
					for k := range 10 {
						tx.Do(addChild, i*10+k, 1, nil, nil)
					}
					var n int
					err := tx.Row(t.Context(), `SELECT count(*) FROM t_child WHERE num / 10 = $1`, i).Scan(&n)
					if n != 10 {
						t.Errorf("a transaction sees %d of its 10 rows", n)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := children(t, d); n != 200 {
			t.Errorf("%d rows, want 200", n)
		}
	})
}

func TestALookIsOneQuery(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Look(t.Context(), func(s *db.Snapshot) error {
			var n int64
			if err := s.Row(t.Context(), `SELECT count(*) FROM t_child`).Scan(&n); err != nil {
				return err
			}
			return s.Row(t.Context(), `SELECT count(*) FROM t_child`).Scan(&n)
		})
		if err == nil {
			t.Error("two queries in one look saw two states")
		}
	})
}
