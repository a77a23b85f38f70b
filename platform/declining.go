package platform

import (
	"context"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Decline records that somebody does not agree to the policy, or no longer. Of a
// visitor who has no record, sub "", nothing is kept but that somebody refused. Of
// anybody else nothing more is collected, and what is there serves their rights and
// legal claims alone, until they accept.
func (p *Platform) Decline(ctx context.Context, sub subject.ID, channel string, by Actor) error {
	d := gate.Duty{Kind: audit.PolicyDeclined, Control: policy.ConsentDeclined}
	if channel != "" {
		if !slices.Contains(p.Policy().Surfaces(), channel) {
			return fault.New(fault.Invalid, "the policy does not hold there: name one of its surfaces, %v", p.Policy().Surfaces())
		}
		d.Public = append(d.Public, audit.Text(audit.TagSurface, channel))
	}
	if sub != "" {
		return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
			subject.Decline(act, f.Num)
			return nil
		})
	}
	act := p.data.NewAct()
	_, err := p.log.Append(ctx, act, audit.Entry{
		Kind: d.Kind, Control: d.Control, Public: append([]audit.Field{audit.Num(audit.TagPolicy, p.Version().Num)}, d.Public...),
	})
	if err != nil {
		return fmt.Errorf("platform decline: %w", err)
	}
	return p.data.Commit(ctx, act)
}

// Groundless lists the items that are held of a subject and that no purpose has a
// ground for any more: what rested on consents that were taken back, and on nothing
// else. What a law or a hold keeps is not among them.
func (p *Platform) Groundless(ctx context.Context, sub subject.ID) ([]*policy.Item, error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return nil, err
	}
	s, err := p.gate.Fresh(ctx, num)
	if err != nil {
		return nil, err
	}
	held, err := p.vault.Holdings(ctx, num)
	if err != nil {
		return nil, err
	}
	var out []*policy.Item
	for _, h := range held {
		for _, no := range h.Items {
			it := p.Policy().ItemBy(no)
			if it != nil && !slices.Contains(out, it) && !s.Facts.Held.Has(it.Class) && p.Policy().Groundless(no, &s.Facts) {
				out = append(out, it)
			}
		}
	}
	return out, nil
}

// EraseGroundless erases what [Platform.Groundless] lists, for good, and returns it.
func (p *Platform) EraseGroundless(ctx context.Context, sub subject.ID, by Actor) ([]*policy.Item, error) {
	items, err := p.Groundless(ctx, sub)
	if err != nil || len(items) == 0 {
		return items, err
	}
	f, a, err := p.who(ctx, sub, by)
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		if _, err := p.vault.Erase(ctx, vault.Erasure{Subject: f.Num, Item: it.No, Control: policy.WithdrawalErases, By: a}); err != nil {
			return nil, err
		}
	}
	return items, nil
}
