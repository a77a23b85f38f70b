package rights

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/subject"
)

// maxTries is how often a step is tried before a person has to look.
const maxTries = 6

// Run promises the first step of an approved plan as durable work and returns;
// the jobs do the rest.
func (s *Service) Run(ctx context.Context, want ID, by gate.Actor) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if q.state != Approved {
		return fault.New(fault.Conflict, "the request is %s: only an approved plan runs", q.state)
	}
	s.point("rights.run.before-commit")
	if err := s.start(ctx, q, about, by); err != nil {
		return err
	}
	s.point("rights.run.after-commit")
	return nil
}

// Retry takes a request that needed attention up again at the step where it
// stopped, after its cause was mended. When the plan no longer fits, survey and
// plan again instead.
func (s *Service) Retry(ctx context.Context, want ID, by gate.Actor) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if q.state != NeedsAttention {
		return fault.New(fault.Conflict, "the request is %s: there is nothing to try again", q.state)
	}
	return s.start(ctx, q, about, by)
}

// start moves a request to running and promises its next step.
func (s *Service) start(ctx context.Context, q *request, about subject.Facts, by gate.Actor) error {
	list, err := s.stepsOf(ctx, q)
	if err != nil {
		return err
	}
	next := s.waiting(q, list)
	if next == nil || q.approved == nil {
		return fault.New(fault.Conflict, "no approved plan has a step left: survey and plan again")
	}
	from := next.state
	next.tries, next.cause, q.cause, q.reason = 0, "", "", ""
	return s.move(ctx, q, about, Running, fact{kind: audit.StepStarted, by: by, step: next}, func(a *db.Act) error {
		saveStep(a, q, next, from)
		s.promise(a, q, next.number)
		return nil
	})
}

// waiting returns the first step of the newest plan that is not done.
func (s *Service) waiting(q *request, list []*step) *step {
	for _, t := range list {
		if t.number/1000 == q.plan && t.state != stepDone {
			return t
		}
	}
	return nil
}

// promise enqueues a step with the act.
func (s *Service) promise(w db.Writer, q *request, number int64) {
	job.Enqueue(w, job.Job{Kind: jobStep, Ref: string(q.id) + "/" + strconv.FormatInt(number, 10)})
}

// work is one step being carried out.
type work struct {
	q     *request
	about subject.Facts
	step  *step
	plan  *plan.Plan
	job   job.Job
}

// runStep is the handler of step jobs.
func (s *Service) runStep(ctx context.Context, j job.Job) error {
	name, number, _ := strings.Cut(j.Ref, "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return job.Stop(fault.New(fault.Invalid, "the ref of a step job is request/number"))
	}
	w, err := s.take(ctx, ID(name), n)
	if err != nil || w == nil {
		return err
	}
	w.job = j
	s.point("rights.step.before-start")
	if err := s.carryOut(ctx, w); err != nil {
		return s.failed(ctx, w, err)
	}
	return nil
}

// take loads what a step job is about; nil where the work is done or void: the
// request was withdrawn, planned anew, or another runner was faster.
func (s *Service) take(ctx context.Context, name ID, number int64) (*work, error) {
	q, about, err := s.load(ctx, name)
	if err != nil {
		return nil, err
	}
	w := &work{q: q, about: about}
	var list []*step
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = steps(ctx, r, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Steps run in their order: a request that was taken back to an earlier one
	// comes to this one again.
	if w.step = s.waiting(q, list); w.step == nil || w.step.number != number {
		return nil, nil
	}
	late := q.state == Delivered && (w.step.kind == string(plan.Close) || w.step.kind == string(plan.Inform)) ||
		q.state == VerifiedAfter && w.step.kind != string(plan.Close)
	if q.state != Running && !late {
		return nil, nil
	}
	if w.step.kind != string(plan.Close) {
		if w.plan, err = s.stored(ctx, q); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (s *Service) carryOut(ctx context.Context, w *work) error {
	switch plan.StepKind(w.step.kind) {
	case plan.Check:
		return s.check(ctx, w)
	case plan.Export:
		return s.export(ctx, w)
	case plan.Pack:
		return s.pack(ctx, w)
	case plan.Erase:
		return s.erase(ctx, w)
	case plan.Search:
		return s.search(ctx, w)
	case plan.Deliver:
		return s.deliver(ctx, w)
	case plan.Correct:
		return s.correct(ctx, w)
	case plan.Restrict:
		return s.restrict(ctx, w)
	case plan.Manual, plan.Tell:
		return s.byHand(w)
	case plan.Reread:
		return s.reread(ctx, w)
	case plan.Inform:
		return s.inform(ctx, w)
	case plan.Close:
		return s.close(ctx, w.q, w.about, w.step)
	}
	return fault.New(fault.Invalid, "a step of kind %q is not known to this version", w.step.kind)
}

// finish commits a step's end, the entry that says so, the promise of the next
// step and the end of the job in one act.
func (s *Service) finish(ctx context.Context, w *work, f fact, more func(*db.Act) error) error {
	from := w.step.state
	f.step = w.step
	f.public = append(f.public, audit.Num(audit.TagPlanned, w.step.planned), audit.Num(audit.TagDone, w.step.done))
	s.point("rights.step.before-commit")
	err := s.change(ctx, w.q, w.about, w.q.state, f, func(a *db.Act) error {
		at := a.Now()
		w.step.state, w.step.ended, w.step.cause = stepDone, &at, ""
		saveStep(a, w.q, w.step, from)
		if more != nil {
			if err := more(a); err != nil {
				return err
			}
		}
		s.next(a, w)
		w.job.Finish(a)
		return nil
	})
	if err == nil {
		s.point("rights.step.after-commit")
	}
	return err
}

// next promises the step after w's, unless it waits for the person to fetch.
func (s *Service) next(a *db.Act, w *work) {
	following := w.step.number + 1
	t, ok := w.plan.Step(int(following % 1000))
	if !ok || t.Kind == plan.Deliver && w.q.fetchable() {
		return
	}
	s.promise(a, w.q, following)
}

// An attention is a stop that trying again cannot mend: a person has to look.
type attention struct {
	code  string // for the log
	words string // for staff; nothing personal
}

func (e *attention) Error() string { return e.words }

// failed writes down that a step failed. Trouble that may pass is left to the
// job's next try; after the last, or when trying cannot help, the request needs
// attention and says why.
func (s *Service) failed(ctx context.Context, w *work, cause error) error {
	if ctx.Err() != nil || db.Lost(cause) {
		return cause // interrupted, or somebody else moved the request: look again
	}
	stop, ok := errors.AsType[*attention](cause)
	if !ok {
		kind := fault.Of(cause)
		passing := kind == fault.Busy || kind == fault.Internal
		if passing && w.step.tries+1 < maxTries {
			return errors.Join(s.failedOnce(ctx, w, cause), cause)
		}
		stop = &attention{code: string(kind), words: fault.Message(cause)}
		s.logger.ErrorContext(ctx, "a step of a request failed", "request", string(w.q.id), "step", w.step.number, "err", cause)
	}
	return s.stop(ctx, w, stop)
}

// failedOnce counts a try.
func (s *Service) failedOnce(ctx context.Context, w *work, cause error) error {
	w.step.tries++
	w.step.cause = fault.Message(cause)
	return s.change(ctx, w.q, w.about, w.q.state, fact{
		kind: audit.StepFailed, step: w.step, note: w.step.cause,
		public: []audit.Field{audit.Text(audit.TagReason, fault.Of(cause)), audit.Num(audit.TagCount, w.step.tries)},
	}, func(a *db.Act) error {
		saveStep(a, w.q, w.step, w.step.state)
		return nil
	})
}

// stop moves a request to needs-attention and ends the job.
func (s *Service) stop(ctx context.Context, w *work, why *attention) error {
	w.q.reason, w.q.cause = why.code, why.words
	w.step.cause = why.words
	return s.move(ctx, w.q, w.about, NeedsAttention, fact{
		kind: audit.NeedsAttention, step: w.step, note: why.words,
		public: []audit.Field{audit.Text(audit.TagReason, why.code)},
	}, func(a *db.Act) error {
		saveStep(a, w.q, w.step, w.step.state)
		w.job.Finish(a)
		return nil
	})
}
