package job

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
)

// firstLook is how soon Run looks again after it was woken or had work; the
// pauses double from there to Config.Poll.
const firstLook = time.Millisecond

// Run runs jobs as they become due until ctx ends, and then returns nil. It
// returns an error only when the database has stopped for good. Jobs that are
// running when ctx ends are given back, and so are those taken and not begun.
func (r *Runner) Run(ctx context.Context) error {
	crew := r.newCrew()
	alive, stop := r.keepAlive(ctx, crew.busy)
	defer func() {
		crew.close()
		stop()
	}()
	pause := firstLook
	for {
		free, err := crew.room(alive)
		if err == nil {
			var jobs []Job
			if jobs, err = r.next(alive, free); err == nil && len(jobs) > 0 {
				crew.give(alive, jobs)
				pause = firstLook
				continue
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		if stopped := r.db.Err(); stopped != nil {
			return fmt.Errorf("job run: %w", stopped)
		}
		if err != nil {
			r.config.Log.WarnContext(ctx, "jobs cannot be taken; trying again", "err", err, "kind", string(fault.Of(err)))
			pause = r.config.Poll
		}
		if alive.Err() != nil { // the lease was lost: begin anew
			stop()
			alive, stop = r.keepAlive(ctx, crew.busy)
		}
		if r.rest(ctx, pause) {
			pause = firstLook
		} else {
			pause = min(2*pause, r.config.Poll)
		}
	}
}

// rest waits for d, or until it is woken: then it returns true.
func (r *Runner) rest(ctx context.Context, d time.Duration) (woken bool) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-r.db.Failed():
	case <-t.C:
	case <-r.wake:
		return true
	}
	return false
}

// A crew is the workers of one Run and the jobs that wait for them: at most a
// batch, so that another node finds something to do too.
type crew struct {
	r     *Runner
	queue chan task
	taken atomic.Int64  // jobs taken and not ended
	less  chan struct{} // a job has ended
	wait  sync.WaitGroup
}

// A task is a job and the lease under which it was taken.
type task struct {
	alive context.Context
	job   Job
}

func (r *Runner) newCrew() *crew {
	c := &crew{r: r, queue: make(chan task, r.config.Batch), less: make(chan struct{}, 1)}
	for range r.config.Workers {
		c.wait.Go(func() {
			for t := range c.queue {
				c.work(t)
				c.taken.Add(-1)
				select {
				case c.less <- struct{}{}:
				default:
				}
			}
		})
	}
	return c
}

func (c *crew) work(t task) {
	var err error
	if t.alive.Err() != nil {
		err = c.r.release(t.alive, []Job{t.job})
	} else {
		err = c.r.try(t.alive, t.job)
	}
	if err != nil {
		c.r.config.Log.ErrorContext(t.alive, "the end of a job could not be written down; it will run again",
			"kind", t.job.Kind, "ref", t.job.Ref, "err", err)
	}
}

func (c *crew) busy() bool { return c.taken.Load() > 0 }

// room waits until half of a batch is free or nothing waits for a worker, and
// returns how many jobs may be taken.
func (c *crew) room(ctx context.Context) (int, error) {
	for {
		if taken := int(c.taken.Load()); taken < cap(c.queue) && (taken <= cap(c.queue)/2 || len(c.queue) == 0) {
			return cap(c.queue) - taken, nil
		}
		select {
		case <-c.less:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// give hands out jobs; their number is at most what room returned.
func (c *crew) give(alive context.Context, jobs []Job) {
	c.taken.Add(int64(len(jobs)))
	for _, j := range jobs {
		c.queue <- task{alive, j}
	}
}

func (c *crew) close() {
	close(c.queue)
	c.wait.Wait()
}
