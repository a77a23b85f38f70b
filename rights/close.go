package rights

import (
	"context"
	"errors"
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// close destroys the request key and what it sealed: afterwards nobody can read
// who asked, or what was found. It can be repeated.
func (s *Service) close(ctx context.Context, q *request, about subject.Facts, t *step) error {
	if q.closed != nil {
		return nil
	}
	s.point("rights.close.before-destroy")
	if err := s.keys.Destroy(ctx, q.key); err != nil {
		return fmt.Errorf("rights close: %w", err)
	}
	s.point("rights.close.after-destroy")
	q.details = nil
	s.point("rights.close.before-commit")
	return s.change(ctx, q, about, q.state, fact{kind: audit.RequestKeyEnded, control: policy.AtRest, step: t}, func(a *db.Act) error {
		at := a.Now()
		q.closed = &at
		if t != nil && t.state != stepDone {
			from := t.state
			t.state, t.ended, t.cause = stepDone, &at, ""
			saveStep(a, q, t, from)
		}
		a.Do(clearSurveys, q.num)
		a.Do(clearPlans, q.num)
		a.Do(clearSteps, q.num)
		a.Do(deleteSpools, q.num)
		a.Do(deleteParcel, q.num)
		s.keys.Unbind(a, q.num, q.key)
		return nil
	})
}

// runClose is the handler of close jobs: the time of a package, or of a request
// that came to nothing, has run out.
func (s *Service) runClose(ctx context.Context, j job.Job) error {
	q, about, err := s.load(ctx, ID(j.Ref))
	if err != nil {
		return err
	}
	if q.fetchable() && q.expires != nil && !j.RunAt.IsZero() && s.data.Now().Before(*q.expires) {
		a := s.data.NewAct() // made anew since, and given a new time
		job.Enqueue(a, job.Job{Kind: jobClose, Ref: j.Ref, RunAt: *q.expires})
		j.Finish(a)
		return s.data.Commit(ctx, a)
	}
	if q.state == VerifiedAfter { // nobody fetched the package
		err := s.move(ctx, q, about, Expired, fact{kind: audit.RequestExpired, control: policy.AccessPackage}, nil)
		if err != nil {
			return err
		}
	}
	if !q.state.Last() {
		return nil
	}
	t, err := s.closing(ctx, q)
	if err != nil {
		return err
	}
	return s.close(ctx, q, about, t)
}

// EndOf destroys what other requests of a subject still hold of them: packages
// that wait to be fetched, identifiers and contacts of requests that are over.
// An erasure has not ended without it (I-7): vault.Holders. Requests under way keep what they
// need, and lose it at their own end.
func (s *Service) EndOf(ctx context.Context, num int64) error { return s.endOf(ctx, num, 0) }

// Unclosed asks with an act whether there are requests of a subject that
// [Service.EndOf] might have to end, then or once they have gone on. What it returns
// reports that when the act is committed. A request that is not there yet comes to a
// subject whose values the act has taken away, and keeps nothing of them.
func (s *Service) Unclosed(a *db.Act, num int64) (found func() (bool, error)) {
	rows := a.Ask(askUnclosed, num)
	return func() (bool, error) {
		some := rows.Next()
		if err := rows.Err(); err != nil {
			return false, fmt.Errorf("rights unclosed: %w", err)
		}
		return some, nil
	}
}

// AnyUnclosed reports whether there are requests of a subject, of any state, that are not
// closed: those that [Service.Rebuild] might have to take up are among them.
func (s *Service) AnyUnclosed(ctx context.Context, num int64) (bool, error) {
	rows, err := s.data.Ask(ctx, askUnclosed, num)
	if err != nil {
		return false, fmt.Errorf("rights unclosed: %w", err)
	}
	some := rows.Next()
	return some, rows.Err()
}

func (s *Service) endOf(ctx context.Context, num, but int64) error {
	if num == 0 {
		return nil
	}
	rows, err := s.data.Ask(ctx, askUnclosed, num)
	if err != nil {
		return fmt.Errorf("rights end: %w", err)
	}
	var ending []ID
	for rows.Next() {
		var (
			other     int64
			id, state string
		)
		if err := rows.Scan(&other, &id, &state); err != nil {
			return fmt.Errorf("rights end: %w", err)
		}
		if at := State(state); other != but && (at.Last() || at == VerifiedAfter) {
			ending = append(ending, ID(id))
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("rights end: %w", err)
	}
	for _, id := range ending {
		if err := s.runClose(ctx, job.Job{Ref: string(id)}); err != nil {
			return err
		}
	}
	return nil
}

// closing returns the close step of the newest plan, nil where there is none.
func (s *Service) closing(ctx context.Context, q *request) (t *step, err error) {
	var list []*step
	err = s.data.Read(ctx, func(r *db.Snapshot) error {
		list, err = steps(ctx, r, q)
		return err
	})
	for _, x := range list {
		if x.number/1000 == q.plan && x.kind == "close" {
			t = x
		}
	}
	return t, err
}

// Refuse ends a request with a reason the person is told, and with the provision
// behind it (GDPR Art. 12(4): told within the time for the reply, with the right
// to complain).
func (s *Service) Refuse(ctx context.Context, want ID, why Reason, by gate.Actor) error {
	if err := why.check(refusals()); err != nil {
		return err
	}
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	q.reason, q.cite = why.Code, why.Cite
	return s.end(ctx, q, about, Refused, fact{
		kind: audit.RequestRefused, control: policy.RequestReply, by: by, note: why.Code, public: why.fields(),
	})
}

// Withdraw ends a request because the person no longer wants it. After the first
// destructive step it is fault.Conflict.
func (s *Service) Withdraw(ctx context.Context, want ID, by gate.Actor) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	return s.end(ctx, q, about, Withdrawn, fact{kind: audit.RequestWithdrawn, control: policy.RequestReply, by: by})
}

// end moves a request to a last state. Its key dies thirty days later.
func (s *Service) end(ctx context.Context, q *request, about subject.Facts, to State, f fact) error {
	q2 := *q
	if err := q2.may(to); err != nil {
		return err
	}
	err := s.move(ctx, q, about, to, f, func(a *db.Act) error {
		if q.paused != nil {
			q.stood += max(a.Now().Sub(*q.paused), 0)
			q.paused = nil
		}
		job.Enqueue(a, job.Job{Kind: jobClose, Ref: string(q.id), RunAt: a.Now().Add(keptFor)})
		if to == Refused {
			job.Enqueue(a, job.Job{Kind: jobWrite, Ref: string(q.id)})
		}
		return s.unlock(ctx, a, q, about, f.by)
	})
	s.gate.Forget(about.Num)
	return err
}

// Sweep lets requests expire whose person was not verified for thirty days, and
// returns how many. A verified request never expires: the controller owes an
// answer, however late. Call it daily.
func (s *Service) Sweep(ctx context.Context) (n int, err error) {
	var old []*request
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		old, err = list(ctx, r, selectUnused, s.data.Now().Add(-keptFor).UnixMicro(), 500)
		return err
	})
	var all error
	for _, q := range old {
		_, about, err := s.load(ctx, q.id)
		if err == nil {
			err = s.end(ctx, q, about, Expired, fact{kind: audit.RequestExpired, control: policy.RequestVerified})
		}
		if err != nil && fault.Of(err) != fault.Conflict {
			all = errors.Join(all, err)
			continue
		}
		n++
	}
	return n, errors.Join(err, all)
}
