package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// A verb does something with a request; it returns the code of what was done.
type verb func(v *visit, id rights.ID, by gate.Actor) (done string, err error)

// verbs are what the forms of a request's page do.
func (c *Console) verbs() map[string]verb {
	on := c.on.Requests()
	field := func(v *visit, name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	why := func(v *visit) rights.Reason { return rights.Reason{Code: field(v, "reason"), Cite: field(v, "cite")} }
	return map[string]verb{
		"verify": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "verified", on.Verify(v.ctx(), id, by, field(v, "method"))
		},
		"plan": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			if _, err := on.Survey(v.ctx(), id, by); err != nil {
				return "", err
			}
			_, err := on.Plan(v.ctx(), id, by)
			return "planned", err
		},
		"approve": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "approved", on.Approve(v.ctx(), id, field(v, "hash"), by)
		},
		"run": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "running", on.Run(v.ctx(), id, by)
		},
		"retry": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "running", on.Retry(v.ctx(), id, by)
		},
		"attest": func(v *visit, id rights.ID, _ gate.Actor) (string, error) {
			return "attested", c.attest(v, id)
		},
		"refuse": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "refused", on.Refuse(v.ctx(), id, why(v), by)
		},
		"pause": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "paused", on.Pause(v.ctx(), id, why(v), by)
		},
		"resume": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "resumed", on.Resume(v.ctx(), id, by)
		},
		"withdraw": func(v *visit, id rights.ID, by gate.Actor) (string, error) {
			return "withdrawn", on.Withdraw(v.ctx(), id, by)
		},
	}
}

// act carries a verb out and leads back to the request, or says there what kept
// it from being carried out.
func (c *Console) act(do verb) func(*visit) error {
	return func(v *visit) error {
		id, err := rights.ParseID(v.r.PathValue("request"))
		if err != nil {
			return err
		}
		q, err := c.on.Requests().Show(v.ctx(), id)
		if err != nil {
			return err
		}
		done, err := do(v, id, v.by.actor(q.Right))
		switch fault.Of(err) {
		case "":
			return c.lead(v, "requests/"+string(id), done)
		case fault.Invalid, fault.Denied, fault.Conflict:
			return c.showRequest(v, web.Status(err), c.problem(v, err))
		}
		return err
	}
}

// problem says a fault to the reader. Its own words are English.
func (c *Console) problem(v *visit, err error) string {
	t := c.words(v)
	return t.faults[fault.Of(err)] + fault.Message(err)
}

// fetch hands the package out, to be given to the person.
func (c *Console) fetch(v *visit) error {
	id, err := rights.ParseID(v.r.PathValue("request"))
	if err != nil {
		return err
	}
	if !v.by.clear() {
		return fault.New(fault.Denied, "your role sees masked values, and a package has them in clear: ask a colleague who may see them")
	}
	out := &web.Late{W: v.w, Begin: func() { v.attach("application/zip", "package.zip") }}
	err = c.on.Requests().Deliver(v.ctx(), id, v.by.actor(policy.Access), out)
	if err != nil && out.Begin == nil { // half of it is sent: end the connection, so that nobody takes it for whole
		c.frame.Note(v.ctx(), err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// A newPage takes a request down. What was typed of the person is not shown again.
type newPage struct {
	view
	Rights   []policy.RightKind
	Channels []string
	Items    []choice
	Classes  []choice
	Correct  []choice // items of which a right value can be given
	Kinds    []string
}

// A choice is an entry of a list to choose from.
type choice struct{ Value, Title string }

func (c *Console) askNew(v *visit) error { return c.showNew(v, http.StatusOK, "") }

func (c *Console) showNew(v *visit, status int, problem string) error {
	p := newPage{view: c.view(v, func(t *words) string { return t.NewRequest }), Kinds: c.kinds()}
	p.Problem = problem
	seen := map[string]bool{}
	for _, x := range plan.Procedures() {
		r, err := c.on.Policy().Right(x.Right)
		if err != nil {
			continue // the policy does not promise it
		}
		p.Rights = append(p.Rights, x.Right)
		for _, name := range r.Channels {
			if !seen[name] {
				seen[name] = true
				p.Channels = append(p.Channels, name)
			}
		}
	}
	if slices.Contains(p.Rights, policy.Restriction) {
		p.Classes = append(p.Classes, choice{plan.Lifted().String(), p.T.RightName("restriction") + ": " + p.T.Lifted})
	}
	for _, i := range c.on.Policy().Items() {
		p.Items = append(p.Items, choice{"item:" + i.Name, page.Title(i.Title, i.Name, p.Lang)})
		if !i.List && i.Type != "secret" {
			p.Correct = append(p.Correct, choice{i.Name, page.Title(i.Title, i.Name, p.Lang)})
		}
	}
	for _, k := range c.on.Policy().Classes() {
		p.Classes = append(p.Classes, choice{"class:" + k.Name, page.Title(k.Title, k.Name, p.Lang)})
	}
	return c.show(v, status, "new", p)
}

// kinds are the kinds of identifier that the policy knows.
func (c *Console) kinds() (out []string) {
	seen := map[string]bool{}
	for _, i := range c.on.Policy().Items() {
		if i.Identifier != "" && !seen[i.Identifier] {
			seen[i.Identifier] = true
			out = append(out, i.Identifier)
		}
	}
	return out
}

func (c *Console) takeNew(v *visit) error {
	asked, err := readAsked(v.r)
	if err == nil {
		var id rights.ID
		if id, err = c.on.Requests().Receive(v.ctx(), asked, v.by.actor(asked.Right)); err == nil {
			return c.lead(v, "requests/"+string(id), "received")
		}
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return c.showNew(v, web.Status(err), c.problem(v, err))
	}
	return err
}

func readAsked(r *http.Request) (out rights.Asked, err error) {
	out = rights.Asked{
		Right: policy.RightKind(r.PostFormValue("right")), Channel: r.PostFormValue("channel"), Language: r.PostFormValue("language"),
		Contact: platform.NewPersonal(strings.TrimSpace(r.PostFormValue("contact"))),
	}
	for _, n := range []string{"1", "2"} {
		if value := strings.TrimSpace(r.PostFormValue("identifier-" + n)); value != "" {
			out.Identifiers = append(out.Identifiers, connector.Identifier{Kind: r.PostFormValue("kind-" + n), Value: platform.NewPersonal(value)})
		}
	}
	if out.Right == policy.Rectification { // the scope follows from what is corrected
		out.Corrections = []rights.Correction{{Item: r.PostFormValue("item"), Value: platform.NewPersonal(strings.TrimSpace(r.PostFormValue("value")))}}
		return out, nil
	}
	out.Scope, err = plan.ParseScope(r.PostFormValue("scope"))
	return out, err
}
