package db

import (
	"context"
	"fmt"
)

// divisionByZero is how a statement that must touch one row says that it has
// not, so that COMMIT can travel with it.
const divisionByZero = "22012"

// attempt writes jobs in one transaction. The outcome of each is in its err when
// nil is returned; otherwise nothing was written.
func (w *postWriter) attempt(ctx context.Context, jobs []*job, careful bool) error {
	c := w.conn
	guards, err := c.prepareGroup(ctx, jobs)
	if err != nil {
		return err
	}
	p := c.pipe(ctx)
	defer p.p.Close() // its errors have been seen
	p.send(c.words.begin)
	if !careful {
		return w.sendMerged(p, guards, jobs)
	}
	if len(guards) > 0 {
		if err := p.check(guards, jobs); err != nil {
			return w.judge(err)
		}
	}
	return w.sendCarefully(p, guards, jobs)
}

// judge stops the database on errors of the server's disk.
func (w *postWriter) judge(err error) error {
	if classOf(err) == classFatal {
		return w.db.stop.fail(err)
	}
	return err
}

// sendMerged sends every statement once, with COMMIT behind, all in one round
// trip: most groups lose no act.
func (w *postWriter) sendMerged(p *pipe, guards []guardStep, jobs []*job) error {
	for i := range guards {
		p.sendGuard(&guards[i], true)
	}
	p.sendAsks(jobs)
	p.sendChanges(guards, nil)
	steps := p.c.steps[:0]
	for _, j := range jobs {
		steps = addSteps(steps, j.load)
	}
	p.sendSteps(steps)
	p.send(p.c.words.commit)
	if err := p.flush(); err != nil {
		return w.db.stop.fail(fmt.Errorf("commit: %w", err))
	}
	return w.committed(p, jobs, true)
}

// sendCarefully sends each act behind a savepoint. An act that fails is undone by
// the ROLLBACK TO in front of the next; one that does not has moved the
// savepoint on.
func (w *postWriter) sendCarefully(p *pipe, guards []guardStep, jobs []*job) error {
	words := &p.c.words
	p.send(words.savepoint)
	for _, j := range jobs {
		p.sync()
		p.send(words.rollback)
		if j.err == nil {
			p.sendChanges(guards, j)
			for _, o := range j.load.ops {
				if !o.s.packed {
					p.sendRow(o.s, j.load.args(o))
				}
			}
			p.send(words.release)
			p.send(words.savepoint)
		}
	}
	if err := p.flush(); err != nil {
		return err
	}
	if _, err := p.results(); err != nil {
		return w.judge(err)
	}
	if err := w.losers(p, jobs); err != nil {
		return err
	}
	p.send(words.rollback)
	p.sendAsks(jobs)
	steps := p.c.steps[:0]
	for _, j := range jobs {
		if j.err == nil {
			steps = addPacked(steps, j.load)
		}
	}
	p.sendSteps(steps)
	p.send(words.commit)
	if err := p.flush(); err != nil {
		return w.db.stop.fail(fmt.Errorf("commit: %w", err))
	}
	return w.committed(p, jobs, false)
}

// losers reads what became of each act behind its savepoint.
func (w *postWriter) losers(p *pipe, jobs []*job) error {
	for _, j := range jobs {
		must, err := p.results()
		switch {
		case err == nil:
			continue
		case !p.answered, classOf(err) == classRetry, classOf(err) == classBusy, classOf(err) == classFatal:
			return w.judge(err) // nothing is committed yet
		case must:
			j.err = ErrLost
		default:
			j.err = report(err)
		}
	}
	return nil
}

// committed reads the results up to COMMIT's.
func (w *postWriter) committed(p *pipe, jobs []*job, merged bool) error {
	must, err := p.results()
	cl := classOf(err)
	switch {
	case err == nil && p.tag == "COMMIT":
		return nil
	case err == nil:
		return w.db.stop.fail(fmt.Errorf("commit: the server answered %q", p.tag))
	case !p.answered || cl == classFatal:
		// Without an answer nobody knows whether COMMIT was carried out.
		return w.db.stop.fail(fmt.Errorf("commit: %w", err))
	case cl == classRetry:
		return err
	case p.skipped > 0 && cl == classBusy:
		return err // before COMMIT
	case p.skipped > 0 && merged && len(jobs) > 1:
		return errRerun
	case p.skipped > 0 && len(jobs) > 1:
		return errDeferred // a packed row that several made together
	case p.skipped > 0 || cl == classConstraint && len(jobs) == 1:
		jobs[0].err = report(err)
		if must {
			jobs[0].err = ErrLost
		}
		return nil // rolled back
	case cl == classConstraint:
		return errDeferred
	}
	return w.db.stop.fail(fmt.Errorf("commit: %w", err))
}

// run implements session: the declared writes of a transaction, in one round
// trip.
func (c *postConn) run(ctx context.Context, l *load) error {
	for _, o := range l.ops {
		if _, err := c.statement(ctx, o.s); err != nil {
			return err
		}
	}
	p := c.pipe(ctx)
	defer p.p.Close() // its errors have been seen
	p.sendSteps(addSteps(c.steps[:0], l))
	if err := p.flush(); err != nil {
		return err
	}
	must, err := p.results()
	if must {
		return ErrLost
	}
	return err
}
