package platform

import (
	"context"
	"maps"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// maxField is the longest value of a field of a register, in bytes.
const maxField = 2000

// PublishRegister returns what a public register shows of somebody who trades: of a natural
// person the fields that the law lists, no fewer and no others. What is more, or less,
// is refused with every reason, and so is the whole. The values pass through and are
// not kept; the entry names the register and the fields, and is durable before they
// are returned.
func (p *Platform) PublishRegister(ctx context.Context, sub subject.ID, register string, fields map[string]Personal, by gate.Actor) ([]policy.Refusal, error) {
	x := p.Policy().Register(register)
	if x == nil {
		return nil, fault.New(fault.NotFound, "the policy names no public register of that name, with the fields that a law has published")
	}
	if by.ID == "" || by.Role == policy.Self {
		return nil, fault.New(fault.Invalid, "say who of the staff publishes it")
	}
	if err := p.Cleared(ctx, by); err != nil {
		return nil, err
	}
	for _, v := range fields {
		if text := v.Reveal(); text == "" || len(text) > maxField {
			return nil, fault.New(fault.Invalid, "a field of a register has 1 to %d bytes", maxField)
		}
	}
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(fields))
	refusals := p.Policy().Publish(x, names, f.Kind == subject.Enterprise)
	e := audit.Entry{Kind: audit.RegisterPublished, Control: policy.PublicationLimited, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagRule, x.Name), audit.Num(audit.TagCount, len(names)),
	}}
	if len(refusals) > 0 {
		e.Kind = audit.Refused
		for _, r := range refusals {
			e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		}
	} else {
		for _, n := range x.Fields {
			e.Public = append(e.Public, audit.Text(audit.TagType, n.Name))
		}
	}
	if err := p.aboutPerson(&e, f, by.ID); err != nil {
		return nil, err
	}
	return refusals, p.appendAlone(ctx, e)
}
