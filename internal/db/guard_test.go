package db_test

import (
	"sync"
	"testing"

	"github.com/avow-dev/avow/internal/db"
)

// The preconditions of a group are compared as one list: a row that is missing, one
// that several rely on, and one that two name in two versions must not shift it.
func TestPreconditionsOfAGroupAreToldApart(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		acts := []struct {
			rows  [][2]int64 // number and version; every parent has version 1
			holds bool
		}{
			{[][2]int64{{3, 1}}, true},
			{[][2]int64{{2, 1}, {1, 1}}, true},
			{[][2]int64{{1, 1}, {1, 1}}, true},
			{[][2]int64{{1, 2}}, false},
			{[][2]int64{{1, 1}, {1, 2}}, false},
			{[][2]int64{{999, 1}}, false},
			{[][2]int64{{2, 1}, {999, 1}}, false},
		}
		for round := range 20 {
			var wg sync.WaitGroup
			for i, x := range acts {
				wg.Go(func() {
					a := d.NewAct()
					for _, r := range x.rows {
						a.Require(parent, r[0], r[1])
					}
					a.Do(addChild, 1000+round*10+i, 1, nil, nil)
					err := d.Commit(t.Context(), a)
					if x.holds && err != nil || !x.holds && !db.Lost(err) {
						t.Errorf("act %d: %v", i, err)
					}
				})
			}
			wg.Wait()
		}
		if n := children(t, d); n != 60 {
			t.Errorf("%d rows, want 60", n)
		}
	})
}
