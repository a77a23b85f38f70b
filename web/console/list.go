package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// listed is how many requests a page of the list holds.
const listed = 50

// A row is a request in the list.
type row struct {
	rights.Summary
	Due     time.Time // zero: it has ended, or nothing says when
	Overdue bool
}

// A requestsPage is the list: open ones by due date, or those of one last state.
type requestsPage struct {
	view
	List   []row
	Shown  string // the tab
	Tabs   []tab  // of open requests
	Ended  []tab
	Right  string // only requests about it; "": all
	Rights []policy.RightKind
	Next   string // address of the next page; "": this is the last
	First  string // address of the first page, where this is another
}

// A tab is a choice of requests.
type tab struct {
	Name  string // in the address
	Count int    // -1: not counted
	Class string // of its badge
}

// The tabs of open requests.
const (
	tabOpen, tabOverdue, tabWaiting, tabAttention, tabPaused = "open", "overdue", "planned", "needs-attention", "paused"
)

func ended() []rights.State {
	return []rights.State{rights.Delivered, rights.Refused, rights.Withdrawn, rights.Expired}
}

// in reports whether an open request belongs under a tab.
func (v view) in(name string, q rights.Summary) bool {
	switch name {
	case tabOpen:
		return true
	case tabOverdue:
		return !q.Paused && q.DoneDue != nil && q.DoneDue.At.Before(v.now)
	case tabPaused:
		return q.Paused
	}
	return !q.Paused && string(q.State) == name
}

func (c *Console) requests(v *visit) error {
	q := v.r.URL.Query()
	p := requestsPage{view: c.view(v, func(t *words) string { return t.Requests }), Shown: q.Get("state"), Right: q.Get("right")}
	for _, x := range plan.Procedures() {
		p.Rights = append(p.Rights, x.Right)
	}
	open, err := c.on.OpenRequests(v.ctx())
	if err != nil {
		return err
	}
	for _, x := range []tab{{tabOpen, 0, ""}, {tabOverdue, 0, "badge-bad"}, {tabWaiting, 0, "badge-info"}, {tabAttention, 0, "badge-bad"}, {tabPaused, 0, "badge-warn"}} {
		for _, r := range open {
			if p.in(x.Name, r) {
				x.Count++
			}
		}
		p.Tabs = append(p.Tabs, x)
	}
	for _, s := range ended() {
		p.Ended = append(p.Ended, tab{string(s), -1, ""})
	}
	named := func(x tab) bool { return x.Name == p.Shown }
	if slices.ContainsFunc(p.Ended, named) {
		err = c.listEnded(v, &p, rights.ID(q.Get("after")))
	} else {
		if !slices.ContainsFunc(p.Tabs, named) {
			p.Shown = tabOpen
		}
		p.listOpen(open, q.Get("after"))
	}
	if err != nil {
		return err
	}
	if q.Get("after") != "" {
		p.First = p.address("")
	}
	return c.show(v, http.StatusOK, "requests", p)
}

// listOpen is a page of open requests, who is due first at the head. after is the
// place of the last request of the page before, which may have ended since.
func (p *requestsPage) listOpen(open []rights.Summary, after string) {
	last, from := place(after)
	for _, x := range open {
		if !p.in(p.Shown, x) || p.Right != "" && string(x.Right) != p.Right || from && platform.CompareDue(x, last) <= 0 {
			continue
		}
		if len(p.List) == listed {
			p.Next = p.address(placeOf(p.List[listed-1].Summary))
			return
		}
		p.List = append(p.List, p.row(x))
	}
}

// A place in the order of open requests: when it is due, when it came, its id.
func placeOf(q rights.Summary) string {
	due := "-"
	if q.DoneDue != nil {
		due = strconv.FormatInt(q.DoneDue.At.UnixMicro(), 10)
	}
	return due + "." + strconv.FormatInt(q.Received.UnixMicro(), 10) + "." + string(q.ID)
}

func place(s string) (q rights.Summary, ok bool) {
	part := strings.Split(s, ".")
	if len(part) != 3 {
		return q, false
	}
	if due, err := strconv.ParseInt(part[0], 10, 64); err == nil {
		q.DoneDue = &plan.Due{At: time.UnixMicro(due).UTC()}
	}
	received, err := strconv.ParseInt(part[1], 10, 64)
	q.Received, q.ID = time.UnixMicro(received).UTC(), rights.ID(part[2])
	return q, err == nil
}

// listEnded is a page of requests that ended in a state, in the order in which
// they came.
func (c *Console) listEnded(v *visit, p *requestsPage, after rights.ID) error {
	for {
		list, err := c.on.Requests().List(v.ctx(), rights.Filter{State: rights.State(p.Shown), After: after, Limit: listed})
		if err != nil {
			return err
		}
		for _, x := range list {
			if len(p.List) == listed {
				p.Next = p.address(string(p.List[listed-1].ID))
				return nil
			}
			if p.Right == "" || string(x.Right) == p.Right {
				p.List = append(p.List, p.row(x))
			}
			after = x.ID
		}
		if len(list) < listed {
			return nil
		}
	}
}

// address is that of the list with what is chosen, from a place on.
func (p requestsPage) address(after string) string { return p.Tab(p.Shown, after) }

// Tab is the address of a tab, with the right that is chosen.
func (p requestsPage) Tab(name, after string) string {
	q := url.Values{}
	if name != tabOpen {
		q.Set("state", name)
	}
	if p.Right != "" {
		q.Set("right", p.Right)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return p.Base + "requests"
	}
	return p.Base + "requests?" + q.Encode()
}

// TabName names a tab.
func (p requestsPage) TabName(name string) string {
	switch name {
	case tabOpen:
		return p.T.Open
	case tabOverdue:
		return p.T.Overdue
	case tabPaused:
		return p.T.Paused
	}
	return p.T.StateName(name)
}

func (v view) row(q rights.Summary) row {
	x := row{Summary: q}
	if q.DoneDue != nil && !q.State.Last() {
		x.Due, x.Overdue = q.DoneDue.At, q.DoneDue.At.Before(v.now)
	}
	return x
}

// A clock is the time of a request as a line: from when it came to when it is
// due, and where on it now is.
type clock struct {
	Shown bool
	Now   int // in percent of the time there is
	Reply int // -1: no reply is due apart from the end
	Class string
}

// Clock draws the time of a request.
func (v view) Clock(q rights.Summary) clock {
	if q.DoneDue == nil || q.State.Last() {
		return clock{}
	}
	whole := q.DoneDue.At.Sub(q.Received)
	if whole <= 0 {
		return clock{}
	}
	part := func(t time.Time) int { return int(max(0, min(100, 100*t.Sub(q.Received)/whole))) }
	out := clock{Shown: true, Now: part(v.now), Reply: -1}
	if q.ReplyDue != nil && q.ReplyDue.At.Before(q.DoneDue.At) {
		out.Reply = part(q.ReplyDue.At)
	}
	out.Now = max(out.Now, 1)
	switch {
	case q.DoneDue.At.Before(v.now):
		out.Class = "bad"
	case out.Now >= 75:
		out.Class = "warn"
	}
	return out
}
