package db_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/google/go-cmp/cmp"
)

const makeList = `CREATE TABLE t_list (id BIGINTEGER NOT NULL PRIMARY KEY, packed BLOBBYTES NOT NULL)`

var addList = db.Declare(`INSERT INTO t_list (id, packed) VALUES ($1, $2)`, "int bytes").Packed()

// lists is each with a table for packed rows.
func lists(t *testing.T, fn func(*testing.T, *db.DB)) {
	each(t, func(t *testing.T, d *db.DB) {
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), words(d.Engine(), makeList))
			return err
		}))
		fn(t, d)
	})
}

// listed returns all packed integers, sorted, and the number of rows. It fails
// where the key of a row is not the greatest of those that came first of so many each.
func listed(t *testing.T, d *db.DB, each int) (all []int64, rows int) {
	t.Helper()
	must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
		q, err := s.Query(t.Context(), `SELECT id, packed FROM t_list ORDER BY id`)
		must(t, err)
		defer q.Close()
		for ; q.Next(); rows++ {
			var id int64
			var b []byte
			must(t, q.Scan(&id, &b))
			var firsts []int64
			for i := 0; len(b) > 0; i, b = i+1, b[8:] {
				n := int64(binary.BigEndian.Uint64(b))
				all = append(all, n)
				if i%each == 0 {
					firsts = append(firsts, n)
				}
			}
			if most := slices.Max(firsts); most != id {
				t.Errorf("the key of a row is %d, want %d", id, most)
			}
		}
		return q.Err()
	}))
	slices.Sort(all)
	return all, rows
}

func TestPackedWritesOfAGroupMakeOneRow(t *testing.T) {
	lists(t, func(t *testing.T, d *db.DB) {
		var acts []*db.Act
		var want []int64
		for i := range int64(20) {
			a := d.NewAct()
			i := (i + 7) % 20 // the greatest is neither the first nor the last
			a.Do(addList, 100+2*i, 1000+i)
			a.Do(addChild, i, 1, nil, nil)
			a.Do(addList, 101+2*i, -i)
			want = append(want, 100+2*i, 1000+i, 101+2*i, -i)
			acts = append(acts, a)
		}
		for _, err := range db.CommitTogether(d, acts...) {
			must(t, err)
		}
		got, rows := listed(t, d, 2)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || rows != 1 {
			t.Errorf("%d rows, want one: %s", rows, diff)
		}
	})
}

func TestAnActThatFailsLeavesNothingInAPackedRow(t *testing.T) {
	lists(t, func(t *testing.T, d *db.DB) {
		var acts []*db.Act
		for i := range int64(9) {
			a := d.NewAct()
			a.Do(addList, 1+i, 100)
			switch i {
			case 2:
				a.Require(parent, 1, 77)
			case 4: // after it has written
				a.Do(addChild, 50, 1, "fine", nil)
				a.Do(addChild, 51, 99, nil, nil)
			case 6:
				a.Do(dropChild.Must(), 12345)
			}
			acts = append(acts, a)
		}
		for i, err := range db.CommitTogether(d, acts...) {
			if failed := i == 2 || i == 4 || i == 6; (err != nil) != failed {
				t.Errorf("act %d: %v", i, err)
			}
		}
		got, _ := listed(t, d, 2)
		if diff := cmp.Diff([]int64{1, 2, 4, 6, 8, 9, 100, 100, 100, 100, 100, 100}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPackedRowThatCannotBeWrittenFailsItsActAlone(t *testing.T) {
	lists(t, func(t *testing.T, d *db.DB) {
		write := func(ids ...int64) []error {
			var acts []*db.Act
			for _, id := range ids {
				a := d.NewAct()
				a.Do(addList, id)
				acts = append(acts, a)
			}
			return db.CommitTogether(d, acts...)
		}
		must(t, write(7)[0])
		for i, err := range write(5, 6, 7) { // together they would be the row 7
			if db.Constraint(err) != (i == 2) || i < 2 && err != nil {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if got, _ := listed(t, d, 1); !slices.Equal(got, []int64{5, 6, 7}) {
			t.Errorf("listed %d", got)
		}
	})
}

func TestManyPackedWritesMakeRowsOfBoundedSize(t *testing.T) {
	lists(t, func(t *testing.T, d *db.DB) {
		a := d.NewAct()
		for i := range int64(2500) {
			a.Do(addList, 1+2*i, 2+2*i)
		}
		must(t, d.Commit(t.Context(), a))
		got, rows := listed(t, d, 2)
		if len(got) != 5000 || got[4999] != 5000 || rows != 3 {
			t.Errorf("%d integers in %d rows", len(got), rows)
		}
	})
}

func TestATransactionWritesItsPackedRows(t *testing.T) {
	lists(t, func(t *testing.T, d *db.DB) {
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
			tx.Do(addList, 1)
			tx.Do(addChild, 1, 1, nil, nil)
			tx.Do(addList, 2)
			return nil
		}))
		if err := d.Tx(t.Context(), func(tx *db.Tx) error {
			tx.Do(addList, 3)
			return fmt.Errorf("no")
		}); err == nil {
			t.Error("no error")
		}
		if got, rows := listed(t, d, 1); !slices.Equal(got, []int64{1, 2}) || rows != 1 {
			t.Errorf("listed %d in %d rows", got, rows)
		}
	})
}

func TestOnlyIntegersArePacked(t *testing.T) {
	d := openLite(t)
	for _, args := range [][]any{{}, {"1"}, {1, nil}, make([]any, 3000)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d arguments are taken", len(args))
				}
			}()
			d.NewAct().Do(addList, args...)
		}()
	}
	for _, s := range []*db.Statement{addChild, addParent} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q can be packed", s.SQL())
				}
			}()
			s.Packed()
		}()
	}
}
