package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
)

const (
	// ahead is how far the front page looks: what ends later is not due yet.
	ahead = 30 * 24 * time.Hour
	// dueShown is how many things a tab of the front page lists.
	dueShown = 100
	week     = 7 * 24 * time.Hour
)

// The kinds of things with a clock, which are tabs of the front page too.
const (
	dueRequest, dueCase, dueIncident, dueDuty, dueRecipient, dueStaff, duePolicy = "request", "case", "incident", "duty", "recipient", "staff", "policy"
)

// A dueRow is one thing with a clock.
type dueRow struct {
	At   time.Time
	Kind string
	What string // in words
	Note string // more about it; ""
	Href string
}

// A duePage is the front page: everything with a clock in one list.
type duePage struct {
	view
	D     *dueWords
	Rows  []dueRow
	Tabs  []tab
	Shown string
	Late  int
	Left  int // rows that are not shown
}

func (c *Console) dueRoutes() []route { return []route{{"GET due", systems, c.due}} }

func (c *Console) due(v *visit) error {
	p := duePage{view: c.view(v, func(*words) string { return "" }), Shown: v.r.URL.Query().Get("show")}
	p.D = dueWordsIn(p.Lang)
	p.Title = p.D.Due
	all, err := c.allDue(v, p.view, p.D)
	if err != nil {
		return err
	}
	for _, name := range []string{"all", "overdue", "week", dueRequest, dueCase, dueIncident, dueDuty, dueRecipient, dueStaff, duePolicy} {
		n := 0
		for _, r := range all {
			if p.under(name, r) {
				n++
			}
		}
		if n > 0 || name == "all" || name == "overdue" {
			p.Tabs = append(p.Tabs, tab{Name: name, Count: n, Class: map[string]string{"overdue": "badge-bad", "week": "badge-warn"}[name]})
		}
	}
	if !slices.ContainsFunc(p.Tabs, func(t tab) bool { return t.Name == p.Shown }) {
		p.Shown = "all"
	}
	p.Rows = slices.DeleteFunc(all, func(r dueRow) bool { return !p.under(p.Shown, r) })
	if len(p.Rows) > dueShown {
		p.Left, p.Rows = len(p.Rows)-dueShown, p.Rows[:dueShown]
	}
	return c.show(v, http.StatusOK, "due", p)
}

// under reports whether a row belongs under a tab.
func (p duePage) under(name string, r dueRow) bool {
	switch name {
	case "all":
		return true
	case "overdue":
		return p.Over(r.At)
	case "week":
		return r.At.Before(p.now.Add(week))
	}
	return r.Kind == name
}

// KindName names a tab or the kind of a row.
func (p duePage) KindName(name string) string { return p.D.kinds[name] }

// Over reports whether a moment has passed.
func (v view) Over(t time.Time) bool { return t.Before(v.now) }

// Near says how far away a moment is: in hours, where days would say too little.
func (v view) Near(t time.Time) string {
	d, far := dueWordsIn(v.Lang), t.Sub(v.now)
	switch {
	case far >= 48*time.Hour || far <= -48*time.Hour:
		return v.Left(t)
	case far < 0:
		return fmt.Sprintf(d.HoursLate, max(1, int(-far/time.Hour)))
	case far < time.Hour:
		return d.Soon
	}
	return fmt.Sprintf(d.Hours, int(far/time.Hour))
}

// allDue lists what the reader sees to, the most urgent first.
func (c *Console) allDue(v *visit, in view, d *dueWords) ([]dueRow, error) {
	var out []dueRow
	for _, part := range []struct {
		need need
		list func(context.Context, view, *dueWords) ([]dueRow, error)
	}{
		{requests, c.dueRequests},
		{requests, c.dueCases},
		{ledger, c.dueIncidents},
		{ledger, c.dueDuties},
		{ledger, c.dueRecipients},
		{ledger, c.duePledges},
		{ledger, c.dueVersion},
	} {
		if !v.by.may(part.need) {
			continue
		}
		list, err := part.list(v.ctx(), in, d)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b dueRow) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Href, b.Href)) })
	return out, nil
}

func (c *Console) dueRequests(ctx context.Context, in view, _ *dueWords) (out []dueRow, err error) {
	list, err := c.on.OpenRequests(ctx)
	for _, q := range list {
		if q.DoneDue != nil && !q.Paused {
			out = append(out, dueRow{q.DoneDue.At, dueRequest, in.T.RightName(string(q.Right)) + " · " + in.Scope(q.Scope), in.State(q), "requests/" + string(q.ID)})
		}
	}
	return out, err
}

func (c *Console) dueCases(ctx context.Context, in view, _ *dueWords) (out []dueRow, err error) {
	list, err := c.on.OpenCases(ctx)
	for _, x := range list {
		if x.Due == nil || x.State != contact.Open {
			continue
		}
		what := platform.CaseWord(string(x.Kind), in.Lang) + " · " + platform.CaseWord(string(x.Topic), in.Lang)
		out = append(out, dueRow{*x.Due, dueCase, what, caseView{view: in}.RoleName(x.Owner), "cases/" + string(x.ID)})
	}
	return out, err
}

func (c *Console) dueIncidents(ctx context.Context, in view, _ *dueWords) (out []dueRow, err error) {
	list, err := c.on.RunningClocks(ctx)
	for _, x := range list {
		out = append(out, dueRow{*x.Due, dueIncident, platform.IncidentWord(string(x.Duty), in.Lang), strings.ToUpper(x.Law), "incidents/" + string(x.Incident)})
	}
	return out, err
}

// dueDuties are signatures that are due or soon will be. The audit of a recipient is
// signed on the recipient's own page.
func (c *Console) dueDuties(ctx context.Context, in view, d *dueWords) (out []dueRow, err error) {
	list, err := c.on.Duties(ctx)
	for _, s := range list {
		if s.Due.After(in.now.Add(ahead)) {
			continue
		}
		r := dueRow{s.Due, dueDuty, page.Title(s.Title, s.Name, in.Lang), c.staffName(ctx, s.Owner), "duties?duty=" + s.Key() + "#sign"}
		if to, err := c.on.Policy().Recipient(s.About); err == nil {
			r.Kind, r.What, r.Note, r.Href = dueRecipient, d.Audit, page.Title(to.Title, to.Name, in.Lang), "recipients/"+to.Name
		}
		out = append(out, r)
	}
	return out, err
}

// dueVersion is the version that is published and not in force yet.
func (c *Console) dueVersion(ctx context.Context, _ view, d *dueWords) ([]dueRow, error) {
	next, err := c.on.Coming(ctx)
	if err != nil || next == nil {
		return nil, err
	}
	note := d.Waits
	if next.Told != nil {
		note = d.Out
	}
	return []dueRow{{next.At, duePolicy, d.Coming + " · " + next.Label, note, "policy"}}, nil
}

// duePledges are what colleagues were trained in or promised and soon ends, and what
// they have not signed at all: they see nobody's data until then.
func (c *Console) duePledges(ctx context.Context, in view, d *dueWords) (out []dueRow, err error) {
	list, err := c.pledges(ctx)
	for _, x := range list {
		switch {
		case x.Until.After(in.now.Add(ahead)):
		case x.Until.IsZero():
			out = append(out, dueRow{in.now, dueStaff, d.NotSigned + " · " + boardWordsIn(in.Lang).Pledge(x.Duty), x.Name, "duties#staff"})
		default:
			out = append(out, dueRow{x.Until, dueStaff, boardWordsIn(in.Lang).Pledge(x.Duty), x.Name, "duties#staff"})
		}
	}
	return out, err
}
