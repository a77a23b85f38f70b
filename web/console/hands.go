package console

import (
	"net/http"
	"strconv"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// A handsPage says what people have to do before a request goes on, with the
// values it takes: they stand in one answer, which nothing keeps.
type handsPage struct {
	view
	Q     rights.View
	Step  int64
	Tasks []chore
}

// A chore is one thing to be done by hand.
type chore struct {
	rights.Task
	Where  string // system or recipient, as people call it
	Known  []choice
	Values []choice
}

// hands shows what is to be done. That somebody looked is in the log before.
func (c *Console) hands(v *visit) error {
	id, err := rights.ParseID(v.r.PathValue("request"))
	if err != nil {
		return err
	}
	if !v.by.clear() {
		return fault.New(fault.Denied, "your role sees masked values, and this work takes them in clear: ask a colleague who may see them")
	}
	q, err := c.on.Requests().Show(v.ctx(), id)
	if err != nil {
		return err
	}
	list, err := c.on.Requests().Tasks(v.ctx(), id, v.by.actor(q.Right))
	switch fault.Of(err) {
	case "":
	case fault.Denied, fault.Conflict:
		return c.showRequest(v, web.Status(err), c.problem(v, err))
	default:
		return err
	}
	p := handsPage{view: c.view(v, func(t *words) string { return t.Hands }), Q: q}
	for _, t := range list {
		x := chore{Task: t, Where: t.System}
		if t.Recipient != "" {
			x.Where = p.Reason(t.Title)
		}
		for _, i := range t.Identifiers {
			x.Known = append(x.Known, choice{p.T.KindName(i.Kind), i.Value.Reveal()})
		}
		for _, n := range t.Values {
			x.Values = append(x.Values, choice{p.Items([]string{n.Item}), n.Value.Reveal()})
		}
		p.Tasks, p.Step = append(p.Tasks, x), t.Step
	}
	return c.show(v, http.StatusOK, "hands", p)
}

// attest records that what a step waits for was done.
func (c *Console) attest(v *visit, id rights.ID) error {
	n, err := strconv.ParseInt(v.r.PostFormValue("step"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "say which step was done")
	}
	q, err := c.on.Requests().Show(v.ctx(), id)
	if err != nil {
		return err
	}
	return c.on.Requests().Attest(v.ctx(), id, n, v.by.actor(q.Right))
}
