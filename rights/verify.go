package rights

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// Verify records that who asks has proved who they are, and how: identifier-code,
// login, document, in-person.
func (s *Service) Verify(ctx context.Context, want ID, by gate.Actor, method string) error {
	if !code.MatchString(method) {
		return fault.New(fault.Invalid, "say how the person was verified: identifier-code, login, document, in-person")
	}
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if err := q.may(Verified); err != nil { // said before the details are read: those of a request that has ended may be gone
		return err
	}
	d, err := s.details(ctx, q)
	if err != nil {
		return err
	}
	d.Verifier = by.ID
	if err := s.keep(ctx, q, d); err != nil {
		return err
	}
	q.method = method
	s.point("rights.verify.before-commit")
	return s.move(ctx, q, about, Verified, fact{
		kind: audit.RequestVerified, control: policy.RequestVerified, by: by, note: method,
		public: []audit.Field{audit.Text(audit.TagMethod, method)},
	}, func(a *db.Act) error {
		at := a.Now()
		q.verified = &at
		return nil
	})
}

// Pause stops the clocks of a request that cannot go on, for a reason the person
// is shown: identity-in-doubt, clarification, guardian, other-people.
func (s *Service) Pause(ctx context.Context, want ID, why Reason, by gate.Actor) error {
	if err := why.check(pauses()); err != nil {
		return err
	}
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	switch {
	case q.state.Last(), q.state == Running, q.state == VerifiedAfter, q.begun:
		return fault.New(fault.Conflict, "the request is %s: it can be paused only before it runs", q.state)
	case q.paused != nil:
		return fault.New(fault.Conflict, "the request is paused already (%s)", q.reason)
	}
	q.reason, q.cite = why.Code, why.Cite
	return s.change(ctx, q, about, q.state, fact{
		kind: audit.RequestPaused, control: policy.RequestReply, by: by, note: why.Code, public: why.fields(),
	}, func(a *db.Act) error {
		at := a.Now()
		q.paused = &at
		return nil
	})
}

// Resume lets the clocks run again; what was due moves by the time they stood
// still.
func (s *Service) Resume(ctx context.Context, want ID, by gate.Actor) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if q.paused == nil {
		return fault.New(fault.Conflict, "the request is not paused")
	}
	since := *q.paused
	q.paused, q.reason, q.cite = nil, "", ""
	return s.change(ctx, q, about, q.state, fact{kind: audit.RequestResumed, control: policy.RequestReply, by: by}, func(a *db.Act) error {
		q.stood += max(a.Now().Sub(since), 0).Truncate(time.Microsecond)
		return nil
	})
}
