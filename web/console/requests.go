package console

import (
	"net/http"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// listed is how many requests a page of the list holds.
const listed = 100

// A row is a request in the list.
type row struct {
	rights.Summary
	Due     time.Time // zero: it has ended, or nothing says when
	Overdue bool
}

// A requestsPage is the list: open ones by due date, or those of one last state.
type requestsPage struct {
	view
	List    []row
	Shown   string // state in the address; "": open
	Ended   []rights.State
	Overdue int
	Waiting int    // for an approval
	After   string // the last of a full page
}

func ended() []rights.State {
	return []rights.State{rights.Delivered, rights.Refused, rights.Withdrawn, rights.Expired}
}

func (c *Console) requests(v *visit) error {
	q := v.r.URL.Query()
	p := requestsPage{view: c.view(v, func(t *words) string { return t.Requests }), Ended: ended()}
	list, err := c.on.OpenRequests(v.ctx())
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.DoneDue != nil && x.DoneDue.At.Before(p.now) {
			p.Overdue++
		}
		if x.State == rights.Planned {
			p.Waiting++
		}
	}
	if s := rights.State(q.Get("state")); slices.Contains(ended(), s) {
		p.Shown = string(s)
		if list, err = c.on.Requests().List(v.ctx(), rights.Filter{State: s, After: rights.ID(q.Get("after")), Limit: listed}); err != nil {
			return err
		}
		if len(list) == listed {
			p.After = string(list[listed-1].ID)
		}
	}
	for _, x := range list {
		p.List = append(p.List, p.row(x))
	}
	if len(p.List) > listed { // the most urgent; the rest follow when these are done
		p.List = p.List[:listed]
	}
	return c.show(v, http.StatusOK, "requests", p)
}

func (v view) row(q rights.Summary) row {
	x := row{Summary: q}
	if q.DoneDue != nil && !q.State.Last() {
		x.Due, x.Overdue = q.DoneDue.At, q.DoneDue.At.Before(v.now)
	}
	return x
}

// A requestPage is one request.
type requestPage struct {
	view
	row
	Q       rights.View
	Can     doable
	Methods []string
	Refuse  []string
	Pause   []string
	Done    *plan.Body // what was planned and observed
	Steps   int        // done
	Live    bool       // the page renews itself
}

// A doable says which forms a request's state and the person's role leave.
type doable struct {
	Verify, Plan, Approve, Waits, Run, Retry, End, Pause, Resume, Fetch bool
}

func (c *Console) request(v *visit) error { return c.showRequest(v, http.StatusOK, "") }

// showRequest shows a request, with what kept a form from being carried out.
func (c *Console) showRequest(v *visit, status int, problem string) error {
	id, err := rights.ParseID(v.r.PathValue("request"))
	if err != nil {
		return err
	}
	q, err := c.on.Requests().Show(v.ctx(), id)
	if err != nil {
		return err
	}
	p := requestPage{view: c.view(v, func(t *words) string { return t.name(t.rights, string(q.Right)) }), Q: q}
	p.row, p.Problem = p.view.row(q.Summary), problem
	p.Methods, p.Refuse, p.Pause = methods(), refusals(), pauses()
	p.Can = doableBy(v.by, q)
	for _, s := range q.Steps {
		if s.State == "done" {
			p.Steps++
		}
	}
	if q.Receipt {
		if p.Done, err = c.body(v, id); err != nil {
			return err
		}
	}
	procedure, err := plan.ProcedureOf(q.Right)
	if err != nil {
		return err
	}
	p.Live = q.State == rights.Running || q.State == rights.VerifiedAfter && !procedure.Fetched
	if p.Live && v.r.Method == http.MethodGet {
		v.w.Header().Set("Refresh", "2")
	}
	return c.show(v, status, "request", p)
}

func doableBy(by *person, q rights.View) doable {
	if q.State.Last() {
		return doable{Fetch: by.clear() && q.Right == policy.Access && q.State == rights.Delivered && q.KeyEnded == nil}
	}
	begun := slices.ContainsFunc(q.Steps, func(s rights.Step) bool { return s.Kind == plan.Erase && s.State != "waiting" })
	is := func(states ...rights.State) bool { return !q.Paused && slices.Contains(states, q.State) }
	role := by.roleFor(q.Right)
	approves := role != nil && slices.Contains(role.Approves, q.Right)
	return doable{
		Verify:  is(rights.Received),
		Plan:    is(rights.Verified, rights.Surveyed, rights.Planned, rights.Approved, rights.NeedsAttention),
		Approve: is(rights.Planned) && approves,
		Waits:   is(rights.Planned) && !approves,
		Run:     is(rights.Approved),
		Retry:   is(rights.NeedsAttention),
		End:     !begun && q.State != rights.VerifiedAfter,
		Pause:   is(rights.Received, rights.Verified, rights.Surveyed, rights.Planned, rights.Approved),
		Resume:  q.Paused,
		Fetch:   by.clear() && q.Right == policy.Access && q.State == rights.VerifiedAfter,
	}
}

// body is what the receipt says was done.
func (c *Console) body(v *visit, id rights.ID) (*plan.Body, error) {
	file, err := c.on.Requests().Receipt(v.ctx(), id)
	if fault.Of(err) == fault.Busy { // the log gives the entry its place in a moment
		return nil, nil //nolint:nilnil // shown without
	}
	if err != nil {
		return nil, err
	}
	report, err := plan.VerifyReceipt(file, c.on.Log().Key())
	if err != nil {
		return nil, err
	}
	return &report.Body, nil
}

func (c *Console) receipt(v *visit) error {
	id, err := rights.ParseID(v.r.PathValue("request"))
	if err != nil {
		return err
	}
	file, err := c.on.Requests().Receipt(v.ctx(), id)
	if err != nil {
		return err
	}
	v.attach("application/json", "receipt-"+string(id)+".json")
	v.w.Write(file) // a reader who has gone cannot be answered
	return nil
}

// methods are how somebody can have proved who they are.
func methods() []string { return []string{"document", "in-person", "identifier-code", "login"} }

// refusals and pauses are the codes that package rights takes.
func refusals() []string {
	return []string{
		"identity-not-proved", "unfounded", "excessive", "legal-obligation", "legal-claims", "public-interest", "expression",
		"others-rights", "circumstances", "not-ours",
	}
}

func pauses() []string {
	return []string{"identity-in-doubt", "clarification", "guardian", "other-people"}
}
