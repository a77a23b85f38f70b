package vault

import (
	"context"

	"github.com/avow-dev/avow/policy"
)

// found notes on u whether the record of its subject holds a result of its purpose:
// what was found is not looked for in documents again. It opens nothing.
func (v *Vault) found(ctx context.Context, u *policy.Use) error {
	p := v.gate.InForce().Policy.PurposeBy(u.Purpose)
	if p == nil || p.Result == 0 {
		return nil
	}
	var wanted policy.ItemSet
	wanted.Add(p.Result)
	rows, err := v.usedOf(ctx, u.Subject, v.data.Now(), &wanted)
	u.Found = len(rows) > 0
	return err
}

// Found is found for who asks without leave: whether a use would be allowed.
func (v *Vault) Found(ctx context.Context, u *policy.Use) error { return v.found(ctx, u) }
