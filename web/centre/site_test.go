package centre_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/session"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
	"github.com/avow-dev/avow/web/centre"
)

const (
	one  = "goscom-pro"
	two  = "goscom-two"
	lin  = "lin.wei@example.cn"
	mei  = "mei@example.cn"
	nick = "林小溪"

	refused = "refused@example.cn"
)

// A site is a server with two platforms, their centres, and a mailbox.
type site struct {
	*testing.T
	server *avow.Server
	clock  *dbtest.Clock
	mail   *notice.Mailbox
	url    string
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, clock: dbtest.NewClock()}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	config := "platforms:\n"
	for _, id := range []string{one, two} {
		s.must(os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(strings.Replace(string(src), "platform: goscom-pro", "platform: "+id, 1)), 0o600))
		config += "  - {id: " + id + ", policy: " + id + ".yaml}\n"
	}
	s.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte(config), 0o600))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	ctx := context.Background()
	s.server, err = avow.Open(ctx, c, avow.Options{Clock: s.clock.Now})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	store, err := db.Open(ctx, db.Config{Engine: db.SQLite, Store: db.Server, File: filepath.Join(dir, "sessions.db"), Clock: s.clock.Now})
	s.must(err)
	t.Cleanup(func() { store.Close() })
	sessions, err := session.New(store)
	s.must(err)
	frame, err := web.New(web.Config{Platforms: s.server.Platforms(), Sessions: sessions, Secret: []byte(strings.Repeat("s", 32)), Logger: slog.New(slog.DiscardHandler)})
	s.must(err)
	s.mail = notice.NewMailbox(100, s.clock.Now)
	for _, p := range s.server.Platforms() {
		frame.Add(centre.New(centre.Config{Frame: frame, Platform: p, Mail: s, URL: "https://privacy.example"}).Door())
	}
	web := httptest.NewServer(frame.Handler())
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

// Send is the mail server: it refuses one address, as servers of mail do that
// know their own people.
func (s *site) Send(ctx context.Context, m notice.Message) error {
	if m.To.Reveal() == refused {
		return fault.New(fault.Invalid, "that address cannot be written to")
	}
	return s.mail.Send(ctx, m)
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) platform(id string) *avow.Platform {
	p, err := s.server.Platform(id)
	s.must(err)
	return p
}

// register enters somebody with an address and a nickname.
func (s *site) register(id, email, nickname string) subject.ID {
	s.Helper()
	sub, refusals, err := s.platform(id).Register(s.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{
			{Item: "account.email", Value: email, Voluntary: true},
			{Item: "account.nickname", Value: nickname, Voluntary: true},
			{Item: "account.phone", Value: "+8613912345678", Voluntary: true},
		},
	})
	s.must(err)
	if len(refusals) > 0 {
		s.Fatal(refusals[0].Text)
	}
	return sub
}

// A reader is a browser.
type reader struct {
	*site
	client *http.Client
	lang   string
}

func (s *site) reader(lang string) *reader {
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &reader{s, &http.Client{Jar: jar}, lang}
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
		form.Set(pairs[i], pairs[i+1])
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

// hidden returns the value of a hidden field.
func (p *page) hidden(name string) string {
	for _, n := range p.all("input") {
		if attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	return ""
}

var six = regexp.MustCompile(`\b[0-9]{6}\b`)

// code is the code of the newest mail.
func (s *site) code() string {
	s.Helper()
	list := s.mail.Messages()
	if len(list) == 0 {
		s.Fatal("no mail came")
	}
	return six.FindString(list[0].Body)
}

// signIn signs in by a mailed code.
func (r *reader) signIn(id, email string) *page {
	r.Helper()
	r.clock.Add(11 * time.Minute) // codes of an address are few
	p := r.post("/"+id+"/sign-in", "address", email).is(http.StatusOK)
	return r.post("/"+id+"/sign-in/code", "at", p.hidden("at"), "next", p.hidden("next"), "code", r.code()).is(http.StatusOK)
}

// check looks at what every page has to be.
func (p *page) check(lang string) {
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
	labels := map[string]bool{}
	for _, n := range p.all("label") {
		labels[attr(n, "for")] = true
	}
	ids := map[string]int{}
	for n := range p.root.Descendants() {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if attr(n, "style") != "" || n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script") {
			p.Errorf("%s has style or script in <%s>", p.path, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				p.Errorf("%s has %s on <%s>", p.path, a.Key, n.Data)
			}
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
	if strings.Contains(p.text, "ZgotmplZ") || strings.Contains(p.text, "%!") || strings.Contains(p.text, "&lt;time") {
		p.Errorf("%s shows the workings of a template", p.path)
	}
}
