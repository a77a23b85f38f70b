package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A Ground is why a member of staff looks at a record: a purpose of the policy,
// and what stands behind it. The person sees both.
type Ground struct {
	Purpose string // "": none was named
	Ref     policy.Ref
}

// Looked leaves an entry that a member of staff looked at what is on record about
// a subject, values apart. Show it only when this has returned nil (I-3).
func (p *Platform) Looked(ctx context.Context, sub subject.ID, why Ground, by Actor) error {
	return p.look(ctx, sub, why, by, p.gate.Number, nil)
}

// Look is [Platform.Looked] and [Platform.Profile]: what is on record comes with the
// commit of the entry, and is returned only when that is durable (I-3).
func (p *Platform) Look(ctx context.Context, sub subject.ID, why Ground, by Actor) (*Profile, error) {
	ctx, span := trace.Start(ctx, "look")
	defer span.End()
	var out func() (*Profile, error)
	err := p.look(ctx, sub, why, by, p.settled, func(in *db.Inquiry, num int64) { out = profileOf(in, num) })
	if err != nil {
		return nil, err
	}
	return out()
}

// LookForValues is [Platform.Look] for those who only ask whether anything is left, as
// after an erasure: it returns what is held, without values.
func (p *Platform) LookForValues(ctx context.Context, sub subject.ID, why Ground, by Actor) ([]vault.Holding, error) {
	ctx, span := trace.Start(ctx, "look")
	defer span.End()
	var out func() ([]vault.Holding, error)
	err := p.look(ctx, sub, why, by, p.gate.Number, func(in *db.Inquiry, num int64) { out = vault.HoldingsOf(in, num) })
	if err != nil {
		return nil, err
	}
	return out()
}

// look leaves the entry of a look at the subject to whom number leads, and has what fn
// asks for answered on the way; fn may be nil.
func (p *Platform) look(ctx context.Context, sub subject.ID, why Ground, by Actor, number func(context.Context, subject.ID) (int64, error), fn func(*db.Inquiry, int64)) error {
	if role, err := p.Policy().Role(by.Role); err == nil {
		if err := p.Cleared(ctx, gate.Actor{Role: role.No, ID: by.ID}); err != nil {
			return err
		}
		p.sawReads(ctx, gate.Actor{Role: role.No, ID: by.ID}, 1)
	}
	num, err := number(ctx, sub)
	if err != nil {
		return err
	}
	s, err := p.gate.State(ctx, num)
	if err != nil {
		return err
	}
	var ask func(*db.Inquiry)
	if fn != nil {
		ask = func(in *db.Inquiry) { fn(in, num) }
	}
	err = p.looked(ctx, s.Subject, why, by, ask)
	if fault.Of(err) == fault.NotFound { // erased since the facts were read
		if s, err = p.gate.Fresh(ctx, num); err == nil {
			err = p.looked(ctx, s.Subject, why, by, ask)
		}
	}
	return err
}

func (p *Platform) looked(ctx context.Context, f subject.Facts, why Ground, by Actor, fn func(*db.Inquiry)) error {
	e := audit.Entry{Kind: audit.StaffAction, Public: acted("look", by)}
	if why.Purpose != "" {
		purpose, err := p.Policy().Purpose(why.Purpose)
		if err != nil {
			return err
		}
		e.Public = append(e.Public, audit.Num(audit.TagPurpose, purpose.No))
	}
	if f.State != subject.Erased { // nothing is sealed about somebody who was erased
		e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
		e.Private = []audit.Field{audit.Text(audit.TagActor, by.ID)}
		if why.Ref.ID != "" {
			e.Private = append(e.Private, audit.Text(audit.TagRef, why.Ref.Kind.String()+" "+why.Ref.ID))
		}
	}
	return p.appendAsking(ctx, e, fn)
}
