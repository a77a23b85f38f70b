package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Facts returns what is on record about a subject itself.
func (p *Platform) Facts(ctx context.Context, sub subject.ID) (subject.Facts, error) {
	return p.facts(ctx, sub)
}

// Actor translates a role's name to who acts.
func (p *Platform) Actor(a Actor) (gate.Actor, error) { return p.actor(a) }

// Identifiers returns the identifiers of a subject: kinds and digests.
func (p *Platform) Identifiers(ctx context.Context, sub subject.ID) (out []subject.Identifier, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		out, err = subject.Identifiers(ctx, r, num)
		return err
	})
	return out, err
}

// Held returns the holds of a subject.
func (p *Platform) Held(ctx context.Context, sub subject.ID) (out []subject.Hold, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		out, err = subject.Holds(ctx, r, num)
		return err
	})
	return out, err
}

// Choices returns everything a subject said, oldest first.
func (p *Platform) Choices(ctx context.Context, sub subject.ID) (out []consent.Record, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		out, err = consent.History(ctx, r, num)
		return err
	})
	return out, err
}

// Disclosures returns what of a subject went to whom, oldest first.
func (p *Platform) Disclosures(ctx context.Context, sub subject.ID) (out []disclosure.Disclosure, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		out, err = disclosure.List(ctx, r, num)
		return err
	})
	return out, err
}

// Holdings returns what is held of a subject, without values.
func (p *Platform) Holdings(ctx context.Context, sub subject.ID) ([]vault.Holding, error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return nil, err
	}
	return p.vault.Holdings(ctx, num)
}

// OwnEntries returns a page of the log entries about a subject. f.Subject is
// filled in.
func (p *Platform) OwnEntries(ctx context.Context, sub subject.ID, f audit.Filter) (out []audit.Record, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		f.Subject = num
		out, err = p.log.Entries(ctx, r, f)
		return err
	})
	return out, err
}

// about reads on one snapshot with the subject's number.
func (p *Platform) about(ctx context.Context, sub subject.ID, fn func(r db.Reader, num int64) error) error {
	if err := p.ended(ctx, sub); err != nil {
		return err
	}
	return p.data.Read(ctx, func(r *db.Snapshot) error {
		f, err := subject.Get(ctx, r, sub)
		if err != nil {
			return err
		}
		return fn(r, f.Num)
	})
}
