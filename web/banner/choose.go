package banner

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// choose takes a form: what the browser lets in from now on.
func (b *Banner) choose(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return b.again(w, r)
	}
	from := b.browser(r)
	at, err := b.on.Cookies(r.Context(), from)
	if err != nil {
		return err
	}
	yes, ok := said(b.on.Policy(), at, r.PostForm.Get("say"), r.PostForm["yes"])
	if !ok {
		return b.again(w, r)
	}
	text, until, err := b.on.ChooseCookies(r.Context(), from, yes)
	if err != nil {
		return err
	}
	b.keep(w, r, text, until, yes)
	to := next(r.PostForm.Get("next"))
	if to == "" {
		to = b.base + "?done=chosen"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// again leads back to the page: the form was none of ours.
func (b *Banner) again(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, b.base, http.StatusSeeOther)
	return nil
}

// said reads what a button means: all, none, some (those that are ticked),
// CLASS:yes, CLASS:no, or drop:NAME. What stays as it is, stays.
func said(p *policy.Policy, at platform.CookieStand, say string, ticked []string) (yes []string, ok bool) {
	what, how, _ := strings.Cut(say, ":")
	for _, t := range p.Trackers() {
		if !t.Asks() {
			continue
		}
		in := at.Allowed[t.Ref]
		switch what {
		case "all":
			in = true
		case "none":
			in = false
		case "some":
			in = slices.Contains(ticked, t.Ref)
		case "drop":
			in = in && t.Ref != how
		case string(policy.Functional), string(policy.Performance), string(policy.Marketing):
			if string(t.Class) == what {
				in = how == "yes"
			}
		default:
			return nil, false
		}
		if in {
			yes = append(yes, t.Ref)
		}
	}
	return yes, true
}

// leave is how long the warning before clearing holds.
const leave = time.Hour

// warn says what stops working when cookies are cleared, before they are.
func (b *Banner) warn(w http.ResponseWriter, r *http.Request) error {
	if err := b.on.TellCookies(r.Context(), "before-clearing"); err != nil {
		return err
	}
	p := b.view(r, func(t *words) string { return t.Clear })
	p.Token = b.frame.Seal("clear "+b.on.ID(), strconv.AppendInt(nil, b.on.Now().Unix(), 10))
	w.Header().Set("Cache-Control", "no-store")
	b.frame.Render(w, r, http.StatusOK, b.pages["clear"], p)
	return nil
}

// clear forgets the browser, once the warning was shown: its cookies here go, what it
// said, and what cookies recorded of who is signed in.
func (b *Banner) clear(w http.ResponseWriter, r *http.Request) error {
	shown, ok := b.frame.Unseal("clear "+b.on.ID(), r.PostFormValue("leave"))
	at, err := strconv.ParseInt(string(shown), 10, 64)
	if !ok || err != nil || b.on.Now().Sub(time.Unix(at, 0)) > leave {
		return b.warn(w, r)
	}
	records, err := b.on.ClearCookies(r.Context(), b.browser(r), b.person(r))
	if err != nil {
		return err
	}
	p := b.view(r, func(t *words) string { return t.ClearedTitle })
	p.Cleared, p.Records = true, records
	p.Dropped = b.drop(w, r, func(*policy.Cookie) bool { return true })
	if b.frame.Choice(r, b.on.ID()) != "" {
		p.Dropped++
	}
	b.frame.SetChoice(w, r, b.on.ID(), "", 0)
	for _, kind := range signedIn() {
		if _, in := b.frame.Session(r, kind, b.on.ID()); in {
			p.Dropped++
			if err := b.frame.SignOut(w, r, kind, b.on.ID()); err != nil {
				return err
			}
		}
	}
	if b.frame.Secure() {
		w.Header().Set("Clear-Site-Data", `"storage"`) // local and session storage; the cookies of other platforms stay
	}
	w.Header().Set("Cache-Control", "no-store")
	b.frame.Render(w, r, http.StatusOK, b.pages["clear"], p)
	return nil
}
