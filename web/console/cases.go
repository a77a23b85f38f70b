package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// casePages are the templates of cases.
func casePages() []string { return []string{"cases", "case", "case-new"} }

func (c *Console) caseRoutes() []route {
	list := []route{
		{"GET cases", requests, c.cases},
		{"GET cases/new", requests, c.askCase},
		{"POST cases/new", requests, c.takeCase},
		{"GET cases/{case}", requests, c.oneCase},
	}
	for name, do := range c.caseVerbs() {
		list = append(list, route{"POST cases/{case}/" + name, requests, c.caseAct(name, do)})
	}
	return list
}

// A caseView is what the pages of cases share.
type caseView struct {
	view
	K      *caseWords
	Ledger bool // the reader may open entries of the log
	mine   func(platform.CaseSummary) bool
}

func (c *Console) caseView(v *visit, title func(*caseWords) string) caseView {
	out := caseView{view: c.view(v, func(*words) string { return "" }), Ledger: v.by.may(ledger), mine: v.by.answers}
	out.K = caseWordsIn(out.Lang)
	out.Title = title(out.K)
	if done := out.K.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// answers reports whether somebody may answer a case: it is the turn of a role of
// theirs, or they decide about complaints.
func (p *person) answers(c platform.CaseSummary) bool {
	return slices.ContainsFunc(p.roles, func(r *policy.Role) bool {
		return r.Name == c.Owner || slices.Contains(r.Approves, policy.Complaint)
	})
}

// onCase is who acts on a case: in the role whose turn it is, where they have it.
func (p *person) onCase(owner string) gate.Actor {
	a := p.actor(policy.Complaint)
	for _, r := range p.roles {
		if r.Name == owner {
			a.Role = r.No
		}
	}
	return a
}

// Word says a code of a case in the language of the page.
func (v caseView) Word(code string) string { return platform.CaseWord(code, v.Lang) }

// Channel names a channel.
func (v caseView) Channel(name string) string { return page.Channel(name, v.Lang) }

// Mine reports whether the reader may answer a case.
func (v caseView) Mine(c platform.CaseSummary) bool { return v.mine(c) }

// RoleName names a role of the policy.
func (v caseView) RoleName(name string) string {
	for _, r := range v.p.Roles() {
		if r.Name == name {
			return page.Title(r.Title, name, v.Lang)
		}
	}
	return name
}

// Deed says what an event of a case is.
func (v caseView) Deed(kind string) string { return v.K.deed(kind) }

// Badge is the class of a case's state.
func (v caseView) Badge(c platform.CaseSummary) string {
	switch {
	case c.State == contact.Open:
		return "badge-info"
	case c.Late:
		return "badge-warn"
	case c.State == contact.Answered:
		return "badge-ok"
	}
	return ""
}

// Line draws the time that an answer has.
func (v caseView) Line(c platform.CaseSummary) clock {
	if c.Due == nil || c.State != contact.Open {
		return clock{}
	}
	return v.Clock(rights.Summary{State: rights.Received, Received: c.Received, DoneDue: &plan.Due{At: *c.Due}})
}

// A casesPage is the list: open ones by due date, or those of a later state.
type casesPage struct {
	caseView
	List  []platform.CaseSummary
	Shown string // the tab
	Tabs  []tab
	Next  string // address of the next page; "": this is the last
	First string // address of the first page, where this is another
}

// tabMine are open cases that the reader may answer.
const tabMine = "mine"

func (p casesPage) in(name string, c platform.CaseSummary) bool {
	return name == tabOpen || name == tabMine && p.mine(c) || name == tabOverdue && c.Overdue
}

func (c *Console) cases(v *visit) error {
	p := casesPage{caseView: c.caseView(v, func(k *caseWords) string { return k.Cases }), Shown: v.r.URL.Query().Get("state")}
	open, err := c.on.OpenCases(v.ctx())
	if err != nil {
		return err
	}
	answered, err := c.on.CountCases(v.ctx(), contact.Answered)
	if err != nil {
		return err
	}
	p.Tabs = []tab{{tabOpen, 0, ""}, {tabMine, 0, "badge-info"}, {tabOverdue, 0, "badge-bad"}, {string(contact.Answered), answered, ""}, {string(contact.Closed), -1, ""}}
	for i, t := range p.Tabs[:3] {
		for _, x := range open {
			if p.in(t.Name, x) {
				p.Tabs[i].Count++
			}
		}
	}
	if !slices.ContainsFunc(p.Tabs, func(t tab) bool { return t.Name == p.Shown }) {
		p.Shown = tabOpen
	}
	after := v.r.URL.Query().Get("after")
	if p.Shown == string(contact.Answered) || p.Shown == string(contact.Closed) {
		err = c.listCases(v.ctx(), &p, contact.ID(after))
	} else {
		p.listOpen(open, after)
	}
	if err != nil {
		return err
	}
	if after != "" {
		p.First = p.Tab(p.Shown, "")
	}
	return c.show(v, http.StatusOK, "cases", p)
}

// listOpen is a page of open cases, who is due first at the head. after is the place
// of the last case of the page before, which may have been answered since.
func (p *casesPage) listOpen(open []platform.CaseSummary, after string) {
	last, from := casePlace(after)
	for _, x := range open {
		if !p.in(p.Shown, x) || from && platform.CompareCases(x, last) <= 0 {
			continue
		}
		if len(p.List) == listed {
			end, due := p.List[listed-1], "-"
			if end.Due != nil {
				due = strconv.FormatInt(end.Due.UnixMicro(), 10)
			}
			p.Next = p.Tab(p.Shown, due+"."+string(end.ID))
			return
		}
		p.List = append(p.List, x)
	}
}

// casePlace reads a place in the order of open cases: when it is due, its id.
func casePlace(s string) (c platform.CaseSummary, ok bool) {
	due, id, ok := strings.Cut(s, ".")
	if micros, err := strconv.ParseInt(due, 10, 64); err == nil {
		at := time.UnixMicro(micros).UTC()
		c.Due = &at
	}
	c.ID = contact.ID(id)
	return c, ok
}

// listCases is a page of cases in a later state, in the order in which they came.
func (c *Console) listCases(ctx context.Context, p *casesPage, after contact.ID) error {
	list, err := c.on.Cases(ctx, platform.CaseFilter{State: contact.State(p.Shown), After: after, Limit: listed + 1})
	if err != nil {
		return err
	}
	if len(list) > listed {
		list = list[:listed]
		p.Next = p.Tab(p.Shown, string(list[listed-1].ID))
	}
	p.List = list
	return nil
}

// Tab is the address of a tab, from a place on.
func (p casesPage) Tab(name, after string) string {
	q := url.Values{}
	if name != tabOpen {
		q.Set("state", name)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return p.Base + "cases"
	}
	return p.Base + "cases?" + q.Encode()
}

// TabName names a tab.
func (p casesPage) TabName(name string) string {
	switch name {
	case tabOpen:
		return p.T.Open
	case tabMine:
		return p.K.Mine
	case tabOverdue:
		return p.T.Overdue
	}
	return p.Word(name)
}

// caseLink is the place of cases in the menu, with how many wait for an answer. A
// number that cannot be read is left out: the page itself will say why.
func (c *Console) caseLink(v *visit) web.Link {
	l := web.Link{Href: c.base + "cases", Text: caseWordsIn(web.Lang(v.r, c.on.Policy().Languages())).Cases, Icon: "mail", Here: v.r.URL.Path == c.base+"cases"}
	if n, err := c.on.CountCases(v.ctx(), contact.Open); err == nil && n > 0 {
		l.Text += " " + strconv.Itoa(n)
	}
	return l
}
