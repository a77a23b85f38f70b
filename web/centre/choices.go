package centre

import (
	"net/http"
	"slices"
	"time"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// A choicesPage shows what a person says yes and no to.
type choicesPage struct {
	view
	Consents    []choice // nothing happens without a yes
	Objections  []choice // it happens unless they say no
	Abroad      []choice // recipients in another country
	History     []said
	Permissions []permission // of their devices
	Open        bool         // choices can be changed
}

// A choice is one thing a person decides about.
type choice struct {
	Kind  consent.Kind
	Name  string // of the purpose or recipient
	Title string
	Hint  string
	On    bool // it happens
	At    time.Time
	Until time.Time
	Said  bool // the person decided
}

// Say is what the button does: yes or no.
func (x choice) Say() string {
	if x.On {
		return "no"
	}
	return "yes"
}

// said is one line of what a person said so far.
type said struct {
	At     time.Time
	Title  string
	Given  bool
	Words  string
	Policy string
}

func (c *Centre) choices(v *visit) error {
	p := choicesPage{view: c.view(v, func(t *words) string { return t.Choices })}
	profile, err := c.on.Profile(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	if p.Open, err = c.openAccount(v); err != nil {
		return err
	}
	for _, u := range c.on.Policy().Purposes() {
		switch {
		case u.Basis == policy.Consent:
			p.Consents = append(p.Consents, p.consent(u, profile.Choices))
		case u.Basis == policy.LegitimateInterest || u.OptOut:
			p.Objections = append(p.Objections, p.objection(u, profile.Choices))
		}
	}
	for _, r := range c.on.Policy().Recipients() {
		if r.Country != 0 && r.Country != c.on.Policy().Controller().Country {
			p.Abroad = append(p.Abroad, p.abroad(r, profile.Choices))
		}
	}
	if err := c.permissions(v, &p); err != nil {
		return err
	}
	for _, r := range slices.Backward(profile.Choices) {
		p.History = append(p.History, p.said(r))
	}
	return c.show(v, http.StatusOK, "choices", p)
}

// last returns the newest record of a kind that about picks.
func last(list []consent.Record, kind consent.Kind, about func(consent.Record) bool) (r consent.Record, ok bool) {
	for _, r := range slices.Backward(list) {
		if r.Kind == kind && about(r) {
			return r, true
		}
	}
	return r, false
}

func (p *choicesPage) consent(u *policy.Purpose, list []consent.Record) choice {
	x := choice{Kind: consent.Consent, Name: u.Name, Title: page.Title(u.Title, u.Name, p.Lang), Hint: p.uses(u.No)}
	r, ok := last(list, consent.Consent, func(r consent.Record) bool { return r.Purpose == u.No })
	x.fill(r, ok, p.now)
	return x
}

func (x *choice) fill(r consent.Record, ok bool, now time.Time) {
	if ok {
		x.Said, x.At, x.Until = true, r.At, r.Until
		x.On = r.Given && (r.Until.IsZero() || r.Until.After(now))
	}
}

func (p *choicesPage) objection(u *policy.Purpose, list []consent.Record) choice {
	x := choice{Kind: consent.Objection, Name: u.Name, Title: page.Title(u.Title, u.Name, p.Lang), Hint: p.uses(u.No), On: true}
	if r, ok := last(list, consent.Objection, func(r consent.Record) bool { return r.Purpose == u.No }); ok {
		x.Said, x.At, x.On = true, r.At, !r.Given
	}
	return x
}

func (p *choicesPage) abroad(to *policy.Recipient, list []consent.Record) choice {
	x := choice{
		Kind: consent.Abroad, Name: to.Name, Title: page.Title(to.Title, to.Name, p.Lang),
		Hint: page.Country(to.Country, p.Lang) + p.T.Colon + p.items(to.Items),
	}
	r, ok := last(list, consent.Abroad, func(r consent.Record) bool { return r.Recipient == to.No })
	x.fill(r, ok, p.now)
	return x
}

// uses says what a purpose uses.
func (p *choicesPage) uses(no policy.PurposeNo) string {
	var items []policy.ItemNo
	for _, i := range p.p.Items() {
		if slices.Contains(i.Purposes, no) {
			items = append(items, i.No)
		}
	}
	return p.items(items)
}

func (p *choicesPage) items(list []policy.ItemNo) string {
	var names []string
	for n, no := range list {
		if n == 5 && len(list) > 6 {
			names = append(names, "…")
			break
		}
		names = append(names, p.item(no))
	}
	return p.Names(names)
}

func (p *choicesPage) said(r consent.Record) said {
	x := said{At: r.At, Given: r.Given != (r.Kind == consent.Objection), Words: p.T.said(r)}
	if r.Purpose != 0 {
		x.Title = p.purpose(r.Purpose)
	} else {
		x.Title = p.recipient(r.Recipient)
	}
	return x
}

// choose records one answer. A button of its own for each makes it explicit.
func (c *Centre) choose(v *visit) error {
	kind, name, say := consent.Kind(v.r.PostFormValue("kind")), v.r.PostFormValue("name"), v.r.PostFormValue("say")
	if say != "yes" && say != "no" || name == "" {
		return fault.New(fault.Invalid, "say yes or no to one thing")
	}
	x := platform.Choice{Kind: kind, Given: say == "yes", Explicit: true, Channel: "settings", By: platform.Self(v.sub)}
	switch kind {
	case consent.Consent:
		x.Purpose = name
	case consent.Objection: // yes to the purpose ends the objection
		x.Purpose, x.Given = name, say == "no"
	case consent.Abroad:
		x.Recipient = name
	default:
		return fault.New(fault.Invalid, "that is nothing to choose here")
	}
	if err := c.on.Choose(v.ctx(), v.sub, x); err != nil {
		return err
	}
	return c.lead(v, "me/choices", "chosen-"+say)
}
