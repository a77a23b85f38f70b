package centre

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/signin"
	"github.com/avow-dev/avow/web"
)

// The limits of a client. What an address may have is bounded in package signin.
func codesPerClient() web.Rate { return web.Rate{Each: 20 * time.Second, Burst: 10} }
func triesPerClient() web.Rate { return web.Rate{Each: 5 * time.Second, Burst: 15} }

// mailWait is how long sending may take before the person is told that it failed.
const mailWait = 20 * time.Second

// A signInPage asks for the address, or for the code that was sent to it.
type signInPage struct {
	view
	Next    string
	Address string // what was typed, where it is shown again
	At      string // handle of the code
	Minutes int
	Error   string
}

// A signInForm is what the forms of signing in send.
type signInForm struct{ Address, Next, At, Code string }

func readSignIn(r *http.Request) signInForm {
	return signInForm{r.PostFormValue("address"), r.PostFormValue("next"), r.PostFormValue("at"), r.PostFormValue("code")}
}

func (c *Centre) askAddress(v *visit) error {
	next := v.r.URL.Query().Get("next")
	if v.who != "" {
		http.Redirect(v.w, v.r, c.place(next), http.StatusSeeOther)
		return nil
	}
	return c.showAddress(v, http.StatusOK, signInForm{Next: next}, "")
}

func (c *Centre) showAddress(v *visit, status int, f signInForm, problem string) error {
	p := c.view(v, func(t *words) string { return t.SignIn })
	return c.show(v, status, "signin", signInPage{view: p, Next: f.Next, Address: f.Address, Error: problem})
}

// sendCode mails a code to the address, whoever has it, and leads on. What it
// does and answers is the same for an address that nobody has.
func (c *Centre) sendCode(v *visit) error {
	f := readSignIn(v.r)
	t := c.words(v)
	if !c.frame.Limit("code "+c.on.ID()+" "+c.frame.Client(v.r), codesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	if f.Address == "" || len(f.Address) > 254 { // RFC 5321 4.5.3.1.3
		return c.showAddress(v, http.StatusUnprocessableEntity, f, t.NoAddress)
	}
	address := platform.NewPersonal(f.Address)
	begun, err := c.on.BeginSignIn(v.ctx(), "email", address)
	switch fault.Of(err) {
	case "":
	case fault.Invalid:
		return c.showAddress(v, http.StatusUnprocessableEntity, f, t.NoAddress)
	case fault.Busy:
		c.frame.TooFast(v.w, v.r)
		return nil
	default:
		return err
	}
	p := c.frame.Page(v.r, c.on.ID(), "")
	err = c.mail(v.ctx(), notice.Message{
		To: address, Lang: p.Lang, Brand: p.Brand,
		Content: notice.Code{Code: begun.Code.Reveal(), Minutes: int(signin.Life / time.Minute)},
	})
	if err != nil {
		return err
	}
	q := url.Values{"at": {begun.Handle + "." + c.frame.Seal(c.aboutAddress(begun.Handle), []byte(f.Address))}}
	if f.Next != "" {
		q.Set("next", f.Next)
	}
	http.Redirect(v.w, v.r, c.base+"sign-in/code?"+q.Encode(), http.StatusSeeOther)
	return nil
}

// aboutAddress binds the sealed address to its code: with the code of one address
// nobody proves another.
func (c *Centre) aboutAddress(handle string) string { return "address " + c.on.ID() + " " + handle }

// mail sends a message. That an address does not exist is not told: it would
// tell about addresses.
func (c *Centre) mail(ctx context.Context, m notice.Message) error {
	ctx, cancel := context.WithTimeout(ctx, mailWait)
	defer cancel()
	err := c.config.Mail.Send(ctx, m)
	if fault.Of(err) == fault.Invalid {
		c.log.InfoContext(ctx, "a mail could not be sent: its address is refused", "platform", c.on.ID())
		return nil
	}
	return err
}

func (c *Centre) words(v *visit) *words {
	return wordsIn(web.Lang(v.r, c.on.Policy().Languages()))
}

func (c *Centre) askCode(v *visit) error {
	q := v.r.URL.Query()
	return c.showCode(v, http.StatusOK, signInForm{At: q.Get("at"), Next: q.Get("next")}, "")
}

func (c *Centre) showCode(v *visit, status int, f signInForm, problem string) error {
	p := c.view(v, func(t *words) string { return t.CodeTitle })
	return c.show(v, status, "code", signInPage{view: p, Next: f.Next, At: f.At, Minutes: int(signin.Life / time.Minute), Error: problem})
}

func (c *Centre) takeCode(v *visit) error {
	f := readSignIn(v.r)
	if !c.frame.Limit("try "+c.on.ID()+" "+c.frame.Client(v.r), triesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	handle, sealed, _ := strings.Cut(f.At, ".")
	who, ok, err := c.on.FinishSignIn(v.ctx(), handle, f.Code)
	if err != nil {
		return err
	}
	if !ok {
		return c.showCode(v, http.StatusUnprocessableEntity, f, c.words(v).WrongCode)
	}
	name := string(who)
	if name == "" { // the address stands in the sealed cookie: nothing else knows it
		address, _ := c.frame.Unseal(c.aboutAddress(handle), sealed)
		name = nobody + string(address)
	}
	if err := c.frame.SignIn(v.w, v.r, web.Person, c.on.ID(), name, life); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, c.place(f.Next), http.StatusSeeOther)
	return nil
}

func (c *Centre) signOut(v *visit) error {
	if err := c.frame.SignOut(v.w, v.r, web.Person, c.on.ID()); err != nil {
		return err
	}
	if v.who != "" {
		if err := c.on.SessionEnded(v.ctx(), v.sub, "signed-out"); err != nil {
			return err
		}
	}
	return c.lead(v, "", "signed-out")
}

// leave is the page that stores of apps ask for: how to delete the account,
// without being signed in.
func (c *Centre) leave(v *visit) error {
	if v.who != "" {
		return c.lead(v, "me/erase", "")
	}
	return c.show(v, http.StatusOK, "leave", struct {
		signInPage
		Contacts []page.Contact
	}{signInPage{view: c.view(v, func(t *words) string { return t.Leave }), Next: "erase"}, c.document(v).Contacts})
}
