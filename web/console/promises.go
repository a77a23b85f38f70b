package console

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/promise"
)

// boardPages are the templates of the board.
func boardPages() []string { return []string{"promises", "promise", "duties"} }

func (c *Console) boardRoutes() []route {
	return []route{
		{"GET promises", ledger, c.promises},
		{"GET promises/{promise}", ledger, c.promise},
		{"GET duties", ledger, c.duties},
		{"POST duties", ledger, c.signDuty},
		{"POST duties/staff", ledger, c.signPledge},
	}
}

// A boardView is what the pages of the board share.
type boardView struct {
	view
	B        *boardWords
	controls map[policy.Control]policy.ControlTitle
}

func (c *Console) boardView(v *visit, title func(*boardWords) string) boardView {
	out := boardView{view: c.view(v, func(*words) string { return "" }), controls: map[policy.Control]policy.ControlTitle{}}
	out.B = boardWordsIn(out.Lang)
	out.Title = title(out.B)
	for _, t := range policy.Controls() {
		out.controls[t.ID] = t
	}
	return out
}

// Control names a control.
func (v boardView) Control(c policy.Control) string {
	return page.Title(v.controls[c].Title, string(c), v.Lang)
}

// Watches says what a control watches.
func (v boardView) Watches(c policy.Control) string { return v.controls[c].Watches.In(v.Lang) }

// SectionName names a section of the policy.
func (v boardView) SectionName(name string) string { return page.SectionTitle(name, v.Lang) }

// Through lists the controls whose entries also show this one.
func (v boardView) Through(c policy.Control) string {
	var out []string
	for _, t := range v.controls[c].Through {
		out = append(out, string(t))
	}
	return page.Join(out, v.Lang)
}

// StateBadge is the class of a state.
func (v boardView) StateBadge(s promise.State) string {
	switch s {
	case promise.Kept:
		return "badge-ok"
	case promise.Attested:
		return "badge-info"
	case promise.Broken, promise.Overdue:
		return "badge-bad"
	case promise.AtRisk:
		return "badge-warn"
	}
	return ""
}

// A count is how many promises are in a state.
type count struct {
	State promise.State
	N     int
	Here  bool
}

// A promisesPage is the board.
type promisesPage struct {
	boardView
	Counts                 []count
	Rows                   []promise.Row
	Total                  int
	Sections, Controls     []choice
	State, Section, Chosen string
}

func (c *Console) promises(v *visit) error {
	b, err := c.on.Promises(v.ctx())
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	p := promisesPage{
		boardView: c.boardView(v, func(t *boardWords) string { return t.Promises }), Total: len(b.Rows),
		State: q.Get("state"), Section: q.Get("section"), Chosen: q.Get("control"),
	}
	for _, s := range promise.States() {
		if n := b.Counts[s]; n > 0 || string(s) == p.State {
			p.Counts = append(p.Counts, count{s, n, string(s) == p.State})
		}
	}
	for _, r := range b.Rows {
		if sec := (choice{r.Section, p.SectionName(r.Section)}); !slices.Contains(p.Sections, sec) {
			p.Sections = append(p.Sections, sec)
		}
		for _, k := range r.Controls {
			if one := (choice{string(k), p.Control(k)}); !slices.Contains(p.Controls, one) {
				p.Controls = append(p.Controls, one)
			}
		}
		if p.shows(r) {
			p.Rows = append(p.Rows, r)
		}
	}
	slices.SortFunc(p.Controls, func(a, b choice) int { return cmp.Compare(a.Value, b.Value) })
	p.Public = true // names no person whose data it is
	return c.show(v, http.StatusOK, "promises", p)
}

func (p *promisesPage) shows(r promise.Row) bool {
	return (p.State == "" || string(r.State) == p.State) && (p.Section == "" || r.Section == p.Section) &&
		(p.Chosen == "" || slices.Contains(r.Controls, policy.Control(p.Chosen)))
}

// A promisePage is one promise with its evidence.
type promisePage struct {
	boardView
	Row promise.Row
}

func (c *Console) promise(v *visit) error {
	b, err := c.on.Promises(v.ctx())
	if err != nil {
		return err
	}
	r, ok := b.Row(v.r.PathValue("promise"))
	if !ok {
		return fault.New(fault.NotFound, "the policy in force has no such clause")
	}
	p := promisePage{boardView: c.boardView(v, func(t *boardWords) string { return t.Promise }), Row: r}
	p.Title = r.ID
	return c.show(v, http.StatusOK, "promise", p)
}
