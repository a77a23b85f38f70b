package console

import (
	"net/http"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/rights"
)

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
	Line    clock
	Limited bool // the person's data is kept and not used
}

// A doable says which forms a request's state and the person's role leave.
type doable struct {
	Verify, Plan, Approve, Waits, Run, Retry, End, Pause, Resume, Fetch, Hands bool
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
	p.Methods, p.Refuse, p.Pause = c.on.Requests().Methods(q.Right), refusals(), pauses()
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
	p.Line = p.view.Clock(q.Summary)
	if q.Subject != "" {
		f, err := c.on.Facts(v.ctx(), q.Subject)
		if err != nil {
			return err
		}
		p.Limited = f.Restricted
	}
	p.Live = q.State == rights.Running || q.State == rights.VerifiedAfter && !procedure.Fetched
	if p.Live && v.r.Method == http.MethodGet {
		v.w.Header().Set("Refresh", "2")
	}
	return c.show(v, status, "request", p)
}

func doableBy(by *person, q rights.View) doable {
	procedure, err := plan.ProcedureOf(q.Right)
	fetched := err == nil && procedure.Fetched
	if q.State.Last() {
		return doable{Fetch: by.clear() && fetched && q.State == rights.Delivered && q.KeyEnded == nil}
	}
	begun := slices.ContainsFunc(q.Steps, func(s rights.Step) bool { return changing(s.Kind) && s.State != "waiting" })
	is := func(states ...rights.State) bool { return !q.Paused && slices.Contains(states, q.State) }
	role := by.roleFor(q.Right)
	approves := role != nil && slices.Contains(role.Approves, q.Right)
	return doable{
		Verify:  is(rights.Received),
		Plan:    is(rights.Verified, rights.Surveyed, rights.Planned, rights.Approved, rights.NeedsAttention),
		Approve: is(rights.Planned) && approves,
		Waits:   is(rights.Planned) && !approves,
		Run:     is(rights.Approved),
		Retry:   is(rights.NeedsAttention) && !byHand(q),
		End:     !begun && q.State != rights.VerifiedAfter,
		Pause:   is(rights.Received, rights.Verified, rights.Surveyed, rights.Planned, rights.Approved),
		Resume:  q.Paused,
		Fetch:   by.clear() && fetched && q.State == rights.VerifiedAfter,
		Hands:   is(rights.NeedsAttention) && byHand(q) && by.clear(),
	}
}

// changing reports whether a step changes something for good.
func changing(k plan.StepKind) bool {
	return k == plan.Erase || k == plan.Correct || k == plan.Restrict
}

// byHand reports whether the request waits for something that people do.
func byHand(q rights.View) bool {
	for _, s := range q.Steps {
		if s.State != "done" {
			return s.Kind == plan.Manual || s.Kind == plan.Tell
		}
	}
	return false
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
