package db_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// logSize is how long the write-ahead log is, without the zeros that keep its
// place.
func logSize(t *testing.T, c db.Config) int {
	t.Helper()
	b, err := os.ReadFile(c.File + "-wal")
	must(t, err)
	return len(bytes.TrimRight(b, "\x00"))
}

// until polls for a minute, which only a machine that is overrun needs.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func TestACheckpointAskedForComesAlthoughWorkGoesOn(t *testing.T) {
	c, d := opened(t)
	n := 0
	write := func() {
		n++
		a := d.NewAct()
		a.Do(addParent, n, 1)
		must(t, d.Commit(t.Context(), a))
	}
	for n < 50 {
		write()
	}
	before := logSize(t, c)
	asked := time.Now()
	d.CheckpointSoon()
	until(t, "the log grew on", func() bool { write(); return logSize(t, c) < before })
	t.Logf("emptied after %v", time.Since(asked))
}

func TestACheckpointAskedForWaitsForAReader(t *testing.T) {
	c, d := opened(t)
	readBeside(t, d, func() {
		d.CheckpointSoon()
		for end := time.Now().Add(3 * time.Second / 2); time.Now().Before(end); {
			if logSize(t, c) == 0 {
				t.Fatal("the log was emptied under a reader")
			}
		}
	})
	until(t, "the log was not emptied once the reader had gone", func() bool { return logSize(t, c) == 0 })
}

// The writer may have gone to rest before: it had nothing to do any more but to empty the
// log, a reader was in the way, and nobody had asked.
func TestACheckpointAskedForWakesTheWriter(t *testing.T) {
	c, d := opened(t)
	readBeside(t, d, func() {
		until(t, "the writer rests", func() bool { return db.Resting(d) })
	})
	if logSize(t, c) == 0 {
		t.Fatal("the log was emptied under a reader")
	}
	d.CheckpointSoon()
	until(t, "the log was not emptied", func() bool { return logSize(t, c) == 0 })
}

// opened is a database on SQLite with the tables of these tests.
func opened(t *testing.T) (db.Config, *db.DB) {
	t.Helper()
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	makeTables(t, d)
	return c, d
}

// readBeside runs fn while a reader needs the log, to which something has been written
// since it began.
func readBeside(t *testing.T, d *db.DB, fn func()) {
	t.Helper()
	must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
		var n int
		must(t, s.Row(t.Context(), `SELECT count(*) FROM t_parent`).Scan(&n))
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 1, 1); return nil }))
		fn()
		return nil
	}))
}
