package rights

import (
	"context"
	"errors"
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// Rebuild takes up a correction in the packages of a subject that wait to be
// fetched: they are read and packed anew, and what was packed before becomes
// unreadable with the request key that sealed it. A package that was fetched
// already is not changed under the person's hands: it is destroyed, and they ask
// again.
func (s *Service) Rebuild(ctx context.Context, num int64) error {
	if num == 0 {
		return nil
	}
	all, err := s.requestsOf(ctx, num)
	if err != nil {
		return err
	}
	var errs []error
	for _, q := range all {
		if !q.fetchable() || q.closed != nil {
			continue
		}
		switch q.state {
		case VerifiedAfter, Running, NeedsAttention:
			errs = append(errs, s.rebuild(ctx, q))
		case Delivered:
			errs = append(errs, s.outdate(ctx, q))
		}
	}
	return errors.Join(errs...)
}

// rebuild starts the steps of a request anew under a new request key.
func (s *Service) rebuild(ctx context.Context, q *request) error {
	_, about, err := s.load(ctx, q.id)
	if err != nil {
		return err
	}
	var list []*step
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = steps(ctx, r, q)
		return err
	})
	if err != nil {
		return err
	}
	old := *q
	if q.key, err = s.keys.Next(ctx); err != nil {
		return err
	}
	again, err := s.resealed(ctx, &old, q)
	if err != nil {
		return err
	}
	q.expires, q.cause, q.reason = nil, "", ""
	err = s.change(ctx, q, about, Running, fact{
		kind: audit.StepStarted, control: policy.AccessPackage, note: "corrected",
		public: []audit.Field{audit.Text(audit.TagAction, "rebuild"), audit.Text(audit.TagReason, "corrected")},
	}, func(a *db.Act) error {
		again(a)
		s.promise(a, q, anew(a, q, list))
		return nil
	})
	if err != nil {
		return err
	}
	// A crash before this leaves a key that nothing is bound to: the sweep of the
	// keyring ends it.
	if err := s.keys.Destroy(ctx, old.key); err != nil {
		return fmt.Errorf("rights rebuild: %w", err)
	}
	return nil
}

// anew lets the steps that make a package wait again, and returns the first.
func anew(a *db.Act, q *request, list []*step) (first int64) {
	for _, t := range list {
		if t.number/1000 != q.plan || t.kind == string(plan.Deliver) || t.kind == string(plan.Close) {
			continue
		}
		if first == 0 {
			first = t.number
		}
		from := t.state
		t.state, t.ended, t.outcome, t.sealed, t.tries, t.cause = stepWaiting, nil, nil, nil, 0, ""
		saveStep(a, q, t, from)
	}
	return first
}

// resealed opens what the old key of a request sealed and seals it under the new
// one. The returned function writes it and takes the package away.
func (s *Service) resealed(ctx context.Context, old, q *request) (func(*db.Act), error) {
	d, err := s.details(ctx, old)
	if err != nil {
		return nil, err
	}
	if err := s.keep(ctx, q, d); err != nil {
		return nil, err
	}
	p, err := s.stored(ctx, old)
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealBytes(ctx, q, placePlan, q.plan, p.Bytes())
	if err != nil {
		return nil, err
	}
	return func(a *db.Act) {
		a.Do(clearSurveys, q.num) // the plan holds what was found
		a.Do(resealPlan, sealed, q.num, q.plan)
		a.Do(deleteSpools, q.num)
		a.Do(deleteParcel, q.num)
		a.Do(moveKey, int64(q.key), q.num, int64(old.key))
		s.keys.Unbind(a, q.num, old.key)
		s.keys.Bind(a, q.num, seal.RequestClass, 0, q.key)
	}, nil
}

// outdate destroys a package that was fetched and that a correction has overtaken.
func (s *Service) outdate(ctx context.Context, q *request) error {
	_, about, err := s.load(ctx, q.id)
	if err != nil {
		return err
	}
	t, err := s.closing(ctx, q)
	if err != nil {
		return err
	}
	return s.close(ctx, q, about, t)
}

// overtaken says why a package that is gone before its time cannot be had.
func overtaken(q *request) error {
	if q.closed != nil && q.expires != nil && q.closed.Before(*q.expires) {
		return fault.New(fault.NotFound, "your data was corrected or erased after this package was made, so the package is deleted: ask again for a new one")
	}
	return nil
}
