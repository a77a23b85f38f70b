package console_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
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
	s := &site{T: t, clock: dbtest.NewClock(), logs: &buffer{}}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	write := func(name string, b []byte) { s.must(os.WriteFile(filepath.Join(dir, name), b, 0o600)) }
	write("shop.yaml", shop.Map("sqlite"))
	write("avow.yaml", []byte("platforms:\n  - id: "+one+"\n    policy: "+one+".yaml\n    systems: [{kind: sqlite, map: shop.yaml, file: shop.db}]\n  - {id: "+two+", policy: "+two+".yaml}\n"))
	for _, id := range []string{one, two} {
		write(id+".yaml", []byte(strings.Replace(string(src), "platform: goscom-pro", "platform: "+id, 1)))
	}
	s.customers, err = shop.CreateSQLite(t.Context(), filepath.Join(dir, "shop.db"), 12)
	s.must(err)
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	s.server, err = avow.Open(t.Context(), c, avow.Options{Clock: s.clock.Now, Logger: slog.New(slog.NewJSONHandler(s.logs, nil))})
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

// A reader is a browser, of a colleague where id is set.
type reader struct {
	*site
	client *http.Client
	lang   string
	id     staff.ID
	login  string
	secret string
	seen   []string // every address
}

func (s *site) reader(lang string) *reader {
	jar, err := cookiejar.New(nil)
	s.must(err)
	r := &reader{site: s, client: &http.Client{Jar: jar}, lang: lang}
	r.client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		r.seen = append(r.seen, req.URL.String())
		return nil
	}
	return r
}

// colleague adds somebody with roles and signs them in on their platform.
func (s *site) colleague(name string, roles ...staff.Role) *reader {
	s.Helper()
	r := s.add(name, roles...)
	r.signIn(roles[0].Platform).is(http.StatusOK)
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

func (r *reader) signIn(platform string) *page {
	r.Helper()
	r.clock.Add(31 * time.Second) // a code signs in once
	code, err := totp.GenerateCode(r.secret, r.clock.Now())
	r.must(err)
	return r.post("/console/"+platform+"/sign-in", "login", r.login, "password", password, "code", code)
}

// A page is an answer.
type page struct {
	*site
	status int
	path   string // where redirects led
	header http.Header
	text   string
	root   *html.Node
}

func (r *reader) do(method, path string, form url.Values) *page {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.url+path, strings.NewReader(form.Encode()))
	r.must(err)
	req.Header.Set("Accept", "text/html,*/*")
	req.Header.Set("Accept-Language", r.lang)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.seen = append(r.seen, req.URL.String())
	res, err := r.client.Do(req)
	r.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	r.must(err)
	p := &page{site: r.site, status: res.StatusCode, path: res.Request.URL.Path, header: res.Header, text: string(b)}
	p.root, err = html.Parse(strings.NewReader(p.text))
	r.must(err)
	return p
}

func (r *reader) get(path string) *page { r.Helper(); return r.do("GET", path, nil) }

func (r *reader) post(path string, pairs ...string) *page {
	r.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.do("POST", path, form)
}

// all returns the elements of a name.
func (p *page) all(name string) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words is the text a reader sees.
func (p *page) words() string {
	var b strings.Builder
	for n := range p.root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (p *page) says(want ...string) *page {
	p.Helper()
	for _, w := range want {
		if !strings.Contains(p.words(), w) {
			p.Errorf("%s (%d) does not say %q", p.path, p.status, w)
		}
	}
	return p
}

func (p *page) lacks(not ...string) *page {
	p.Helper()
	for _, w := range not {
		if strings.Contains(p.text, w) {
			p.Errorf("%s says %q", p.path, w)
		}
	}
	return p
}

func (p *page) is(status int) *page {
	p.Helper()
	if p.status != status {
		p.Fatalf("%s: status %d, want %d: %s", p.path, p.status, status, p.words())
	}
	return p
}

// hidden returns the value of a field that is filled in.
func (p *page) hidden(name string) string {
	for _, n := range p.all("input") {
		if attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	return ""
}

// forms are where the forms of a page lead, by their last word.
func (p *page) forms() (out []string) {
	for _, n := range p.all("form") {
		action := attr(n, "action")
		out = append(out, action[strings.LastIndex(action, "/")+1:])
	}
	return out
}

// check looks at what every page has to be.
func (p *page) check(lang string) *page {
	p.Helper()
	if n := len(p.all("h1")); n != 1 {
		p.Errorf("%s has %d first headings", p.path, n)
	}
	if got := attr(p.all("html")[0], "lang"); got != lang {
		p.Errorf("%s is in %q, want %q", p.path, got, lang)
	}
	if len(p.text) > 60_000 {
		p.Errorf("%s has %d bytes: more than 60 KB", p.path, len(p.text))
	}
	if p.header.Get("Cache-Control") != "no-store" {
		p.Errorf("%s may be cached: %s", p.path, p.header.Get("Cache-Control"))
	}
	labels, ids, described := map[string]bool{}, map[string]int{}, []string{}
	for _, n := range p.all("label") {
		labels[attr(n, "for")] = true
	}
	for n := range p.root.Descendants() {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		described = append(described, strings.Fields(attr(n, "aria-describedby"))...)
		if attr(n, "style") != "" || n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script") {
			p.Errorf("%s has style or script in <%s>", p.path, n.Data)
		}
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "on") }) {
			p.Errorf("%s has a handler on <%s>", p.path, n.Data)
		}
		if slices.Contains([]string{"input", "select", "textarea"}, n.Data) && attr(n, "type") != "hidden" && !labels[attr(n, "id")] {
			p.Errorf("%s has a field %q without a label", p.path, attr(n, "name"))
		}
	}
	for id, n := range ids {
		if n > 1 {
			p.Errorf("%s has the id %s %d times", p.path, id, n)
		}
	}
	for _, id := range described {
		if ids[id] == 0 {
			p.Errorf("%s names a hint %s that is not there", p.path, id)
		}
	}
	if strings.Contains(p.text, "ZgotmplZ") || strings.Contains(p.text, "%!") || strings.Contains(p.text, "&lt;time") {
		p.Errorf("%s shows the workings of a template", p.path)
	}
	return p
}

// carry works through what a request has promised.
func (s *site) carry(path string) {
	s.Helper()
	s.must(s.platform().WorkUntil(s.Context(), rights.ID(path[strings.LastIndex(path, "/")+1:]), func(int, int) {}))
}
