package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Guide says how to turn a permission off on the device itself.
type Guide struct {
	Permission *policy.Permission
}

// Guides returns the permissions of which the policy says how to turn them off on the
// device, and who else can help with that.
func (p *Platform) Guides() (out []Guide) {
	for _, x := range p.Policy().Permissions() {
		if !x.Path.IsZero() {
			out = append(out, Guide{x})
		}
	}
	return out
}

// ShowGuide returns how to turn a permission off on the device, and leaves the entry
// that somebody was shown it; sub "" is somebody who is not known.
func (p *Platform) ShowGuide(ctx context.Context, name string, sub subject.ID) (Guide, error) {
	for _, g := range p.Guides() {
		if g.Permission.Name == name {
			return g, p.guided(ctx, sub, "permission-off", name)
		}
	}
	return Guide{}, fault.New(fault.NotFound, "the policy says of no such permission how to turn it off")
}

// Reminds lists the kinds of number in a text that goes to somebody, at a point of the
// policy or, with point "", at any that reminds. Where there are some, the entry says
// that the person was reminded.
func (p *Platform) Reminds(ctx context.Context, point string, text Personal, sub subject.ID) (found []string, err error) {
	points := []string{point}
	if point == "" {
		points = p.Policy().Reminding()
	}
	for _, at := range points {
		if found = p.Policy().Reminds(at, text.Reveal()); len(found) > 0 {
			return found, p.guided(ctx, sub, "reminder", found[0])
		}
	}
	return nil, nil
}

// guided leaves the entry of a reminder or of help; what is a code.
func (p *Platform) guided(ctx context.Context, sub subject.ID, kind, what string) error {
	e := audit.Entry{Kind: audit.Guided, Control: policy.Guidance, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, kind), audit.Text(audit.TagReason, what),
	}}
	if sub != "" {
		f, err := p.facts(ctx, sub)
		if err != nil {
			return err
		}
		if f.State != subject.Erasing && f.State != subject.Erased {
			e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
		}
	}
	return p.appendAlone(ctx, e)
}
