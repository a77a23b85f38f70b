package web

import (
	"net/http"

	"golang.org/x/text/language"
)

// Lang returns the one of the languages on offer that suits a request best: what
// ?lang= says, then what was chosen before, then what the browser asks for, then
// the first. It always returns one of them, and "en" when there are none.
func Lang(r *http.Request, of []string) string {
	if len(of) == 0 {
		return "en"
	}
	tags := make([]language.Tag, len(of))
	for i, l := range of {
		tags[i] = language.Make(l)
	}
	m := language.NewMatcher(tags)
	for _, wish := range []string{r.URL.Query().Get("lang"), chosen(r), r.Header.Get("Accept-Language")} {
		if wish == "" || len(wish) > 200 {
			continue
		}
		asked, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(asked) == 0 {
			continue
		}
		if _, i, confidence := m.Match(asked...); confidence > language.No {
			return of[i]
		}
	}
	return of[0]
}

// chosen is the language of the cookie, with and without TLS.
func chosen(r *http.Request) string {
	for _, name := range []string{"__Host-avow-lang", "avow-lang"} {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
	}
	return ""
}
