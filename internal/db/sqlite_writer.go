package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// errAbandoned is the outcome of a transaction whose function panicked or ended
// its goroutine.
var errAbandoned = errors.New("db: the function of the transaction did not return")

const (
	idle  = time.Second            // how long the writer waits for work before it empties the log file
	soon  = 500 * time.Millisecond // … and how long it goes on working when somebody asked for that
	retry = 20 * time.Millisecond  // … and again, when a reader was in the way
)

// liteWriter owns the one connection that writes. All jobs that wait are put
// into one transaction with one fsync. They are taken by the goroutine of loop, or by a
// caller who is alone.
type liteWriter struct {
	db    *DB
	turn  sync.Mutex // held by who takes jobs; guards conn to crowd
	conn  *liteConn
	batch []*job
	dirty bool // there is something in the log file
	led   bool // somebody has led since loop looked last
	crowd crowd
	queue *queue
	ended chan struct{}
	due   atomic.Int64 // when the log file must be emptied, in Unix nanoseconds; 0: nobody asked

	resting atomic.Bool // the writer waits for work alone

	log    *steadyLog
	debt   *debt        // of log
	unpaid chan []*job  // groups whose commit is to be synced
	paying atomic.Bool  // one is being synced beside the writer
	sync   atomic.Int64 // how long one takes, in nanoseconds, smoothed
	open   atomic.Int64 // jobs that are committed and wait for a sync
	paidUp chan struct{}
}

// newLiteWriter starts a writer on a connection that it owns from here on.
func newLiteWriter(d *DB, conn *liteConn) (*liteWriter, error) {
	w := &liteWriter{
		db: d, conn: conn, queue: newQueue(), ended: make(chan struct{}),
		debt: newDebt(), unpaid: make(chan []*job), paidUp: make(chan struct{}),
		dirty: true, // a life before may have left a log file
	}
	f, err := conn.c.FileControl("main", sqlite3.FCNTL_JOURNAL_POINTER)
	if err != nil {
		return nil, liteError(err)
	}
	var ok bool
	if w.log, ok = f.(*steadyLog); !ok {
		return nil, fmt.Errorf("SQLite's log is a %T", f)
	}
	if err := w.log.Sync(vfs.SYNC_NORMAL); err != nil { // the first also syncs the folder
		return nil, liteError(err)
	}
	w.log.debt = w.debt
	go w.payer()
	go w.loop()
	return w, nil
}

// loop runs until the queue is closed and empty.
func (w *liteWriter) loop() {
	defer func() {
		close(w.unpaid)
		<-w.paidUp
		close(w.ended)
	}()
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		rests, closed := w.serve()
		if closed {
			return
		}
		if w.queue.any() { // left while the turn was being given up
			continue
		}
		if !rests {
			timer.Reset(w.wait())
		}
		select {
		case <-w.queue.wake:
		case <-timer.C:
			w.clean()
		}
	}
}

// serve runs one group after the other until nobody waits. rests says that there is
// nothing to be done until somebody comes; closed, that nobody will.
func (w *liteWriter) serve() (rests, closed bool) {
	w.turn.Lock()
	defer w.turn.Unlock()
	for {
		if w.batch, closed = w.queue.take(w.batch[:0], w.room(), false); closed {
			return true, true
		}
		if len(w.batch) == 0 {
			w.dirty = w.dirty || w.due.Load() != 0
			w.resting.Store(!w.dirty)
			return !w.dirty, false
		}
		start := time.Now()
		w.group(w.batch)
		w.queue.gather(len(w.batch), time.Since(start))
		w.ran()
	}
}

// lead takes what waits on the caller's goroutine, where nobody else does and callers come
// one at a time: two changes of goroutines, and often of threads, cost more than a
// small act does. Otherwise loop is told. The caller has left a job in the queue: whoever
// has the turn sees it, before or after giving that up.
func (w *liteWriter) lead() {
	if !w.turn.TryLock() {
		return
	}
	rested := false
	if w.crowd.size <= 1 {
		w.batch, _ = w.queue.take(w.batch[:0], w.room(), false)
		if len(w.batch) > 0 {
			w.group(w.batch)
			w.ran()
			w.led = true
			rested = w.resting.Swap(false)
		}
	}
	w.turn.Unlock()
	if rested || w.queue.any() { // loop has no timer, or something to do
		w.queue.signal()
	}
}

// ran sees to what comes behind a group.
func (w *liteWriter) ran() {
	w.queue.done(len(w.batch))
	clear(w.batch)
	w.dirty = !w.overdue() || w.empty()
}

// clean empties the log file where somebody asked for it, or nobody has worked since it
// was looked at last.
func (w *liteWriter) clean() {
	w.turn.Lock()
	defer w.turn.Unlock()
	if w.dirty && (!w.led || w.overdue()) {
		w.dirty = w.empty()
	}
	w.led = false
}

// room returns how many jobs the next group may have.
func (w *liteWriter) room() int {
	return w.crowd.room(w.queue.length()+int(w.open.Load()), time.Duration(w.sync.Load()))
}

// want asks for the log file to be emptied soon. The writer may rest already: a reader
// was in its way, and nobody had asked.
func (w *liteWriter) want() {
	if w.due.CompareAndSwap(0, time.Now().Add(soon).UnixNano()) {
		w.queue.signal()
	}
}

func (w *liteWriter) overdue() bool {
	due := w.due.Load()
	return due != 0 && time.Now().UnixNano() >= due
}

// wait returns how long the writer may wait for work.
func (w *liteWriter) wait() time.Duration {
	due := w.due.Load()
	if due == 0 {
		return idle
	}
	return max(0, min(idle, time.Until(time.Unix(0, due))))
}

// empty empties the log file. It reports true when a reader was in the way of
// somebody who asked: then it is tried again. Otherwise a reader is no matter.
func (w *liteWriter) empty() (again bool) {
	asked := w.due.Swap(0)
	err := w.judge(w.conn.truncate())
	if asked == 0 || fault.Of(err) != fault.Busy {
		return false
	}
	w.due.CompareAndSwap(0, time.Now().Add(retry).UnixNano())
	return true
}

// do hands j to the writer and returns its outcome. What in asks is answered while
// the writer works; in may be nil.
func (w *liteWriter) do(ctx context.Context, j *job, low bool, in *Inquiry) error {
	if err := w.db.stop.check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if in == nil && !low {
		if err := w.queue.leave(j); err != nil {
			return err
		}
		w.lead()
		return j.wait(ctx)
	}
	if err := w.queue.put(j, low); err != nil {
		return err
	}
	if in != nil {
		in.fail(in.Run(ctx))
	}
	return j.wait(ctx)
}

func (w *liteWriter) commit(ctx context.Context, a *Act) error {
	l := a.load
	a.load = nil
	err := w.do(ctx, &l.job, false, a.asks)
	if l.job.state.Load() == taken {
		w.db.free(l) // else the queue may still hold it
	}
	return err
}

// tx runs fn on the caller's goroutine while the writer waits, so that a panic
// or the end of a test in fn happens where it belongs.
func (w *liteWriter) tx(ctx context.Context, low bool, fn func(*Tx) error) error {
	if err := w.db.stop.check(); err != nil {
		return err
	}
	j := &job{turn: make(chan session), back: make(chan error, 1), done: make(chan error, 1)}
	if err := w.queue.put(j, low); err != nil {
		return err
	}
	cancel := ctx.Done()
	for {
		select {
		case s := <-j.turn:
			w.lend(ctx, j, s, fn)
		case err := <-j.done:
			return err
		case <-cancel:
			if j.state.CompareAndSwap(waiting, withdrawn) {
				return ctx.Err()
			}
			cancel = nil
		}
	}
}

func (w *liteWriter) lend(ctx context.Context, j *job, s session, fn func(*Tx) error) {
	tx := w.db.newTx(ctx, s)
	err := errAbandoned
	defer func() {
		tx.snap.finish()
		w.db.free(tx.load)
		j.back <- err
	}()
	err = tx.run(fn)
}

// borrow lends the connection to the transaction j and returns its outcome.
func (j *job) borrow(s session) error {
	j.turn <- s
	return <-j.back
}

// answer replies to every job of the group.
func answer(jobs []*job) {
	for _, j := range jobs {
		j.done <- j.err
	}
}

// truncate empties the write-ahead log unless a reader needs it. It does not wait
// for one, because everybody would wait with it.
func (c *liteConn) truncate() error {
	c.c.BusyTimeout(0)
	defer c.c.BusyTimeout(busyTimeout)
	s, err := c.prepare("PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return err
	}
	defer s.s.Reset()
	if !s.s.Step() {
		return c.fault(s.s.Err())
	}
	if s.s.ColumnInt64(0) != 0 {
		return fault.New(fault.Busy, "the write-ahead log is in use by a reader and could not be emptied; try again")
	}
	return nil
}
