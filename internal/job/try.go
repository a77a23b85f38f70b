package job

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// settleLimit bounds the write that gives a job back after ctx has ended.
const settleLimit = 10 * time.Second

// never is when a dead job is due.
const never = math.MaxInt64

// try runs one job and writes down how it ended. The error is that of the
// database; a handler's error is the job's.
func (r *Runner) try(ctx context.Context, j Job) error {
	err := r.call(ctx, j)
	switch {
	case j.hold.finishing.Committed():
		if err != nil {
			r.config.Log.ErrorContext(ctx, "a job failed after it had finished", "kind", j.Kind, "ref", j.Ref, "err", err)
		}
		return nil
	case err == nil:
		err = r.done(ctx, j)
	case ctx.Err() != nil:
		err = r.giveBack(ctx, j, 0)
	case db.Stopped(err): // this node's failure: another one, or its next life, has all tries left
		r.config.Log.ErrorContext(ctx, "a job waits for a node whose databases work", "kind", j.Kind, "ref", j.Ref, "err", err)
		err = r.giveBack(ctx, j, r.config.Pause)
	default:
		err = r.failed(ctx, j, err)
	}
	if db.Lost(err) { // somebody else has it: theirs to write down
		r.config.Log.WarnContext(ctx, "a job was taken over while it ran", "kind", j.Kind, "ref", j.Ref, "attempt", j.Attempt)
		return nil
	}
	if err != nil {
		r.later(j)
	}
	return err
}

// call runs the handler. A panic is a failure like any other: it must not end
// a server that serves many.
func (r *Runner) call(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", j.Kind, p)
		}
	}()
	return r.handlers[j.Kind](ctx, j)
}

// done ends a job whose handler returned nil.
func (r *Runner) done(ctx context.Context, j Job) error {
	ctx, cancel := settling(ctx)
	defer cancel()
	a := r.db.NewAct()
	a.Do(deleteDone, j.hold.num, j.hold.fence)
	err := r.db.Commit(ctx, a)
	if j.hold.finished && db.Lost(err) {
		return nil // the handler's transaction has ended it
	}
	return err
}

// failed gives a job back for another try, or buries it.
func (r *Runner) failed(ctx context.Context, j Job, cause error) error {
	ctx, cancel := settling(ctx)
	defer cancel()
	a := r.db.NewAct()
	runAt := a.Now().Add(r.pause(j.Attempt)).UnixMicro()
	state, due := Ready, runAt
	var stop *stopError
	if j.Attempt >= r.config.Tries || errors.As(cause, &stop) {
		state, due = Dead, never
	}
	a.Do(endTry, j.hold.num, j.hold.fence, string(state), runAt, due, 0, failureOf(cause))
	if err := r.db.Commit(ctx, a); err != nil {
		return err
	}
	if state == Dead {
		r.config.Log.ErrorContext(ctx, "a job is dead", "kind", j.Kind, "ref", j.Ref, "attempts", j.Attempt, "err", cause)
	} else {
		r.config.Log.WarnContext(ctx, "a job failed and will be tried again", "kind", j.Kind, "ref", j.Ref, "attempt", j.Attempt, "err", cause)
	}
	return nil
}

// release gives back jobs that were interrupted, or not begun.
func (r *Runner) release(ctx context.Context, jobs []Job) error {
	var all error
	for _, j := range jobs {
		if err := r.giveBack(ctx, j, 0); err != nil {
			r.later(j)
			all = errors.Join(all, err)
		}
	}
	return all
}

// giveBack ends a try by no fault of the job's: it does not count. The job is
// due as before, or after a pause.
func (r *Runner) giveBack(ctx context.Context, j Job, pause time.Duration) error {
	ctx, cancel := settling(ctx)
	defer cancel()
	a := r.db.NewAct()
	due := j.RunAt.UnixMicro()
	if pause > 0 {
		due = a.Now().Add(pause).UnixMicro()
	}
	a.Do(endTry, j.hold.num, j.hold.fence, string(Ready), due, due, 1, "")
	if err := r.db.Commit(ctx, a); err != nil && !db.Lost(err) {
		return err
	}
	return nil
}

// later remembers a job whose end could not be written down, for tidy.
func (r *Runner) later(j Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unended = append(r.unended, j)
}

// pause is the business time between try n and the next.
func (r *Runner) pause(n int) time.Duration {
	p := r.config.Pause
	for ; n > 1 && p < r.config.Most; n-- {
		p *= 2
	}
	return min(p, r.config.Most)
}

// settling is ctx for a write that must also happen when ctx has ended.
func settling(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
}
