package vault

import (
	"context"
	"errors"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
)

// errFixed is in the chain of refusals to end what is kept for a fixed time.
var errFixed = errors.New("vault: kept for a fixed time")

// Fixed reports whether an erasure was refused because what it is about is kept for a
// fixed time that is not over.
func Fixed(err error) bool { return errors.Is(err, errFixed) }

// fixed refuses an erasure of a class that is kept for a fixed time, or of an item of
// one, while some of it has time left. What is erased as a whole leaves such classes
// out: it returns them. An erasure of an item or a class that is repeated after a restore
// was let through before, and is again.
func (v *Vault) fixed(ctx context.Context, e Erasure) ([]policy.ClassNo, error) {
	p := v.gate.InForce().Policy
	var keep []policy.ClassNo
	for _, c := range p.Classes() {
		if !c.Fixed || e.again {
			continue
		}
		item := p.ItemBy(e.Item)
		if e.Class != c.No && !e.Everything && (item == nil || item.Class != c.No) {
			continue
		}
		left, err := v.unfinished(ctx, e, c.No)
		switch {
		case err != nil:
			return nil, err
		case left && e.Everything:
			keep = append(keep, c.No)
		case left:
			return nil, fault.Wrap(fault.Denied, errFixed, "%s is kept for %s, neither shorter nor longer, by %s: it ends by itself", c.Name, c.For, c.Cite.In("en"))
		}
	}
	return keep, nil
}

// unfinished reports whether something of a class, or of one item of it, is held and
// has time left.
func (v *Vault) unfinished(ctx context.Context, e Erasure, class policy.ClassNo) (bool, error) {
	held, err := v.held(ctx, e.Subject)
	if err != nil {
		return false, err
	}
	now := v.data.Now()
	for _, h := range held {
		if h.class == class && (e.Item == 0 || h.has(e.Item)) && h.due.After(now) {
			return true, nil
		}
	}
	return false, nil
}

// stays reports whether a hold keeps a class past its end. None keeps what is kept for
// a fixed time.
func (v *Vault) stays(s *gate.State, class policy.ClassNo) bool {
	if c := v.gate.InForce().Policy.ClassBy(class); c != nil && c.Fixed {
		return false
	}
	return s.Facts.Held.Has(class) || s.Facts.Held.Has(0)
}
