package db

import (
	"errors"
	"fmt"
	"time"
)

// errRerun asks for the group to be run again with a savepoint for each act.
var errRerun = errors.New("run again with savepoints")

// errDeferred says that COMMIT found a violated constraint: whose, is only
// known when each job is run in a transaction of its own.
var errDeferred = errors.New("run again one by one")

// group runs jobs in one transaction and sees to their answers.
func (w *liteWriter) group(jobs []*job) {
	start := time.Now()
	w.together(jobs)
	took := time.Since(start)
	w.crowd.wrote(jobs, took)
	w.settle(jobs, took)
}

// together runs jobs in one transaction; their outcomes are in their err.
//
// At first acts have no savepoints of their own, because few fail: an act is
// checked before it writes, and the first write of an act undoes itself when it
// fails. An act that fails later has everything run again with savepoints.
func (w *liteWriter) together(jobs []*job) {
	jobs = w.runAlone(jobs)
	if len(jobs) == 0 {
		return
	}
	err := w.attempt(jobs, false)
	if errors.Is(err, errRerun) {
		err = w.attempt(jobs, true)
	}
	if errors.Is(err, errRerun) || errors.Is(err, errDeferred) {
		for i := range jobs {
			w.single(jobs[i : i+1])
		}
		return
	}
	if err != nil {
		fail(jobs, report(err))
	}
}

// runAlone runs the jobs that must be outside any transaction and returns the
// others, which are moved to the end of a copy.
func (w *liteWriter) runAlone(jobs []*job) []*job {
	var rest []*job
	for i, j := range jobs {
		if j.alone == nil {
			if rest != nil {
				rest = append(rest, j)
			}
			continue
		}
		if rest == nil {
			rest = append(make([]*job, 0, len(jobs)), jobs[:i]...)
		}
		j.err = w.judge(j.alone())
	}
	if rest == nil {
		return jobs
	}
	return rest
}

// single runs one job in its own transaction.
func (w *liteWriter) single(one []*job) {
	err := w.attempt(one, true)
	if errors.Is(err, errDeferred) || errors.Is(err, errRerun) {
		return // its own error is set
	}
	if err != nil {
		one[0].err = report(err)
	}
}

func fail(jobs []*job, err error) {
	for _, j := range jobs {
		j.err = err
	}
}

// attempt runs jobs in one transaction: acts first, then transactions. The
// outcome of each is in its err when nil is returned; otherwise nothing was
// written.
func (w *liteWriter) attempt(jobs []*job, careful bool) (err error) {
	c := w.conn
	fail(jobs, nil)
	if err := w.db.stop.check(); err != nil {
		return err
	}
	if err := c.do("BEGIN IMMEDIATE"); err != nil {
		return w.judge(err)
	}
	defer func() {
		if err != nil && !c.c.GetAutocommit() {
			if e := c.do("ROLLBACK"); e != nil {
				err = w.db.stop.fail(e)
			}
		}
	}()
	if err := c.checkTogether(jobs); err != nil {
		return w.judge(err)
	}
	for _, j := range jobs {
		if j.load == nil {
			continue
		}
		if err := w.runAct(j, careful); err != nil {
			return err
		}
	}
	if err := w.runPacked(jobs); err != nil {
		return err
	}
	for _, j := range jobs {
		if j.turn == nil {
			continue
		}
		if err := w.runTx(j); err != nil {
			return err
		}
	}
	return w.finish(jobs)
}

// runPacked runs the packed writes of the acts that have not failed.
func (w *liteWriter) runPacked(jobs []*job) error {
	steps := w.conn.steps[:0]
	for _, j := range jobs {
		if j.load != nil && j.err == nil {
			steps = addPacked(steps, j.load)
		}
	}
	err := w.conn.writePacked(steps)
	if e := w.damage(err); e != nil || err == nil {
		return e
	}
	if len(jobs) == 1 {
		jobs[0].err = report(err)
	}
	return errDeferred // whose row it was, is not known
}

// finish commits. The sync is owed: see settle.
func (w *liteWriter) finish(jobs []*job) error {
	w.log.later = true
	err := w.conn.do("COMMIT")
	w.log.later = false
	switch classOf(err) {
	case classConstraint:
		if len(jobs) == 1 {
			jobs[0].err = report(err)
		}
		return errDeferred
	case classBusy:
		return err
	}
	if err != nil {
		return w.db.stop.fail(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// judge stops the database on errors of the disk.
func (w *liteWriter) judge(err error) error {
	if classOf(err) == classFatal {
		return w.db.stop.fail(err)
	}
	return err
}

// runAct runs one act. A returned error ends the transaction.
func (w *liteWriter) runAct(j *job, careful bool) error {
	c := w.conn
	if !j.sure {
		if lost, err := c.lost(j.load); err != nil || lost {
			j.err = report(err)
			if lost {
				j.err = ErrLost
			}
			return w.damage(err)
		}
	}
	if careful {
		if err := c.do("SAVEPOINT act"); err != nil {
			return w.judge(err)
		}
	}
	err := c.answerAct(j.load)
	changes, done := 0, 0
	if err == nil {
		changes, err = c.change(j.load)
	}
	if err == nil {
		done, err = c.write(j.load)
	}
	if err == nil {
		if careful {
			return w.judge(c.do("RELEASE act"))
		}
		return nil
	}
	j.err = report(err)
	if err := w.damage(err); err != nil {
		return err
	}
	switch {
	case careful:
		if err := c.do("ROLLBACK TO act"); err != nil {
			return w.judge(err)
		}
		return w.judge(c.do("RELEASE act"))
	case changes+done > 0:
		return errRerun
	}
	return nil // the failed statement was the first and undid itself
}

// damage looks at what an error has done to the shared transaction. An error of
// the disk, or a transaction that is no longer open, ends it for all.
func (w *liteWriter) damage(err error) error {
	if err == nil {
		return nil
	}
	if w.conn.failure != nil {
		return w.db.stop.fail(w.conn.failure)
	}
	if w.conn.c.GetAutocommit() {
		return errRerun
	}
	return nil
}

// runTx lends the connection to a transaction, inside a savepoint.
func (w *liteWriter) runTx(j *job) error {
	c := w.conn
	if err := c.do("SAVEPOINT tx"); err != nil {
		return w.judge(err)
	}
	j.err = j.borrow(c)
	if err := w.damage(j.err); err != nil {
		return err
	}
	if c.c.GetAutocommit() {
		j.err = errors.New("db: the function of a transaction must not end it")
		return errRerun
	}
	if j.err != nil {
		if err := c.do("ROLLBACK TO tx"); err != nil {
			return w.judge(err)
		}
	}
	return w.judge(c.do("RELEASE tx"))
}
