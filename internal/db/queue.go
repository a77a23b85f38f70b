package db

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
)

// maxGroup bounds the acts of one transaction: enough that the fsync weighs
// nothing, few enough that the last does not wait long for the first.
const maxGroup = 512

// patience is how many groups may pass a waiting job of low priority.
const patience = 16

// A group costs PostgreSQL about as much as forty of its acts, so a second is begun
// beside one on its way only where that one is a single act, or this one large, or
// the acts in it have waited long: the other may stand before a lock.
const (
	fewActs  = 1
	manyActs = 64
	longWait = 20 * time.Millisecond
)

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
	busy   int // acts on their way, but for those others have waited for too long
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
	if len(q.high)+len(q.low) == 1 || worthwhile(q.busy, len(q.high)) {
		q.signal()
	}
	return nil
}

// leave is put of the high lane for somebody who sees to it that it is taken.
func (q *queue) leave(j *job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return fault.New(fault.Busy, "the database is closed")
	}
	q.high = append(q.high, j)
	return nil
}

// any reports whether somebody waits, in either lane.
func (q *queue) any() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.high)+len(q.low) > 0
}

// worthwhile reports whether a group of those that wait may begin beside one that
// is on its way.
func worthwhile(busy, waiting int) bool { return busy <= fewActs || waiting >= manyActs }

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take moves the next group into batch: all of the high lane up to room, or
// one job of the low lane, alone. It does not wait, and takes none that had better
// wait for those on their way, unless late. Who has taken some calls done, and then
// takes again. closed means that nothing will ever come.
func (q *queue) take(batch []*job, room int, late bool) (_ []*job, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if late {
		q.busy = 0
	}
	if !q.closed && !worthwhile(q.busy, len(q.high)) {
		return batch, false
	}
	for len(batch) == 0 && len(q.high)+len(q.low) > 0 {
		if len(q.low) > 0 && (len(q.high) == 0 || q.passed >= patience) {
			batch = claim(batch, &q.low, 1)
			q.passed = 0
			continue
		}
		batch = claim(batch, &q.high, room)
		if len(q.low) > 0 {
			q.passed++
		}
	}
	q.busy += len(batch)
	if len(q.high)+len(q.low) > 0 || q.closed {
		q.signal() // for the next taker
	}
	return batch, q.closed && len(batch) == 0
}

// done says that n jobs taken are no longer on their way.
func (q *queue) done(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy = max(0, q.busy-n)
}

// idle waits for something to take. late means that it has waited beside a group
// for long.
func (q *queue) idle() (late bool) {
	if q.length() == 0 {
		<-q.wake
		return false
	}
	t := time.NewTimer(longWait)
	defer t.Stop()
	select {
	case <-q.wake:
		return false
	case <-t.C:
		return true
	}
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.high)
}

// gather lets those who have just been answered ask again, so that they share a
// group with those who wait already. It yields, and never sleeps: as long as
// somebody comes, and then as long as those who are still missing would be worth
// it, of a group that took so long.
func (q *queue) gather(answered int, took time.Duration) {
	first, start := q.length(), time.Now()
	for last, still := first, 0; ; {
		runtime.Gosched()
		n := q.length()
		came := n - first
		if came >= answered {
			return
		}
		if n == last {
			still++
		}
		worth := took / 4 * time.Duration(min(came, answered-came)) / time.Duration(answered)
		if still >= 2 && time.Since(start) >= worth {
			return
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
