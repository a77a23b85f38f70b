package console

import (
	"net/http"
	"strings"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// A casePage is one case, with those that it looks at again.
type casePage struct {
	caseView
	File              *platform.CaseFile
	Case              platform.CaseFull
	Before            []platform.CaseFull
	Can               caseDoable
	Reasons, Outcomes []string
	Typed             map[string]string // what was written into a form that was not carried out
	MaxText           int
}

// A caseDoable says which forms a case's state and the reader's role leave.
type caseDoable struct {
	Reply, Delay, Again, Close bool
	Waits                      bool // it is somebody else's turn
}

func (c *Console) oneCase(v *visit) error { return c.showCase(v, http.StatusOK, "", nil) }

// showCase shows a case, which leaves an entry that its person sees, with what kept a
// form from being carried out.
func (c *Console) showCase(v *visit, status int, problem string, typed map[string]string) error {
	id, err := contact.ParseID(v.r.PathValue("case"))
	if err != nil {
		return err
	}
	f, err := c.on.CaseFile(v.ctx(), id, v.by.onCase(""))
	if err != nil {
		return err
	}
	p := casePage{
		caseView: c.caseView(v, func(k *caseWords) string { return k.Case }), File: f, Case: f.Cases[0], Before: f.Cases[1:], Typed: typed,
		Reasons: contact.Reasons(), Outcomes: contact.Outcomes(), MaxText: contact.MaxText,
	}
	p.Problem, p.Can = problem, caseDoableBy(v.by, f.Cases[0].CaseSummary)
	return c.show(v, status, "case", p)
}

func caseDoableBy(by *person, c platform.CaseSummary) caseDoable {
	mine, open := by.answers(c), c.State != contact.Closed
	return caseDoable{
		Reply: open && mine, Close: open && mine, Waits: open && !mine,
		Delay: mine && c.State == contact.Open && c.Latest != nil && !c.Overdue,
		Again: c.State == contact.Answered,
	}
}

// Lines are the lines of what somebody wrote.
func (p casePage) Lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// A caseVerb does something with a case; it returns the case to look at after it.
type caseVerb func(v *visit, id contact.ID, by gate.Actor) (contact.ID, error)

// caseVerbs are what the forms of a case's page do.
func (c *Console) caseVerbs() map[string]caseVerb {
	text := func(v *visit) platform.Personal { return platform.NewPersonal(v.r.PostFormValue("text")) }
	return map[string]caseVerb{
		"reply": func(v *visit, id contact.ID, by gate.Actor) (contact.ID, error) {
			_, err := c.on.ReplyCase(v.ctx(), id, text(v), by)
			return id, err
		},
		"delay": func(v *visit, id contact.ID, by gate.Actor) (contact.ID, error) {
			_, err := c.on.DelayCase(v.ctx(), id, v.r.PostFormValue("code"), by)
			return id, err
		},
		"escalate": func(v *visit, id contact.ID, by gate.Actor) (contact.ID, error) {
			next, err := c.on.EscalateCase(v.ctx(), id, text(v), by)
			if err != nil {
				return id, err
			}
			return next.ID, nil
		},
		"close": func(v *visit, id contact.ID, by gate.Actor) (contact.ID, error) {
			_, err := c.on.CloseCase(v.ctx(), id, v.r.PostFormValue("code"), by)
			return id, err
		},
	}
}

// caseAct carries a verb out and leads back to the case, or says there what kept it
// from being carried out.
func (c *Console) caseAct(name string, do caseVerb) func(*visit) error {
	return func(v *visit) error {
		id, err := contact.ParseID(v.r.PathValue("case"))
		if err != nil {
			return err
		}
		owner, err := c.on.CaseOwner(v.ctx(), id)
		if err != nil {
			return err
		}
		next, err := do(v, id, v.by.onCase(owner))
		switch fault.Of(err) {
		case "":
			return c.lead(v, "cases/"+string(next), "case-"+name)
		case fault.Invalid, fault.Denied, fault.Conflict:
			return c.showCase(v, web.Status(err), c.problem(v, err), map[string]string{name: v.r.PostFormValue("text")})
		}
		return err
	}
}

// A caseNewPage takes down what somebody said on the telephone, in a letter, or
// across the counter.
type caseNewPage struct {
	caseView
	Kinds    []contact.Kind
	Topics   []contact.Topic
	Channels []string
	Finders  []string // kinds of identifier
	Asked    contact.Asked
	Text, To string
	Finder   string
	MaxText  int
}

func (c *Console) askCase(v *visit) error { return c.showCaseNew(v, http.StatusOK, "") }

// showCaseNew shows the form, with what was typed into it and was not accepted. What
// somebody is found by is typed again.
func (c *Console) showCaseNew(v *visit, status int, problem string) error {
	p := caseNewPage{
		caseView: c.caseView(v, func(k *caseWords) string { return k.TakeDown }), Kinds: contact.Kinds(), Topics: contact.Topics(),
		Channels: contact.Channels(c.on.Policy()), Finders: c.kinds(), Asked: readCase(v.r), MaxText: contact.MaxText,
	}
	p.Problem, p.Text, p.To, p.Finder = problem, p.Asked.Text.Reveal(), p.Asked.Contact.Reveal(), v.r.PostFormValue("finder")
	if p.Asked.Channel == "" {
		p.Asked.Channel = "phone"
	}
	return c.show(v, status, "case-new", p)
}

func readCase(r *http.Request) contact.Asked {
	return contact.Asked{
		Kind: contact.Kind(r.PostFormValue("kind")), Topic: contact.Topic(r.PostFormValue("about")), Channel: r.PostFormValue("channel"),
		Language: r.PostFormValue("language"), Text: platform.NewPersonal(r.PostFormValue("text")),
		Contact: platform.NewPersonal(strings.TrimSpace(r.PostFormValue("contact"))),
	}
}

func (c *Console) takeCase(v *visit) error {
	k := caseWordsIn(web.Lang(v.r, c.on.Policy().Languages()))
	asked, who := readCase(v.r), subject.ID("")
	if len(asked.Contact.Reveal()) > 300 {
		return c.showCaseNew(v, http.StatusUnprocessableEntity, k.LongContact)
	}
	if value := strings.TrimSpace(v.r.PostFormValue("identifier")); value != "" {
		found, err := c.on.Find(v.ctx(), v.r.PostFormValue("finder"), platform.NewPersonal(value))
		switch {
		case fault.Of(err) == fault.Invalid:
			return c.showCaseNew(v, web.Status(err), c.problem(v, err))
		case err != nil:
			return err
		case len(found) != 1:
			return c.showCaseNew(v, http.StatusUnprocessableEntity, k.notOne(len(found)))
		}
		who = found[0]
	}
	opened, err := c.on.OpenCase(v.ctx(), who, asked, v.by.onCase(""))
	switch fault.Of(err) {
	case "":
		return c.lead(v, "cases/"+string(opened.ID), "case-open")
	case fault.Invalid, fault.Conflict:
		return c.showCaseNew(v, web.Status(err), c.problem(v, err))
	}
	return err
}
