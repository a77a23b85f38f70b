package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func TestNumbersNeverRepeat(t *testing.T) {
	dbtest.EachConfig(t, db.Keys, func(t *testing.T, c db.Config) {
		var mu sync.Mutex
		seen := map[int64]bool{}
		take := func(d *db.DB, n int) {
			for range n {
				num, err := d.Number(t.Context(), "x")
				must(t, err)
				mu.Lock()
				if seen[num] || num < 1 {
					t.Errorf("number %d twice", num)
				}
				seen[num] = true
				mu.Unlock()
			}
		}
		for range 2 { // and again after reopening
			d, err := db.Open(t.Context(), c)
			must(t, err)
			var other *db.DB // another node
			if c.Engine == db.Postgres {
				other, err = db.Open(t.Context(), c)
				must(t, err)
			}
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() { take(d, 50) })
				if other != nil {
					wg.Go(func() { take(other, 50) })
				}
			}
			wg.Wait()
			if n, err := d.Number(t.Context(), "y"); err != nil || n >= 100 {
				t.Errorf("another sequence: %d, %v", n, err)
			}
			must(t, d.Close())
			if other != nil {
				must(t, other.Close())
			}
		}
		if !seen[1] {
			t.Error("numbers do not begin at 1")
		}
	})
}

func TestALeaseHasOneOwnerAndItsFenceGrows(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		lease := func(owner string, dur time.Duration, wantFence int64, wantOK bool) {
			t.Helper()
			fence, ok, err := d.Lease(t.Context(), "work", owner, dur)
			if err != nil || fence != wantFence || ok != wantOK {
				t.Errorf("%s: fence %d, %v, %v; want %d, %v", owner, fence, ok, err, wantFence, wantOK)
			}
		}
		lease("a", time.Hour, 1, true)
		lease("b", time.Hour, 0, false)
		lease("a", time.Hour, 1, true) // renewed, though business time stands still
		lease("a", 0, 1, true)         // given back
		lease("b", time.Microsecond, 2, true)
		lease("a", time.Hour, 3, true) // b's has run out by the real clock
		lease("b", time.Hour, 0, false)
	})
}

func TestBusinessTimeNeverRepeatsOrGoesBack(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		c := dbtest.Config(t, engine, db.Data)
		clock := dbtest.NewClock()
		c.Clock = clock.Now
		d, err := db.Open(t.Context(), c)
		must(t, err)
		last := d.Now()
		for i, step := range []time.Duration{0, time.Hour, -48 * time.Hour, 0} {
			clock.Add(step)
			now := d.NewAct().Now()
			if !now.After(last) || now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
				t.Errorf("step %d: %v after %v", i, now, last)
			}
			if step == time.Hour && now.Sub(dbtest.Start()) < time.Hour {
				t.Errorf("the clock was moved and %v is not", now)
			}
			last = now
		}
		must(t, d.Close())
	}
}

func TestPostgresGivesItsOwnTime(t *testing.T) {
	c := dbtest.Config(t, db.Postgres, db.Data)
	c.Clock = nil
	d, err := db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	var server int64
	must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
		return s.Row(t.Context(), `SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint`).Scan(&server)
	}))
	if off := time.UnixMicro(server).Sub(d.Now()).Abs(); off > time.Second {
		t.Errorf("off by %v", off)
	}
}

func TestADirectoryHasOneOwner(t *testing.T) {
	dir := t.TempDir()
	release, err := db.LockDir(dir)
	must(t, err)
	_, err = db.LockDir(dir)
	if fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), dir) {
		t.Errorf("second owner: %v", err)
	}
	release()
	release, err = db.LockDir(dir)
	must(t, err)
	release()
}

func TestFilesAreReadableByTheirOwnerOnly(t *testing.T) {
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	makeTables(t, d)
	must(t, d.Backup(t.Context(), filepath.Join(filepath.Dir(c.File), "copy.db"), nil))
	entries, err := os.ReadDir(filepath.Dir(c.File))
	must(t, err)
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
		names = append(names, e.Name())
	}
	if want := []string{"copy.db", "data.db", "data.db-shm", "data.db-wal"}; !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
}

func TestABackupIsACompleteDatabase(t *testing.T) {
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	makeTables(t, d)
	must(t, d.Tx(t.Context(), func(tx *db.Tx) error {
		for i := range 3000 {
			tx.Do(addParent, i, i)
		}
		return nil
	}))
	stop := make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() { // writing goes on
		for i := 10000; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			a := d.NewAct()
			a.Do(addParent, i, 1)
			a.Do(addChild, i, i, nil, nil)
			if err := d.Commit(t.Context(), a); err != nil {
				t.Error(err)
			}
		}
	})
	file := filepath.Join(t.TempDir(), "copy # ?.db")
	var done, total int
	must(t, d.Backup(t.Context(), file, func(n, of int) { done, total = n, of }))
	close(stop)
	wg.Wait()
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	if err := d.Backup(t.Context(), file, nil); fault.Of(err) != fault.Conflict {
		t.Errorf("over an existing file: %v", err)
	}
	must(t, d.Close())
	c.File = file
	d, err = db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	parents, kids := number(t, d, `SELECT count(*) FROM t_parent`), children(t, d)
	if parents != 3000+kids {
		t.Errorf("%d parents and %d children are not one state", parents, kids)
	}
	pg := dbtest.Open(t, db.Postgres, db.Data)
	if err := pg.Backup(t.Context(), file+"2", nil); fault.Of(err) != fault.Invalid {
		t.Errorf("postgres: %v", err)
	}
}

func TestACheckpointEmptiesTheLog(t *testing.T) {
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	makeTables(t, d)
	must(t, d.Checkpoint(t.Context()))
	if n := logSize(t, c); n != 0 {
		t.Errorf("%d bytes are left in the log", n)
	}
	// A reader of an older state needs the log: the caller is told.
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	must(t, d.Read(t.Context(), func(s *db.Snapshot) error {
		var n int
		must(t, s.Row(t.Context(), `SELECT count(*) FROM t_parent`).Scan(&n))
		must(t, d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 1, 1); return nil }))
		if err := d.Checkpoint(ctx); err == nil {
			t.Error("the log was emptied under a reader")
		}
		return nil
	}))
	must(t, d.Checkpoint(t.Context()))
}

func TestIdentityTellsPlacesApart(t *testing.T) {
	var ids []string
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		for _, s := range []db.Store{db.Data, db.Keys} {
			id, err := dbtest.Open(t, e, s).Identity(t.Context())
			must(t, err)
			if id == "" || slices.Contains(ids, id) {
				t.Errorf("%s %s: identity %q among %q", e, s, id, ids)
			}
			ids = append(ids, id)
		}
	}
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	for _, c := range []db.Config{
		{},
		{Engine: db.SQLite, Store: db.Data},
		{Engine: db.SQLite, Store: "other", File: filepath.Join(t.TempDir(), "x.db")},
		{Engine: db.Postgres, Store: db.Data, DSN: "://"},
	} {
		if _, err := db.Open(t.Context(), c); fault.Of(err) != fault.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	_, err := db.Open(t.Context(), db.Config{Engine: db.Postgres, Store: db.Data, DSN: "postgres://someone:password-7@127.0.0.1:1/x"})
	if fault.Of(err) != fault.Busy || strings.Contains(err.Error(), "password-7") {
		t.Errorf("unreachable: %v", err)
	}
}

func TestAClosedDatabaseRefuses(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		must(t, err)
		must(t, d.Close())
		for name, err := range map[string]error{
			"commit": d.Commit(t.Context(), d.NewAct()),
			"tx":     d.Tx(t.Context(), func(*db.Tx) error { return nil }),
			"read":   d.Read(t.Context(), func(*db.Snapshot) error { return nil }),
		} {
			if fault.Of(err) != fault.Busy {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestReadEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		err := d.Read(ctx, func(s *db.Snapshot) error {
			var n int
			return s.Row(ctx, `WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT count(*) FROM r`).Scan(&n)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v", err)
		}
		if n := children(t, d); n != 0 { // and the next is well
			t.Error(n)
		}
	})
}
