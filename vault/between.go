package vault

import (
	"context"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// An Exchange is something that one person of the platform says to another: it is
// communication of both, and held for both.
type Exchange struct {
	From, To         int64  // internal numbers
	FromName, ToName string // what each is called to the other, so that copies can leave it out
	Point            string
	Item             string // an item that passes between two people
	Value            string
	Reminded         bool // From was reminded to give numbers only where they must, and goes on
	By               gate.Actor
}

// sides are the two collections of an exchange.
func (x *Exchange) sides() [2]Collection {
	one := policy.Given{Item: x.Item, Value: x.Value, Voluntary: true, Reminded: x.Reminded, Other: []string{x.ToName}}
	other := one
	other.Other, other.Received, other.Reminded = []string{x.FromName}, true, true // who reads it gives nothing
	return [2]Collection{
		{Subject: x.From, Point: x.Point, Given: []policy.Given{one}, By: x.By},
		{Subject: x.To, Point: x.Point, Given: []policy.Given{other}, By: x.By},
	}
}

// Between stores what passes between two people in the records of both, in one act, or
// in neither. Each record has its own keys, so that the copy of one outlives an erasure
// of the other. Refusals say for which of the two the policy does not let it in.
func (v *Vault) Between(ctx context.Context, x Exchange) (refusals []policy.Refusal, err error) {
	item, err := v.gate.InForce().Policy.Item(x.Item)
	switch {
	case err != nil:
		return nil, err
	case !item.Between:
		return nil, fault.New(fault.Invalid, "%s does not pass between two people: collect it for one", item.Name)
	case x.From == x.To:
		return nil, fault.New(fault.Invalid, "nobody writes to themselves: name another person")
	}
	for range tries {
		var states [2]*gate.State
		for i, num := range []int64{x.From, x.To} {
			if states[i], err = v.gate.Fresh(ctx, num); err != nil {
				return nil, err
			}
		}
		if refusals, err = v.between(ctx, states, x.sides()); !db.Lost(err) {
			return refusals, err
		}
	}
	return nil, errContended("exchange")
}

// between is one try. Who is refused leaves an entry, and then nothing is stored.
func (v *Vault) between(ctx context.Context, states [2]*gate.State, sides [2]Collection) ([]policy.Refusal, error) {
	act := v.data.NewAct()
	bound, named := [2]bool{}, false
	for i, c := range sides {
		own := act
		var err error
		if states[i], err = v.suppressed(ctx, states[i], c); err != nil {
			return nil, err
		}
		bound[i] = binds(v.gate.InForce().Policy, act, states[i], c.Given)
		refusals, t, err := v.take(ctx, own, states[i], c, bound[i])
		if err != nil {
			return nil, err
		}
		if len(refusals) == 0 {
			named = named || t.named
			continue
		}
		if i > 0 { // the first was let in: what stands on its act must not be stored
			own = v.data.NewAct()
			if refusals, _, err = v.take(ctx, own, states[i], c, bound[i]); err != nil {
				return nil, err
			}
		}
		return refusals, v.commit(ctx, own, false)
	}
	if err := v.commit(ctx, act, named); err != nil {
		return nil, err
	}
	for i, c := range sides {
		if bound[i] {
			v.gate.Forget(c.Subject)
		}
	}
	return nil, nil
}
