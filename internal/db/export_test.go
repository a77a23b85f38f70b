package db

import (
	"context"
	"runtime"
	"time"
)

// CommitTogether commits acts as one group, in this order, and returns their
// errors.
func CommitTogether(d *DB, acts ...*Act) []error {
	if e, ok := d.engine.(*post); ok {
		return e.together(acts)
	}
	q := d.engine.(*lite).writer.queue
	errs := make([]error, len(acts))
	done := make(chan bool)
	d.Tx(context.Background(), func(*Tx) error { // holds the writer meanwhile
		for i, a := range acts {
			go func() {
				errs[i] = d.Commit(context.Background(), a)
				done <- true
			}()
			for q.waiting() <= i {
				runtime.Gosched()
			}
		}
		return nil
	})
	for range acts {
		<-done
	}
	return errs
}

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.high)
}

// together does what a committer does, with exactly these acts.
func (e *post) together(acts []*Act) []error {
	w := &postWriter{db: e.db, engine: e}
	defer func() { w.conn.c.Close(context.Background()) }()
	var jobs []*job
	for _, a := range acts {
		a.state.Store(committing)
		a.load.job.state.Store(taken)
		jobs = append(jobs, &a.load.job)
	}
	for len(jobs) > 0 {
		now, later := divide(jobs)
		w.group(now)
		jobs = later
	}
	errs := make([]error, len(acts))
	for i, a := range acts {
		errs[i] = <-a.load.job.done
		a.state.Store(committed)
		if errs[i] != nil {
			a.state.Store(failed)
		}
	}
	return errs
}

// Waiting returns how many jobs wait for the writer of a SQLite database.
func Waiting(d *DB) int { return d.engine.(*lite).writer.queue.waiting() }

// Resting reports whether the writer of a SQLite database waits for work alone.
func Resting(d *DB) bool { return d.engine.(*lite).writer.resting.Load() }

// Slow makes the writer of a SQLite database believe that an act takes so long. Call it
// while the writer waits for a transaction.
func Slow(d *DB, act time.Duration) { d.engine.(*lite).writer.crowd.each = act }

// Commits returns how many commits of a SQLite database were left to be synced.
func Commits(d *DB) int64 { return d.engine.(*lite).writer.debt.owed.Load() }
