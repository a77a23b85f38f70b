package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/staff"
)

// A pledgeRow is what the policy asks of one colleague before they see data.
type pledgeRow struct {
	Staff, Name, Duty string
	At, Until         time.Time // zero: it was never signed
	Entry             int64
}

// Badge is the class of how it stands.
func (r pledgeRow) Badge(now time.Time) string {
	switch {
	case !r.Until.After(now):
		return "badge-bad"
	case r.Until.Before(now.Add(attestation.Soon)):
		return "badge-warn"
	}
	return "badge-ok"
}

// State is a code of how it stands, as duties have them.
func (r pledgeRow) State(now time.Time) string {
	switch {
	case r.Until.IsZero():
		return "waiting"
	case !r.Until.After(now):
		return string(attestation.Overdue)
	case r.Until.Before(now.Add(attestation.Soon)):
		return string(attestation.DueSoon)
	}
	return string(attestation.Attested)
}

// Now is when the page was made.
func (v view) Now() time.Time { return v.now }

// colleagues are those who have a role of the policy on the platform and may sign in.
func (c *Console) colleagues(ctx context.Context) (out []staff.Person, err error) {
	for after := staff.ID(""); ; {
		list, err := c.staff.List(ctx, after, 200)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			after = x.ID
			if by := c.standing(x); by != nil && len(by.roles) > 0 {
				out = append(out, x)
			}
		}
		if len(list) < 200 {
			break
		}
	}
	slices.SortFunc(out, func(a, b staff.Person) int { return cmp.Compare(a.Name.Reveal(), b.Name.Reveal()) })
	return out, nil
}

// pledges says for each colleague what they were trained in and promised; nothing where
// the policy does not ask for it.
func (c *Console) pledges(ctx context.Context) (out []pledgeRow, err error) {
	asked := attestation.Asked(c.on.Policy())
	if len(asked) == 0 {
		return nil, nil
	}
	have, err := c.on.Pledges(ctx)
	if err != nil {
		return nil, err
	}
	people, err := c.colleagues(ctx)
	for _, who := range people {
		for _, duty := range asked {
			r := pledgeRow{Staff: string(who.ID), Name: who.Name.Reveal(), Duty: duty}
			for _, x := range have {
				if x.Staff == r.Staff && x.Duty == duty {
					r.At, r.Until, r.Entry = x.At, x.Until, x.Entry
				}
			}
			out = append(out, r)
		}
	}
	return out, err
}

// signPledge signs that a colleague was trained, or gave their undertaking.
func (c *Console) signPledge(v *visit) error {
	name, who, _ := strings.Cut(v.r.PostFormValue("pledge"), "/")
	all, err := c.pledges(v.ctx())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(r pledgeRow) bool { return r.Staff == who && r.Duty == name }) {
		return fault.New(fault.NotFound, "the policy does not ask that of anybody of this name on the platform")
	}
	s := attestation.Signature{Note: strings.TrimSpace(v.r.PostFormValue("note"))}
	if s.Note == "" {
		return c.showDuties(v, http.StatusUnprocessableEntity, boardWordsIn(c.lang(v)).NeedNote, "")
	}
	_, err = c.on.Pledge(v.ctx(), name, who, s, v.by.gate())
	if fault.Of(err) == fault.Invalid {
		return c.showDuties(v, http.StatusUnprocessableEntity, c.problem(v, err), "")
	}
	if err != nil {
		return err
	}
	return c.lead(v, "duties", "signed")
}
