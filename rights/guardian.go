package rights

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// The notes of the event that locks the data of a child.
const (
	lockedNow    = "locked"     // by the report
	lockedBefore = "was-locked" // it was already
)

// lock keeps the data of an account that is said to be a child's from being used, in
// the act that takes the report down: from now on until it is erased, or the report
// refused.
func (s *Service) lock(ctx context.Context, a *db.Act, q *request, about subject.Facts, by gate.Actor) error {
	if q.right() != policy.GuardianSays || about.Num == 0 || about.State == subject.Erased || about.State == subject.Erasing {
		return nil
	}
	note := lockedBefore
	state, err := s.gate.Fresh(ctx, about.Num)
	if err != nil {
		return err
	}
	if !state.Subject.Restricted {
		note = lockedNow
		duty := gate.Duty{Kind: audit.Restricted, Control: policy.RestrictionApplied, By: by}
		if _, err := s.gate.Exercise(ctx, a, state, duty); err != nil {
			return err
		}
		subject.Restrict(a, about.Num, true)
	}
	_, err = s.say(ctx, a, q, about, fact{
		kind: audit.ChildReported, control: policy.MinorReported, by: by, note: note, public: q.done.fields(),
	})
	return err
}

// unlock ends what the report locked, where it came to nothing.
func (s *Service) unlock(ctx context.Context, a *db.Act, q *request, about subject.Facts, by gate.Actor) error {
	if q.right() != policy.GuardianSays || about.Num == 0 || about.State == subject.Erased || about.State == subject.Erasing {
		return nil
	}
	var list []Event
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = events(ctx, r, q)
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Kind != audit.ChildReported.String() || e.Note != lockedNow {
			continue
		}
		state, err := s.gate.Fresh(ctx, about.Num)
		if err != nil {
			return err
		}
		if _, err := s.gate.Exercise(ctx, a, state, gate.Duty{Kind: audit.Unrestricted, Control: policy.RestrictionApplied, By: by}); err != nil {
			return err
		}
		subject.Restrict(a, about.Num, false)
		return nil
	}
	return nil
}

// mayVouch says why somebody may not say that who reports is the guardian: it takes
// one of the staff who has seen it on paper or in person.
func mayVouch(right policy.RightKind, method string, by gate.Actor) error {
	if right != policy.GuardianSays {
		return nil
	}
	if by.ID == "" || by.Role == policy.Self || by.Role == policy.Service { // the key of a program has an id too
		return fault.New(fault.Denied, "that somebody is the guardian is seen by one of the staff, under their own name")
	}
	if method != "document" && method != "in-person" {
		return fault.New(fault.Invalid, "an address or a sign-in shows no guardian: look at a document, or meet them (document, in-person)")
	}
	return nil
}
