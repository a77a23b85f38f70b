package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
)

// RunningClocks returns the clocks of incidents that run and have an end, the most
// urgent first; up to a thousand of them.
func (p *Platform) RunningClocks(ctx context.Context) ([]incident.Running, error) {
	return p.incidentClocks(ctx)
}

// An AgreementState is the newest agreement with a recipient.
type AgreementState struct {
	Document string     `json:"document"`
	Signed   time.Time  `json:"signed"`
	Until    *time.Time `json:"until,omitempty"` // nil: it has no end
	InForce  bool       `json:"in_force"`
}

// Agreements returns the newest agreement with each recipient of the policy that has
// one, by the recipient's name.
func (p *Platform) Agreements(ctx context.Context) (map[string]AgreementState, error) {
	var list []recipient.Agreement
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = recipient.List(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := map[string]AgreementState{}
	for _, a := range list { // oldest first: the newest stays
		to := p.Policy().RecipientBy(a.Recipient)
		if to == nil {
			continue
		}
		s := AgreementState{Document: a.Document, Signed: a.Signed, InForce: a.Until.IsZero() || a.Until.After(p.data.Now())}
		if !a.Until.IsZero() {
			s.Until = &a.Until
		}
		out[to.Name] = s
	}
	return out, nil
}

// NoticesOf returns the notices of a version, by its number in the log, with what
// became of their copies: none where nobody had to be told of it.
func (p *Platform) NoticesOf(ctx context.Context, version int64) ([]Notices, error) {
	out := []Notices{}
	err := p.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := message.OfVersion(ctx, r, version)
		if err != nil {
			return err
		}
		for _, m := range list {
			n := Notices{Message: m.ID, Channel: m.Channel, Spread: m.Spread}
			if n.Copies, err = message.Counts(ctx, r, m.Num); err != nil {
				return err
			}
			out = append(out, n)
		}
		return nil
	})
	return out, err
}

// AcceptedBy counts the people whose account is open by the version that they
// accepted last, named by its hash; "" are those who have accepted none. It reads
// everybody's row.
func (p *Platform) AcceptedBy(ctx context.Context) (out map[string]int64, err error) {
	err = p.data.Look(ctx, func(r *db.Snapshot) (err error) {
		out, err = subject.CountAccepted(ctx, r)
		return err
	})
	return out, err
}
