package centre

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// casesPerClient is how often one client may write to the controller.
func casesPerClient() web.Rate { return web.Rate{Each: 2 * time.Minute, Burst: 6} }

// casesPerAddress is how often anybody may have an acknowledgement sent to one address:
// who writes from many clients fills nobody's mailbox.
func casesPerAddress() web.Rate { return web.Rate{Each: 10 * time.Minute, Burst: 3} }

// mailbox names the mailbox of an address for a limit, without saying the address: a name
// before it (RFC 5322 3.4) makes it no other, nor with most providers what stands behind
// a plus (RFC 5233).
func mailbox(address string) string {
	if a, err := mail.ParseAddress(address); err == nil {
		address = a.Address
	}
	local, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	sum := sha256.Sum256([]byte(local + "@" + domain))
	return string(sum[:])
}

// A reach is a way to reach the controller.
type reach struct{ Name, Address string }

// A contactPage is the form by which people write, with every other way.
type contactPage struct {
	view
	Ways      []reach
	Kinds     []contact.Kind
	Topics    []contact.Topic
	Kind      string
	Topic     string
	Text, To  string
	Error     string
	Sent      *platform.CaseSummary // what the case became
	Authority string
	URL       string
	MaxText   int
	Known     bool   // who is signed in: their case is shown among theirs
	Remind    string // what somebody is reminded of who wrote a number; "": nothing
}

// Word says a code of a case in the language of the page.
func (p contactPage) Word(code any) string { return caseWord(code, p.Lang) }

// Channel says a channel in the language of the page.
func (p contactPage) Channel(name string) string { return page.Channel(name, p.Lang) }

func caseWord(code any, lang string) string {
	switch x := code.(type) {
	case string:
		return platform.CaseWord(x, lang)
	case contact.Kind:
		return platform.CaseWord(string(x), lang)
	case contact.Topic:
		return platform.CaseWord(string(x), lang)
	case contact.State:
		return platform.CaseWord(string(x), lang)
	}
	return ""
}

func (c *Centre) contactPage(v *visit) contactPage {
	ctl := c.on.Policy().Controller()
	p := contactPage{
		view: c.view(v, func(t *words) string { return t.ContactUs }), Kinds: contact.Kinds(), Topics: contact.Topics(), MaxText: contact.MaxText,
		Kind: string(contact.Question), Topic: string(contact.OfData), Known: v.sub != "" && !v.gone, URL: ctl.AuthorityURL,
	}
	p.Authority = ctl.Authority.In(p.Lang)
	if p.Known { // that of where they live
		if u, err := c.on.Under(v.ctx(), v.sub); err == nil {
			p.Authority, p.URL = u.Authority.Name.In(p.Lang), u.Authority.URL
		}
	}
	for name, address := range ctl.Contacts {
		p.Ways = append(p.Ways, reach{name, address})
	}
	if a := ctl.Address.In(p.Lang); a != "" {
		p.Ways = append(p.Ways, reach{"post", a})
	}
	slices.SortFunc(p.Ways, func(a, b reach) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return p
}

func (c *Centre) askContact(v *visit) error {
	return c.show(v, http.StatusOK, "contact", c.contactPage(v))
}

// takeContact opens a case. It answers the same whoever the address belongs to: only
// who is signed in is known.
func (c *Centre) takeContact(v *visit) error {
	p := c.contactPage(v)
	p.Kind, p.Topic, p.Text, p.To = v.r.PostFormValue("kind"), v.r.PostFormValue("about"), v.r.PostFormValue("text"), v.r.PostFormValue("contact")
	if !c.frame.Limit("case "+c.on.ID()+" "+c.frame.Client(v.r), casesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	if len(p.To) > 254 { // RFC 5321 4.5.3.1.3
		p.Error = p.T.NoAddress
		return c.show(v, http.StatusUnprocessableEntity, "contact", p)
	}
	asked := contact.Asked{
		Kind: contact.Kind(p.Kind), Topic: contact.Topic(p.Topic), Channel: c.ownChannel(), Language: p.Lang,
		Text: platform.NewPersonal(p.Text), Contact: platform.NewPersonal(p.To),
	}
	who := v.sub
	if v.gone {
		who = ""
	}
	if again, err := c.reminded(v, &p, who); err != nil || again {
		return err
	}
	if p.To != "" && !c.frame.Limit("case to "+c.on.ID()+" "+mailbox(p.To), casesPerAddress()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	opened, err := c.on.OpenCase(v.ctx(), who, asked, gate.Actor{Role: policy.Self, ID: string(who)})
	if fault.Of(err) == fault.Invalid {
		p.Error = p.T.ContactWrong
		return c.show(v, http.StatusUnprocessableEntity, "contact", p)
	}
	if err != nil {
		return err
	}
	p.Sent = &platform.CaseSummary{ID: opened.ID, Kind: opened.Kind, Due: opened.Due}
	return c.show(v, http.StatusCreated, "contact", p)
}

// ownChannel is what the policy calls this form: the first of its channels that is a
// page.
func (c *Centre) ownChannel() string {
	all := contact.Channels(c.on.Policy())
	for _, name := range []string{"settings", "web", "chat", "support", "email"} {
		if slices.Contains(all, name) {
			return name
		}
	}
	return all[0]
}

// A casesPage lists a person's cases, or shows one.
type casesPage struct {
	view
	List []platform.CaseSummary
	File *platform.CaseFile
}

// Word says a code of a case in the language of the page.
func (p casesPage) Word(code any) string { return caseWord(code, p.Lang) }

// Deed says what an event of a case is.
func (p casesPage) Deed(kind string) string {
	for k, w := range p.T.deeds {
		if k.String() == kind {
			return w[0]
		}
	}
	return kind
}

func (c *Centre) cases(v *visit) error {
	list, err := c.on.Cases(v.ctx(), platform.CaseFilter{Subject: v.sub, Limit: casesShown})
	if err != nil {
		return err
	}
	slices.Reverse(list)
	return c.show(v, http.StatusOK, "cases", casesPage{view: c.view(v, func(t *words) string { return t.Cases }), List: list})
}

// theirCase is the case of an address, for who is signed in. One of anybody else is
// as one that does not exist.
func (c *Centre) theirCase(v *visit) (*platform.CaseFile, error) {
	id, err := contact.ParseID(v.r.PathValue("case"))
	if err != nil {
		return nil, err
	}
	return c.on.CaseFile(v.ctx(), id, self(v.sub))
}

// casesShown is how many cases a page shows, or counts, at most.
const casesShown = 200

// countCases returns how many cases a person has, up to [casesShown].
func (c *Centre) countCases(v *visit) (int, error) {
	list, err := c.on.Cases(v.ctx(), platform.CaseFilter{Subject: v.sub, Limit: casesShown})
	return len(list), err
}

func self(sub subject.ID) gate.Actor { return gate.Actor{Role: policy.Self, ID: string(sub)} }

func (c *Centre) oneCase(v *visit) error {
	f, err := c.theirCase(v)
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "case", casesPage{view: c.view(v, func(t *words) string { return t.Cases }), File: f})
}

// takeCase is the case file, as it is taken to an authority.
func (c *Centre) takeCase(v *visit) error {
	f, err := c.theirCase(v)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	c.attach(v, "application/json", v.r.PathValue("case")+".json")
	v.w.Write(b) // a reader who has gone cannot be answered
	return nil
}

// notSatisfied opens the second look at a case.
func (c *Centre) notSatisfied(v *visit) error {
	f, err := c.theirCase(v)
	if err != nil {
		return err
	}
	next, err := c.on.EscalateCase(v.ctx(), f.Cases[0].ID, platform.NewPersonal(v.r.PostFormValue("text")), self(v.sub))
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, c.base+"me/cases/"+string(next.ID), http.StatusSeeOther)
	return nil
}
