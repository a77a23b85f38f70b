package store

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
)

// A field asks for one item of the policy.
type field struct {
	Name, ID, Title string
	Form            string // input, textarea, select, check
	Type, Complete  string // of an input: its type, and what a browser may fill in
	Options         []option
	Required        bool
	Sensitive       bool
	Free            bool // the person ticked that they give it freely
	Value           string
	Why             reasons
}

type option struct {
	Value, Text string
	Chosen      bool
}

// reasons are why an item is asked for, as the policy has it.
type reasons struct {
	Purposes []string
	Waits    []string // of them, what waits for a yes
	Kept     string
	Without  string // what does not work without it
	Clause   string
	Pos      string
}

// A read is an item that software reads by itself; the reader of the demo may let
// it.
type read struct {
	Name, ID, Title, Value, Why string
	Sensitive, Ticked           bool
}

// A wish is a purpose that waits for a yes.
type wish struct {
	Name, ID, Title, Says string
	Separate, Given, On   bool
}

// A counterPage is a counter with its form.
type counterPage struct {
	view
	Counter, Heading, Lead, Act, Says string
	Closed                            bool // open an account first
	Join                              bool
	Error                             string
	Label                             string
	AdultAge                          int
	Age                               string // what was chosen
	Must, May, Careful                []field
	Reads                             []read
	Wishes                            []wish
	Held                              []string // titles of what is held already, of which there can be one
	Good                              *onShelf
	GoodArt                           template.HTML
	Message                           bool // it takes a text, in which a card number is refused
}

// counter finds a counter by the path, with what it asks for.
func (x *stall) counter(v *visit) (counter, []*policy.Item, error) {
	p := x.on.Policy()
	for _, c := range x.shop.open(p) {
		if c.slug == v.r.PathValue("counter") {
			return c, c.asks(p, x.shop.counters), nil
		}
	}
	return counter{}, nil, fault.New(fault.NotFound, "this shop has no such counter: its front page shows those it has")
}

func (x *stall) ask(v *visit) error {
	c, items, err := x.counter(v)
	if err != nil {
		return err
	}
	return x.show(v, http.StatusOK, c, items, v.r.URL.Query(), "")
}

// show shows a counter, with what was typed before and what was wrong with it.
func (x *stall) show(v *visit, status int, c counter, items []*policy.Item, typed url.Values, problem string) error {
	in := x.on.Policy()
	p := counterPage{
		view: x.view(v, ""), Counter: c.slug, Error: problem, Join: c.slug == "join", Label: in.Label(),
		AdultAge: in.People().AdultAge, Age: typed.Get("age"),
	}
	p.Title, p.Heading, p.Lead, p.Act = c.title.in(p.Lang), c.title.in(p.Lang), c.lead.in(p.Lang), c.act.in(p.Lang)
	for _, at := range in.Points() {
		if at.Name == c.point {
			p.Says = at.Says.In(p.Lang)
		}
	}
	if p.Says == p.Lead {
		p.Says = ""
	}
	p.Closed = !p.Join && v.sub == ""
	held, yes, err := x.known(v)
	if err != nil {
		return err
	}
	for _, i := range items {
		x.place(&p, c, i, held, typed)
	}
	for _, u := range waiting(in, items) {
		p.Wishes = append(p.Wishes, wish{
			Name: u.Name, ID: "yes-" + u.Name, Title: page.Title(u.Title, u.Name, p.Lang), Says: u.Says.In(p.Lang), Separate: u.Separate,
			Given: yes[u.No], On: slices.Contains(typed["yes"], u.Name),
		})
	}
	x.frame.Render(v.w, v.r, status, x.pages["counter"], p)
	return nil
}

// known returns which items are held of who asks, and to what they said yes.
func (x *stall) known(v *visit) (map[policy.ItemNo]bool, map[policy.PurposeNo]bool, error) {
	held, yes := map[policy.ItemNo]bool{}, map[policy.PurposeNo]bool{}
	if v.sub == "" {
		return held, yes, nil
	}
	profile, err := x.on.Profile(v.r.Context(), v.sub)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range profile.Holdings {
		for _, no := range h.Items {
			held[no] = true
		}
	}
	for _, r := range profile.Choices {
		if r.Purpose != 0 && r.Kind == "consent" {
			yes[r.Purpose] = r.Given
		}
	}
	return held, yes, nil
}

// waiting returns the purposes of items that wait for a yes.
func waiting(p *policy.Policy, items []*policy.Item) []*policy.Purpose {
	var out []*policy.Purpose
	for _, u := range p.Purposes() {
		if u.Basis == policy.Consent && slices.ContainsFunc(items, func(i *policy.Item) bool { return slices.Contains(i.Purposes, u.No) }) {
			out = append(out, u)
		}
	}
	return out
}

// place puts an item where it belongs on the page.
func (x *stall) place(p *counterPage, c counter, i *policy.Item, held map[policy.ItemNo]bool, typed url.Values) {
	title := page.Title(i.Title, i.Name, p.Lang)
	chooses := c.goods == i.Name
	switch {
	case held[i.No] && !i.List:
		p.Held = append(p.Held, title)
	case i.Origin != policy.FromPerson && !chooses:
		p.Reads = append(p.Reads, read{
			Name: i.Name, ID: "read-" + i.Name, Title: title, Value: x.reading(i), Why: page.List(purposes(p.p, i, p.Lang), p.Lang), Sensitive: i.Sensitive,
			Ticked: slices.Contains(typed["read"], i.Name),
		})
	default:
		f := x.field(p, c, i, typed)
		if chooses {
			f.Form, f.Options = "select", nil
			picked := typed.Get("good")
			for _, g := range x.shop.goods {
				s := x.shown(g, p.Lang)
				on := g.id == picked
				f.Options = append(f.Options, option{s.Name, s.Name + " · " + s.Price, on || s.Name == f.Value})
				if on {
					p.Good = &s
				}
			}
		}
		p.Message = p.Message || f.Form == "textarea"
		switch {
		case i.Sensitive && !f.Required:
			p.Careful = append(p.Careful, f)
		case !f.Required && i.Identifier != "email": // people sign in by it, so it stands in view
			p.May = append(p.May, f)
		default:
			p.Must = append(p.Must, f)
		}
	}
}

func (x *stall) field(p *counterPage, c counter, i *policy.Item, typed url.Values) field {
	f := field{
		Name: "i." + i.Name, ID: "i-" + i.Name, Title: page.Title(i.Title, i.Name, p.Lang), Form: "input", Required: !i.Optional && !c.rest,
		Sensitive: i.Sensitive, Free: slices.Contains(typed["free"], i.Name), Why: because(p.p, i, p.Lang),
	}
	switch i.Type {
	case "secret", "security-answer":
	default:
		f.Value = typed.Get(f.Name)
	}
	f.Type, f.Complete = inputType(i)
	switch {
	case i.Type == "flag":
		f.Form, f.Required = "check", false
	case i.Type == "gender":
		f.Form = "select"
		f.Options = append(f.Options, option{"", "–", f.Value == ""})
		for _, value := range []string{"female", "male", "other", "undisclosed"} {
			f.Options = append(f.Options, option{value, p.T.Genders[value], f.Value == value})
		}
	case long(i):
		f.Form = "textarea"
	}
	return f
}

// long reports whether an item takes more than a line.
func long(i *policy.Item) bool {
	return slices.Contains([]string{"message", "feedback", "survey", "address"}, i.Type) || i.Type == "text" && strings.HasPrefix(i.Category, "user.content")
}

// inputType is the kind of field that suits an item, and what a browser may fill
// in by itself (WCAG 1.3.5).
func inputType(i *policy.Item) (kind, complete string) {
	switch i.Type {
	case "email":
		return "email", "email"
	case "phone":
		return "tel", "tel"
	case "birth-date":
		return "date", "bday"
	case "date":
		return "date", "off"
	case "secret", "security-answer":
		return "password", "new-password"
	case "postal-code":
		return "text", "postal-code"
	case "number":
		return "number", "off"
	case "account-id":
		return "text", "username"
	}
	return "text", "off"
}

func purposes(p *policy.Policy, i *policy.Item, lang string) []string {
	var out []string
	for _, no := range i.Purposes {
		if u := p.PurposeBy(no); u != nil {
			out = append(out, page.Title(u.Title, u.Name, lang))
		}
	}
	return out
}

// because is what the policy says about an item.
func because(p *policy.Policy, i *policy.Item, lang string) reasons {
	out := reasons{Purposes: purposes(p, i, lang), Without: i.Without.In(lang), Clause: i.Clause, Pos: i.Pos.String()}
	for _, no := range i.Purposes {
		if u := p.PurposeBy(no); u != nil && u.Basis == policy.Consent {
			out.Waits = append(out.Waits, page.Title(u.Title, u.Name, lang))
		}
	}
	if class := p.ClassBy(i.Class); class != nil {
		out.Kept = page.Kept(class, lang)
	}
	return out
}

// reading is what software would read here. It is made up, and the same each time.
func (x *stall) reading(i *policy.Item) string { return Sample(i.Type, fixed(i.Name)) }
