package rights

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// methods are how somebody can have proved who they are, as the program knows them.
func methods() []string { return []string{"document", "in-person", "identifier-code", "login"} }

// Methods lists how somebody can prove who they are who asks for a right: what the
// program knows, and the policy's own word where it is another.
func (s *Service) Methods(right policy.RightKind) []string {
	out := methods()
	r, err := s.policy().Right(right)
	if err == nil && r.Verify != "" && r.Verify != "none" && !slices.Contains(out, r.Verify) {
		out = append(out, r.Verify)
	}
	return out
}

// CheckMethod says whether by may record that who asks for a right was verified by
// a method. It returns fault.Invalid where that is none of [Service.Methods], and for
// a guardian fault.Denied to whoever is not of the staff.
func (s *Service) CheckMethod(right policy.RightKind, method string, by gate.Actor) error {
	if known := s.Methods(right); !slices.Contains(known, method) {
		return fault.New(fault.Invalid, "nobody is verified that way: use %s", strings.Join(known, ", "))
	}
	return mayVouch(right, method, by)
}

// Verify records that who asks has proved who they are, and how: one of
// [Service.Methods].
func (s *Service) Verify(ctx context.Context, want ID, by gate.Actor, method string) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if err := s.CheckMethod(q.right(), method, by); err != nil {
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
	var also []policy.Control
	if q.right() == policy.GuardianSays {
		also = []policy.Control{policy.MinorReported}
	}
	return s.move(ctx, q, about, Verified, fact{
		kind: audit.RequestVerified, control: policy.RequestVerified, also: also, by: by, note: method,
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
