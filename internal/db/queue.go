package db

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/avow-dev/avow/fault"
)

// maxGroup bounds the acts of one transaction: enough that the fsync weighs
// nothing, few enough that the last does not wait long for the first.
const maxGroup = 512

// patience is how many groups may pass a waiting job of low priority.
const patience = 16

// A job waits for its turn in the writer. Exactly one of load, turn and alone is
// set.
type job struct {
	load *load // an act

	turn chan session // a transaction: the writer lends its session here …
	back chan error   // … and gets it back with the outcome

	alone func() error // runs on the writer outside any transaction

	state atomic.Int32 // waiting, taken or withdrawn
	held  int          // preconditions found to hold; owned by the writer (PostgreSQL)
	sure  bool         // all preconditions hold; owned by the writer (SQLite)
	err   error        // owned by the writer until done
	done  chan error   // has room for the outcome
}

const (
	waiting int32 = iota
	taken
	withdrawn
)

// queue holds the jobs that wait, in two lanes.
type queue struct {
	mu     sync.Mutex
	high   []*job
	low    []*job
	passed int // groups since low began to wait
	closed bool
	wake   chan struct{} // has room for one
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) put(j *job, low bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return fault.New(fault.Busy, "the database is closed")
	}
	if low {
		q.low = append(q.low, j)
	} else {
		q.high = append(q.high, j)
	}
	q.signal()
	return nil
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take moves the next group into batch: all of the high lane up to maxGroup, or
// one job of the low lane, alone. It does not wait. closed means that nothing
// will ever come.
func (q *queue) take(batch []*job) (_ []*job, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(batch) == 0 && len(q.high)+len(q.low) > 0 {
		if len(q.low) > 0 && (len(q.high) == 0 || q.passed >= patience) {
			batch = claim(batch, &q.low, 1)
			q.passed = 0
			continue
		}
		batch = claim(batch, &q.high, maxGroup)
		if len(q.low) > 0 {
			q.passed++
		}
	}
	if len(q.high)+len(q.low) > 0 || q.closed {
		q.signal() // for the next taker
	}
	return batch, q.closed && len(batch) == 0
}

// gather lets those who have just been answered ask again, so that they share a
// group. It yields, and never sleeps.
func (q *queue) gather(answered int) {
	for last, still := 0, 0; still < 2; {
		runtime.Gosched()
		q.mu.Lock()
		n := len(q.high)
		q.mu.Unlock()
		if n >= answered {
			return
		}
		if n == last {
			still++
		}
		last = n
	}
}

// claim takes up to n jobs that have not been withdrawn.
func claim(batch []*job, lane *[]*job, n int) []*job {
	i := 0
	for ; i < len(*lane) && len(batch) < n; i++ {
		if j := (*lane)[i]; j.state.CompareAndSwap(waiting, taken) {
			batch = append(batch, j)
		}
	}
	rest := copy(*lane, (*lane)[i:])
	clear((*lane)[rest:])
	*lane = (*lane)[:rest]
	return batch
}

// close lets the jobs that wait be done and refuses others.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

// wait returns the outcome of j. A job whose turn has not come when ctx ends is
// withdrawn; otherwise the outcome is waited for, so that it is never unknown.
func (j *job) wait(ctx context.Context) error {
	if ctx.Done() == nil {
		return <-j.done
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
		return <-j.done
	}
}
