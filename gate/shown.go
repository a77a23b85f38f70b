package gate

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// shown reads whether the policy was shown before values come in at a point that asks
// for that: their showing is on record, of the surface that the point is part of. It
// is asked again each time: what names a showing that nobody recorded is refused.
func (g *Gate) shown(ctx context.Context, p *policy.Policy, a Admission) (bool, error) {
	if !p.AsksShowing(a.Point) {
		return false, nil
	}
	name := ""
	for _, v := range a.Given {
		if v.Showing != "" {
			name = v.Showing
		}
	}
	id, err := publication.ParseShowing(name)
	if err != nil {
		return false, nil // none is named, and the refusal says what to do
	}
	ok := false
	err = g.data.Read(ctx, func(r *db.Snapshot) error {
		s, err := publication.Shown(ctx, r, id)
		ok = err == nil && !s.At.After(g.data.Now().Add(time.Second)) && s.Surface == surfaceOf(p, a.Point)
		if fault.Of(err) == fault.NotFound {
			return nil
		}
		return err
	})
	return ok, err
}

func surfaceOf(p *policy.Policy, point string) string {
	for _, at := range p.Points() {
		if at.Name == point {
			return at.Surface
		}
	}
	return ""
}

// after says in the entry of an admission that the policy was shown before, and which
// showing that was.
func after(p *policy.Policy, a Admission, shown bool, e *audit.Entry) {
	if !shown || !p.AsksShowing(a.Point) {
		return
	}
	also(e, policy.PolicyShown)
	for _, v := range a.Given {
		if v.Showing != "" {
			e.Private = append(e.Private, audit.Text(audit.TagRef, v.Showing))
			return
		}
	}
}
