package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// SessionEnded leaves the entry that a person's session is over, and why: signed-out,
// declined. Call it when the session answers nothing any more. sub "" is somebody of
// whom nothing is held.
func (p *Platform) SessionEnded(ctx context.Context, sub subject.ID, reason string) error {
	e := audit.Entry{Kind: audit.SignedOut, Control: policy.SessionEnded, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagReason, reason), audit.Text(audit.TagChannel, "centre"),
	}}
	if sub != "" {
		f, err := p.facts(ctx, sub)
		if err != nil && fault.Of(err) != fault.NotFound {
			return err
		}
		if err == nil && f.State != subject.Erased && f.State != subject.Erasing {
			e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
		}
	}
	return p.appendAlone(ctx, e)
}
