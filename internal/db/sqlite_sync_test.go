package db_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/ncruces/go-sqlite3"
)

// A commit that makes the log long has SQLite move it into the database, and the sync of
// the log that this begins with is the first after the commit. SQLite goes on when it
// fails, and a system says once that it could not write, and then that all is well.
func TestASyncThatSQLitePassesOverIsNoSync(t *testing.T) {
	var syncs atomic.Int64
	name := dbtest.FailingFiles(t, func(sync bool) error {
		if sync && syncs.Add(1) == 1 {
			return sqlite3.IOERR_FSYNC
		}
		return nil
	})
	c := dbtest.Config(t, db.SQLite, db.Keys)
	c.VFS = name
	syncs.Store(1)
	d, err := db.Open(t.Context(), c)
	must(t, err)
	defer d.Close()
	makeTables(t, d)
	syncs.Store(0) // the header of the log is synced
	a := d.NewAct()
	for n := range 3 {
		a.Do(addParent, n+1, 1)
		a.Do(addChild, n+1, n+1, nil, []byte(strings.Repeat("x", 4<<20)))
	}
	err = d.Commit(t.Context(), a)
	if fault.Of(err) != fault.Busy || d.Err() == nil {
		t.Errorf("the sync of the log failed, and the act was told %v (stopped: %v)", err, d.Err())
	}
}
