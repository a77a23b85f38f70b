package platform

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// LeftOut lists the items that could have come in at a point and neither did nor are
// held, and without which something does not work: Item.Without says what. Nothing
// else stops.
func (p *Platform) LeftOut(ctx context.Context, sub subject.ID, point string, given []policy.Given) ([]*policy.Item, error) {
	out := p.Policy().LeftOut(point, given)
	if len(out) == 0 || sub == "" {
		return out, nil
	}
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return nil, err
	}
	held, err := p.vault.Holdings(ctx, num)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out, func(it *policy.Item) bool {
		for _, h := range held {
			if slices.Contains(h.Items, it.No) {
				return true
			}
		}
		return false
	}), nil
}
