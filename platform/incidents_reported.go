package platform

import (
	"context"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// avowActor is who acts where avow itself follows up on what a person reported.
const avowActor = "avow"

// reported opens the incident of a case in which somebody reports a leak, in the same
// act. Accounts and passwords come first. follow is done when the act is durable.
func (p *Platform) reported(ctx context.Context, act *db.Act, c *contact.Case, sub subject.ID) (follow func(context.Context) error, err error) {
	if c.Kind != contact.Leak {
		return func(context.Context) error { return nil }, nil
	}
	d := incident.Declaration{
		Kind: incident.Leak, Case: string(c.ID), Language: c.Language, Discovered: c.Received, Touched: incident.Touched{Subject: string(sub)},
	}
	if c.Topic == contact.OfAccount {
		d.Kind = incident.Account
	}
	i, err := p.enterIncident(ctx, act, d)
	if err != nil {
		return nil, err
	}
	if err := p.raise(ctx, act, Alarm{What: IncidentIsNew, At: c.Received, Ref: string(i.Level), Order: i.Num}); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		_, err := p.FindConcerned(ctx, i.ID, gate.Actor{Role: policy.Service, ID: avowActor})
		return err
	}, nil
}
