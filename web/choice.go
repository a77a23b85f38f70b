package web

import (
	"net/http"
	"strings"
	"time"
)

// choiceNames are what the cookie is called that holds what a browser chose about
// cookies; the first is the one that is set. Scripts of the site may read it: it holds
// a random number and names, and opens nothing.
func (f *Frame) choiceNames(platform string) []string {
	return []string{f.cookies.name("cookies", platform), "__Host-avow-cookies", "avow-cookies"} // a platform with a site of its own needs no mark
}

// Choice returns the text of a browser's choice about cookies on a platform, "" for
// none.
func (f *Frame) Choice(r *http.Request, platform string) string {
	for _, name := range f.choiceNames(platform) {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
	}
	return ""
}

// SetChoice has a browser keep its choice, and, for the text "", forget it.
func (f *Frame) SetChoice(w http.ResponseWriter, r *http.Request, platform, text string, life time.Duration) {
	names := f.choiceNames(platform)
	for _, name := range names[1:] { // one choice alone stands
		if _, err := r.Cookie(name); err == nil {
			f.DropCookie(w, name)
		}
	}
	if text == "" {
		f.DropCookie(w, names[0])
		return
	}
	c := f.cookie(names[0], text, int(life.Seconds()))
	c.HttpOnly = false
	http.SetCookie(w, c)
}

// DropCookie takes a cookie of this host away from a browser.
func (f *Frame) DropCookie(w http.ResponseWriter, name string) {
	c := f.cookie(name, "", -1)
	c.Secure = c.Secure || strings.HasPrefix(name, "__")
	http.SetCookie(w, c)
}

// ChoiceName is what the cookie of a choice is called on this server.
func (f *Frame) ChoiceName(platform string) string { return f.choiceNames(platform)[0] }

// Signal reports whether a browser asks that its person be not shared (Global Privacy
// Control: https://w3c.github.io/gpc/).
func Signal(r *http.Request) bool {
	for _, v := range r.Header.Values("Sec-GPC") {
		if v == "1" {
			return true
		}
	}
	return false
}

// Open lets pages of other sites send to an address. What answers there looks at no
// cookie: it knows of a sender what the body says. Call it before the first request.
func (f *Frame) Open(path string) {
	if f.open == nil {
		f.open = map[string]bool{}
	}
	f.open[path] = true
}
