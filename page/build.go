package page

import (
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/policy"
)

// Of reads a policy into a document in a language.
func Of(p *policy.Policy, lang string) *Document {
	r := reader{p, lang}
	c := p.Controller()
	d := &Document{
		Language: lang, Platform: p.Platform(), Name: Title(p.Title(), p.Platform(), lang), Label: p.Label(), Version: p.Version(),
		Updated: day(p.Updated()), Effective: day(p.Effective()), Rules: p.Pins(),
		Revised: Date(p.Updated(), lang), InForce: Date(p.Effective(), lang),
		MoreThan:   !p.Effective().IsZero() && p.Updated().After(p.Effective()),
		Controller: c.Name.In(lang), Authority: Link{c.Authority.In(lang), c.AuthorityURL}, T: WordsIn(lang),
	}
	d.Categories = r.categories()
	d.Purposes = r.purposes()
	d.Recipients = r.recipients()
	d.Retentions = r.retentions()
	d.Rights = r.rights()
	d.Parts = r.parts()
	d.Security = r.security()
	d.People = r.people()
	d.Contacts = r.contacts()
	d.Filings = r.filings()
	d.Sections = r.sections()
	d.Assumptions = r.assumptions()
	d.Summary = r.summary(d)
	d.Promises = r.promises()
	return d
}

// day is a day for machines; nothing where the policy gives none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// A reader says what a policy holds in one language.
type reader struct {
	p    *policy.Policy
	lang string
}

func (r reader) pick(en, zh string) string { return phrase{en, zh}.in(r.lang) }

func (r reader) yes(en, zh string, yes bool) string {
	if !yes {
		return ""
	}
	return r.pick(en, zh)
}

// purposeLinks are purposes by their titles.
func (r reader) purposeLinks(list []policy.PurposeNo) []Link {
	var out []Link
	for _, no := range list {
		if u := r.p.PurposeBy(no); u != nil {
			out = append(out, Link{Title(u.Title, u.Name, r.lang), "#" + anchor("p", u.Name)})
		}
	}
	return out
}

func (r reader) itemTitle(i *policy.Item) string { return Title(i.Title, i.Name, r.lang) }

func (r reader) categories() []Category {
	var out []Category
	for _, i := range r.p.Items() {
		title := CategoryTitle(i.Category, r.lang)
		at := slices.IndexFunc(out, func(c Category) bool { return c.Title == title })
		if at < 0 {
			at = len(out)
			out = append(out, Category{Anchor: anchor("d", CategoryKey(i.Category)), Title: title})
		}
		out[at].Items = append(out[at].Items, r.item(i))
	}
	return out
}

func (r reader) item(i *policy.Item) Item {
	out := Item{
		Anchor: anchor("i", i.Name), Name: i.Name, Title: r.itemTitle(i), Sensitive: i.Sensitive, Optional: i.Optional,
		Why: r.purposeLinks(i.Purposes), Source: Origin(i.Origin, r.lang), Recipients: []string{},
	}
	if c := r.p.ClassBy(i.Class); c != nil {
		out.Kept = Link{Title(c.Title, c.Name, r.lang), "#" + anchor("k", c.Name)}
	}
	for _, to := range r.p.Recipients() {
		if slices.Contains(to.Items, i.No) {
			out.Recipients = append(out.Recipients, Title(to.Title, to.Name, r.lang))
		}
	}
	return out
}

func (r reader) purposes() []Purpose {
	var out []Purpose
	for _, u := range r.p.Purposes() {
		x := Purpose{
			Anchor: anchor("p", u.Name), Name: u.Name, Title: Title(u.Title, u.Name, r.lang), Basis: string(u.Basis),
			Ground: r.ground(u), Cite: u.Cite.In(r.lang), Choice: r.choice(u), Needs: r.needs(u), Items: []string{},
			Consent: u.Basis == policy.Consent,
		}
		for _, i := range r.p.Items() {
			if slices.Contains(i.Purposes, u.No) {
				x.Items = append(x.Items, r.itemTitle(i))
			}
		}
		x.ForAll = len(x.Items) == 0 || len(x.Items) == len(r.p.Items())
		out = append(out, x)
	}
	return out
}

// ground says what a purpose rests on; a legitimate interest is named (GDPR Art.
// 13(1)(d)).
func (r reader) ground(u *policy.Purpose) string {
	text := Basis(u.Basis, r.lang)
	if name := u.Interest.In(r.lang); name != "" {
		text += r.pick(": ", "：") + name
	}
	return text
}

// choice says what the person can do about a purpose.
func (r reader) choice(u *policy.Purpose) string {
	switch {
	case u.Basis == policy.Consent && u.Separate:
		return r.pick("only if you say yes to this alone; you can take it back", "须您单独同意，可随时撤回")
	case u.Basis == policy.Consent:
		return r.pick("only if you say yes; you can take it back", "须您同意，可随时撤回")
	case u.Basis == policy.LegitimateInterest:
		return r.pick("you can object", "您可以拒绝")
	case u.OptOut:
		return r.pick("you can switch it off", "您可以关闭")
	}
	return ""
}

func (r reader) needs(u *policy.Purpose) string {
	var names []string
	for _, k := range u.Refs {
		names = append(names, reference(k, r.lang))
	}
	if len(names) == 0 {
		return ""
	}
	if Chinese(r.lang) {
		return "每次使用须对应" + strings.Join(names, "或")
	}
	return "each use names " + strings.Join(names, " or ")
}

func (r reader) recipients() []Recipient {
	var out []Recipient
	for _, to := range r.p.Recipients() {
		x := Recipient{
			Anchor: anchor("r", to.Name), Name: to.Name, Title: Title(to.Title, to.Name, r.lang), Role: role(to.Role, r.lang),
			Country: Country(to.Country, r.lang), Abroad: to.Country != 0 && to.Country != r.p.Controller().Country, Policy: to.URL,
			Why: r.purposeLinks(to.Purposes), Method: method(to.Method, r.lang), Devices: to.Devices, Agreement: r.agreement(to),
			Form: r.form(to.Oblige), Items: []string{}, Standards: to.Standards,
		}
		for _, no := range to.Items {
			if i := r.p.ItemBy(no); i != nil {
				x.Items = append(x.Items, r.itemTitle(i))
			}
		}
		if to.Assumed {
			x.Assumed = to.Why.In(r.lang)
		}
		out = append(out, x)
	}
	return out
}

func (r reader) agreement(to *policy.Recipient) string {
	switch {
	case !to.Agreement:
		return r.pick("none needed", "无需协议")
	case to.Audit.IsZero():
		return r.pick("required", "须签订协议")
	case Chinese(r.lang):
		return "须签订协议，每 " + Period(to.Audit, r.lang) + "审计一次"
	}
	return "required, audited every " + strings.TrimPrefix(Period(to.Audit, r.lang), "1 ")
}

// form says what is done to values before a recipient gets them.
func (r reader) form(o policy.Obligation) string {
	var out []string
	for _, x := range []struct {
		bit    policy.Obligation
		en, zh string
	}{
		{policy.MustMask, "masked", "掩码"},
		{policy.MustHash, "hashed", "哈希"},
		{policy.MustGeneralise, "coarsened", "泛化"},
		{policy.MustNotify, "and you are told", "并告知您"},
	} {
		if o&x.bit != 0 {
			out = append(out, r.pick(x.en, x.zh))
		}
	}
	return Join(out, r.lang)
}

func (r reader) retentions() []Retention {
	var out []Retention
	for _, c := range r.p.Classes() {
		x := Retention{
			Anchor: anchor("k", c.Name), Name: c.Name, Title: Title(c.Title, c.Name, r.lang), Rule: Kept(c, r.lang), Law: c.Law,
			Cite: c.Cite.In(r.lang), Items: []string{},
		}
		for _, i := range r.p.Items() {
			if i.Class == c.No {
				x.Items = append(x.Items, r.itemTitle(i))
			}
		}
		if c.Assumed {
			x.Assumed = c.Why.In(r.lang)
		}
		out = append(out, x)
	}
	return out
}

func (r reader) sections() []Section {
	var out []Section
	for _, s := range r.p.Sections() {
		out = append(out, Section{Anchor: anchor("s", s.Name), Name: s.Name, Title: Title(s.Title, section(s.Name, r.lang), r.lang)})
	}
	titles := map[policy.Control]policy.ControlTitle{}
	for _, t := range policy.Controls() {
		titles[t.ID] = t
	}
	for _, c := range r.p.Clauses() {
		at := slices.IndexFunc(out, func(s Section) bool { return s.Name == c.Section })
		if at < 0 {
			at = len(out)
			out = append(out, Section{Anchor: anchor("s", c.Section), Name: c.Section, Title: section(c.Section, r.lang)})
		}
		x := Clause{Anchor: strings.ToLower(c.ID), ID: c.ID, Says: c.Says.In(r.lang), Kept: []string{}}
		for _, k := range c.Keeps {
			x.Kept = append(x.Kept, string(k))
			if t, ok := titles[k]; ok {
				x.How = append(x.How, Fact{t.Title.In(r.lang), t.Watches.In(r.lang)})
				x.People = x.People || t.By == policy.ByPeople
			}
		}
		out[at].Clauses = append(out[at].Clauses, x)
	}
	return out
}
