package console

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/staff"
)

// A dutiesPage is what people attest.
type dutiesPage struct {
	boardView
	Duties []dutyRow
	Chosen string // the key of the duty in the form
	Note   string
	Done   bool
	People []pledgeRow // what the policy asks of each colleague
}

// A dutyRow is a duty with the names of its people.
type dutyRow struct {
	attestation.Standing
	About         string // the recipient, in words
	Owner, Signer string
}

// Badge is the class of a duty's state.
func (d dutyRow) Badge() string {
	switch d.State {
	case attestation.Attested:
		return "badge-ok"
	case attestation.DueSoon:
		return "badge-warn"
	case attestation.Overdue:
		return "badge-bad"
	}
	return ""
}

func (c *Console) duties(v *visit) error { return c.showDuties(v, http.StatusOK, "", "") }

func (c *Console) showDuties(v *visit, status int, problem, note string) error {
	list, err := c.on.Duties(v.ctx())
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	p := dutiesPage{boardView: c.boardView(v, func(t *boardWords) string { return t.Duties }), Chosen: v.r.FormValue("duty"), Note: note, Done: q.Get("done") == "signed"}
	p.Problem = problem
	for _, s := range list {
		d := dutyRow{Standing: s, Owner: c.staffName(v.ctx(), s.Owner)}
		if r, err := c.on.Policy().Recipient(s.About); err == nil {
			d.About = page.Title(r.Title, r.Name, p.Lang)
		}
		if s.Last != nil {
			d.Signer = c.staffName(v.ctx(), s.Last.By)
		}
		p.Duties = append(p.Duties, d)
	}
	if p.People, err = c.pledges(v.ctx()); err != nil {
		return err
	}
	return c.show(v, status, "duties", p)
}

// staffName is the name of a member of staff; their id once they have left.
func (c *Console) staffName(ctx context.Context, id string) string {
	if id == "" {
		return ""
	}
	if who, err := c.staff.Get(ctx, staff.ID(id)); err == nil {
		return who.Name.Reveal()
	}
	return id
}

func (c *Console) signDuty(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	t := boardWordsIn(c.lang(v))
	s := attestation.Signature{Note: strings.TrimSpace(v.r.PostFormValue("note"))}
	bad := func(problem string) error { return c.showDuties(v, http.StatusUnprocessableEntity, problem, s.Note) }
	if h := strings.TrimSpace(v.r.PostFormValue("hash")); h != "" {
		var err error
		if s.Hash, err = hex.DecodeString(h); err != nil || len(s.Hash) != 32 {
			return bad(t.BadHash)
		}
	}
	if s.Note == "" && s.Hash == nil {
		return bad(t.NeedNote)
	}
	if day := v.r.PostFormValue("until"); day != "" {
		end, err := time.ParseInLocation(time.DateOnly, day, c.on.Policy().Calendar().Zone())
		if err != nil {
			return bad(c.words(v).BadDay)
		}
		s.Until = end
	}
	name, about, _ := strings.Cut(v.r.PostFormValue("duty"), "/")
	if _, err := c.on.Attest(v.ctx(), name, about, s, v.by.gate()); fault.Of(err) == fault.Invalid {
		return bad(c.problem(v, err))
	} else if err != nil {
		return err
	}
	return c.lead(v, "duties", "signed")
}

// DutyTitle says what a duty is.
func (p dutiesPage) DutyTitle(d dutyRow) string { return page.Title(d.Title, d.Name, p.Lang) }

// DutyName names a duty in a list to choose from.
func (p dutiesPage) DutyName(d dutyRow) string {
	name := p.DutyTitle(d)
	if d.About != "" {
		name += ": " + d.About
	}
	return name
}
