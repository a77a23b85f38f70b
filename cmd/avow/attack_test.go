package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
)

// A target is a whole server to attack: every door, a shop beside the vault, a
// person and an officer who are signed in, and a program with a key.
type target struct {
	testing.TB
	dir     string
	server  *avow.Server
	handler http.Handler
	clock   *dbtest.Clock
	mail    *notice.Mailbox
	subject string
	email   string
	token   string // of an API key with every scope
	secret  string // of the officer's authenticator

	person, officer *http.Cookie
}

const officerPassword = "a good long password 4711"

// newTarget opens a target. more is added to its configuration.
func newTarget(t testing.TB, more string, change ...func(*avow.Options)) *target {
	t.Helper()
	a := &target{TB: t, dir: t.TempDir(), clock: dbtest.NewClock(), email: "attacked@example.com"}
	a.mail = notice.NewMailbox(100, a.clock.Now)
	pack, err := policies.Files.ReadFile("goscom-pro.yaml")
	a.must(err)
	a.write("goscom-pro.yaml", pack)
	a.write("collector.txt", []byte("collector-key: secret of the collector\n"))
	a.write("shop.yaml", shop.Map("sqlite"))
	_, err = shop.CreateSQLite(t.Context(), filepath.Join(a.dir, "shop.db"), 2)
	a.must(err)
	a.write("avow.yaml", []byte(more+"platforms:\n  - id: goscom-pro\n    policy: goscom-pro.yaml\n    systems: [{kind: sqlite, map: shop.yaml, file: shop.db}]\n"))
	c, err := avow.ReadConfig(filepath.Join(a.dir, "avow.yaml"))
	a.must(err)
	o := avow.Options{Clock: a.clock.Now, Logger: slog.New(slog.DiscardHandler), Passwords: staff.Cost{Memory: 64, Passes: 1, Lanes: 1}}
	if c.SMTP == nil {
		o.Mail = a.mail
	}
	for _, c := range change {
		c(&o)
	}
	a.server, err = avow.Open(context.Background(), c, o)
	a.must(err)
	t.Cleanup(a.close)
	a.handler, err = a.server.Handler()
	a.must(err)
	_, token, err := a.server.Staff().CreateKey(context.Background(), staff.NewKey{Platform: "goscom-pro", Label: "attack", Scopes: api.Scopes()})
	a.must(err)
	a.token = token.Reveal()
	return a
}

// close closes the server once.
func (a *target) close() {
	if a.server != nil {
		a.must(a.server.Close())
		a.server = nil
	}
}

func (a *target) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

func (a *target) write(name string, b []byte) {
	a.Helper()
	a.must(os.WriteFile(filepath.Join(a.dir, name), b, 0o600))
}

// people registers the person and the officer, and signs both in.
func (a *target) people() {
	a.Helper()
	p, err := a.server.Platform("")
	a.must(err)
	sub, _, err := p.Register(context.Background(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.email", Value: a.email, Voluntary: true}, {Item: "account.nickname", Value: "Attacked", Voluntary: true}},
	})
	a.must(err)
	a.subject = string(sub)
	a.person = a.signIn()
	_, e, err := a.server.Staff().Add(context.Background(), staff.New{
		Login: avow.NewPersonal("officer@staff.example"), Name: avow.NewPersonal("Officer"), Password: avow.NewPersonal(officerPassword),
		Roles: []staff.Role{{Platform: "goscom-pro", Name: "privacy-officer"}, {Platform: staff.Everywhere, Name: staff.Admin}},
	})
	a.must(err)
	u, err := url.Parse(e.URL.Reveal())
	a.must(err)
	a.secret = u.Query().Get("secret")
	code, err := totp.GenerateCode(a.secret, a.clock.Now())
	a.must(err)
	w := a.post("/console/goscom-pro/sign-in", url.Values{"login": {"officer@staff.example"}, "password": {officerPassword}, "code": {code}})
	a.officer = a.cookie(w, "avow-staff")
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// signIn signs the person in by a mailed code, and returns the cookie.
func (a *target) signIn(cookies ...*http.Cookie) *http.Cookie {
	a.Helper()
	w := a.post("/goscom-pro/sign-in", url.Values{"address": {a.email}})
	to, err := url.Parse(w.Header().Get("Location"))
	a.must(err)
	w = a.post("/goscom-pro/sign-in/code", url.Values{"at": {to.Query().Get("at")}, "code": {sixDigits.FindString(a.mail.Messages()[0].Body)}}, cookies...)
	return a.cookie(w, "avow-person")
}

func (a *target) cookie(w *httptest.ResponseRecorder, prefix string) *http.Cookie {
	a.Helper()
	for _, c := range w.Result().Cookies() {
		if strings.HasPrefix(c.Name, prefix) && c.Value != "" {
			return c
		}
	}
	a.Fatalf("no cookie %s came: %d %s", prefix, w.Code, w.Body)
	return nil
}

func (a *target) post(path string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.do(r, cookies...)
}

func (a *target) get(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	return a.do(httptest.NewRequest("GET", path, nil), cookies...)
}

func (a *target) do(r *http.Request, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	for _, c := range cookies {
		r.AddCookie(c)
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "text/html")
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

// api calls the interface with the program's key.
func (a *target) api(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1/platforms/goscom-pro/"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+a.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return a.do(r)
}
