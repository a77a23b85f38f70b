package console_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web/webtest"
)

const (
	one      = "goscom-pro"
	two      = "goscom-two"
	password = "correct horse battery staple"
	nick     = "林小溪的昵称"
)

// A site is a whole server with two platforms, the first with a web shop's
// database beside it.
type site struct {
	*testing.T
	server    *avow.Server
	clock     *dbtest.Clock
	logs      *buffer
	url       string
	customers []shop.Customer
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func open(t *testing.T) *site {
	t.Helper()
	return openWith(t, func(text string) string { return text })
}

// openWith opens a site whose policy is rewritten first.
func openWith(t *testing.T, rewrite func(string) string) *site {
	t.Helper()
	return openOn(t, "    systems: [{kind: sqlite, map: shop.yaml, file: shop.db}]\n", rewrite)
}

// openPack opens a site with another pack, and no system beside it.
func openPack(t *testing.T, rewrite func(string) string) *site {
	t.Helper()
	return openOn(t, "", rewrite)
}

func openOn(t *testing.T, systems string, rewrite func(string) string) *site {
	t.Helper()
	s := &site{T: t, clock: dbtest.NewClock(), logs: &buffer{}}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	write := func(name string, b []byte) { s.must(os.WriteFile(filepath.Join(dir, name), b, 0o600)) }
	write("shop.yaml", shop.Map("sqlite"))
	write("avow.yaml", []byte("platforms:\n  - id: "+one+"\n    policy: "+one+".yaml\n"+systems+"  - {id: "+two+", policy: "+two+".yaml}\n"))
	for _, id := range []string{one, two} {
		write(id+".yaml", []byte(strings.Replace(rewrite(string(src)), "platform: "+one, "platform: "+id, 1)))
	}
	s.customers, err = shop.CreateSQLite(t.Context(), filepath.Join(dir, "shop.db"), 12)
	s.must(err)
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	s.server, err = avow.Open(t.Context(), c, avow.Options{Clock: s.clock.Now, Logger: slog.New(slog.NewJSONHandler(s.logs, nil)), Passwords: staff.Light()})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	h, err := s.server.Handler()
	s.must(err)
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) platform() *avow.Platform {
	p, err := s.server.Platform(one)
	s.must(err)
	return p
}

// register enters a customer of the shop.
func (s *site) register(c shop.Customer) subject.ID {
	s.Helper()
	sub, refusals, err := s.platform().Register(s.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.email", Value: c.Email, Voluntary: true}, {Item: "account.nickname", Value: nick, Voluntary: true}},
	})
	s.must(err)
	if len(refusals) > 0 {
		s.Fatal(refusals[0].Text)
	}
	return sub
}

// A reader is somebody at a browser: a colleague where id is set.
type reader struct {
	*webtest.Reader
	on     *site
	id     staff.ID
	login  string
	secret string
}

func (s *site) reader(lang string) *reader {
	return &reader{Reader: webtest.NewReader(s.T, s.url, lang), on: s}
}

// colleague adds somebody with roles and signs them in on their platform.
func (s *site) colleague(name string, roles ...staff.Role) *reader {
	s.Helper()
	r := s.add(name, roles...)
	r.signIn(roles[0].Platform).Is(http.StatusOK)
	return r
}

func (s *site) add(name string, roles ...staff.Role) *reader {
	s.Helper()
	r := s.reader("en")
	r.login = strings.ToLower(name) + "@staff.example"
	id, e, err := s.server.Staff().Add(s.Context(), staff.New{
		Login: avow.NewPersonal(r.login), Name: avow.NewPersonal(name), Password: avow.NewPersonal(password), Roles: roles,
	})
	s.must(err)
	u, err := url.Parse(e.URL.Reveal())
	s.must(err)
	r.id, r.secret = id, u.Query().Get("secret")
	return r
}

func (r *reader) signIn(platform string) *webtest.Page {
	r.Helper()
	r.on.clock.Add(31 * time.Second) // a code signs in once
	code, err := totp.GenerateCode(r.secret, r.on.clock.Now())
	r.on.must(err)
	return r.Post("/console/"+platform+"/sign-in", "login", r.login, "password", password, "code", code)
}

// carry works through what a request has promised.
func (s *site) carry(path string) {
	s.Helper()
	s.must(s.platform().WorkUntil(s.Context(), rights.ID(path[strings.LastIndex(path, "/")+1:]), func(int, int) {}))
}
