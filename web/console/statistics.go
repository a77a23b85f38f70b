package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
	"github.com/avow-dev/avow/web"
)

func (c *Console) statisticsRoutes() []route {
	return []route{
		{"GET statistics", working, c.statistics},
		{"GET statistics/sets/{set}", working, c.oneSet},
		{"POST statistics/sets/{set}/count", working, c.countSet},
		{"POST statistics/sets/{set}/release", working, c.proposeSet},
		{"GET statistics/releases/{number}", working, c.oneRelease},
		{"GET statistics/releases/{number}/table", working, c.releaseTable},
		{"POST statistics/releases/{number}/approve", ledger, c.approveRelease},
	}
}

// A countView is what the pages of statistics share.
type countView struct {
	view
	S *countWords
}

func (c *Console) countView(v *visit, title func(*countWords) string) countView {
	out := countView{view: c.view(v, func(*words) string { return "" })}
	out.S = countWordsIn(out.Lang)
	out.Title = title(out.S)
	if done := out.S.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// A setView is a set of the policy as people read it.
type setView struct {
	*policy.StatisticsSet
	Called, Purpose, Every, Split string
	Items                         []string
}

func (p countView) set(s *policy.StatisticsSet) setView {
	out := setView{StatisticsSet: s, Called: page.Title(s.Title, s.Name, p.Lang), Purpose: p.purpose(s.Purpose), Every: page.Period(s.Every, p.Lang), Split: "all"}
	for _, no := range s.Items {
		out.Items = append(out.Items, p.item(no))
	}
	for _, by := range s.By {
		if _, ok := p.S.splits[by]; ok {
			out.Split = by
			break
		}
	}
	return out
}

// SetName names the set of a release; its own name where the policy has it no more.
func (p countView) SetName(name string) string {
	if s, err := statistics.Set(p.p, name); err == nil {
		return page.Title(s.Title, s.Name, p.Lang)
	}
	return name
}

// PurposeName names the purpose of a release.
func (p countView) PurposeName(name string) string {
	if u, err := p.p.Purpose(name); err == nil {
		return page.Title(u.Title, u.Name, p.Lang)
	}
	return name
}

// Receiver names who gets a release.
func (p countView) Receiver(r *statistics.Release) string {
	if to, err := p.p.Recipient(r.Recipient); err == nil && r.Audience == "processor" {
		return p.titleOf(to)
	}
	if r.Recipient != "" {
		return r.Recipient + " (" + p.S.AudienceName(r.Audience) + ")"
	}
	return p.S.AudienceName(r.Audience)
}

// ItemName names an item.
func (p countView) ItemName(name string) string { return p.view.Items([]string{name}) }

// HiddenIn says how much of a table is hidden, and why.
func (p countView) HiddenIn(t *statistics.Table) string {
	if n, _ := t.Hidden(); n > 0 {
		return fmt.Sprintf(p.S.HiddenN, n, t.Smallest)
	}
	return p.S.NothingHidden
}

// A statisticsPage is what can be counted, and what was let out.
type statisticsPage struct {
	countView
	Sets []setView
	List []*statistics.Release // newest first
	Next string                // address of the next page; "": this is the last
	Late bool                  // this is not the first page
}

func (c *Console) statistics(v *visit) error {
	p := statisticsPage{countView: c.countView(v, func(t *countWords) string { return t.Statistics })}
	before, _ := strconv.ParseInt(v.r.URL.Query().Get("before"), 10, 64) // what is no number is the first page
	p.Late = before > 0
	for _, s := range p.p.Statistics().Sets {
		p.Sets = append(p.Sets, p.set(s))
	}
	list, err := c.on.LatestReleases(v.ctx(), before, lettersListed+1)
	if err != nil {
		return err
	}
	if len(list) > lettersListed {
		list = list[:lettersListed]
		p.Next = p.Base + "statistics?before=" + strconv.FormatInt(list[lettersListed-1].ID, 10)
	}
	p.List = list
	return c.show(v, http.StatusOK, "statistics", p)
}

// A setPage is one set: it can be counted here, and asked to leave.
type setPage struct {
	countView
	Set      setView
	Table    *statistics.Table // what was counted just now
	Reasons  []policy.Reason   // why nothing leaves
	To       []choice          // who may get it
	Approve  bool              // a colleague lets it leave
	Smallest int
	May      bool // the reader may ask for a release
	Failed   string
	Typed    map[string]string
}

// mayPropose reports whether somebody may ask for a release: who works here, where a
// colleague approves; else who approves or is admin, since it leaves at once.
func (c *Console) mayPropose(by *person) bool {
	return c.on.Policy().Statistics().Approve || by.may(ledger)
}

func (c *Console) oneSet(v *visit) error {
	return c.showSet(v, http.StatusOK, func(*setPage) {})
}

// showSet shows a set with what came of a form.
func (c *Console) showSet(v *visit, status int, fill func(*setPage)) error {
	p := setPage{countView: c.countView(v, func(t *countWords) string { return t.Set }), Typed: map[string]string{}, May: c.mayPropose(v.by)}
	s, err := statistics.Set(p.p, v.r.PathValue("set"))
	if err != nil {
		return err
	}
	rule := p.p.Statistics()
	p.Set, p.Approve, p.Smallest = p.set(s), rule.Approve, rule.Smallest
	p.Title = p.Set.Called
	for _, a := range rule.Share {
		p.To = append(p.To, choice{a, p.S.AudienceName(a)})
	}
	for _, r := range p.p.Recipients() {
		if slices.Contains(r.Purposes, s.Purpose) {
			p.To = append(p.To, choice{"processor:" + r.Name, p.titleOf(r)})
		}
	}
	for _, name := range []string{"from", "until", "to", "organisation"} {
		p.Typed[name] = v.r.PostFormValue(name)
	}
	fill(&p)
	return c.show(v, status, "set", p)
}

// span reads the days of a form: the zero times where they are left empty.
func (c *Console) span(v *visit) (s statistics.Span, err error) {
	if day := v.r.PostFormValue("from"); day != "" {
		if s.From, err = time.ParseInLocation(time.DateOnly, day, c.on.Policy().Calendar().Zone()); err != nil {
			return s, err
		}
	}
	if s.Until, err = c.lastOf(v.r.PostFormValue("until")); s.Until.After(c.on.Now()) {
		s.Until = c.on.Now()
	}
	return s, err
}

// countSet counts, for the controller's own eyes.
func (c *Console) countSet(v *visit) error {
	over, err := c.span(v)
	if err != nil {
		return c.badSet(v, "count", http.StatusUnprocessableEntity, c.words(v).BadDay)
	}
	t, err := c.on.CountPeople(v.ctx(), v.r.PathValue("set"), over.From, over.Until, v.by.gate())
	switch fault.Of(err) {
	case "":
		return c.showSet(v, http.StatusOK, func(p *setPage) { p.Table = t })
	case fault.Invalid, fault.Conflict:
		return c.badSet(v, "count", web.Status(err), c.problem(v, err))
	}
	return err
}

// badSet shows a set with what kept a form from being carried out.
func (c *Console) badSet(v *visit, failed string, status int, problem string) error {
	return c.showSet(v, status, func(p *setPage) { p.Failed, p.Problem = failed, problem })
}

// asking reads who is to get a set, and a table that was made elsewhere.
func (c *Console) asking(v *visit, set *policy.StatisticsSet) statistics.Asking {
	field := func(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	ask := statistics.Asking{Set: set.Name, Purpose: c.on.Policy().PurposeBy(set.Purpose).Name, Recipient: field("organisation"), By: v.by.gate()}
	if ask.Audience = field("to"); strings.HasPrefix(ask.Audience, "processor:") {
		ask.Audience, ask.Recipient, _ = strings.Cut(ask.Audience, ":")
	}
	if csv := field("table"); csv != "" {
		ask.CSV = []byte(csv + "\n")
	}
	return ask
}

// proposeSet asks for a release.
func (c *Console) proposeSet(v *visit) error {
	bad := func(problem string) error {
		return c.badSet(v, "release", http.StatusUnprocessableEntity, problem)
	}
	if !c.mayPropose(v.by) {
		return fault.New(fault.Denied, "what is proposed here leaves at once: your role on this platform does not let counts out")
	}
	set, err := statistics.Set(c.on.Policy(), v.r.PathValue("set"))
	if err != nil {
		return err
	}
	over, err := c.span(v)
	if err != nil {
		return bad(c.words(v).BadDay)
	}
	ask := c.asking(v, set)
	ask.Over = over
	switch {
	case ask.Audience == "":
		return bad(countWordsIn(c.lang(v)).BadTo)
	case v.r.PostFormValue("sure") != "yes":
		return bad(c.words(v).NotSure)
	}
	r, reasons, err := c.on.ProposeStatistics(v.ctx(), ask)
	switch {
	case len(reasons) > 0:
		return c.showSet(v, http.StatusConflict, func(p *setPage) { p.Failed, p.Reasons = "release", reasons })
	case fault.Of(err) == fault.Invalid, fault.Of(err) == fault.NotFound, fault.Of(err) == fault.Conflict:
		return c.badSet(v, "release", web.Status(err), c.problem(v, err))
	case err != nil:
		return err
	}
	done := "statistics-proposed"
	if r.Released != nil {
		done = "statistics-released"
	}
	return c.lead(v, fmt.Sprintf("statistics/releases/%d", r.ID), done)
}
