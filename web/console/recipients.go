package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
)

// auditDuty is the duty that recipients bring with them.
const auditDuty = "recipient-audit"

func (c *Console) recipientRoutes() []route {
	list := []route{
		{"GET recipients", systems, c.recipients},
		{"GET recipients/{recipient}", systems, c.oneRecipient},
	}
	for name, do := range c.recipientVerbs() {
		list = append(list, route{"POST recipients/{recipient}/" + name, ledger, c.recipientAct(name, do)})
	}
	return list
}

// A recipientView is what the pages of recipients share.
type recipientView struct {
	view
	R *recipientWords
}

func (c *Console) recipientView(v *visit, title func(*recipientWords) string) recipientView {
	out := recipientView{view: c.view(v, func(*words) string { return "" })}
	out.R = recipientWordsIn(out.Lang)
	out.Title = title(out.R)
	if done := out.R.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// A recipientRow is how a recipient stands.
type recipientRow struct {
	platform.RecipientStanding
	To       *policy.Recipient
	Title    string
	Contract *platform.AgreementState // nil: none was ever signed
	Duty     *attestation.Standing    // its audit; nil: the policy does not ask for one
	Whys     []string                 // codes: why it gets nothing; none: it gets data
	Ends     time.Time                // when something that it needs ends next; zero: nothing does soon
	What     string                   // code of what ends
}

// Soon reports whether something it needs ends soon.
func (r recipientRow) Soon() bool { return !r.Ends.IsZero() }

// recipientRows says how every recipient of the policy stands.
func (c *Console) recipientRows(ctx context.Context, in view) ([]recipientRow, error) {
	list, err := c.on.Recipients(ctx)
	if err != nil {
		return nil, err
	}
	contracts, err := c.on.Agreements(ctx)
	if err != nil {
		return nil, err
	}
	duties, err := c.on.Duties(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]recipientRow, 0, len(list))
	for _, s := range list {
		to, err := c.on.Policy().Recipient(s.Recipient)
		if err != nil {
			continue // another version came into force in between
		}
		r := recipientRow{RecipientStanding: s, To: to, Title: in.titleOf(to)}
		if a, ok := contracts[to.Name]; ok {
			r.Contract = &a
		}
		if i := slices.IndexFunc(duties, func(d attestation.Standing) bool { return d.Name == auditDuty && d.About == to.Name }); i >= 0 {
			r.Duty = &duties[i]
		}
		r.judge(in.now)
		out = append(out, r)
	}
	return out, nil
}

// judge says what stands against a recipient, and what ends soon, by what package gate
// goes by.
func (r *recipientRow) judge(now time.Time) {
	for _, x := range []struct {
		code string
		is   bool
	}{
		{"suspended", r.Suspended},
		{"audit", r.Duty != nil && r.Duty.State == attestation.Overdue},
		{"agreement", r.To.Agreement && !r.Agreement},
		{"review", r.To.Review && !r.Reviewed},
		{"instructions", r.To.Instructions && !r.Instructed},
	} {
		if x.is {
			r.Whys = append(r.Whys, x.code)
		}
	}
	ends := func(at time.Time, what string) {
		if at.Before(now.Add(ahead)) && (r.Ends.IsZero() || at.Before(r.Ends)) {
			r.Ends, r.What = at, what
		}
	}
	if r.To.Agreement && r.Contract != nil && r.Contract.Until != nil {
		ends(*r.Contract.Until, "agreement")
	}
	if r.Duty != nil {
		ends(r.Duty.Due, "audit")
	}
	if at := r.assessedUntil(); r.To.Review && !at.IsZero() {
		ends(at, "review")
	}
}

// assessedUntil is when the first of the newest assessments that passed ends; zero
// where none has an end.
func (r *recipientRow) assessedUntil() (end time.Time) {
	newest := map[recipient.Kind]platform.Finding{}
	for _, f := range r.Findings { // oldest first
		newest[f.Kind] = f
	}
	for _, kind := range []recipient.Kind{recipient.Ability, recipient.Security} {
		if f := newest[kind]; f.Passed && f.Until != nil && (end.IsZero() || f.Until.Before(end)) {
			end = *f.Until
		}
	}
	return end
}

// A recipientsPage is the list.
type recipientsPage struct {
	recipientView
	List  []recipientRow
	Tabs  []tab
	Shown string
}

func (p recipientsPage) under(name string, r recipientRow) bool {
	switch name {
	case "stopped":
		return len(r.Whys) > 0
	case "good":
		return len(r.Whys) == 0
	case "soon":
		return r.Soon()
	}
	return true
}

// TabName names a tab.
func (p recipientsPage) TabName(name string) string {
	return map[string]string{"all": p.R.All, "stopped": p.R.Stopped, "good": p.R.Good, "soon": p.R.Watch}[name]
}

func (c *Console) recipients(v *visit) error {
	p := recipientsPage{recipientView: c.recipientView(v, func(t *recipientWords) string { return t.Recipients }), Shown: v.r.URL.Query().Get("show")}
	all, err := c.recipientRows(v.ctx(), p.view)
	if err != nil {
		return err
	}
	p.Tabs = []tab{{"all", 0, ""}, {"stopped", 0, "badge-bad"}, {"soon", 0, "badge-warn"}, {"good", 0, "badge-ok"}}
	for i, t := range p.Tabs {
		for _, r := range all {
			if p.under(t.Name, r) {
				p.Tabs[i].Count++
			}
		}
	}
	if !slices.ContainsFunc(p.Tabs, func(t tab) bool { return t.Name == p.Shown }) {
		p.Shown = "all"
	}
	p.List = slices.DeleteFunc(all, func(r recipientRow) bool { return !p.under(p.Shown, r) })
	slices.SortStableFunc(p.List, func(a, b recipientRow) int { return len(b.Whys) - len(a.Whys) })
	return c.show(v, http.StatusOK, "recipients", p)
}

// dueRecipients are agreements and assessments that soon end, or have ended.
func (c *Console) dueRecipients(ctx context.Context, in view, d *dueWords) (out []dueRow, err error) {
	list, err := c.recipientRows(ctx, in)
	for _, r := range list {
		at, what := time.Time{}, d.Assessed
		switch r.What {
		case "agreement":
			if at, what = r.Ends, d.Agreement; !at.After(in.now) {
				what = d.AgreementEnded
			}
		case "review":
			at = r.Ends
		default:
			continue // audits come with the duties
		}
		out = append(out, dueRow{at, dueRecipient, what, r.Title, "recipients/" + r.To.Name})
	}
	return out, err
}
