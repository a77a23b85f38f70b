package vault

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Register adds a subject and stores what was given with the registration, in
// one act: whole, or, when the policy refuses any of it, not at all. c.Subject
// is set here.
func (v *Vault) Register(ctx context.Context, n subject.New, c Collection) (refusals []policy.Refusal, err error) {
	if n.LogKey, err = v.keys.Next(ctx); err != nil {
		return nil, fmt.Errorf("vault register: %w", err)
	}
	c.Subject = n.Num
	s := gate.Newcomer(n)
	for range tries { // a newcomer loses to a suppression alone
		if refusals, err = v.register(ctx, n, s, c); !db.Lost(err) {
			return refusals, err
		}
		if s, err = v.suppressed(ctx, gate.Newcomer(n), c); err != nil {
			return nil, err
		}
	}
	return nil, errContended("register")
}

// register is one try.
func (v *Vault) register(ctx context.Context, n subject.New, s *gate.State, c Collection) ([]policy.Refusal, error) {
	act := v.data.NewAct()
	var t taken
	if len(c.Given) > 0 {
		var refusals []policy.Refusal
		var err error
		if refusals, t, err = v.take(ctx, act, s, c, false); err != nil {
			return nil, err
		}
		if len(refusals) > 0 {
			return v.turnAway(ctx, act, s, c, refusals)
		}
	}
	subject.Register(act, n)
	v.keys.Bind(act, n.Num, seal.LogClass, 0, n.LogKey)
	if err := v.gate.Registered(ctx, act, s, c.By); err != nil {
		return nil, err
	}
	if err := v.commit(ctx, act, true); err != nil {
		return nil, err
	}
	v.gate.Entered(ctx, s, act.Now(), t.bound)
	return nil, nil
}

// turnAway commits the refusal on act of somebody who would register, which names every
// reason: also that they asked not to come in again, where s does not know yet.
func (v *Vault) turnAway(ctx context.Context, act *db.Act, s *gate.State, c Collection, refusals []policy.Refusal) ([]policy.Refusal, error) {
	known, err := v.suppressed(ctx, s, c)
	if err != nil {
		return nil, err
	}
	if known != s {
		act = v.data.NewAct()
		if refusals, _, err = v.take(ctx, act, known, c, false); err != nil {
			return nil, err
		}
	}
	return refusals, v.data.Commit(ctx, act)
}

// identifiers returns the blind indexes of the values that find a subject.
func (v *Vault) identifiers(p *policy.Policy, given []policy.Given) []subject.Identifier {
	var out []subject.Identifier
	for _, x := range given {
		item, err := p.Item(x.Item)
		if err != nil || item.Identifier == "" {
			continue // an undeclared item is refused at the gate, with its reasons
		}
		d, err := v.index(item, x.Value)
		if err != nil {
			continue // so is a value that does not fit its type
		}
		out = append(out, subject.Identifier{Kind: item.Identifier, Digest: d, Exclusive: item.Exclusive})
	}
	return out
}

// suppressed returns s, or a copy that says that the suppression ledger bars an
// identifier among what is given from coming in again.
func (v *Vault) suppressed(ctx context.Context, s *gate.State, c Collection) (*gate.State, error) {
	if s.Facts.Suppressed {
		return s, nil
	}
	p := v.gate.InForce().Policy
	for _, i := range v.identifiers(p, p.Scrubbed(c.Given)) {
		barred, err := subject.Barred(ctx, v.data, i.Digest, v.data.Now())
		if err != nil {
			return nil, err
		}
		if barred {
			known := *s
			known.Facts.Suppressed = true
			return &known, nil
		}
	}
	return s, nil
}
