package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// The codes of refusals to end, or to keep, what is kept for a fixed time.
const (
	endedEarly = "retention.too-soon"
	heldLonger = "retention.too-long"
)

// tooSoon leaves the entry that an erasure was refused because its time is fixed and
// not over; cause is what the vault said.
func (p *Platform) tooSoon(ctx context.Context, sub subject.ID, e vault.Erasure, cause error) error {
	if !vault.Fixed(cause) {
		return cause
	}
	class := e.Class
	if i := p.Policy().ItemBy(e.Item); i != nil {
		class = i.Class
	}
	if err := p.refuseClass(ctx, sub, class, endedEarly); err != nil {
		return err
	}
	return cause
}

// tooLong refuses a hold on what is kept for a fixed time.
func (p *Platform) tooLong(ctx context.Context, sub subject.ID, class policy.ClassNo) error {
	c := p.Policy().ClassBy(class)
	if c == nil || !c.Fixed {
		return nil
	}
	if err := p.refuseClass(ctx, sub, class, heldLonger); err != nil {
		return err
	}
	return fault.New(fault.Denied, "%s is kept for %s, neither shorter nor longer, by %s: no hold keeps it past that; give the data away under its law before", c.Name, c.For, c.Cite.In("en"))
}

func (p *Platform) refuseClass(ctx context.Context, sub subject.ID, class policy.ClassNo, why string) error {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	e := audit.Entry{Kind: audit.Denied, Control: policy.RetentionFixed, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagClass, class), audit.Text(audit.TagReason, why),
	}}
	if f.State != subject.Erasing && f.State != subject.Erased {
		if err := p.aboutPerson(&e, f, ""); err != nil {
			return err
		}
	}
	return p.appendAlone(ctx, e)
}
