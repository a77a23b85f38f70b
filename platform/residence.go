package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// country reads the code of a country, "" for none.
func (p *Platform) country(code string) (string, error) {
	if code == "" {
		return "", nil
	}
	if _, err := policy.ParseRegion(code); err != nil {
		return "", fault.New(fault.Invalid, "a country is two capital letters, such as CN (ISO 3166-1)")
	}
	return code, nil
}

// Reside records the country that a subject lives in, "" when it is not known any
// more. It decides which of the policy's laws hold for them, and so by when their
// requests are answered and which authority they are shown.
func (p *Platform) Reside(ctx context.Context, sub subject.ID, country string, by Actor) error {
	country, err := p.country(country)
	if err != nil {
		return err
	}
	d := gate.Duty{Kind: audit.ResidenceSet, Control: policy.LawsByPerson}
	if country != "" {
		d.Public = append(d.Public, audit.Text(audit.TagRegion, country))
	}
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	f.Residence = country
	for _, l := range p.lawsOf(f) {
		d.Public = append(d.Public, audit.Text(audit.TagRule, l.Name))
	}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		subject.SetResidence(act, f.Num, country)
		return nil
	})
}

// Under says which laws hold, or may hold, for a subject, and the authority that they
// can complain to.
type Under struct {
	Residence string // "": not known
	Laws      []*policy.Law
	Authority policy.Body
}

// Under returns what holds for a subject by where they live and how old they are.
func (p *Platform) Under(ctx context.Context, sub subject.ID) (Under, error) {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return Under{}, err
	}
	r, _ := policy.ParseRegion(f.Residence)
	return Under{Residence: f.Residence, Laws: p.lawsOf(f), Authority: p.Policy().AuthorityOf(r)}, nil
}

// lawsOf lists the laws that hold, or may hold, for somebody.
func (p *Platform) lawsOf(f subject.Facts) []*policy.Law {
	who := policy.Person{}
	who.Residence, _ = policy.ParseRegion(f.Residence)
	switch f.Age {
	case subject.Adult:
		who.Age = policy.AgeAdult
	case subject.Minor:
		who.Age = policy.AgeMinor
	}
	set := p.Policy().LawsFor(who)
	var out []*policy.Law
	for i, l := range p.Policy().Laws() {
		if set>>i&1 != 0 {
			out = append(out, l)
		}
	}
	return out
}

// authorityFor is the authority of where somebody lives; the controller's own for
// whoever is not known, or of whom that is not.
func (p *Platform) authorityFor(ctx context.Context, sub subject.ID) (policy.Body, error) {
	if sub == "" {
		return p.Policy().AuthorityOf(0), nil
	}
	u, err := p.Under(ctx, sub)
	return u.Authority, err
}
