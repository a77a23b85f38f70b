package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// A Page is what the layout shows around the main part. Embed it in the struct
// of every page, by value, and fill it with [Frame.Page].
type Page struct {
	Title    string // of this page
	Platform string // id; "" for the server's own pages
	Brand    string // what people call the platform
	Home     string // where the brand leads
	Accent   int    // 0 to 7: the hue
	Lang     string
	Langs    []string // to choose from; none or one: no choice is shown
	Path     string   // of the request, for the choice of language
	Nav      []Link
	Person   bool       // a person is signed in
	Staff    *StaffView // a member of staff is signed in
	SignOut  string     // where the form that signs out is posted; "": none
	Flash    string     // what has just been done
	Standing string     // what holds on every page until it ends: a restriction
	Wide     bool       // the console's width
	Public   bool       // says nothing of who reads it: it may travel compressed
}

// A Link is an entry of the navigation, or the word over several.
type Link struct {
	Href, Text, Icon string
	Here             bool
	More             []Link // entries under it, which has no Href then
}

// A StaffView is what the layout shows of a member of staff.
type StaffView struct{ Name, Role string }

// page finds the embedded Page of a page's struct.
func (p Page) page() Page { return p }

type paged interface{ page() Page }

// Page returns the Page of a request on a platform (or "", for the server's own
// pages), with title, language and hue filled in.
func (f *Frame) Page(r *http.Request, id, title string) Page {
	p := Page{Title: title, Platform: id, Brand: "avow", Home: "/", Langs: []string{"en", "zh-CN"}, Path: r.URL.Path}
	for i, pl := range f.config.Platforms {
		if pl.ID() == id {
			p.Accent, p.Langs, p.Home = i%8, pl.Policy().Languages(), "/"+id+"/"
		}
	}
	p.Lang = Lang(r, p.Langs)
	if pl := f.platform[id]; pl != nil {
		p.Brand = pl.Policy().Title().In(p.Lang)
	}
	return p
}

// Render writes a page with a status. page embeds [Page]. A page that fails
// half-way becomes a problem and shows nothing of itself.
func (f *Frame) Render(w http.ResponseWriter, r *http.Request, status int, t *Template, page any) {
	p, ok := page.(paged)
	var b bytes.Buffer
	if !ok {
		f.fail(w, r, errNoPage)
		return
	}
	if err := t.parsed().ExecuteTemplate(&b, "layout", page); err != nil {
		f.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.page().Lang)
	h.Add("Vary", "Accept-Language, Cookie")
	if p.page().Person || p.page().Staff != nil || status != http.StatusOK {
		h.Set("Cache-Control", "no-store")
	} else if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	f.rememberLang(w, r, p.page())
	var packed []byte
	if p.page().Public {
		packed = pack(b.Bytes(), gzip.BestSpeed)
	}
	send(w, r, status, b.Bytes(), packed)
}

// rememberLang keeps a language that was chosen by ?lang=.
func (f *Frame) rememberLang(w http.ResponseWriter, r *http.Request, p Page) {
	if chosen := r.URL.Query().Get("lang"); chosen != "" && strings.EqualFold(chosen, p.Lang) {
		http.SetCookie(w, &http.Cookie{
			Name: f.cookies.name("lang", ""), Value: p.Lang, Path: "/", MaxAge: 365 * 24 * 60 * 60,
			Secure: f.config.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
}
