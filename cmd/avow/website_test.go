package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scenarioWebsite runs a company's website as a file describes it, at SITE. A line is
//
//	PATH CONDITION set COOKIE      a Set-Cookie of this page
//	PATH CONDITION show HTML       a part of it
//	PATH CONDITION shut            403
//
// PATH may be * for all; CONDITION is always, or cookies.NAME or beacons.NAME, which
// the browser must have let in, with ! must not. {n} is a number that is never the same.
func scenarioWebsite(ts *testscript.TestScript, _ bool, args []string) {
	var n atomic.Int64
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chosen, body, known := "", "", false
		if c, err := r.Cookie("avow-cookies"); err == nil {
			chosen = c.Value + "~"
		}
		for _, line := range lines {
			part := strings.SplitN(line, " ", 4)
			if part[0] != "*" && part[0] != r.URL.Path {
				continue
			}
			known = known || part[0] != "*"
			ref, not := strings.CutPrefix(part[1], "!")
			if ref != "always" && strings.Contains(chosen, "~"+ref+"~") == not {
				continue
			}
			switch part[2] {
			case "set":
				w.Header().Add("Set-Cookie", strings.ReplaceAll(part[3], "{n}", fmt.Sprintf("%016x", n.Add(1))))
			case "show":
				body += part[3]
			case "shut":
				w.WriteHeader(http.StatusForbidden)
				return
			}
		}
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!doctype html><title>shop</title>"+body)
	}))
	ts.Defer(s.Close)
	ts.Setenv("SITE", s.URL)
}

// scenarioStranger asks the server as a browser that takes no cookie, and prints what
// cookies it was offered after the answer. METHOD is GET or POST.
func scenarioStranger(ts *testscript.TestScript, neg bool, args []string) {
	offered := ""
	c := &http.Client{Timeout: time.Minute, Transport: watching{&offered}}
	form := url.Values{}
	for _, arg := range args[2:] {
		k, v, _ := strings.Cut(arg, "=")
		form.Add(k, v)
	}
	var body io.Reader
	if args[0] == http.MethodPost {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(args[0], "http://"+ts.Getenv("LISTEN")+args[1], body)
	ts.Check(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if ts.Getenv("GPC") != "" {
		r.Header.Set("Sec-GPC", "1")
	}
	answered(ts, neg, c, r)
	fmt.Fprintf(ts.Stdout(), "\noffered:%s\n", offered)
}

// watching notes the names of cookies that answers offer.
type watching struct{ offered *string }

func (t watching) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		for _, c := range a.Cookies() {
			*t.offered += " " + c.Name
		}
	}
	return a, err
}

// scenarioJar sets a variable to what the browser keeps under a name that begins so;
// with ! it must keep nothing.
func scenarioJar(ts *testscript.TestScript, neg bool, args []string) {
	u, err := url.Parse("http://" + ts.Getenv("LISTEN") + "/")
	ts.Check(err)
	ts.Setenv(args[0], "")
	for _, c := range ts.Value(browserKey{}).(*http.Client).Jar.Cookies(u) {
		if strings.HasPrefix(c.Name, args[1]) {
			ts.Setenv(args[0], c.Value)
			if neg {
				ts.Fatalf("the browser keeps %s", c.Name)
			}
		}
	}
}

// scenarioGive has the browser keep a cookie of its own.
func scenarioGive(ts *testscript.TestScript, _ bool, args []string) {
	u, err := url.Parse("http://" + ts.Getenv("LISTEN") + "/")
	ts.Check(err)
	ts.Value(browserKey{}).(*http.Client).Jar.SetCookies(u, []*http.Cookie{{Name: args[0], Value: args[1], Path: "/"}})
}

// scenarioLeave keeps the leave that a page of the warning before clearing gives.
func scenarioLeave(ts *testscript.TestScript, _ bool, args []string) {
	_, rest, ok := strings.Cut(ts.ReadFile("stdout"), `name="leave" value="`)
	leave, _, end := strings.Cut(rest, `"`)
	if !ok || !end {
		ts.Fatalf("the page gives no leave")
	}
	ts.Setenv(args[0], leave)
}
