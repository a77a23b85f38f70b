package db_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

func TestWritersWhoAreManyGoInTwoGroups(t *testing.T) {
	_, d := opened(t)
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 100, 1); return nil })) // the header of the log is synced
	const many = 60
	done := make(chan error, many)
	var before int64
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
		for num := range many {
			a := d.NewAct()
			a.Do(addParent, num+1, 1)
			go func() { done <- d.Commit(t.Context(), a) }()
		}
		until(t, "all wait", func() bool { return db.Waiting(d) == many })
		db.Slow(d, time.Second)
		before = db.Commits(d)
		tx.Do(addParent, 101, 1)
		return nil
	}))
	for range many {
		must(t, <-done)
	}
	if n := db.Commits(d) - before; n != 3 {
		t.Errorf("%d commits, want that of the transaction and two of %d acts each", n, many/2)
	}
}
