package console

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
	"github.com/avow-dev/avow/web"
)

// A transferPage is one transfer.
type transferPage struct {
	transferView
	One    platform.TransferStanding
	Lacks  []string // what still stands against it
	Clear  bool     // the reader may hold values in clear
	Kinds  []string // of identifiers
	Failed string
	Typed  map[string]string
}

func (c *Console) oneTransfer(v *visit) error { return c.showTransfer(v, http.StatusOK, "", "") }

// showTransfer shows a transfer, with what kept a verb from being carried out. What
// somebody is found by is typed again.
func (c *Console) showTransfer(v *visit, status int, failed, problem string) error {
	id, err := succession.ParseID(v.r.PathValue("transfer"))
	if err != nil {
		return err
	}
	p := transferPage{
		transferView: c.transferView(v, func(t *transferWords) string { return t.Transfer }), Clear: v.by.clear(), Kinds: c.kinds(), Failed: failed, Typed: map[string]string{},
	}
	p.Problem = problem
	if p.One, err = c.on.Transfer(v.ctx(), id); err != nil {
		return err
	}
	p.Title = p.X.KindName(string(p.One.Kind)) + ": " + p.Receiver(p.One.Recipient)
	p.lacks()
	for _, name := range []string{"how", "channel", "document", "clauses", "finder"} {
		p.Typed[name] = v.r.PostFormValue(name)
	}
	return c.show(v, status, "transfer", p)
}

// lacks says what still stands against a transfer that has not begun, as
// [platform.Platform.ReadyTransfer] goes by it.
func (p *transferPage) lacks() {
	if p.One.State != succession.Open {
		return
	}
	say := func(text string, n int64) {
		if n > 0 {
			p.Lacks = append(p.Lacks, fmt.Sprintf(text, n))
		}
	}
	if p.p.Sharing().Succession.Binds {
		say(p.X.LackDuties, int64(p.One.Duties-p.One.Accepted))
	}
	say(p.X.LackUntold, p.One.Untold)
	say(p.X.LackEarly, p.One.Early)
}

// Live reports whether something can still be done.
func (p transferPage) Live() bool { return p.One.Ended == nil }

// Step is the class of one of the steps.
func (p transferPage) Step(name string) string {
	s, ready := p.One, p.One.State == succession.Ready
	done := map[string]bool{
		"tell": s.People > 0 && s.Untold == 0 && s.Early == 0 || ready, "accept": s.Duties > 0 && s.Accepted >= s.Duties || ready, "ready": ready,
	}[name] || s.State == succession.Done
	switch {
	case done:
		return "done"
	case s.State == succession.Open && name != "move" && (name != "ready" || len(p.Lacks) == 0), ready && name == "move":
		return "now"
	}
	return ""
}

// A transferVerb does something with a transfer.
type transferVerb func(v *visit, id succession.ID) error

// transferVerbs are what the forms of a transfer's page do.
func (c *Console) transferVerbs() map[string]transferVerb {
	field := func(v *visit, name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	sure := func(do transferVerb) transferVerb {
		return func(v *visit, id succession.ID) error {
			if err := c.sure(v); err != nil {
				return err
			}
			return do(v, id)
		}
	}
	return map[string]transferVerb{
		"tell": sure(func(v *visit, id succession.ID) error {
			_, err := c.on.TellTransfer(v.ctx(), id, v.by.gate())
			return err
		}),
		"told": func(v *visit, id succession.ID) error {
			who, err := c.onePerson(v)
			if err != nil {
				return err
			}
			return c.on.ToldTransfer(v.ctx(), id, who, field(v, "how"), v.by.inRole())
		},
		"object": func(v *visit, id succession.ID) error {
			who, err := c.onePerson(v)
			if err != nil {
				return err
			}
			return c.on.ObjectTransfer(v.ctx(), id, who, field(v, "channel"), v.by.inRole())
		},
		"accept": func(v *visit, id succession.ID) error {
			return c.on.AcceptDuties(v.ctx(), id, strings.Fields(field(v, "clauses")), field(v, "document"), v.by.gate())
		},
		"ready":  sure(func(v *visit, id succession.ID) error { return c.on.ReadyTransfer(v.ctx(), id, v.by.gate()) }),
		"cancel": sure(func(v *visit, id succession.ID) error { return c.on.CancelTransfer(v.ctx(), id, v.by.gate()) }),
	}
}

// onePerson finds the one whom a form names.
func (c *Console) onePerson(v *visit) (subject.ID, error) {
	found, err := c.on.Find(v.ctx(), v.r.PostFormValue("finder"), platform.NewPersonal(strings.TrimSpace(v.r.PostFormValue("identifier"))))
	if fault.Of(err) == fault.Invalid || err == nil && len(found) != 1 {
		return "", fault.New(fault.Invalid, "%s", transferWordsIn(c.lang(v)).NotOne)
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// inRole is who acts by the name of their role; an admin without one acts for the
// controller.
func (p *person) inRole() platform.Actor {
	a := platform.Actor{ID: string(p.id)}
	if len(p.roles) > 0 {
		a.Role = p.roles[0].Name
	}
	return a
}

// transferAct carries a verb out and leads back to the transfer, or says there what kept
// it from being carried out.
func (c *Console) transferAct(verb string, do transferVerb) func(*visit) error {
	return func(v *visit) error {
		id, err := succession.ParseID(v.r.PathValue("transfer"))
		if err != nil {
			return err
		}
		err = do(v, id)
		switch fault.Of(err) {
		case "":
			return c.lead(v, "transfers/"+string(id), "transfer-"+verb)
		case fault.Invalid, fault.Denied, fault.Conflict, fault.NotFound:
			return c.showTransfer(v, web.Status(err), verb, c.problem(v, err))
		}
		return err
	}
}

// runTransfer hands over what moves, in a file that nothing keeps.
func (c *Console) runTransfer(v *visit) error {
	id, err := succession.ParseID(v.r.PathValue("transfer"))
	if err != nil {
		return err
	}
	if !v.by.clear() {
		return c.showTransfer(v, http.StatusForbidden, "run", transferWordsIn(c.lang(v)).RunClear)
	}
	if err := c.sure(v); err != nil {
		return c.showTransfer(v, http.StatusUnprocessableEntity, "run", c.words(v).NotSure)
	}
	out := &web.Late{W: v.w, Begin: func() { v.attach("application/x-ndjson", "transfer.ndjson") }}
	_, err = c.on.RunTransfer(v.ctx(), id, out, v.by.gate())
	switch {
	case err != nil && out.Begin == nil: // half of it is sent: end the connection, so that nobody takes it for whole
		c.frame.Note(v.ctx(), err)
		panic(http.ErrAbortHandler)
	case fault.Of(err) == fault.Conflict:
		return c.showTransfer(v, web.Status(err), "run", c.problem(v, err))
	case err != nil:
		return err
	case out.Begin != nil: // nobody's data moved: there is no file
		return c.lead(v, "transfers/"+string(id), "transfer-run")
	}
	return nil
}
