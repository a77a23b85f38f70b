package demo

import (
	"embed"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/demo/store"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

const (
	mailboxPath = "/mailbox/"
	codesPath   = "/mailbox/codes"
	codeLife    = 30 // seconds that a code of an authenticator is shown for
)

// A mailroom serves what was mailed, and the codes of staff, to the machine that
// runs the demo and to nobody else.
type mailroom struct {
	demo   *Demo
	frame  *web.Frame
	server func() *avow.Server
	pages  map[string]*web.Template
}

// doors adds the demo's own pages to the web server.
func (d *Demo) doors(server func() *avow.Server) func(*web.Frame) []web.Door {
	return func(f *web.Frame) []web.Door {
		m := &mailroom{demo: d, frame: f, server: server, pages: map[string]*web.Template{}}
		for _, name := range []string{"mailbox", "letter", "codes", "away"} {
			m.pages[name] = f.Template(pageFiles, "pages/"+name+".html")
		}
		f.Guide(m.guide)
		shops, err := store.New(store.Config{Frame: f, Mailbox: mailboxPath})
		if err != nil {
			panic(err) // its files are part of the program
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /mailbox/{$}", m.own(m.list))
		mux.HandleFunc("GET /mailbox/{number}", m.own(m.letter))
		mux.HandleFunc("GET /mailbox/codes", m.own(m.codes))
		mux.HandleFunc("GET /mailbox", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, mailboxPath, http.StatusMovedPermanently)
		})
		mux.HandleFunc("/mailbox/", f.NotFound)
		return []web.Door{{Prefix: mailboxPath, Handler: mux}, shops.Door()}
	}
}

// here reports whether a request comes from the machine itself, and to it by a
// name of its own: a page of another site that points its name here is refused.
func here(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !loopback(peer) {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return host == "localhost" || loopback(strings.Trim(host, "[]"))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// own answers the machine itself, and tells others why not.
func (m *mailroom) own(h func(http.ResponseWriter, *http.Request, *words)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		t := wordsIn(web.Lang(r, languages()))
		if !here(r) {
			m.frame.Render(w, r, http.StatusForbidden, m.pages["away"], m.view(r, t, t.AwayTitle))
			return
		}
		h(w, r, t)
	}
}

// A view is what every page of the mailroom has.
type view struct {
	web.Page
	T *words
}

func (m *mailroom) view(r *http.Request, t *words, title string) view {
	p := m.frame.Page(r, "", title)
	p.Brand = t.Brand
	p.Nav = []web.Link{
		{Href: mailboxPath, Text: t.Mailbox, Icon: "mail", Here: r.URL.Path != codesPath},
		{Href: codesPath, Text: t.Codes, Icon: "key", Here: r.URL.Path == codesPath},
	}
	return view{p, t}
}

// A mail is one message as the list shows it.
type mail struct {
	Number             int // the first is 1
	At                 time.Time
	Brand, To, Subject string
	Code               string // to sign in with; "": it holds none
	Parts              []part // the text, with its links
	Receipt            bool
}

// A part is a piece of a text; a link where Href is set.
type part struct{ Text, Href string }

// mails returns what is kept, newest first.
func (m *mailroom) mails() []mail {
	var out []mail
	for _, k := range m.demo.mail.Messages() {
		out = append(out, readMail(k))
	}
	for i := range out {
		out[i].Number = len(out) - i
	}
	return out
}

func readMail(k notice.Kept) mail {
	x := mail{At: k.At, Brand: k.Brand, To: k.To.Reveal(), Subject: k.Subject, Receipt: k.Receipt != nil, Parts: linked(k.Body)}
	if code := regexp.MustCompile(`^\d{6}\b`).FindString(k.Subject); code != "" {
		x.Code = code
	}
	return x
}

// linked finds the links of a text. Only links to pages are links.
func linked(text string) []part {
	var out []part
	for len(text) > 0 {
		at := regexp.MustCompile(`https?://[^\s]+`).FindStringIndex(text)
		if at == nil {
			return append(out, part{Text: text})
		}
		address := strings.TrimRight(text[at[0]:at[1]], ".,;)。，；）")
		out = append(out, part{Text: text[:at[0]]})
		if _, err := url.Parse(address); err == nil {
			out = append(out, part{Text: address, Href: address})
		} else {
			out = append(out, part{Text: address})
		}
		text = text[at[0]+len(address):]
	}
	return out
}

type listPage struct {
	view
	Mails  []mail
	Places []onePlace
}

func (m *mailroom) list(w http.ResponseWriter, r *http.Request, t *words) {
	m.frame.Render(w, r, http.StatusOK, m.pages["mailbox"], listPage{m.view(r, t, t.Mailbox), m.mails(), m.demo.state.Platforms})
}

type letterPage struct {
	view
	Mail mail
}

func (m *mailroom) letter(w http.ResponseWriter, r *http.Request, t *words) {
	n, err := strconv.Atoi(r.PathValue("number"))
	all := m.mails()
	if err != nil || n < 1 || n > len(all) {
		m.frame.Problem(w, r, fault.New(fault.NotFound, "there is no such mail: the mailbox keeps the last ones, until the demo ends"))
		return
	}
	x := all[len(all)-n]
	m.frame.Render(w, r, http.StatusOK, m.pages["letter"], letterPage{m.view(r, t, x.Subject), x})
}

type codesPage struct {
	view
	Places []codesOf
	Left   int // seconds that the codes are shown for
}

type codesOf struct {
	ID, Title string
	Accent    int
	Accounts  []current
}

// current is an account with its code of the moment.
type current struct {
	Account
	Code string
}

func (m *mailroom) codes(w http.ResponseWriter, r *http.Request, t *words) {
	now := m.server().Platforms()[0].Now()
	p := codesPage{view: m.view(r, t, t.Codes), Left: codeLife - int(now.Unix()%codeLife)}
	for i, place := range m.demo.state.Platforms {
		of := codesOf{ID: place.ID, Title: place.Title, Accent: i}
		for _, a := range place.Staff {
			code, err := totp.GenerateCode(a.Secret, now)
			if err != nil {
				m.frame.Problem(w, r, err)
				return
			}
			a.Role = m.role(place.ID, a.Role, p.Lang)
			of.Accounts = append(of.Accounts, current{a, code})
		}
		p.Places = append(p.Places, of)
	}
	w.Header().Set("Refresh", strconv.Itoa(p.Left+1))
	m.frame.Render(w, r, http.StatusOK, m.pages["codes"], p)
}
