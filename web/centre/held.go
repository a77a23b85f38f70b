package centre

import (
	"net/http"
	"slices"
	"time"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// maxShown is how many values of one item the page shows; the download has all.
const maxShown = 5

// A heldPage is what is held about a person.
type heldPage struct {
	view
	Groups []group
	Kinds  int // kinds of data held
	Values int
	Given  int // recipients who got something
	Looks  int // of others, lately
	Closed time.Time
	Since  time.Time
	Where  where
	Shared []receiver // who got something, the last first
	Cases  int        // that they wrote in
}

// A group is items of one category.
type group struct {
	Title string
	Items []holding
}

// A holding is one item with what is held under it.
type holding struct {
	Name, Title string
	Sensitive   bool
	Secret      bool
	Values      []value
	More        int // values not shown
	Why         []string
	Source      string
	Kept        string
	Got         []receiver
	Looked      *look // the last time somebody else looked
	Looks       int
	Correct     string // address of the page that corrects it; "": not here
}

// A value is one value in clear, for its owner.
type value struct {
	Text  string
	Since time.Time
	Until time.Time // zero: see Kept
}

// A receiver is who got the item, and when last.
type receiver struct {
	Name string
	At   time.Time
}

// A look is one use of the item by somebody else than the person.
type look struct {
	At           time.Time
	Who, Purpose string
}

func (c *Centre) held(v *visit) error {
	p := heldPage{view: c.view(v, func(t *words) string { return t.Held })}
	profile, values, err := c.read(v)
	if err != nil {
		return err
	}
	looks, err := c.looks(v, p.view)
	if err != nil {
		return err
	}
	p.Closed, p.Since, p.Where = profile.Closed, profile.Created, c.where(p.view, values)
	if p.Cases, err = c.countCases(v); err != nil {
		return err
	}
	due := map[key]time.Time{}
	for _, h := range profile.Holdings {
		for _, i := range h.Items {
			due[key{i, h.At}] = h.Due
		}
	}
	got := map[policy.RecipientNo]bool{}
	for _, d := range slices.Backward(profile.Disclosures) {
		if !got[d.Recipient] {
			got[d.Recipient] = true
			p.Shared = append(p.Shared, receiver{p.recipient(d.Recipient), d.At})
		}
	}
	p.Given = len(got)
	for _, i := range c.on.Policy().Items() {
		mine := of(values, i.No)
		if len(mine) == 0 {
			continue
		}
		h := p.holding(i, mine, due, profile.Disclosures)
		if l := looks[i.No]; len(l) > 0 {
			h.Looked, h.Looks = &l[0], len(l)
			p.Looks += len(l)
		}
		p.Kinds, p.Values = p.Kinds+1, p.Values+len(mine)
		p.add(page.CategoryTitle(i.Category, p.Lang), h)
	}
	return c.show(v, http.StatusOK, "held", p)
}

// A key finds the holding of a value.
type key struct {
	item policy.ItemNo
	at   time.Time
}

// read opens every value of the person, by a use of their own that stands in the
// log, together with what is on record about them.
func (c *Centre) read(v *visit) (*platform.Profile, []vault.Value, error) {
	profile, err := c.on.Profile(v.ctx(), v.sub)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	for _, i := range c.on.Policy().Items() {
		if slices.ContainsFunc(profile.Holdings, func(h vault.Holding) bool { return slices.Contains(h.Items, i.No) }) {
			names = append(names, i.Name)
		}
	}
	if len(names) == 0 {
		return profile, nil, nil
	}
	values, err := c.own(v, names)
	return profile, values, err
}

// own reads items of the person as the person.
func (c *Centre) own(v *visit, items []string) ([]vault.Value, error) {
	u, err := c.on.OwnUse(v.sub, items)
	if err != nil {
		return nil, err
	}
	a, err := c.on.Use(v.ctx(), u)
	if err != nil {
		return nil, err
	}
	if !a.Decision.Allowed {
		return nil, fault.New(fault.Denied, "your own data cannot be shown to you: %s", a.Decision.Reasons[0].Text)
	}
	return a.Values, nil
}

func of(values []vault.Value, item policy.ItemNo) []vault.Value {
	var out []vault.Value
	for _, x := range values {
		if x.Item == item {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b vault.Value) int { return b.At.Compare(a.At) })
	return out
}

func (p *heldPage) holding(i *policy.Item, mine []vault.Value, due map[key]time.Time, gave []disclosure.Disclosure) holding {
	h := holding{
		Name: i.Name, Title: page.Title(i.Title, i.Name, p.Lang), Sensitive: i.Sensitive, Secret: i.Type == "secret",
		Source: page.Origin(i.Origin, p.Lang),
	}
	switch {
	case !p.Closed.IsZero():
	case correctable(i):
		h.Correct = "me/correct?item=" + i.Name
	case proved(i):
		h.Correct = "me/address?item=" + i.Name
	}
	for _, u := range i.Purposes {
		h.Why = append(h.Why, p.purpose(u))
	}
	if class := p.p.ClassBy(i.Class); class != nil {
		h.Kept = page.Title(class.Title, class.Name, p.Lang)
	}
	for n, x := range mine {
		if n == maxShown {
			h.More = len(mine) - n
			break
		}
		shown := value{Text: x.Text.Reveal(), Since: x.At, Until: due[key{i.No, x.At}]}
		if h.Secret {
			shown.Text = p.T.Secret
		}
		h.Values = append(h.Values, shown)
	}
	for _, d := range slices.Backward(gave) {
		name := p.recipient(d.Recipient)
		if slices.Contains(d.Items, i.No) && !slices.ContainsFunc(h.Got, func(r receiver) bool { return r.Name == name }) {
			h.Got = append(h.Got, receiver{name, d.At})
		}
	}
	return h
}

func (p *heldPage) add(title string, h holding) {
	for i := range p.Groups {
		if p.Groups[i].Title == title {
			p.Groups[i].Items = append(p.Groups[i].Items, h)
			return
		}
	}
	p.Groups = append(p.Groups, group{title, []holding{h}})
}

// correctable reports whether people correct an item here themselves. What finds
// a person takes a proof that it is theirs, and a secret is set in the product.
func correctable(i *policy.Item) bool {
	return !i.List && i.Identifier == "" && i.Type != "secret" && i.Origin == policy.FromPerson
}

// A correctPage asks for the right value of one item.
type correctPage struct {
	view
	Name, Item, Type string
	Elsewhere        bool // other systems may hold it too
	Error            string
}

func (c *Centre) askCorrection(v *visit) error {
	return c.showCorrection(v, http.StatusOK, v.r.URL.Query().Get("item"), "")
}

func (c *Centre) showCorrection(v *visit, status int, name, problem string) error {
	i, err := c.on.Policy().Item(name)
	if err != nil {
		return err
	}
	if !correctable(i) {
		return fault.New(fault.Invalid, "this is not corrected here: please write to us")
	}
	p := correctPage{view: c.view(v, func(t *words) string { return t.Correct }), Name: i.Name, Type: inputType(i.Type), Error: problem}
	p.Item, p.Elsewhere = page.Title(i.Title, i.Name, p.Lang), c.elsewhereHeld(i)
	return c.show(v, status, "correct", p)
}

// inputType is the kind of field that suits a type of value.
func inputType(typ string) string {
	switch typ {
	case "email", "date":
		return typ
	case "phone":
		return "tel"
	}
	return "text"
}

func (c *Centre) correct(v *visit) error {
	name, text := v.r.PostFormValue("item"), v.r.PostFormValue("value")
	i, err := c.on.Policy().Item(name)
	if err != nil {
		return err
	}
	if !correctable(i) {
		return fault.New(fault.Invalid, "this is not corrected here: please write to us")
	}
	t := c.words(v)
	if text == "" || len(text) > 4000 {
		return c.showCorrection(v, http.StatusUnprocessableEntity, name, t.NoValue)
	}
	err = c.on.Correct(v.ctx(), v.sub, i.Name, platform.NewPersonal(text), platform.Self(v.sub))
	if fault.Of(err) == fault.Invalid {
		return c.showCorrection(v, http.StatusUnprocessableEntity, name, t.BadValue)
	}
	if err != nil {
		return err
	}
	if v.r.PostFormValue("elsewhere") == "yes" && c.elsewhereHeld(i) {
		return c.askCorrecting(v, i.Name, text)
	}
	return c.lead(v, "me", "corrected")
}

// open reports whether a person's account is open.
func (c *Centre) openAccount(v *visit) (bool, error) {
	s, err := c.on.StateOf(v.ctx(), v.sub)
	return s == subject.Open, err
}
