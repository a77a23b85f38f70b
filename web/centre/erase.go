package centre

import (
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// An erasePage lets a person have one thing erased, or everything, or close the
// account.
type erasePage struct {
	view
	Items  []choiceOfItem
	Kept   []kept // what a law keeps although everything is asked for
	Done   string // within which time it is done
	Open   bool   // the account can be closed
	Error  string
	Picked string
	Cases  int // what they said and were answered goes with everything
}

type choiceOfItem struct{ Name, Title string }

// kept is what stays, and the law that keeps it.
type kept struct {
	Title, Cite string
	Items       []string
}

func (c *Centre) askErasure(v *visit) error { return c.showErasure(v, http.StatusOK, "", "") }

func (c *Centre) showErasure(v *visit, status int, picked, problem string) error {
	p := erasePage{view: c.view(v, func(t *words) string { return t.Erase }), Picked: picked, Error: problem}
	profile, err := c.on.Profile(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	if p.Open, err = c.openAccount(v); err != nil {
		return err
	}
	if p.Cases, err = c.countCases(v); err != nil {
		return err
	}
	for _, i := range c.on.Policy().Items() {
		if !slices.ContainsFunc(profile.Holdings, func(h vault.Holding) bool { return slices.Contains(h.Items, i.No) }) {
			continue
		}
		title := page.Title(i.Title, i.Name, p.Lang)
		class := c.on.Policy().ClassBy(i.Class)
		if class == nil || !class.Law {
			p.Items = append(p.Items, choiceOfItem{i.Name, title})
			continue
		}
		p.keep(class, title)
	}
	if due, err := c.on.Policy().Due(policy.Erasure, p.now); err == nil && !due.Done.At.IsZero() {
		p.Done = page.Period(due.Done.Within, p.Lang)
	}
	return c.show(v, status, "erase", p)
}

func (p *erasePage) keep(class *policy.Class, item string) {
	title := page.Title(class.Title, class.Name, p.Lang)
	for i := range p.Kept {
		if p.Kept[i].Title == title {
			p.Kept[i].Items = append(p.Kept[i].Items, item)
			return
		}
	}
	p.Kept = append(p.Kept, kept{title, class.Cite.In(p.Lang), []string{item}})
}

// erase asks for an erasure, and closes the account first where that was asked
// for. The person says in so many words that they mean it.
func (c *Centre) erase(v *visit) error {
	what, sure := v.r.PostFormValue("what"), v.r.PostFormValue("sure") == "yes"
	if !sure {
		return c.showErasure(v, http.StatusUnprocessableEntity, what, c.words(v).NotSure)
	}
	a := platform.Asking{Right: policy.Erasure}
	switch name, one := strings.CutPrefix(what, "item:"); {
	case one:
		if _, err := c.on.Policy().Item(name); err != nil {
			return err
		}
		a.Scope = plan.Scope{Kind: plan.OneItem, Name: name}
	case what == "account":
		if open, err := c.openAccount(v); err != nil || !open {
			return fault.New(fault.Conflict, "the account is closed already")
		}
		if err := c.on.CloseAccount(v.ctx(), v.sub, platform.Self(v.sub)); err != nil {
			return err
		}
	case what != "everything":
		return c.showErasure(v, http.StatusUnprocessableEntity, what, c.words(v).NothingPicked)
	}
	return c.ask(v, a)
}

// ask takes a request down, says so by mail, and leads to it.
func (c *Centre) ask(v *visit, a platform.Asking) error {
	p := c.view(v, func(*words) string { return "" })
	a.Language, a.Method = p.Lang, "identifier-code"
	address, err := c.address(v)
	if err != nil {
		return err
	}
	a.Contact = address
	id, err := c.on.Ask(v.ctx(), v.sub, a)
	if err != nil {
		return err
	}
	path := "me/requests/" + string(id)
	if !address.IsZero() {
		said := notice.Received{Request: string(id), What: page.RightTitle(c.on.Policy(), a.Right, p.Lang)}
		if q, err := c.on.OwnRequest(v.ctx(), v.sub, id); err == nil && q.DoneDue != nil {
			said.Due = page.Date(q.DoneDue.At.In(p.zone), p.Lang)
		}
		if c.config.URL != "" {
			said.Link = strings.TrimSuffix(c.config.URL, "/") + c.base + path
		}
		if err := c.mail(v.ctx(), notice.Message{To: address, Lang: p.Lang, Brand: p.Brand, Content: said}); err != nil {
			c.log.WarnContext(v.ctx(), "a request came in and the mail that says so could not be sent", "platform", c.on.ID(), "error", err)
		}
	}
	return c.lead(v, path, "asked")
}

// address reads the person's e-mail address, as the person; empty where none is
// held.
func (c *Centre) address(v *visit) (platform.Personal, error) {
	profile, err := c.on.Profile(v.ctx(), v.sub)
	if err != nil {
		return platform.Personal{}, err
	}
	for _, i := range c.on.Policy().Items() {
		if i.Identifier != "email" || !slices.ContainsFunc(profile.Holdings, func(h vault.Holding) bool { return slices.Contains(h.Items, i.No) }) {
			continue
		}
		values, err := c.own(v, []string{i.Name})
		if err != nil || len(values) == 0 {
			return platform.Personal{}, err
		}
		return values[0].Text, nil
	}
	return platform.Personal{}, nil
}
