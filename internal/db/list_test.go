package db_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/internal/db"
)

const (
	selectNames   = `SELECT name FROM t_child WHERE num > $1 ORDER BY num`
	selectParents = `SELECT num, parent FROM t_child WHERE num > $1 ORDER BY num`
)

type child struct{ num, parent int64 }

func scanOf(row db.Scanner) (c child, err error) {
	err = row.Scan(&c.num, &c.parent)
	return c, err
}

func TestAListHasTheRowsInTheirOrderAndNilWhereThereIsNone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 5)
		must(t, d.Read(t.Context(), func(r *db.Snapshot) error {
			list, err := db.List(t.Context(), r, "children", scanOf, selectParents, 2)
			must(t, err)
			if diff := cmp.Diff([]child{{3, 4}, {4, 1}, {5, 2}}, list, cmp.AllowUnexported(child{})); diff != "" {
				t.Error(diff)
			}
			byNum, err := db.Map[int64, int64](t.Context(), r, "children", selectParents, 3)
			must(t, err)
			if diff := cmp.Diff(map[int64]int64{4: 1, 5: 2}, byNum); diff != "" {
				t.Error(diff)
			}
			names, err := db.Values[*string](t.Context(), r, "names", selectNames, 4)
			must(t, err)
			if len(names) != 1 || *names[0] != "child 5" {
				t.Errorf("names %v", names)
			}
			none, err := db.List(t.Context(), r, "children", scanOf, selectParents, 5)
			if none != nil || err != nil {
				t.Errorf("of no rows: %v, %v; want nil", none, err)
			}
			empty, err := db.Map[int64, int64](t.Context(), r, "children", selectParents, 5)
			if empty == nil || len(empty) != 0 || err != nil {
				t.Errorf("of no rows: %v, %v; want an empty map", empty, err)
			}
			return nil
		}))
	})
}

// What fails says who asked, gives nothing half, and leaves the snapshot to the
// next query.
func TestAListThatFailsGivesNothingHalfAndSaysWhoAsked(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 5)
		broken := errors.New("broken")
		must(t, d.Read(t.Context(), func(r *db.Snapshot) error {
			seen := 0
			list, err := db.List(t.Context(), r, "children of t", func(row db.Scanner) (child, error) {
				if seen++; seen == 2 {
					return child{}, broken
				}
				return scanOf(row)
			}, selectParents, 0)
			if list != nil || seen != 2 || !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "children of t: ") {
				t.Errorf("after %d rows %v, %v", seen, list, err)
			}
			// Child 3 has no name: NULL is no string.
			if names, err := db.Values[string](t.Context(), r, "names", selectNames, 0); names != nil || err == nil {
				t.Errorf("NULL read as a string: %v, %v", names, err)
			}
			if m, err := db.Map[int64, string](t.Context(), r, "children", selectNames, 0); m != nil || err == nil {
				t.Errorf("one column read as two: %v, %v", m, err)
			}
			if _, err := db.List(t.Context(), r, "children", scanOf, selectParents); err == nil || !strings.HasPrefix(err.Error(), "children: ") {
				t.Errorf("a query without its argument: %v", err)
			}
			list, err = db.List(t.Context(), r, "children", scanOf, selectParents, 0)
			if len(list) != 5 || err != nil {
				t.Errorf("the next query: %v, %v", list, err)
			}
			return nil
		}))
	})
}

func TestListsOfAnInquiryStandInTheOrderOfTheAskers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 12)
		in := d.NewInquiry()
		rows := in.Ask(askChildren, []int64{3, 9, 1}, int64(0), int64(2))
		must(t, in.Run(t.Context()))
		got, err := db.Lists(rows, 3, "children", func(row db.Scanner) (num int64, err error) {
			var parent int64
			var name *string
			var body []byte
			err = row.Scan(&num, &parent, &name, &body)
			return num, err
		})
		must(t, err)
		if diff := cmp.Diff([][]int64{{10, 6}, nil, {12, 8}}, got); diff != "" {
			t.Error(diff)
		}
	})
}
