package webtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Reader is somebody at a browser, with cookies of their own.
type Reader struct {
	testing.TB
	URL    string // of the server
	Lang   string // what the browser asks for
	Client *http.Client
	Seen   []string // every address, in order, those of redirects too
}

// NewReader returns a reader who has been nowhere yet.
func NewReader(t testing.TB, server, lang string) *Reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &Reader{TB: t, URL: server, Lang: lang, Client: &http.Client{Jar: jar}}
	r.Client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		r.Seen = append(r.Seen, req.URL.String())
		return nil
	}
	return r
}

// Get opens an address of the server.
func (r *Reader) Get(path string) *Page {
	r.Helper()
	return r.do(http.MethodGet, path, nil)
}

// Post sends a form: names and values in turn.
func (r *Reader) Post(path string, pairs ...string) *Page {
	r.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.do(http.MethodPost, path, form)
}

func (r *Reader) do(method, path string, form url.Values) *Page {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,*/*")
	req.Header.Set("Accept-Language", r.Lang)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Seen = append(r.Seen, req.URL.String())
	res, err := r.Client.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	p := &Page{TB: r.TB, Status: res.StatusCode, Path: res.Request.URL.Path, Header: res.Header, Text: string(b)}
	if p.root, err = html.Parse(strings.NewReader(p.Text)); err != nil {
		r.Fatal(err)
	}
	return p
}
