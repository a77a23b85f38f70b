package rights

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// deliver is the step that ends what is not fetched: the receipt is made and bound into
// the log, and the death of the request key promised.
func (s *Service) deliver(ctx context.Context, w *work) error {
	if w.q.state == Running { // taken up again after it needed attention
		if err := s.move(ctx, w.q, w.about, VerifiedAfter, fact{kind: audit.VerifiedAfter, control: w.q.checked()}, nil); err != nil {
			return err
		}
	}
	s.point("rights.deliver.before-receipt")
	body, err := s.body(ctx, w.q, w.about)
	if err != nil {
		return err
	}
	s.point("rights.deliver.before-commit")
	from := w.step.state
	return s.delivered(ctx, w.q, w.about, body, gate.Actor{}, func(a *db.Act) error {
		at := a.Now()
		w.step.state, w.step.ended, w.step.cause = stepDone, &at, ""
		saveStep(a, w.q, w.step, from)
		s.next(a, w)
		w.job.Finish(a)
		return nil
	})
}

// delivered commits the Delivered entry that binds a receipt.
func (s *Service) delivered(ctx context.Context, q *request, about subject.Facts, body *plan.Body, by gate.Actor, more func(*db.Act) error) error {
	if err := q.may(Delivered); err != nil {
		return err
	}
	a := s.data.NewAct()
	from := q.state
	q.state, q.receipt = Delivered, body.Bytes()
	at := a.Now()
	q.ended = &at
	a.Change(row, q.num, q.version)
	entry, err := s.say(ctx, a, q, about, fact{
		kind: audit.Delivered, control: q.handedOver(), by: by, public: []audit.Field{audit.Bytes(audit.TagHash, body.Hash())},
	})
	if err != nil {
		return err
	}
	id := int64(entry)
	q.receiptEntry = &id
	if _, err := s.say(ctx, a, q, about, q.inTime(at)); err != nil {
		return err
	}
	if err := more(a); err != nil {
		return err
	}
	save(a, q, from)
	if err := s.data.Commit(ctx, a); err != nil {
		return fmt.Errorf("rights deliver: %w", err)
	}
	q.version++
	return nil
}

// inTime says that a request was closed, or that it missed its deadline, which is
// a broken promise.
func (q *request) inTime(at time.Time) fact {
	d := q.dueAt(q.done, at)
	control := policy.RequestReply
	if q.erases() {
		control = policy.ErasureDeadline
	}
	if q.right() == policy.GuardianSays {
		control = policy.MinorErased
	}
	if !d.at.IsZero() && at.After(d.at) {
		return fact{kind: audit.DeadlineMissed, control: control.Broken(), public: d.fields(), note: d.rule}
	}
	return fact{kind: audit.RequestClosed, control: control, public: d.fields(), note: d.rule}
}

// Deliver hands the package of a request for access or portability to w, after
// the entry that says so is durable (I-3). It can be fetched again until it
// expires; each time leaves an entry that the person sees.
//
// The person of the request may fetch it: an actor in the role policy.Self whose
// ID is that of the subject, or of the request where nobody is known. So may
// staff under their own name, to hand it over, in a role that sees values in
// clear and handles the right. Anybody else, a program's key among them, is
// fault.Denied.
func (s *Service) Deliver(ctx context.Context, want ID, by gate.Actor, w io.Writer) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if err := s.mayFetch(q, about, by); err != nil {
		return err
	}
	if err := s.ready(q); err != nil {
		return err
	}
	q.fetched++
	if q.state == VerifiedAfter {
		body, err := s.body(ctx, q, about)
		if err != nil {
			return err
		}
		s.point("rights.deliver.before-commit")
		err = s.delivered(ctx, q, about, body, by, func(a *db.Act) error { return s.stepsDelivered(ctx, a, q) })
		if err != nil {
			return err
		}
	} else if err := s.change(ctx, q, about, q.state, fact{
		kind: audit.Exported, control: policy.AccessPackage, by: by,
		public: []audit.Field{audit.Text(audit.TagForm, "zip"), audit.Num(audit.TagCount, q.fetched)},
	}, nil); err != nil {
		return err
	}
	return s.unpack(ctx, q, w)
}

// mayFetch returns nil when by may have the package.
func (s *Service) mayFetch(q *request, about subject.Facts, by gate.Actor) error {
	if by.Role != policy.Self {
		return s.clear(q, by)
	}
	owner := string(about.ID)
	if about.Num == 0 {
		owner = string(q.id)
	}
	if by.ID == "" || by.ID != owner {
		return fault.New(fault.Denied, "the package is for somebody else")
	}
	return nil
}

// ready returns nil when a package waits to be fetched.
func (s *Service) ready(q *request) error {
	switch {
	case !q.fetchable():
		return fault.New(fault.Invalid, "a request for %s has no package: its receipt says what was done", q.asks)
	case q.state != VerifiedAfter && q.state != Delivered:
		return fault.New(fault.Conflict, "the package is not ready: the request is %s", q.state)
	case overtaken(q) != nil:
		return overtaken(q)
	case q.closed != nil || q.expires != nil && !s.data.Now().Before(*q.expires):
		return fault.New(fault.NotFound, "the package has expired and is deleted: ask again for a new one")
	}
	return nil
}

// stepsDelivered marks the delivery step of a fetched package as done.
func (s *Service) stepsDelivered(ctx context.Context, a *db.Act, q *request) error {
	list, err := s.stepsOf(ctx, q)
	for _, t := range list {
		if t.number/1000 == q.plan && t.kind == string(plan.Deliver) && t.state != stepDone {
			at := a.Now()
			from := t.state
			t.state, t.ended = stepDone, &at
			saveStep(a, q, t, from)
		}
	}
	return err
}
