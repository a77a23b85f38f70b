package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/rights"
)

func (c *Console) incidentRoutes() []route {
	list := []route{
		{"GET incidents", ledger, c.incidents},
		{"GET incidents/new", ledger, c.askIncident},
		{"POST incidents/new", ledger, c.takeIncident},
		{"GET incidents/{incident}", ledger, c.oneIncident},
		{"GET incidents/{incident}/report.md", ledger, c.incidentReport},
	}
	for name, do := range c.incidentVerbs() {
		list = append(list, route{"POST incidents/{incident}/" + name, ledger, c.incidentAct(name, do)})
	}
	return list
}

// An incidentView is what the pages of incidents share.
type incidentView struct {
	view
	I *incidentWords
}

func (c *Console) incidentView(v *visit, title func(*incidentWords) string) incidentView {
	out := incidentView{view: c.view(v, func(*words) string { return "" })}
	out.I = incidentWordsIn(out.Lang)
	out.Title = title(out.I)
	if done := out.I.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// Word says a code of an incident in the language of the page.
func (v incidentView) Word(code string) string { return platform.IncidentWord(code, v.Lang) }

// RoleName names a role of the policy.
func (v incidentView) RoleName(name string) string { return caseView{view: v.view}.RoleName(name) }

// LevelBadge is the class of an incident's level.
func (v incidentView) LevelBadge(l incident.Level) string {
	switch l {
	case incident.Highest:
		return "badge-bad"
	case incident.High:
		return "badge-warn"
	}
	return ""
}

// Line draws the time that a clock of an incident leaves.
func (v incidentView) Line(began time.Time, c incident.Clock) clock {
	if c.Due == nil || c.Done != nil {
		return clock{}
	}
	return v.Clock(rights.Summary{State: rights.Received, Received: began, DoneDue: &plan.Due{At: *c.Due}})
}

// SetBy says what set the time of a clock.
func (v incidentView) SetBy(c incident.Clock) string {
	switch {
	case c.Rule == "policy":
		return v.I.Policy
	case c.Rule == "":
		return ""
	}
	return v.Law(c.Rule)
}

// Law names a law of the policy.
func (v view) Law(name string) string {
	for _, l := range v.p.Laws() {
		if l.Name == name {
			if t := l.Title.In(v.Lang); t != "" {
				return t
			}
		}
	}
	return name
}

// An incidentsPage is the list: open ones by their next clock, or closed ones.
type incidentsPage struct {
	incidentView
	List  []incidentRow
	Shown string
	Tabs  []tab
	Next  string // address of the next page; "": this is the last
	First string
}

// An incidentRow is an incident in the list.
type incidentRow struct {
	platform.IncidentSummary
	Clock  *incident.Running // the one that ends first; nil: none runs that has an end
	Charge string            // name
}

// openIncidents is how many open incidents the list reads.
const openIncidents = 500

func (c *Console) incidents(v *visit) error {
	q := v.r.URL.Query()
	p := incidentsPage{incidentView: c.incidentView(v, func(t *incidentWords) string { return t.Incidents }), Shown: q.Get("state")}
	open, err := c.on.Incidents(v.ctx(), incident.Open, "", openIncidents)
	if err != nil {
		return err
	}
	p.Tabs = []tab{{string(incident.Open), len(open), "badge-bad"}, {string(incident.Closed), -1, ""}}
	if p.Shown == string(incident.Closed) {
		after, list := incident.ID(q.Get("after")), []platform.IncidentSummary(nil)
		if list, err = c.on.Incidents(v.ctx(), incident.Closed, after, listed+1); err != nil {
			return err
		}
		if len(list) > listed {
			list = list[:listed]
			p.Next = c.base + "incidents?" + url.Values{"state": {p.Shown}, "after": {string(list[listed-1].ID)}}.Encode()
		}
		if after != "" {
			p.First = c.base + "incidents?state=" + p.Shown
		}
		p.List = c.incidentRows(v.ctx(), list, nil)
		return c.show(v, http.StatusOK, "incidents", p)
	}
	p.Shown = string(incident.Open)
	clocks, err := c.on.RunningClocks(v.ctx())
	if err != nil {
		return err
	}
	p.List = c.incidentRows(v.ctx(), open, clocks)
	return c.show(v, http.StatusOK, "incidents", p)
}

// incidentRows puts incidents in the order of their clocks: what has none that runs is
// last, the newest first.
func (c *Console) incidentRows(ctx context.Context, list []platform.IncidentSummary, clocks []incident.Running) []incidentRow {
	out := make([]incidentRow, 0, len(list))
	for _, i := range list {
		r := incidentRow{IncidentSummary: i, Charge: c.staffName(ctx, i.Charge)}
		if n := slices.IndexFunc(clocks, func(k incident.Running) bool { return k.Incident == i.ID }); n >= 0 {
			r.Clock = &clocks[n] // the most urgent are first
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b incidentRow) int {
		switch {
		case a.Clock != nil && b.Clock != nil:
			return a.Clock.Due.Compare(*b.Clock.Due)
		case a.Clock == nil && b.Clock == nil:
			return 0
		}
		return cmp.Compare(truth(a.Clock == nil), truth(b.Clock == nil))
	})
	return out
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
