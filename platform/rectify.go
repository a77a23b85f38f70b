package platform

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Rectified says what became of corrections.
type Rectified struct {
	Done    []string  // items that are corrected: the vault alone held them, and nobody was given them
	Request rights.ID // the request that corrects the others, in every system; "": there is none
}

// Rectify corrects items of a person who is signed in. What only the vault holds,
// and nobody was given, is corrected when it returns; the rest becomes a request,
// because other systems have to be written and recipients told (GDPR Art. 16, 19).
func (p *Platform) Rectify(ctx context.Context, sub subject.ID, values []rights.Correction, a Asking) (Rectified, error) {
	var out Rectified
	given, err := p.givenAway(ctx, sub)
	if err != nil {
		return out, err
	}
	mapped := p.mapped()
	var rest []rights.Correction
	for _, c := range values {
		item, err := p.Policy().Item(c.Item)
		if err != nil {
			return out, err
		}
		if slices.Contains(mapped, c.Item) || slices.Contains(given, item.No) {
			rest = append(rest, c)
			continue
		}
		if err := p.Correct(ctx, sub, c.Item, c.Value, Self(sub)); err != nil {
			return out, err
		}
		out.Done = append(out.Done, c.Item)
	}
	if len(rest) == 0 {
		return out, nil
	}
	a.Right, a.Corrections = policy.Rectification, rest
	out.Request, err = p.Ask(ctx, sub, a)
	return out, err
}

// mapped lists the items that outside systems hold.
func (p *Platform) mapped() []string {
	var out []string
	for _, m := range p.maps {
		out = append(out, m.Items()...)
	}
	return out
}

// givenAway lists the items of a subject that somebody received.
func (p *Platform) givenAway(ctx context.Context, sub subject.ID) (out []policy.ItemNo, err error) {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := disclosure.List(ctx, r, f.Num)
		for _, d := range list {
			out = append(out, d.Items...)
		}
		return err
	})
	return out, err
}

// correct corrects in the vault, and takes the correction up in packages that wait to be
// fetched. Whether there are any is asked while the old key dies: the correction is
// committed then, and a request that is not there yet reads the new value.
func (p *Platform) correct(ctx context.Context, c vault.Correction) error {
	var (
		some   bool
		failed error
	)
	c.Meanwhile = func(ctx context.Context) { some, failed = p.rights.AnyUnclosed(ctx, c.Subject) }
	if err := p.vault.Correct(ctx, c); err != nil {
		return err
	}
	if failed == nil && !some {
		return nil
	}
	return p.rights.Rebuild(ctx, c.Subject)
}

// atOnce does what does not wait for a run: a restriction holds in the vault, and
// an account is closed, before the request is even taken down.
func (p *Platform) atOnce(ctx context.Context, sub subject.ID, a Asking) error {
	f, err := p.facts(ctx, sub)
	switch {
	case err != nil:
		return err
	case a.Right == policy.Restriction && a.Scope.Kind != plan.Lifting && !f.Restricted:
		return p.Restrict(ctx, sub, true, Self(sub))
	case a.Right == policy.Closing && f.State == subject.Open:
		return p.CloseAccount(ctx, sub, Self(sub))
	}
	return nil
}
