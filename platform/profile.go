package platform

import (
	"context"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Profile returns what is on record about a subject, as of one moment. No value is
// opened.
func (p *Platform) Profile(ctx context.Context, sub subject.ID) (*Profile, error) {
	ctx, span := trace.Start(ctx, "profile")
	defer span.End()
	num, err := p.settled(ctx, sub)
	if err != nil {
		return nil, err
	}
	in := p.data.NewInquiry()
	out := profileOf(in, num)
	if err := in.Run(ctx); err != nil {
		return nil, err
	}
	return out()
}

// settled returns the number of a subject of whom what was erased here a moment ago
// has its end.
func (p *Platform) settled(ctx context.Context, sub subject.ID) (int64, error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return 0, err
	}
	return num, p.vault.Await(ctx, num)
}

// profileOf asks for what is on record about a subject.
func profileOf(in *db.Inquiry, num int64) func() (*Profile, error) {
	facts, holds := subject.FactsOf(in, []int64{num}), subject.HoldsOf(in, []int64{num})
	kinds, said := subject.KindsOf(in, num), consent.HistoriesOf(in, []int64{num})
	given, held := disclosure.ListOf(in, num), vault.HoldingsOf(in, num)
	return func() (*Profile, error) {
		f, err := facts()
		if err != nil {
			return nil, err
		}
		out := &Profile{
			ID: f[0].ID, Kind: f[0].Kind, State: f[0].State, Restricted: f[0].Restricted, Accepted: f[0].Accepted, Created: f[0].Created, Closed: f[0].Closed,
		}
		hold, err := holds()
		if err != nil {
			return nil, err
		}
		choices, err := said()
		if err != nil {
			return nil, err
		}
		out.Holds, out.Choices = hold[0], choices[0]
		if out.Identifiers, err = kinds(); err != nil {
			return nil, err
		}
		if out.Disclosures, err = given(); err != nil {
			return nil, err
		}
		out.Holdings, err = held()
		return out, err
	}
}
