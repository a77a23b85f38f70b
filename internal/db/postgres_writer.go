package db

import (
	"context"
	"errors"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/jackc/pgx/v5"
)

// postWriter is one committer: it takes the acts that wait and writes them in
// one transaction, in two round trips (one where no act has preconditions).
type postWriter struct {
	db     *DB
	engine *post
	conn   *postConn // owned by the goroutine of loop; nil until needed
	later  []*job    // acts of the next group, already taken
}

func (e *post) commit(ctx context.Context, a *Act) error {
	l := a.load
	a.load = nil
	if err := ctx.Err(); err != nil {
		return err
	}
	e.lane.begin()
	defer e.lane.end()
	alone := a.asks.alone()
	if alone != nil {
		l.asks = append(l.asks, alone)
	}
	if err := e.queue.put(&l.job, false); err != nil {
		return err
	}
	if a.asks != nil && alone == nil {
		a.asks.fail(a.asks.Run(ctx))
	}
	err := l.job.wait(ctx)
	if err == nil && alone != nil {
		a.asks.give(alone)
	}
	if l.job.state.Load() == taken {
		e.db.free(l) // else the queue may still hold it
	}
	return err
}

// loop runs until the queue is closed and empty.
func (w *postWriter) loop() {
	defer func() {
		if w.conn != nil {
			w.conn.c.Close(context.Background())
		}
	}()
	var batch []*job
	late := false
	for {
		batch = append(batch[:0], w.later...)
		w.later = w.later[:0]
		var closed bool
		if len(batch) == 0 {
			batch, closed = w.engine.queue.take(batch, maxGroup, late)
		}
		if closed {
			return
		}
		if len(batch) == 0 {
			late = w.engine.queue.idle()
			continue
		}
		late = false
		now, later := divide(batch)
		w.later = append(w.later, later...)
		start, n := time.Now(), len(now)
		w.group(now)
		clear(batch)
		w.engine.queue.gather(n, time.Since(start))
		w.engine.queue.done(n)
	}
}

// group writes jobs in one transaction and answers them. Where one of them
// cannot be written, all are run again with savepoints; where that is not known
// before COMMIT, one by one.
func (w *postWriter) group(jobs []*job) {
	defer answer(jobs)
	err := w.persist(jobs, false)
	if errors.Is(err, errRerun) {
		err = w.persist(jobs, true)
	}
	if errors.Is(err, errDeferred) && len(jobs) > 1 {
		for i := range jobs {
			if err := w.persist(jobs[i:i+1], true); err != nil && jobs[i].err == nil {
				jobs[i].err = report(err)
			}
		}
		return
	}
	if err != nil {
		for _, j := range jobs {
			if j.err == nil {
				j.err = report(err)
			}
		}
	}
}

// persist repeats attempt after deadlocks with other nodes or transactions.
func (w *postWriter) persist(jobs []*job, careful bool) error {
	ctx := context.Background()
	for try := 1; ; try++ {
		if err := w.db.stop.check(); err != nil {
			return err
		}
		if err := w.connect(ctx); err != nil {
			return err
		}
		fail(jobs, nil)
		err := w.attempt(ctx, jobs, careful)
		if !w.conn.c.IsClosed() && w.conn.c.PgConn().TxStatus() != 'I' {
			if _, e := w.conn.c.Exec(ctx, "ROLLBACK"); e != nil {
				w.conn.c.Close(ctx)
			}
		}
		if classOf(err) != classRetry || try == tries {
			return err
		}
		backOff(ctx, try)
	}
}

// connect opens a connection where there is none.
func (w *postWriter) connect(ctx context.Context) error {
	if w.conn != nil && w.conn.whole() {
		return nil
	}
	if w.conn != nil {
		w.conn.c.Close(ctx)
		w.conn = nil
	}
	c, err := w.engine.open(ctx)
	if err == nil {
		err = c.byIndex(ctx)
	}
	if err != nil {
		return fault.Wrap(fault.Busy, err, "PostgreSQL cannot be reached; try again")
	}
	w.conn = c
	return nil
}

// byIndex has a connection of a committer find every row by its index. What acts do
// is about rows they name; a plan that was made while a table was small would read it
// from end to end until the server analyses it again.
func (c *postConn) byIndex(ctx context.Context) error {
	_, err := c.c.Exec(ctx, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off",
		pgx.QueryExecModeSimpleProtocol)
	return postError(err)
}
