package platform

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/recipient"
)

// Recipients says how each recipient of the policy stands.
func (p *Platform) Recipients(ctx context.Context) ([]RecipientStanding, error) {
	links, err := p.LinkStates(ctx)
	if err != nil {
		return nil, err
	}
	var out []RecipientStanding
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		force, err := recipient.InForce(ctx, r, p.data.Now())
		if err != nil {
			return err
		}
		found, err := recipient.Findings(ctx, r)
		if err != nil {
			return err
		}
		accepted, err := recipient.Acceptances(ctx, r)
		if err != nil {
			return err
		}
		past, err := publication.History(ctx, r)
		if err != nil {
			return err
		}
		judged := recipient.Judge(found, p.data.Now())
		for _, to := range p.Policy().Recipients() {
			s := RecipientStanding{
				Recipient: to.Name, Agreement: force.Set.Has(to.No), Reviewed: judged.Reviewed.Has(to.No), Suspended: judged.Suspended.Has(to.No),
				Findings: []Finding{}, Accepted: []Accepted{},
			}
			for _, f := range found {
				if f.Recipient == to.No {
					s.Findings = append(s.Findings, named(to.Name, f))
				}
			}
			for _, a := range accepted {
				if a.Recipient != to.No {
					continue
				}
				s.Accepted = append(s.Accepted, Accepted{labelOf(past, a.Version), a.Document, a.By, a.At})
				s.Instructed = s.Instructed || a.Version == p.Version().Num
			}
			for i := range links {
				if links[i].Target == "recipient/"+to.Name {
					s.Link = &links[i]
				}
			}
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

// named is a finding in names.
func named(name string, f recipient.Finding) Finding {
	out := Finding{
		Recipient: name, Kind: f.Kind, Passed: f.Passed, Document: f.Document, Remedy: f.Remedy,
		Staff: f.By, At: f.At, Entry: f.Entry,
	}
	if !f.Until.IsZero() {
		out.Until = &f.Until
	}
	return out
}

func labelOf(past []publication.Past, num int64) string {
	for _, v := range past {
		if v.Num == num {
			return v.Version
		}
	}
	return ""
}
