package centre

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// A requestPage is one request as the person follows it.
type requestPage struct {
	view
	rights.View
	At       string // address of the request
	Name     string // of the right
	Badge    string // class of its badge
	About    string // the scope in words
	Stages   []stage
	Ready    bool // the package can be fetched
	Back     bool // it can be taken back
	Why      string
	Kept     []keptRow
	Due      time.Time
	Overdue  bool
	Finished bool
}

// fetched reports whether a request for a right ends in a package.
func fetched(right policy.RightKind) bool {
	p, err := plan.ProcedureOf(right)
	return err == nil && p.Fetched
}

// changing reports whether a step changes something for good.
func changing(k plan.StepKind) bool {
	return k == plan.Erase || k == plan.Correct || k == plan.Restrict
}

// A stage is one step of the way, as people understand it.
type stage struct {
	Title string
	Hint  string
	At    time.Time
	Class string // done, now, bad or ""
}

// keptRow is something that the plan keeps, with the reason it gives.
type keptRow struct {
	System, Reason, Until string
	Count                 int
}

// A row is a request in the list.
type row struct {
	rights.Summary
	Name, About string
	Due         time.Time
	Class       string // of the badge
}

func (c *Centre) requests(v *visit) error {
	p := c.view(v, func(t *words) string { return t.Requests })
	list, err := c.rows(v, p)
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "requests", struct {
		view
		List []row
	}{p, list})
}

// rows are the person's requests, newest first.
func (c *Centre) rows(v *visit, p view) ([]row, error) {
	list, err := c.on.Requests().List(v.ctx(), rights.Filter{Subject: v.sub})
	if err != nil {
		return nil, err
	}
	var out []row
	for _, q := range list {
		x := row{Summary: q, Name: p.T.right(string(q.Right)), About: p.scope(q.Scope), Class: badge(q)}
		if q.DoneDue != nil && !q.State.Last() {
			x.Due = q.DoneDue.At
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b row) int { return b.Received.Compare(a.Received) })
	return out, nil
}

func badge(q rights.Summary) string {
	switch {
	case q.State == rights.Delivered:
		return "badge-ok"
	case q.State == rights.Refused:
		return "badge-bad"
	case q.State == rights.Withdrawn, q.State == rights.Expired:
		return ""
	case q.Paused:
		return "badge-warn"
	}
	return "badge-info"
}

// scope says how much a request is about.
func (v view) scope(s string) string {
	scope, err := plan.ParseScope(s)
	switch {
	case err != nil:
		return s
	case scope.Kind == plan.OneItem, scope.Kind == plan.SomeItems:
		var names []string
		for _, name := range strings.Split(scope.Name, ",") {
			if i, err := v.p.Item(name); err == nil {
				name = v.item(i.No)
			}
			names = append(names, name)
		}
		return v.Names(names)
	case scope.Kind == plan.Lifting:
		return v.T.AskUnlimit
	case scope.Kind == plan.OneClass:
		if k, err := v.p.Class(scope.Name); err == nil {
			return k.Title.In(v.Lang)
		}
	default:
		return v.T.Everything
	}
	return scope.Name
}

func (c *Centre) request(v *visit) error {
	q, err := c.theirs(v)
	if err != nil {
		return err
	}
	return c.showRequest(v, q, c.base+"me/requests/"+string(q.ID))
}

// showRequest shows a request that stands at an address.
func (c *Centre) showRequest(v *visit, q rights.View, at string) error {
	p := requestPage{view: c.view(v, func(t *words) string { return t.right(string(q.Right)) }), View: q, At: at}
	p.Name, p.About, p.Stages, p.Badge = p.T.right(string(q.Right)), p.scope(q.Scope), p.stages(q), badge(q.Summary)
	p.Ready = fetched(q.Right) && (q.State == rights.VerifiedAfter || q.State == rights.Delivered) &&
		q.KeyEnded == nil && (q.Expires == nil || q.Expires.After(p.now))
	p.Finished = q.State.Last()
	p.Back = !p.Finished && !slices.ContainsFunc(q.Steps, func(s rights.Step) bool { return changing(s.Kind) && s.State != "waiting" }) &&
		(q.State != rights.VerifiedAfter || fetched(q.Right))
	p.Why = p.T.reason(q.Reason)
	if q.DoneDue != nil && !p.Finished {
		p.Due, p.Overdue = q.DoneDue.At, q.DoneDue.At.Before(p.now)
	}
	p.keep()
	return c.show(v, http.StatusOK, "request", p)
}

func (c *Centre) theirs(v *visit) (rights.View, error) {
	id, err := rights.ParseID(v.r.PathValue("request"))
	if err != nil {
		return rights.View{}, err
	}
	return c.on.OwnRequest(v.ctx(), v.sub, id)
}

// stages is the way of a request in the six steps that people care about.
func (v view) stages(q rights.View) []stage {
	t := v.T
	done := t.StageReady
	switch q.Right {
	case policy.Erasure:
		done = t.StageErased
	case policy.Rectification:
		done = t.StageCorrected
	case policy.Restriction:
		done = t.StageLimited
	}
	way := []struct {
		title, hint string
		states      []rights.State
	}{
		{t.StageReceived, "", []rights.State{rights.Received}},
		{t.StageVerified, t.StageVerifiedHint, []rights.State{rights.Verified}},
		{t.StageSurveyed, t.StageSurveyedHint, []rights.State{rights.Surveyed, rights.Planned}},
		{t.StageApproved, t.StageApprovedHint, []rights.State{rights.Approved}},
		{done, "", []rights.State{rights.VerifiedAfter}},
		{t.StageDelivered, "", []rights.State{rights.Delivered}},
	}
	var out []stage
	open := true
	for _, w := range way {
		s := stage{Title: w.title, Hint: w.hint}
		for _, e := range q.Events {
			if slices.Contains(w.states, e.State) {
				s.At, s.Class = e.At, "done"
				break
			}
		}
		if s.Class == "" && open && !q.State.Last() {
			s.Class, open = "now", false
		}
		if s.Class == "" && q.State.Last() {
			continue // it ended before this
		}
		out = append(out, s)
	}
	if q.State.Last() && q.State != rights.Delivered {
		end := stage{Title: t.state(q.State), Class: "bad"}
		if n := len(q.Events); n > 0 {
			end.At = q.Events[n-1].At
		}
		out = append(out, end)
	}
	return out
}

// keep lists what the plan keeps, with the reader's reason.
func (p *requestPage) keep() {
	if p.Plan == nil || p.Right != policy.Erasure {
		return
	}
	for _, s := range p.Plan.Systems {
		for _, c := range s.Collections {
			if c.Keep == nil || c.Keep.Ground == "not-asked" {
				continue
			}
			reason := c.Keep.Reason[p.Lang]
			if reason == "" {
				reason = c.Keep.Reason["en"]
			}
			p.Kept = append(p.Kept, keptRow{System: s.Name, Reason: reason, Until: page.Until(c.Keep.Until, p.Lang), Count: c.Count})
		}
	}
}

func (c *Centre) takeBack(v *visit) error {
	q, err := c.theirs(v)
	if err != nil {
		return err
	}
	if err := c.on.TakeBack(v.ctx(), v.sub, q.ID); err != nil {
		return err
	}
	return c.lead(v, "me/requests/"+string(q.ID), "taken-back")
}

func (c *Centre) fetch(v *visit) error {
	q, err := c.theirs(v)
	if err != nil {
		return err
	}
	return c.send(v, func(out *web.Late) error { return c.on.Fetch(v.ctx(), v.sub, q.ID, out) })
}

// send answers with a package that fetch writes.
func (c *Centre) send(v *visit, fetch func(*web.Late) error) error {
	out := &web.Late{W: v.w, Begin: func() { c.attach(v, "application/zip", "package.zip") }}
	err := fetch(out)
	if err != nil && out.Begin == nil { // half of it is sent: end the connection, so that nobody takes it for whole
		c.frame.Note(v.ctx(), err)
		panic(http.ErrAbortHandler)
	}
	return err
}

func (c *Centre) receipt(v *visit) error {
	q, err := c.theirs(v)
	if err != nil {
		return err
	}
	file, err := c.on.OwnReceipt(v.ctx(), v.sub, q.ID)
	if err != nil {
		return err
	}
	c.attach(v, "application/json", "receipt-"+string(q.ID)+".json")
	v.w.Write(file) // a reader who has gone cannot be answered
	return nil
}

func (c *Centre) receipts(v *visit) error {
	p := c.view(v, func(t *words) string { return t.Receipts })
	list, err := c.rows(v, p)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(r row) bool { return r.State != rights.Delivered })
	return c.show(v, http.StatusOK, "receipts", struct {
		view
		List []row
		Key  string
	}{p, list, c.on.Log().Key()})
}
