package centre

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/signin"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
	"github.com/avow-dev/avow/web"
)

// An addressPage asks for a new address, and then for the code sent there.
type addressPage struct {
	view
	Name, Item string
	Pending    string // sealed: what is to become the address; "": it is not known yet
	Handle     string // of the code
	Minutes    int
	Error      string
}

// A change is the address that somebody wants, between the two forms. It travels
// sealed, for one person and as long as its code.
type change struct {
	Subject subject.ID `json:"s"`
	Item    string     `json:"i"`
	Value   string     `json:"v"`
	Handle  string     `json:"h"`
	Until   time.Time  `json:"u"`
}

// proved reports whether people replace an item here after a code has reached
// its new value: an address that a code can be mailed to.
func proved(i *policy.Item) bool {
	return i.Identifier == "email" && !i.List && i.Origin == policy.FromPerson
}

func (c *Centre) askAddressChange(v *visit) error {
	return c.showAddressChange(v, http.StatusOK, v.r.URL.Query().Get("item"), "")
}

func (c *Centre) showAddressChange(v *visit, status int, name, problem string) error {
	i, err := c.addressItem(name)
	if err != nil {
		return err
	}
	p := addressPage{view: c.view(v, func(t *words) string { return t.NewAddress }), Name: i.Name, Error: problem}
	p.Item = page.Title(i.Title, i.Name, p.Lang)
	return c.show(v, status, "address", p)
}

func (c *Centre) addressItem(name string) (*policy.Item, error) {
	i, err := c.on.Policy().Item(name)
	if err == nil && !proved(i) {
		err = fault.New(fault.Invalid, "this is not corrected here: please write to us")
	}
	return i, err
}

// beginAddressChange mails a code to the new address. It does the same for an
// address that somebody has.
func (c *Centre) beginAddressChange(v *visit) error {
	name, text := v.r.PostFormValue("item"), v.r.PostFormValue("value")
	i, err := c.addressItem(name)
	if err != nil {
		return err
	}
	t := c.words(v)
	if !c.frame.Limit("code "+c.on.ID()+" "+c.frame.Client(v.r), codesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	if text == "" || len(text) > 254 { // RFC 5321 4.5.3.1.3
		return c.showAddressChange(v, http.StatusUnprocessableEntity, name, t.NoAddress)
	}
	address := platform.NewPersonal(text)
	begun, err := c.on.BeginChange(v.ctx(), i.Name, address)
	switch fault.Of(err) {
	case "":
	case fault.Invalid:
		return c.showAddressChange(v, http.StatusUnprocessableEntity, name, t.NoAddress)
	case fault.Busy:
		c.frame.TooFast(v.w, v.r)
		return nil
	default:
		return err
	}
	b, err := json.Marshal(change{v.sub, i.Name, text, begun.Handle, c.on.Now().Add(signin.Life)})
	if err != nil {
		return err
	}
	p := c.view(v, func(t *words) string { return t.NewAddress })
	err = c.mail(v.ctx(), notice.Message{
		To: address, Lang: p.Lang, Brand: p.Brand, Content: notice.Code{Code: begun.Code.Reveal(), Minutes: int(signin.Life / time.Minute)},
	})
	if err != nil {
		return err
	}
	return c.showAddressCode(v, http.StatusOK, i, c.frame.Seal(c.aboutChange(), b), "")
}

func (c *Centre) aboutChange() string { return "change of address " + c.on.ID() }

func (c *Centre) showAddressCode(v *visit, status int, i *policy.Item, pending, problem string) error {
	p := addressPage{view: c.view(v, func(t *words) string { return t.NewAddress }), Name: i.Name, Pending: pending, Error: problem}
	p.Item, p.Minutes = page.Title(i.Title, i.Name, p.Lang), int(signin.Life/time.Minute)
	return c.show(v, status, "address", p)
}

// finishAddressChange replaces the address when the code is right.
func (c *Centre) finishAddressChange(v *visit) error {
	t := c.words(v)
	if !c.frame.Limit("try "+c.on.ID()+" "+c.frame.Client(v.r), triesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	var x change
	pending := v.r.PostFormValue("pending")
	b, ok := c.frame.Unseal(c.aboutChange(), pending)
	if !ok || json.Unmarshal(b, &x) != nil || x.Subject != v.sub || !x.Until.After(c.on.Now()) {
		return c.showAddressChange(v, http.StatusUnprocessableEntity, cmp.Or(x.Item, v.r.PostFormValue("item")), t.WrongCode)
	}
	i, err := c.addressItem(x.Item)
	if err != nil {
		return err
	}
	old, err := c.own(v, []string{x.Item})
	if err != nil {
		return err
	}
	ok, err = c.on.FinishChange(v.ctx(), v.sub, x.Item, platform.NewPersonal(x.Value), x.Handle, v.r.PostFormValue("code"))
	switch {
	case fault.Of(err) == fault.Conflict:
		return c.showAddressChange(v, http.StatusConflict, x.Item, t.AddressTaken)
	case err != nil:
		return err
	case !ok:
		return c.showAddressCode(v, http.StatusUnprocessableEntity, i, pending, t.WrongCode)
	}
	c.tellReplaced(v, old)
	return c.lead(v, "me", "address")
}

// tellReplaced writes to the address that was replaced: whoever took an account
// over cannot do so without its owner hearing of it (ASVS 5.0, 6.3.7).
func (c *Centre) tellReplaced(v *visit, old []vault.Value) {
	p := c.on.Policy()
	lang, by := web.Lang(v.r, p.Languages()), p.Controller().Contacts
	contact := cmp.Or(by["email"], by["phone"], by["web"], by["chat"], by["post"])
	for _, x := range old {
		err := c.mail(v.ctx(), notice.Message{
			To: x.Text, Lang: lang, Brand: p.Title().In(lang), Content: notice.Replaced{At: c.on.Now(), Contact: contact},
		})
		if err != nil { // the address is replaced all the same
			c.log.ErrorContext(v.ctx(), "the owner of a replaced address was not told", "platform", c.on.ID(), "error", err)
		}
	}
}
