package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

// A Notice tells one person of a change of the policy.
type Notice struct {
	ID       message.ID        `json:"id"`
	Version  string            `json:"version"`
	Label    string            `json:"label"`
	Weight   string            `json:"weight"`
	At       time.Time         `json:"effective"` // when it takes or took effect; at the soonest, as long as InForce is false
	InForce  bool              `json:"in_force"`
	Again    bool              `json:"again"` // they are asked to accept it
	Shown    *time.Time        `json:"shown,omitempty"`
	Since    policy.Difference `json:"changes"` // from the version before
	Accepted bool              `json:"accepted"`
}

// Waiting returns the notices that somebody has not acknowledged yet, oldest first:
// what an app shows when they sign in, and the privacy centre before anything else.
// Where a version asks to be accepted, its notice comes once more when it is in force.
func (p *Platform) Waiting(ctx context.Context, sub subject.ID) ([]Notice, error) {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	var (
		made []*message.Message
		have []message.Copy
		past []publication.Past
	)
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if made, err = message.Notices(ctx, r); err != nil || len(made) == 0 {
			return err
		}
		if past, err = publication.History(ctx, r); err != nil {
			return err
		}
		have, err = message.Of(ctx, r, f.Num)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := []Notice{}
	for _, m := range made {
		n, ok, err := p.noticeOf(ctx, m, past)
		if err != nil {
			return nil, err
		}
		if !ok || !concerned(f, n.Version, n.until(p.data.Now())) || n.take(m, have) {
			continue
		}
		out = append(out, n)
	}
	return out, nil
}

// until is when whoever comes finds the version in force.
func (n *Notice) until(now time.Time) time.Time {
	if n.InForce {
		return n.At
	}
	return now.Add(time.Second)
}

// take reads what became of the notice, and reports whether it is done with.
func (n *Notice) take(m *message.Message, have []message.Copy) (done bool) {
	for _, c := range have {
		if c.Message != m.Num {
			continue
		}
		at := c.At
		n.Shown = &at
		done = done || n.answered(c)
	}
	return done
}

// answered reports whether somebody said that they have read it, and where they are
// asked to accept it, did so when it was in force.
func (n *Notice) answered(c message.Copy) bool {
	return c.State == message.Seen && !(n.InForce && n.Again && c.At.Before(n.At))
}

// noticeOf says what a notice tells. ok is false of a version that never came: another
// was published in its place.
func (p *Platform) noticeOf(ctx context.Context, m *message.Message, past []publication.Past) (n Notice, ok bool, err error) {
	n.ID = m.ID
	if plan := p.next.Load(); plan != nil && plan.Num == m.Version {
		c := coming(plan)
		n.Version, n.Label, n.Weight, n.At, n.Again = c.Version, c.Label, c.Weight, c.At, c.Again
		_, n.Since = publication.TermsOf(p.Policy(), plan.Policy)
		return n, true, nil
	}
	for i, v := range past {
		if v.Num != m.Version || i == 0 {
			continue
		}
		n.Version, n.Label, n.Weight, n.At, n.Again, n.InForce = v.Version, v.Label, v.Weight, v.Since, v.Again, true
		list, err := p.editions.Of(ctx, p)
		if err != nil {
			return n, false, err
		}
		for _, e := range list {
			if e.Num == v.Num {
				n.Since = e.Since
			}
		}
		return n, true, nil
	}
	return n, false, nil
}

// A Showing says where a notice was on a screen.
type Showing struct {
	Surface string // app, website, as the policy names it
	At      string // login, upgrade, visit
	Seen    bool   // the person says that they have read it
	By      Actor
}

// Note records that a notice was shown to somebody on a surface, or that they say that
// they have read it. Each is an entry of its own, once.
func (p *Platform) Note(ctx context.Context, sub subject.ID, want message.ID, s Showing) error {
	if err := s.check(p.Policy()); err != nil {
		return err
	}
	f, by, err := p.who(ctx, sub, s.By)
	if err != nil {
		return err
	}
	var (
		m    *message.Message
		have []message.Copy
		past []publication.Past
	)
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if past, err = publication.History(ctx, r); err != nil {
			return err
		}
		if f, err = subject.ByNum(ctx, r, f.Num); err != nil {
			return err
		}
		if m, err = message.Get(ctx, r, want); err != nil {
			return err
		}
		have, err = message.Of(ctx, r, f.Num)
		return err
	})
	if err != nil {
		return err
	}
	if m.Class != message.Policy || m.Channel != message.Popup {
		return fault.New(fault.Invalid, "that message is not shown but sent")
	}
	n, ok, err := p.noticeOf(ctx, m, past)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "the version that the notice tells of was replaced before it came")
	}
	act := p.data.NewAct()
	e := audit.Entry{Kind: audit.NoticeShown, Control: policy.ChangeNoticed, Also: []policy.Control{policy.NoticeClass}, Public: []audit.Field{
		audit.Num(audit.TagPolicy, m.Version), audit.Text(audit.TagType, m.Class), audit.Text(audit.TagChannel, m.Channel), audit.Text(audit.TagReason, m.Reason),
		audit.Text(audit.TagSurface, s.Surface), audit.Text(audit.TagMethod, s.At),
	}}
	c := message.Copy{Message: m.Num, Subject: f.Num, Surface: s.Surface}
	there := false
	for _, h := range have {
		if h.Message == m.Num && h.Surface == s.Surface {
			there, c = true, h
		}
	}
	switch {
	case !there:
		c.State = message.Shown
		if s.Seen {
			c.State = message.Seen
		}
		c.Why = s.At
		message.Add(act, c)
	case s.Seen && !n.answered(c):
		message.Move(act, c, message.Seen, s.At)
	default:
		return nil // it stands already
	}
	if s.Seen {
		e.Kind = audit.NoticeSeen
	}
	if err := p.aboutPerson(&e, f, by.ID); err != nil {
		return err
	}
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	return passed(p.data.Commit(ctx, act))
}

// check refuses a surface or an occasion that the policy does not have.
func (s *Showing) check(p *policy.Policy) error {
	known := false
	for _, name := range p.Surfaces() {
		known = known || name == s.Surface
	}
	switch {
	case !known:
		return fault.New(fault.Invalid, "the policy does not hold on that surface: name one of its surfaces")
	case s.At != "login" && s.At != "upgrade" && s.At != "visit":
		return fault.New(fault.Invalid, "a notice is shown at login, upgrade or visit")
	}
	return nil
}

// aboutPerson adds to an entry whom it is about; somebody erased cannot be named.
func (p *Platform) aboutPerson(e *audit.Entry, f subject.Facts, by string) error {
	if f.State == subject.Erasing || f.State == subject.Erased {
		return fault.New(fault.Conflict, "the subject is %s", f.State)
	}
	e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
	if by != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, by))
	}
	return nil
}
