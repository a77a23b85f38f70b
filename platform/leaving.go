package platform

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

var errNoWay = fault.New(fault.NotFound, "this way out leads nowhere: the link is not whole, or not ours")

// WayOut returns the purpose that somebody leaves by the way out of a message.
func (p *Platform) WayOut(ctx context.Context, id message.ID, sub subject.ID, token string) (*policy.Purpose, error) {
	if subtle.ConstantTimeCompare([]byte(token), []byte(p.wayToken(id, sub))) != 1 {
		return nil, errNoWay
	}
	m, err := p.messageBy(ctx, id)
	if err != nil {
		return nil, err
	}
	u := p.Policy().PurposeBy(m.Purpose)
	if u == nil || !m.Class.Leaves() {
		return nil, errNoWay
	}
	return u, nil
}

// LeaveBy ends messages of the kind for somebody, by the way out of one of them:
// without a sign-in, since whoever has the message may refuse the next (RFC 8058). It
// is an act of their own: they take back the consent, where the purpose rests on one,
// or object. Doing it again changes nothing.
func (p *Platform) LeaveBy(ctx context.Context, id message.ID, sub subject.ID, token string) (*policy.Purpose, error) {
	u, err := p.WayOut(ctx, id, sub, token)
	if err != nil {
		return nil, err
	}
	said, err := p.Choices(ctx, sub)
	if err != nil {
		return nil, err
	}
	c := Choice{Kind: consent.Objection, Purpose: u.Name, Given: true, Channel: "email", Explicit: true, By: Self(sub)}
	if u.Basis == policy.Consent {
		c.Kind, c.Given = consent.Consent, false
	}
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].Kind == c.Kind && said[i].Purpose == u.No {
			if said[i].Given == c.Given {
				return u, nil // they left already
			}
			break
		}
	}
	if err := p.Choose(ctx, sub, c); err != nil {
		return nil, err
	}
	return u, p.left(ctx, id, sub, u)
}

// left says by an entry that the way out was taken, and worked.
func (p *Platform) left(ctx context.Context, id message.ID, sub subject.ID, u *policy.Purpose) error {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	e := audit.Entry{Kind: audit.OptedOut, Control: policy.NoticeMarketing, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagPurpose, u.No), audit.Text(audit.TagChannel, message.Email), audit.Text(audit.TagRole, "self"),
	}}
	if err := p.aboutPerson(&e, f, ""); err != nil {
		return err
	}
	e.Private = append(e.Private, audit.Text(audit.TagRef, "message:"+string(id)))
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// planned returns the version that is published and not in force yet, as the stores
// have it.
func (p *Platform) planned(ctx context.Context) (plan *publication.Plan, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		plan, err = publication.Next(ctx, r, p.id+".yaml", p.Policy(), p.next.Load())
		return err
	})
	return plan, err
}

// likely is when a plan takes effect if its notices are out now.
func (p *Platform) likely(plan *publication.Plan) time.Time {
	if plan.Told.IsZero() && !plan.Terms.Lead.IsZero() {
		if at, _ := plan.Policy.Calendar().Add(p.data.Now(), plan.Terms.Lead); at.After(plan.At) {
			return at
		}
	}
	return plan.At
}
