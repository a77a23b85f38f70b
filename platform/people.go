package platform

import (
	"context"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
)

// Staff returns who acts, for a member of staff by their login: their id, and
// their role on this platform. Somebody with several roles acts in the first
// that the policy lets approve requests, if there is one.
func (p *Platform) Staff(ctx context.Context, login string) (gate.Actor, error) {
	who, ok, err := p.staff.Lookup(ctx, seal.NewPersonal(login))
	if err != nil {
		return gate.Actor{}, err
	}
	if !ok || who.Disabled {
		return gate.Actor{}, fault.New(fault.Denied, "there is no member of staff with that login, or they are disabled: avow staff list shows them")
	}
	actor := gate.Actor{ID: string(who.ID)}
	found := false
	for _, r := range p.Policy().Roles() {
		if who.Has(p.id, r.Name) && (!found || len(r.Approves) > 0) {
			actor.Role, found = r.No, true
		}
	}
	if !found && !who.Has(p.id, staff.Admin) {
		return gate.Actor{}, fault.New(fault.Denied, "this member of staff has no role on %s: give one with avow staff roles", p.id)
	}
	return actor, nil
}

// WorkUntil works through due jobs until a request has come to rest: done,
// waiting for somebody, or in need of attention. progress is told how many of
// its steps are done.
func (p *Platform) WorkUntil(ctx context.Context, id rights.ID, progress func(done, total int)) error {
	for {
		n, err := p.Work(ctx)
		if err == nil {
			err = p.stopped()
		}
		if err != nil {
			return err
		}
		v, err := p.rights.Show(ctx, id)
		if err != nil {
			return err
		}
		done := 0
		for _, s := range v.Steps {
			if s.State == "done" {
				done++
			}
		}
		progress(done, len(v.Steps))
		if Resting(v) {
			return nil
		}
		if n == 0 { // another worker has it, or it is tried again later
			if err := pause(ctx); err != nil {
				return err
			}
		}
	}
}

// stopped says that a store can no longer write, where one cannot: then nobody
// needs to wait for work that this process was to do.
func (p *Platform) stopped() error {
	for _, d := range []durable{p.data, p.keysDB, p.journal} {
		if err := d.Err(); err != nil {
			return fault.Wrap(fault.Internal, err, "a store can no longer write: look at the disk or the server, then give the command again; the request goes on where it stood")
		}
	}
	return nil
}

// Resting reports whether nothing more becomes of a request by itself. The
// receipt of an erasure, and the end of its key, follow after its last check.
func Resting(v rights.View) bool {
	switch v.State {
	case rights.Running:
		return false
	case rights.VerifiedAfter, rights.Delivered:
		p, err := plan.ProcedureOf(v.Right)
		return err != nil || p.Fetched || v.KeyEnded != nil
	}
	return true
}

// Guardian records that a guardian consented for somebody under age.
func (p *Platform) Guardian(ctx context.Context, sub subject.ID, by Actor) error {
	d := gate.Duty{Kind: guardianKind, Control: policy.GuardianConsent}
	return p.change(ctx, sub, by, d, guardianSaysYes)
}
