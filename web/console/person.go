package console

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web"
)

// A need is what it takes to open a page.
type need int

const (
	nobody   need = iota // open to all
	anybody              // signed in
	requests             // works on people's requests
	subjects             // has a purpose to use people's data for
	ledger               // approves requests, or is admin
	systems              // works on requests, or is admin
	working              // has any work here: requests, people's data, or is admin
	admin
)

// A person is the member of staff who is signed in, as they stand now.
type person struct {
	id    staff.ID
	name  string
	admin bool
	roles []*policy.Role // of the platform's policy; those that approve first

	serves bool // works on requests
}

// person looks somebody up. nil is who is no longer of the platform's staff.
func (c *Console) person(ctx context.Context, s web.Session) (*person, error) {
	p, err := c.staff.Get(ctx, staff.ID(s.Who))
	if fault.Of(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // nobody is not a fault here
	}
	if err != nil {
		return nil, err
	}
	if s.Since.Before(p.Changed) { // whoever had the old password or authenticator is out
		return nil, nil //nolint:nilnil // nobody is not a fault here
	}
	return c.standing(p), nil
}

// standing is what a person is on the platform, nil for nobody.
func (c *Console) standing(p staff.Person) *person {
	out := &person{id: p.ID, name: p.Name.Reveal(), admin: p.Has(c.on.ID(), staff.Admin)}
	for _, r := range c.on.Policy().Roles() {
		if p.Has(c.on.ID(), r.Name) {
			out.roles = append(out.roles, r)
			out.serves = out.serves || len(r.Approves) > 0 || slices.ContainsFunc(r.Purposes, c.namesRequests)
		}
	}
	slices.SortStableFunc(out.roles, func(a, b *policy.Role) int { return min(len(b.Approves), 1) - min(len(a.Approves), 1) })
	if p.Disabled || !out.admin && len(out.roles) == 0 {
		return nil
	}
	return out
}

// namesRequests reports whether a use for a purpose may name a request: who has
// such a purpose works on requests.
func (c *Console) namesRequests(no policy.PurposeNo) bool {
	p := c.on.Policy().PurposeBy(no)
	return p != nil && slices.Contains(p.Refs, policy.RefRequest)
}

// may reports whether the person's roles give what a page needs.
func (p *person) may(n need) bool {
	switch n {
	case nobody, anybody:
		return true
	case requests:
		return p.serves
	case subjects:
		return slices.ContainsFunc(p.roles, func(r *policy.Role) bool { return len(r.Purposes) > 0 })
	case ledger:
		return p.admin || p.approves()
	case systems:
		return p.admin || p.serves
	case working:
		return p.may(systems) || p.may(subjects)
	}
	return p.admin
}

func (p *person) approves() bool {
	return slices.ContainsFunc(p.roles, func(r *policy.Role) bool { return len(r.Approves) > 0 })
}

// clear reports whether the person may hold values in clear, as a package has
// them: a role of theirs sees values unmasked. Who sees masked values only must not get them in a file.
func (p *person) clear() bool {
	return slices.ContainsFunc(p.roles, func(r *policy.Role) bool { return !r.Masked && len(r.Purposes) > 0 })
}

// roleFor is the role that somebody acts in for a right: one that may
// approve it where there is one.
func (p *person) roleFor(right policy.RightKind) *policy.Role {
	for _, r := range p.roles {
		if slices.Contains(r.Approves, right) {
			return r
		}
	}
	if len(p.roles) == 0 {
		return nil
	}
	return p.roles[0]
}

// roleOf is a role that has a purpose, nil where none has.
func (p *person) roleOf(purpose policy.PurposeNo) *policy.Role {
	for _, r := range p.roles {
		if slices.Contains(r.Purposes, purpose) {
			return r
		}
	}
	return nil
}

// actor is who acts on a request about a right.
func (p *person) actor(right policy.RightKind) gate.Actor {
	a := gate.Actor{ID: string(p.id)}
	if r := p.roleFor(right); r != nil {
		a.Role = r.No
	}
	return a
}

// gate is who acts where no right is at stake: in the first role, which is one that
// approves where there is one; role 0 for an admin without a role of the policy.
func (p *person) gate() gate.Actor {
	a := gate.Actor{ID: string(p.id)}
	if len(p.roles) > 0 {
		a.Role = p.roles[0].No
	}
	return a
}

// self is who acts where no right is at stake.
func (p *person) self() platform.Actor {
	a := platform.Actor{Role: staff.Admin, ID: string(p.id)}
	if len(p.roles) > 0 && !p.admin {
		a.Role = p.roles[0].Name
	}
	return a
}

// looker is who looks at somebody's record: in the role that has the purpose they named,
// or, where they named none, in one that has any. Whoever lost that role since looks no more.
func (c *Console) looker(p *person, purpose string) (platform.Actor, error) {
	a := platform.Actor{ID: string(p.id)}
	if purpose == "" {
		if i := slices.IndexFunc(p.roles, func(r *policy.Role) bool { return len(r.Purposes) > 0 }); i >= 0 {
			a.Role = p.roles[i].Name
		}
		return a, nil
	}
	named, err := c.on.Policy().Purpose(purpose)
	if err != nil {
		return a, err
	}
	r := p.roleOf(named.No)
	if r == nil {
		return a, fault.New(fault.Denied, "no role of yours has the purpose that this record was opened for: look the person up again")
	}
	a.Role = r.Name
	return a, nil
}
