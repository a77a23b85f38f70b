package db

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/internal/trace"
)

// Versioned names a kind of row that acts rely on: the table, its integer key
// column and its integer version column.
type Versioned struct{ Table, Key, Version string }

// A Writer takes declared writes: an [Act] or a [Tx].
type Writer interface {
	// Now is the business time of everything written with it.
	Now() time.Time
	// Do adds a write. It panics when args do not fit the declaration.
	Do(s *Statement, args ...any)
}

// An Act is a list of declared writes with preconditions, committed as one. It is
// built by one goroutine and used once.
type Act struct {
	db    *DB
	id    uint64
	now   time.Time
	state atomic.Int32
	load  *load    // nil after Commit
	asks  *Inquiry // answered with the commit; nil for none
}

// The states of an act.
const (
	building int32 = iota
	committing
	committed
	failed
)

// A load is what an act or a transaction is about to write. Loads are reused,
// so that writing costs no allocation a row.
type load struct {
	job    job // its place in the queue
	ops    []op
	vals   []value
	guards []guard
	asks   []*asking
}

// An op is one row for a statement; its arguments are vals[first:end].
type op struct {
	s          *Statement
	first, end int
}

// A guard is a precondition: the row still has this version.
type guard struct {
	v       Versioned
	key     int64
	version int64
	change  bool // and moves to version+1
}

func (d *DB) newLoad() *load {
	if l, ok := d.loads.Get().(*load); ok {
		return l
	}
	l := new(load)
	l.job.load = l
	l.job.done = make(chan error, 1)
	return l
}

// free empties l, so that no sealed value lives longer than its act, and keeps
// it for another.
func (d *DB) free(l *load) {
	l.reset()
	l.job.state.Store(waiting)
	l.job.err = nil
	if cap(l.vals) <= 1024 {
		d.loads.Put(l)
	}
}

func (l *load) reset() {
	clear(l.vals)
	clear(l.asks)
	l.ops, l.vals, l.guards, l.asks = l.ops[:0], l.vals[:0], l.guards[:0], l.asks[:0]
}

func (l *load) add(s *Statement, args []any) {
	first := len(l.vals)
	for _, a := range args {
		v, err := toValue(a)
		if err != nil {
			panic(err.Error())
		}
		l.vals = append(l.vals, v)
	}
	if err := s.check(l.vals[first:]); err != nil {
		panic("db: " + err.Error())
	}
	l.ops = append(l.ops, op{s, first, len(l.vals)})
}

// args returns the arguments of o.
func (l *load) args(o op) []value { return l.vals[o.first:o.end] }

// NewAct begins an act. It has its own id and its own time.
func (d *DB) NewAct() *Act {
	return &Act{db: d, id: d.acts.Add(1), now: d.Now(), load: d.newLoad()}
}

// ID tells the act from every other of this process. It is never 0.
func (a *Act) ID() uint64 { return a.id }

// Now returns the business time of the act.
func (a *Act) Now() time.Time { return a.now }

// Do adds a row to be written. []byte arguments are not copied: leave them as
// they are until Commit has returned.
func (a *Act) Do(s *Statement, args ...any) {
	a.mustBuild()
	a.load.add(s, args)
}

// Require makes the act lose unless the row still has this version at commit.
func (a *Act) Require(v Versioned, key, version int64) {
	a.mustBuild()
	a.load.guards = append(a.load.guards, guard{v: v, key: key, version: version})
}

// Ask adds a declared read that is answered with the commit, in its transaction, behind
// the preconditions: on PostgreSQL in its round trip, on SQLite by the one connection
// that writes, which others wait for, so ask for few rows. They are there, in memory,
// once Commit has returned nil; until then they must not be touched. It panics where
// args do not fit the declaration.
func (a *Act) Ask(q *Query, args ...any) *Rows {
	a.mustBuild()
	x, err := newAsking(q, args)
	if err != nil {
		panic(err.Error())
	}
	a.load.asks = append(a.load.asks, x)
	return &Rows{cur: &x.reply}
}

// Change makes the act lose unless the row still has this version at commit, and
// moves it to version+1. Of the acts that want to change the same version of a
// row, one wins.
func (a *Act) Change(v Versioned, key, version int64) {
	a.mustBuild()
	a.load.guards = append(a.load.guards, guard{v: v, key: key, version: version, change: true})
}

func (a *Act) mustBuild() {
	if !a.Open() {
		panic(fmt.Sprintf("db: act %d is used after its commit", a.id))
	}
}

// Open reports whether the act is still being built: neither committed nor
// failed nor on its way.
func (a *Act) Open() bool { return a != nil && a.state.Load() == building }

// Committed reports whether everything the act wrote is durable.
func (a *Act) Committed() bool { return a != nil && a.state.Load() == committed }

// Commit writes the act, together with the acts of other callers. When it returns
// nil, everything is durable; otherwise nothing is written: a precondition was
// lost ([Lost]), a constraint was violated ([Constraint]), ctx ended before the
// act's turn, or the database has failed ([DB.Err]). Only in the last case can
// the outcome be unknown, until the next start.
func (d *DB) Commit(ctx context.Context, a *Act) error {
	if a.db != d {
		panic("db: the act belongs to another database")
	}
	if !a.state.CompareAndSwap(building, committing) {
		panic(fmt.Sprintf("db: act %d is committed twice", a.id))
	}
	ctx, span := trace.Start(ctx, "commit")
	defer span.End()
	err := d.stop.check()
	if err == nil && a.asks != nil {
		err = a.asks.err
	}
	if err == nil {
		err = d.engine.commit(ctx, a)
	}
	if err != nil {
		a.state.Store(failed)
		return err
	}
	a.state.Store(committed)
	return nil
}
