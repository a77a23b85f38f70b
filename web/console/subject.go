package console

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// A handle stands for a subject in an address: sealed, for one member of staff
// and a working day, so that no id of a person is ever in one.
type handle struct {
	Subject subject.ID `json:"s"`
	Staff   staff.ID   `json:"w"`
	Until   time.Time  `json:"u"`
	Purpose string     `json:"p,omitempty"` // why they look
	Kind    string     `json:"k,omitempty"` // of the reference behind it
	Ref     string     `json:"r,omitempty"`
}

// ground is why the record is looked at, as the person will read it.
func (h handle) ground() platform.Ground {
	g := platform.Ground{Purpose: h.Purpose}
	if ref, err := policy.ParseRef(h.Kind + ":" + h.Ref); err == nil {
		g.Ref = ref
	}
	return g
}

func (c *Console) sealHandle(h handle) (string, error) {
	b, err := json.Marshal(h)
	return c.frame.Seal("console subject "+c.on.ID(), b), err
}

// opened returns whom the handle of an address stands for.
func (c *Console) opened(v *visit) (h handle, err error) {
	return c.unsealHandle(v, v.r.PathValue("at"))
}

func (c *Console) unsealHandle(v *visit, at string) (h handle, err error) {
	b, ok := c.frame.Unseal("console subject "+c.on.ID(), at)
	if !ok || json.Unmarshal(b, &h) != nil || h.Staff != v.by.id || !h.Until.After(c.on.Now()) {
		return h, fault.New(fault.NotFound, "this address was made for somebody else, or its time has run out: look the person up again")
	}
	return h, nil
}

// A findPage looks for a person.
type findPage struct {
	view
	Kinds    []string
	Purposes []choice // that the person's roles have
	Refs     []string // kinds of references
	Found    []string // handles, where several people share an identifier
	None     bool
}

func (c *Console) askSubject(v *visit) error {
	return c.showFind(v, http.StatusOK, findPage{})
}

func (c *Console) showFind(v *visit, status int, p findPage) error {
	problem := p.Problem
	p.view, p.Kinds, p.Refs = c.view(v, func(t *words) string { return t.Subjects }), c.kinds(), refKinds()
	p.Purposes, p.Problem = c.purposes(v, p.view), problem
	return c.show(v, status, "find", p)
}

func (c *Console) findSubject(v *visit) error {
	h := handle{
		Staff: v.by.id, Until: c.on.Now().Add(life), Purpose: v.r.PostFormValue("purpose"),
		Kind: v.r.PostFormValue("reference-kind"), Ref: strings.TrimSpace(v.r.PostFormValue("reference")),
	}
	if purpose, err := c.on.Policy().Purpose(h.Purpose); h.Purpose != "" && (err != nil || v.by.roleOf(purpose.No) == nil) {
		return c.showFind(v, http.StatusForbidden, findPage{view: view{Problem: c.words(v).NotYourPurpose}})
	}
	if !goodReference(h.Ref) {
		return c.showFind(v, http.StatusUnprocessableEntity, findPage{view: view{Problem: c.words(v).NeedReference}})
	}
	found, err := c.on.Find(v.ctx(), v.r.PostFormValue("kind"), platform.NewPersonal(strings.TrimSpace(v.r.PostFormValue("identifier"))))
	if fault.Of(err) == fault.Invalid {
		return c.showFind(v, web.Status(err), findPage{view: view{Problem: c.problem(v, err)}})
	}
	if err != nil {
		return err
	}
	p := findPage{None: len(found) == 0}
	for _, sub := range found {
		h.Subject = sub
		at, err := c.sealHandle(h)
		if err != nil {
			return err
		}
		p.Found = append(p.Found, at)
	}
	if len(found) == 1 {
		return c.lead(v, "subjects/"+p.Found[0], "")
	}
	return c.showFind(v, http.StatusOK, p)
}

// A subjectPage is what is on record about somebody. No value is opened for it.
type subjectPage struct {
	view
	At       string
	Sub      *platform.Profile
	Held     []held
	Said     []said
	Gave     []gave
	Deeds    []deed
	Asked    []row
	Purposes []choice // that the person's roles have
	Kinds    []string // of references
	Ground   handle   // why the record is open
}

// Kept is what a hold keeps, in words.
func (p subjectPage) Kept(h subject.Hold) string {
	if k := p.p.ClassBy(policy.ClassNo(h.Class)); k != nil {
		return page.Title(k.Title, k.Name, p.Lang)
	}
	return p.T.Everything
}

// Over reports whether a hold has ended by itself.
func (p subjectPage) Over(h subject.Hold) bool { return !h.Until.IsZero() && !h.Until.After(p.now) }

type held struct {
	Name, Title, Class string
	Sensitive          bool
	Values             int
	Since, Due         time.Time
}

type said struct {
	At          time.Time
	About, What string
}

type gave struct {
	At      time.Time
	To, Why string
	Items   []string
}

// A deed is an entry of the log.
type deed struct {
	audit.Record
	What, Why string
	Who       string // acted: the role in words; "": the machinery
}

func (c *Console) subject(v *visit) error { return c.showSubject(v, http.StatusOK, "") }

func (c *Console) showSubject(v *visit, status int, problem string) error {
	h, err := c.opened(v)
	if err != nil {
		return err
	}
	sub := h.Subject
	looker, err := c.looker(v.by, h.Purpose)
	if err != nil {
		return err
	}
	profile, err := c.on.Look(v.ctx(), sub, h.ground(), looker)
	if err != nil {
		return err
	}
	p := subjectPage{view: c.view(v, func(t *words) string { return t.Subject }), At: v.r.PathValue("at"), Kinds: refKinds(), Ground: h}
	p.Problem, p.Sub = problem, profile
	entries, err := c.on.History(v.ctx(), sub, 30)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p.Deeds = append(p.Deeds, p.deed(e))
	}
	if v.by.may(requests) {
		list, err := c.on.Requests().List(v.ctx(), rightsOf(sub))
		if err != nil {
			return err
		}
		for _, q := range list {
			p.Asked = append(p.Asked, p.row(q))
		}
	}
	p.fill()
	p.Purposes = c.purposes(v, p.view)
	return c.show(v, status, "subject", p)
}

// fill says holdings, choices and disclosures in words.
func (p *subjectPage) fill() {
	at := map[policy.ItemNo]int{}
	for _, h := range p.Sub.Holdings {
		for _, no := range h.Items {
			n, ok := at[no]
			if !ok {
				n = len(p.Held)
				at[no] = n
				x := held{Title: p.item(no), Since: h.At, Due: h.Due}
				if i := p.p.ItemBy(no); i != nil {
					x.Name, x.Sensitive = i.Name, i.Sensitive
				}
				if k := p.p.ClassBy(h.Class); k != nil {
					x.Class = page.Title(k.Title, k.Name, p.Lang)
				}
				p.Held = append(p.Held, x)
			}
			p.Held[n].Values++
		}
	}
	for _, r := range slices.Backward(p.Sub.Choices) {
		x := said{At: r.At, What: p.T.said(r)}
		if r.Purpose != 0 {
			x.About = p.purpose(r.Purpose)
		} else if r.Recipient != 0 {
			x.About = p.recipient(r.Recipient)
		} else {
			x.About = p.T.name(p.T.kinds, string(r.Kind))
		}
		p.Said = append(p.Said, x)
	}
	for _, d := range slices.Backward(p.Sub.Disclosures) {
		x := gave{At: d.At, To: p.recipient(d.Recipient), Why: p.purpose(d.Purpose)}
		for _, i := range d.Items {
			x.Items = append(x.Items, p.item(i))
		}
		p.Gave = append(p.Gave, x)
	}
}

func (t *words) said(r consent.Record) string {
	switch {
	case r.Kind == consent.Objection && r.Given:
		return t.SaidObject
	case r.Kind == consent.Objection:
		return t.SaidObjectEnd
	case r.Given:
		return t.SaidYes
	}
	return t.SaidNo
}

// purposes are those the person may use data for.
func (c *Console) purposes(v *visit, p view) (out []choice) {
	for _, u := range c.on.Policy().Purposes() {
		if v.by.roleOf(u.No) != nil {
			out = append(out, choice{u.Name, p.purpose(u.No)})
		}
	}
	return out
}

// refKinds are the kinds of reference that a use can name.
func refKinds() (out []string) {
	for k := policy.RefOrder; k <= policy.RefRequest; k++ {
		out = append(out, k.String())
	}
	return out
}
