package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Personal is a personal value in clear that prints as [personal] everywhere.
type Personal = seal.Personal

// NewPersonal wraps a value in clear.
func NewPersonal(value string) Personal { return seal.NewPersonal(value) }

// An Actor is who acts: the name of a staff role, or "" for the controller's
// own software and "self" for the person; and the id for the log.
type Actor struct {
	Role string
	ID   string
}

// actor translates a role's name.
func (p *Platform) actor(a Actor) (gate.Actor, error) {
	switch a.Role {
	case "":
		return gate.Actor{Role: policy.Service, ID: a.ID}, nil
	case "self":
		return gate.Actor{Role: policy.Self, ID: a.ID}, nil
	}
	role, err := p.Policy().Role(a.Role)
	if err != nil {
		return gate.Actor{}, err
	}
	return gate.Actor{Role: role.No, ID: a.ID}, nil
}

// A Registration is somebody who enters.
type Registration struct {
	Kind     subject.Kind // "": a natural person
	Accepted bool         // they accepted the policy in force
	Adult    bool         // they declared to be of age
	Minor    bool         // they declared to be under age
	Lives    string       // country they live in (ISO 3166-1); "": not known, and every law may hold
	Point    string       // collection point of Given; "" when nothing is given
	Given    []policy.Given
	Verified bool // they proved that the identifiers are theirs
	By       Actor
}

// Register adds a subject with what was given, whole or not at all. Where the
// policy refuses any of it, the refusals say why and nobody is registered.
func (p *Platform) Register(ctx context.Context, r Registration) (subject.ID, []policy.Refusal, error) {
	ctx, span := trace.Start(ctx, "register")
	defer span.End()
	by, err := p.actor(r.By)
	if err != nil {
		return "", nil, err
	}
	num, err := p.data.Number(ctx, "subject")
	if err != nil {
		return "", nil, err
	}
	n := subject.New{Num: num, ID: subject.NewID(), Kind: r.Kind}
	if n.Kind == "" {
		n.Kind = subject.Natural
	}
	if r.Accepted {
		n.Accepted = p.Policy().Version()
	}
	switch {
	case r.Adult && r.Minor:
		return "", nil, fault.New(fault.Invalid, "a person is of age or under age: say one")
	case r.Adult:
		n.Age = subject.Adult
	case r.Minor:
		n.Age = subject.Minor
	}
	if n.Residence, err = p.country(r.Lives); err != nil {
		return "", nil, err
	}
	refusals, err := p.vault.Register(ctx, n, vault.Collection{
		Point: r.Point, Given: r.Given, Verified: r.Verified, LeftOut: len(p.Policy().LeftOut(r.Point, r.Given)) > 0, By: by,
	})
	if err != nil || len(refusals) > 0 {
		return "", refusals, err
	}
	return n.ID, nil, nil
}

// Collect stores values that came in at a collection point, whole or not at
// all.
func (p *Platform) Collect(ctx context.Context, sub subject.ID, point string, given []policy.Given, by Actor) ([]policy.Refusal, error) {
	ctx, span := trace.Start(ctx, "collect")
	defer span.End()
	f, a, err := p.who(ctx, sub, by)
	if err != nil {
		return nil, err
	}
	left, err := p.LeftOut(ctx, sub, point, given)
	if err != nil {
		return nil, err
	}
	return p.vault.Collect(ctx, vault.Collection{Subject: f.Num, Point: point, Given: given, LeftOut: len(left) > 0, By: a})
}

// who returns the subject's number, as all that is filled of its facts, and the
// actor of a call.
func (p *Platform) who(ctx context.Context, sub subject.ID, by Actor) (f subject.Facts, a gate.Actor, err error) {
	if a, err = p.actor(by); err != nil {
		return f, a, err
	}
	if err = p.Cleared(ctx, a); err != nil {
		return f, a, err
	}
	f.ID = sub
	f.Num, err = p.gate.Number(ctx, sub)
	return f, a, err
}

func (p *Platform) facts(ctx context.Context, sub subject.ID) (f subject.Facts, err error) {
	if err = p.ended(ctx, sub); err != nil {
		return f, err
	}
	err = p.data.Look(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.Get(ctx, r, sub)
		return err
	})
	return f, err
}

// Find returns the subjects that an identifier points to: nobody, one, or
// several, since families share telephones.
func (p *Platform) Find(ctx context.Context, kind string, value Personal) ([]subject.ID, error) {
	ctx, span := trace.Start(ctx, "find")
	defer span.End()
	digest, err := p.vault.Index(kind, value.Reveal())
	if err != nil {
		return nil, err
	}
	var out []subject.ID
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		found, err := subject.Find(ctx, r, digest)
		if err != nil {
			return err
		}
		for _, c := range found {
			f, err := subject.ByNum(ctx, r, c.Num)
			if err != nil {
				return err
			}
			out = append(out, f.ID)
		}
		return nil
	})
	return out, err
}

// A Profile is everything on record about a subject but the values.
type Profile struct {
	ID          subject.ID
	Kind        subject.Kind
	State       subject.State
	Restricted  bool
	Accepted    string
	Created     time.Time
	Closed      time.Time
	Identifiers []string // kinds
	Holdings    []vault.Holding
	Choices     []consent.Record
	Disclosures []disclosure.Disclosure
	Holds       []subject.Hold
}

// History returns the log entries about a subject, newest first.
func (p *Platform) History(ctx context.Context, sub subject.ID, limit int) ([]audit.Record, error) {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	var out []audit.Record
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = p.log.Entries(ctx, r, audit.Filter{Subject: f.Num, Newest: true, Limit: limit})
		return err
	})
	return out, err
}
