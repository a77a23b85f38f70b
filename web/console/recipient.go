package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/web"
)

// A recipientPage is one recipient.
type recipientPage struct {
	recipientView
	Row         recipientRow
	Found       []findingRow // newest first
	Purposes    []string
	Items       []string
	Country     string
	Text        []string // paragraphs of the instructions
	Hash        string
	Acceptances []acceptedRow // newest first
	Auditor     string        // name of who signed the last audit
	Kinds       []recipient.Kind
	May         bool // the reader may record something
	Failed      string
	Typed       map[string]string
}

// A findingRow is a finding with the name of who recorded it.
type findingRow struct {
	platform.Finding
	Who string
}

type acceptedRow struct {
	platform.Accepted
	Who     string
	Current bool
}

func (c *Console) oneRecipient(v *visit) error { return c.showRecipient(v, http.StatusOK, "", "") }

// showRecipient shows a recipient, with what kept a verb from being carried out.
func (c *Console) showRecipient(v *visit, status int, failed, problem string) error {
	name := v.r.PathValue("recipient")
	p := recipientPage{
		recipientView: c.recipientView(v, func(t *recipientWords) string { return t.Recipient }), Failed: failed, May: v.by.may(ledger),
		Kinds: []recipient.Kind{recipient.Ability, recipient.Security, recipient.Audit}, Typed: map[string]string{},
	}
	p.Problem = problem
	rows, err := c.recipientRows(v.ctx(), p.view)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(r recipientRow) bool { return r.Recipient == name })
	if i < 0 {
		return fault.New(fault.NotFound, "the policy in force names no such recipient")
	}
	p.Row = rows[i]
	p.Title = p.Row.Title
	for _, f := range slices.Backward(p.Row.Findings) {
		p.Found = append(p.Found, findingRow{f, c.staffName(v.ctx(), f.Staff)})
	}
	for _, a := range slices.Backward(p.Row.Accepted) {
		p.Acceptances = append(p.Acceptances, acceptedRow{a, c.staffName(v.ctx(), a.Staff), a.Version == c.on.Version().Hash})
	}
	for _, no := range p.Row.To.Purposes {
		p.Purposes = append(p.Purposes, p.purpose(no))
	}
	for _, no := range p.Row.To.Items {
		p.Items = append(p.Items, p.item(no))
	}
	if p.Row.To.Country != 0 {
		p.Country = page.Country(p.Row.To.Country, p.Lang)
	}
	if d := p.Row.Duty; d != nil && d.Last != nil {
		p.Auditor = c.staffName(v.ctx(), d.Last.By)
	}
	text, hash, err := c.on.Instructions(name, p.Lang)
	if err != nil {
		return err
	}
	p.Text, p.Hash = strings.Split(strings.TrimSpace(text), "\n"), fmt.Sprintf("%x", hash)
	for _, name := range []string{"document", "until"} {
		p.Typed[name] = v.r.PostFormValue(name)
	}
	return c.show(v, status, "recipient", p)
}

// A recipientVerb records something about a recipient.
type recipientVerb func(v *visit, name string, by gate.Actor) error

// recipientVerbs are what the forms of a recipient's page do.
func (c *Console) recipientVerbs() map[string]recipientVerb {
	field := func(v *visit, name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	return map[string]recipientVerb{
		"finding": func(v *visit, name string, by gate.Actor) error {
			end, err := c.lastOf(field(v, "until"))
			if err != nil {
				return fault.New(fault.Invalid, "%s", c.words(v).BadDay)
			}
			outcome := field(v, "outcome")
			if outcome != "passed" && outcome != "failed" {
				return fault.New(fault.Invalid, "say how it ended: passed or failed")
			}
			f := platform.Finding{
				Recipient: name, Kind: recipient.Kind(field(v, "kind")), Passed: outcome == "passed", Document: field(v, "document"),
				Remedy: recipient.Remedy(field(v, "remedy")),
			}
			if !end.IsZero() {
				f.Until = &end
			}
			return c.on.Judge(v.ctx(), f, by)
		},
		"stop": func(v *visit, name string, by gate.Actor) error {
			if err := c.sure(v); err != nil {
				return err
			}
			return c.on.Judge(v.ctx(), platform.Finding{
				Recipient: name, Kind: recipient.Breach, Document: field(v, "document"), Remedy: recipient.Remedy(field(v, "remedy")),
			}, by)
		},
		"agreement": func(v *visit, name string, by gate.Actor) error {
			end, err := c.lastOf(field(v, "until"))
			switch {
			case err != nil:
				return fault.New(fault.Invalid, "%s", c.words(v).BadDay)
			case field(v, "document") == "":
				return fault.New(fault.Invalid, "say in which document the agreement can be read")
			case !end.IsZero() && !end.After(c.on.Now()):
				return fault.New(fault.Invalid, "it would have ended already: give a later day")
			}
			return c.on.Sign(v.ctx(), name, field(v, "document"), end)
		},
		"instructions": func(v *visit, name string, by gate.Actor) error {
			return c.on.AcceptInstructions(v.ctx(), name, field(v, "document"), by)
		},
	}
}

// recipientAct carries a verb out and leads back to the recipient, or says there what
// kept it from being carried out.
func (c *Console) recipientAct(verb string, do recipientVerb) func(*visit) error {
	return func(v *visit) error {
		name := v.r.PathValue("recipient")
		if _, err := c.on.Policy().Recipient(name); err != nil {
			return err
		}
		err := do(v, name, v.by.gate())
		switch fault.Of(err) {
		case "":
			return c.lead(v, "recipients/"+name, "recipient-"+verb)
		case fault.Invalid, fault.Denied, fault.Conflict:
			return c.showRecipient(v, web.Status(err), verb, c.problem(v, err))
		}
		return err
	}
}
