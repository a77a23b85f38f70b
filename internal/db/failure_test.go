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
	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"
)

// A disk lets its n-th write or sync fail, once.
type disk struct {
	left atomic.Int64
	err  error
}

// newDisk registers a disk that works until left is set.
func newDisk(t *testing.T, err error) (*disk, string) {
	t.Helper()
	d := &disk{err: err}
	d.left.Store(1 << 40)
	return d, dbtest.FailingFiles(t, func(bool) error {
		if d.left.Add(-1) == 0 {
			return d.err
		}
		return nil
	})
}

// TestTheFirstDiskErrorStopsWritingForGood lets the n-th write or sync fail, for
// every n that a small scenario reaches.
func TestTheFirstDiskErrorStopsWritingForGood(t *testing.T) {
	for _, err := range []error{sqlite3.IOERR_FSYNC, sqlite3.IOERR_WRITE, sqlite3.FULL} {
		t.Run(strings.ReplaceAll(err.Error(), " ", "_"), func(t *testing.T) {
			reached, step := 0, int64(1)
			if testing.Short() || err != sqlite3.IOERR_FSYNC {
				step = 4
			}
			for n := int64(1); ; n += step {
				if !failNth(t, err, n) {
					break
				}
				reached++
			}
			if reached < 10 {
				t.Errorf("only %d failures were reached", reached)
			}
		})
	}
}

// failNth runs the scenario and reports whether its n-th write failed.
func failNth(t *testing.T, failure error, n int64) (failed bool) {
	disk, name := newDisk(t, failure)
	c := dbtest.Config(t, db.SQLite, db.Keys) // the fewest tables
	c.VFS = name
	d, err := db.Open(t.Context(), c)
	must(t, err)
	makeTables(t, d)
	disk.left.Store(n)
	acked := map[int]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for caller := range 4 {
		wg.Go(func() {
			for i := range 4 {
				num := caller*4 + i
				var err error
				if i == 3 {
					err = d.Tx(t.Context(), func(tx *db.Tx) error {
						tx.Do(addParent, num, 1)
						tx.Do(addChild, num, num, nil, make([]byte, 5000))
						return nil
					})
				} else {
					a := d.NewAct()
					a.Do(addParent, num, 1)
					a.Do(addChild, num, num, nil, make([]byte, 5000))
					err = d.Commit(t.Context(), a)
				}
				if err != nil && fault.Of(err) != fault.Busy {
					t.Errorf("n %d: %v", n, err)
				}
				mu.Lock()
				acked[num] = err == nil
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	checkErr := d.Checkpoint(t.Context())
	select {
	case <-d.Failed():
		failed = true
		checkStopped(t, d)
	default:
		must(t, d.Err())
		must(t, checkErr)
	}
	d.Close() // may fail: the disk has
	c.VFS = ""
	d, err = db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	for num, ok := range acked {
		p := number(t, d, `SELECT count(*) FROM t_parent WHERE num = $1`, num)
		k := number(t, d, `SELECT count(*) FROM t_child WHERE num = $1`, num)
		if p != k || ok && p != 1 {
			t.Errorf("n %d: act %d: acknowledged %v, %d of 1 parents and %d of 1 children", n, num, ok, p, k)
		}
	}
	return failed
}

func checkStopped(t *testing.T, d *db.DB) {
	t.Helper()
	if d.Err() == nil {
		t.Error("stopped without a reason")
	}
	a := d.NewAct()
	a.Do(addParent, 1000, 1)
	for _, err := range []error{
		d.Commit(t.Context(), a),
		d.Tx(t.Context(), func(*db.Tx) error { t.Error("the transaction ran"); return nil }),
	} {
		if fault.Of(err) != fault.Busy || !errors.Is(err, d.Err()) {
			t.Errorf("a write after the failure: %v", err)
		}
	}
	// Reading goes on, unless what would be seen has never reached the disk.
	var n int64
	err := d.Read(t.Context(), func(s *db.Snapshot) error {
		return s.Row(t.Context(), `SELECT count(*) FROM t_parent WHERE num = 1000`).Scan(&n)
	})
	if err != nil && !errors.Is(err, d.Err()) {
		t.Errorf("a read after the failure: %v", err)
	}
	if n != 0 {
		t.Error("written after the failure")
	}
}

func TestALockedFileIsBusyAndNoFailure(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what waits: SQLite's busy timeout is some seconds")
	}
	t.Parallel()
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	makeTables(t, d)
	other, err := sqlite3.Open(c.File)
	must(t, err)
	defer other.Close()
	must(t, other.Exec("BEGIN IMMEDIATE"))
	a := d.NewAct()
	a.Do(addParent, 1, 1)
	if err := d.Commit(t.Context(), a); fault.Of(err) != fault.Busy || d.Err() != nil {
		t.Errorf("commit: %v; failed: %v", err, d.Err())
	}
	must(t, other.Exec("ROLLBACK"))
	a = d.NewAct()
	a.Do(addParent, 1, 1)
	must(t, d.Commit(t.Context(), a))
}

// TestALostServerNeverLosesAnAcknowledgedRow ends the server's processes under
// writers. Each then either knows that nothing was written, or stops.
func TestALostServerNeverLosesAnAcknowledgedRow(t *testing.T) {
	c := dbtest.Config(t, db.Postgres, db.Data)
	for round := range 5 {
		d, err := db.Open(t.Context(), c)
		must(t, err)
		if round == 0 {
			makeTables(t, d)
		}
		var acked sync.Map
		var wg sync.WaitGroup
		for caller := range 8 {
			wg.Go(func() {
				for i := range 40 {
					num := int64(round*10000 + caller*100 + i)
					a := d.NewAct()
					a.Do(addParent, num, 1)
					a.Do(addChild, num, num, nil, nil)
					switch err := d.Commit(t.Context(), a); {
					case err == nil:
						acked.Store(num, true)
					case fault.Of(err) != fault.Busy:
						t.Errorf("act %d: %v", num, err)
					}
				}
			})
		}
		terminate(t, c)
		wg.Wait()
		d.Close()
		d, err = db.Open(t.Context(), c)
		must(t, err)
		acked.Range(func(num, _ any) bool {
			if n := number(t, d, `SELECT count(*) FROM t_child WHERE num = $1`, num); n != 1 {
				t.Errorf("acknowledged row %d: %d", num, n)
			}
			return true
		})
		if p, k := number(t, d, `SELECT count(*) FROM t_parent`), children(t, d); p != k {
			t.Errorf("%d parents, %d children", p, k)
		}
		must(t, d.Close())
	}
}

// terminate ends the server's processes for a schema.
func terminate(t *testing.T, c db.Config) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.DSN)
	must(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, fmt.Sprintf(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_class k ON k.oid = l.relation
		JOIN pg_namespace n ON n.oid = k.relnamespace WHERE n.nspname = '%s'`, c.Schema))
	must(t, err)
}
