package vault

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Can reports true: the vault corrects, restricts and erases.
func (s *System) Can(gate.Action) bool { return true }

// Correct replaces the values of the items that the targets name as columns. Old
// values need not be named: the vault holds one value of an item.
func (s *System) Correct(ctx context.Context, w gate.Warrant, who connector.Subject, targets []connector.Target, changes []connector.Change) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.Name(), gate.Correct, who); err != nil {
		return nil, err
	}
	out := &connector.Outcome{System: s.Name()}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return out, err
	}
	p := s.gate.InForce().Policy
	for _, t := range targets {
		for _, name := range t.Columns {
			i := slices.IndexFunc(changes, func(c connector.Change) bool { return c.Item == name })
			if i < 0 {
				return nil, fault.New(fault.Conflict, "the plan corrects %s, for which there is no new value: plan again", name)
			}
			item, err := p.Item(name)
			if err != nil {
				return nil, err
			}
			err = s.vault.Correct(ctx, vault.Correction{Subject: f.Num, Item: item.No, Value: changes[i].Now, Request: w.ID()})
			if err != nil {
				return nil, err
			}
		}
		out.Collections = append(out.Collections, connector.Done{Collection: t.Collection, Action: t.Action, Planned: len(t.Keys), Done: len(t.Keys)})
	}
	return out, s.vault.Await(ctx, f.Num)
}

// Restrict sets or lifts the restriction of everything about the subject (GDPR
// Art. 18).
func (s *System) Restrict(ctx context.Context, w gate.Warrant, who connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.Name(), gate.Restrict, who); err != nil {
		return nil, err
	}
	out := &connector.Outcome{System: s.Name()}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return out, err
	}
	for _, t := range targets {
		d := connector.Done{Collection: t.Collection, Action: t.Action, Planned: len(t.Keys)}
		changed, err := s.restrict(ctx, f.Num, t.Action == connector.Freeze)
		if err != nil {
			return nil, err
		}
		if changed {
			d.Done = d.Planned
		} else {
			d.Already = d.Planned
		}
		out.Collections = append(out.Collections, d)
	}
	return out, nil
}

// tries bounds how often a restriction is begun anew because the subject's facts
// had moved on.
const tries = 16

func (s *System) restrict(ctx context.Context, num int64, on bool) (changed bool, err error) {
	d := gate.Duty{Kind: audit.Restricted, Control: policy.RestrictionApplied}
	if !on {
		d.Kind = audit.Unrestricted
	}
	for range tries {
		state, err := s.gate.Fresh(ctx, num)
		if err != nil {
			return false, err
		}
		if state.Subject.Restricted == on || state.Subject.State == subject.Erased {
			return false, nil
		}
		act := s.data.NewAct()
		if _, err := s.gate.Exercise(ctx, act, state, d); err != nil {
			return false, err
		}
		subject.Restrict(act, num, on)
		err = s.data.Commit(ctx, act)
		s.gate.Forget(num)
		if !db.Lost(err) {
			return err == nil, err
		}
	}
	return false, fault.New(fault.Busy, "this subject's record changes faster than it can be read: try again")
}
