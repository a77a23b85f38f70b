package db

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A debt counts the commits of a write-ahead log that SQLite has made and that are not
// synced yet. Whoever reads in such a state waits until it is paid, and so does
// everybody who is told that something was written: nobody ever hears of what a power
// cut could take back.
type debt struct {
	owed atomic.Int64 // commits that were left to be synced
	paid atomic.Int64 // of these, how many are
	mu   sync.Mutex
	turn chan struct{} // guarded by mu; closed when something is paid
}

func newDebt() *debt { return &debt{turn: make(chan struct{})} }

func (d *debt) open() bool { return d.paid.Load() < d.owed.Load() }

// pay says that the first n commits are synced.
func (d *debt) pay(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paid.Store(max(n, d.paid.Load()))
	close(d.turn)
	d.turn = make(chan struct{})
}

// wait returns when all that was owed at the call is paid, or nobody will pay any
// more because of stop.
func (d *debt) wait(ctx context.Context, s *stop) error {
	owed := d.owed.Load()
	for d.paid.Load() < owed {
		d.mu.Lock()
		turn := d.turn
		d.mu.Unlock()
		if d.paid.Load() >= owed {
			break
		}
		select {
		case <-turn:
		case <-s.failed:
			return s.check()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// settle answers the jobs of a group, which took so long, once what they have committed
// is on the disk. Where those who wait have about as much to do as a sync takes, it
// goes on beside them. Otherwise a small group would begin early, only to wait for the
// sync of this one: it had better become larger.
func (w *liteWriter) settle(jobs []*job, took time.Duration) {
	waiting := w.queue.length()
	work := took / time.Duration(len(jobs)) * time.Duration(waiting)
	switch {
	case !w.debt.open():
		answer(jobs)
	case !w.paying.Load() && (waiting == 0 || work < time.Duration(w.sync.Load())):
		w.pay(jobs)
	default:
		w.open.Add(int64(len(jobs)))
		w.unpaid <- slices.Clone(jobs)
	}
}

// payer syncs for one group after the other while the writer runs the next. It ends
// when nothing comes any more.
func (w *liteWriter) payer() {
	defer close(w.paidUp)
	for jobs := range w.unpaid {
		w.paying.Store(true)
		w.pay(jobs)
		w.open.Add(-int64(len(jobs)))
		w.paying.Store(false)
	}
}

// pay syncs the log and answers. After a sync has failed nothing is synced again: the
// system may have given up what it could not write, and say that all is well.
func (w *liteWriter) pay(jobs []*job) {
	owed := w.debt.owed.Load()
	err := w.db.stop.check()
	if err == nil && w.debt.paid.Load() < owed {
		start := time.Now()
		if err = liteError(w.log.syncOwed()); err != nil {
			err = w.db.stop.fail(fmt.Errorf("commit: %w", err))
		}
		w.sync.Store((7*w.sync.Load() + int64(time.Since(start))) / 8)
	}
	if err == nil {
		w.debt.pay(owed)
	}
	for _, j := range jobs {
		if j.err == nil {
			j.err = err
		}
	}
	answer(jobs)
}
