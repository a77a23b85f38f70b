package platform

import (
	"context"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// ShowPolicy records that the whole policy in force is on somebody's screen, before
// anything is collected there: version, surface, language and time. Of who that is
// nothing is kept: the app keeps the id that is returned, and names it with what it
// collects.
func (p *Platform) ShowPolicy(ctx context.Context, surface, language string) (publication.Showing, error) {
	pol := p.Policy()
	if language == "" {
		language = pol.Languages()[0]
	}
	switch {
	case !slices.Contains(pol.Surfaces(), surface):
		return publication.Showing{}, fault.New(fault.Invalid, "the policy does not hold there: name one of its surfaces, %v", pol.Surfaces())
	case !slices.Contains(pol.Languages(), language):
		return publication.Showing{}, fault.New(fault.Invalid, "the policy is not written in that language: name one of %v", pol.Languages())
	}
	act := p.data.NewAct()
	s := publication.Showing{ID: publication.NewShowing(act.Now()), Version: p.Version().Num, Surface: surface, Language: language, At: act.Now()}
	entry, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.PolicyShown, Control: policy.PolicyShown, Public: []audit.Field{
		audit.Num(audit.TagPolicy, s.Version), audit.Text(audit.TagSurface, surface), audit.Text(audit.TagLanguage, language),
	}})
	if err != nil {
		return s, fmt.Errorf("platform showing: %w", err)
	}
	s.Entry = int64(entry)
	publication.Show(act, s)
	return s, p.data.Commit(ctx, act)
}
