package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
	"github.com/avow-dev/avow/vault"
)

// A TransferOf is a transfer that concerns somebody, and what was said to and by
// them.
type TransferOf struct {
	Case           *succession.Case
	Told, Objected time.Time // zero: never
}

// TransfersOf returns the transfers that concern somebody, the newest first: those by
// which items of theirs move or moved, and those that they objected to.
func (p *Platform) TransfersOf(ctx context.Context, sub subject.ID) (out []TransferOf, err error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return nil, err
	}
	held, err := p.vault.Holdings(ctx, num)
	if err != nil {
		return nil, err
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		all, err := succession.List(ctx, r)
		if err != nil {
			return err
		}
		for _, c := range all {
			t := TransferOf{Case: c}
			if t.Told, t.Objected, err = gate.ToldOfMoving(ctx, r, c.Num, num); err != nil {
				return err
			}
			moves := slices.ContainsFunc(held, func(h vault.Holding) bool {
				return slices.ContainsFunc(h.Items, func(n policy.ItemNo) bool { return slices.Contains(c.Items, n) })
			})
			if moves && c.State != succession.Cancelled || !t.Objected.IsZero() {
				out = append(out, t)
			}
		}
		return nil
	})
	slices.Reverse(out)
	return out, err
}
