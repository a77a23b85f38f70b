package world

import (
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// A Fault stands between a world's stores and what keeps them: below the
// embedded engine a file layer, before PostgreSQL a connection of its own. Once
// armed it lets the n-th operation fail.
type Fault struct {
	t    testing.TB
	name string // of the file layer

	left   atomic.Int64 // operations until one fails
	passed atomic.Int64
	fired  atomic.Bool
	way    atomic.Pointer[Way]
}

// A Way is how an operation fails.
type Way string

// The ways.
const (
	Broken Way = "broken" // SQLite: one write or sync of a file fails
	Full   Way = "full"   // SQLite: the disk is full from here on

	Lost  Way = "lost"  // PostgreSQL: a message does not arrive, and its connection is gone
	Deaf  Way = "deaf"  // PostgreSQL: a message is carried out, its answer does not come back
	Ended Way = "ended" // PostgreSQL: an operator ends the server process behind a connection
	Gone  Way = "gone"  // PostgreSQL: no server from here on
)

// Ways lists how the operations of an engine fail.
func Ways(e db.Engine) []Way {
	if e == db.SQLite {
		return []Way{Broken, Full}
	}
	return []Way{Lost, Deaf, Ended, Gone}
}

// never is a number of operations that no test reaches.
const never = 1 << 60

func newFault(t testing.TB) *Fault {
	f := &Fault{t: t}
	f.Heal()
	f.name = dbtest.FailingFiles(t, func(sync bool) error {
		struck, way := f.strike()
		switch {
		case !struck:
			return nil
		case sync:
			return sqlite3.IOERR_FSYNC
		case way == Full:
			return sqlite3.FULL
		}
		return sqlite3.IOERR_WRITE
	})
	return f
}

// layer names the file layer; none without a fault.
func (f *Fault) layer() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Fault returns the world's fault, of a world that has one.
func (w *World) Fault() *Fault { return w.fault }

// Arm lets the n-th operation from now fail in a way: a write, truncation or sync
// of a file, or a message that makes PostgreSQL act.
func (f *Fault) Arm(n int64, way Way) {
	f.way.Store(&way)
	f.fired.Store(false)
	f.passed.Store(0)
	f.left.Store(n)
}

// Heal lets everything pass again.
func (f *Fault) Heal() { f.Arm(never, "") }

// Fired reports whether an operation has failed since it was armed.
func (f *Fault) Fired() bool { return f.fired.Load() }

// Passed returns how many operations came by since it was armed.
func (f *Fault) Passed() int64 { return f.passed.Load() }

// strike counts one operation and reports whether it fails, and how.
func (f *Fault) strike() (bool, Way) {
	f.passed.Add(1)
	left, way := f.left.Add(-1), *f.way.Load()
	if left > 0 || left < 0 && way != Full && way != Gone {
		return false, way
	}
	f.fired.Store(true)
	return true, way
}
