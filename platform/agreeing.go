package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// GoOn records that somebody went on using the platform after the version in force
// took effect. Where the policy takes silence for acceptance of a new version, that
// accepts it, and the entry says that it was no act of the person's own. It is never
// a consent: what rests on one still waits for a yes. Who never accepted a version
// by an act has nothing to go on with, and who accepted the one in force needs no
// more: both are fault.Conflict.
func (p *Platform) GoOn(ctx context.Context, sub subject.ID, by Actor) error {
	if !p.Policy().Agreeing().SilenceYes {
		return fault.New(fault.Conflict, "the policy takes silence for no acceptance: ask, and record what the person says")
	}
	d := gate.Duty{
		Kind: audit.PolicyAccepted, Control: policy.PolicyAcceptance,
		Public: []audit.Field{audit.Text(audit.TagMethod, "continued-use")},
	}
	again, err := p.asksAgain(ctx, sub)
	if err != nil {
		return err
	}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		switch f.Accepted {
		case "":
			return fault.New(fault.Conflict, "the person has accepted no version yet: only an act of their own begins it")
		case p.Policy().Version():
			return fault.New(fault.Conflict, "the person has accepted the version in force already")
		}
		if again {
			return fault.New(fault.Conflict, "this version is accepted by an act alone: it asks for that, or it gives fewer rights")
		}
		subject.Accept(act, f.Num, p.Policy().Version())
		return nil
	})
}

// EndGuardian records that the guardian of somebody under age took the consent
// back. From then on nothing more of them is collected or used than of anybody
// under age whom no guardian stands for.
func (p *Platform) EndGuardian(ctx context.Context, sub subject.ID, by Actor) error {
	d := gate.Duty{Kind: audit.GuardianWithdrew, Control: policy.GuardianConsent}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		if !f.Guardian {
			return fault.New(fault.Conflict, "no guardian's consent is on record")
		}
		subject.SetAge(act, f.Num, f.Age, false)
		return nil
	})
}

// asksAgain reports whether a version since the one that somebody accepted asks to be
// accepted by an act.
func (p *Platform) asksAgain(ctx context.Context, sub subject.ID) (bool, error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return false, err
	}
	return p.gate.Asked(ctx, num)
}
