package world_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
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
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"
	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
)

// doors is a whole server with two platforms, a mailbox, and its real handler.
type doors struct {
	*testing.T
	dir    string
	server *avow.Server
	clock  *dbtest.Clock
	mail   *notice.Mailbox
	url    string
}

const (
	here  = "goscom-pro"
	there = "goscom-two"
)

func openDoors(t *testing.T) *doors {
	t.Helper()
	d := &doors{T: t, dir: t.TempDir(), clock: dbtest.NewClock()}
	d.mail = notice.NewMailbox(100, d.clock.Now)
	src, err := policies.Files.ReadFile(here + ".yaml")
	d.must(err)
	text := "platforms:\n"
	for _, id := range []string{here, there} {
		d.must(os.WriteFile(filepath.Join(d.dir, id+".yaml"), []byte(strings.Replace(string(src), "platform: "+here, "platform: "+id, 1)), 0o600))
		text += "  - {id: " + id + ", policy: " + id + ".yaml}\n"
	}
	d.must(os.WriteFile(filepath.Join(d.dir, "avow.yaml"), []byte(text), 0o600))
	c, err := avow.ReadConfig(filepath.Join(d.dir, "avow.yaml"))
	d.must(err)
	d.server, err = avow.Open(context.Background(), c, avow.Options{Clock: d.clock.Now, Logger: slog.New(slog.DiscardHandler), Mail: d.mail, Passwords: staff.Light()})
	d.must(err)
	t.Cleanup(func() { d.must(d.server.Close()) })
	h, err := d.server.Handler()
	d.must(err)
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	d.url = web.URL
	return d
}

func (d *doors) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// register enters somebody on a platform.
func (d *doors) register(platform, email string) {
	d.Helper()
	p, err := d.server.Platform(platform)
	d.must(err)
	_, refusals, err := p.Register(d.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.email", Value: email, Voluntary: true}},
	})
	d.must(err)
	if len(refusals) > 0 {
		d.Fatal(refusals[0].Text)
	}
}

// An echo is an answer, without what is different each time.
type echo struct {
	Status   int
	Location string
	Body     string
}

var (
	changing = regexp.MustCompile(`[0-9a-z]{26}|[A-Za-z0-9_-]{40,}(\.[A-Za-z0-9_-]+)?|at=[^&"]+|\b[A-Z2-7]{16}\b`) // ids, tokens, times, numbers of requests
	sixDigit = regexp.MustCompile(`\b[0-9]{6}\b`)
)

func (d *doors) send(client *http.Client, method, path string, form url.Values, cookies ...string) echo {
	d.Helper()
	r, err := http.NewRequestWithContext(d.Context(), method, d.url+path, strings.NewReader(form.Encode()))
	d.must(err)
	r.Header.Set("Accept", "text/html,*/*")
	r.Header.Set("Accept-Language", "en")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if len(cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	res, err := client.Do(r)
	d.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	d.must(err)
	return echo{res.StatusCode, changing.ReplaceAllString(res.Header.Get("Location"), "*"), changing.ReplaceAllString(string(b), "*")}
}

// plain follows no redirect and keeps no cookie.
func plain() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// browser keeps cookies and follows redirects.
func (d *doors) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	d.must(err)
	return &http.Client{Jar: jar}
}

// cookies returns what a browser holds for a path, and the same under the names
// that the other platform would give.
func (d *doors) cookies(b *http.Client, path string) (out []string) {
	d.Helper()
	at, err := url.Parse(d.url + path)
	d.must(err)
	for _, c := range b.Jar.Cookies(at) {
		out = append(out, c.Name+"="+c.Value)
		if other := strings.ReplaceAll(c.Name, here, there); other != c.Name {
			out = append(out, other+"="+c.Value)
		}
	}
	if len(out) == 0 {
		d.Fatal("nobody is signed in: the test proves nothing")
	}
	return out
}

// person signs somebody in on the first platform, by the code in the mail.
func (d *doors) person(email string) *http.Client {
	d.Helper()
	b := d.browser()
	form := func(pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	step := &http.Client{Jar: b.Jar, CheckRedirect: plain().CheckRedirect}
	r, err := step.PostForm(d.url+"/"+here+"/sign-in", form("address", email))
	d.must(err)
	r.Body.Close()
	to, err := url.Parse(r.Header.Get("Location"))
	d.must(err)
	code := sixDigit.FindString(d.mail.Messages()[0].Body)
	r, err = step.PostForm(d.url+"/"+here+"/sign-in/code", form("at", to.Query().Get("at"), "code", code))
	d.must(err)
	r.Body.Close()
	return b
}

// colleague signs a member of staff in on the first platform, with every role of it.
func (d *doors) colleague() *http.Client {
	d.Helper()
	const password = "correct horse battery staple"
	roles := []staff.Role{{Platform: here, Name: staff.Admin}}
	p, err := d.server.Platform(here)
	d.must(err)
	for _, r := range p.Policy().Roles() {
		roles = append(roles, staff.Role{Platform: here, Name: r.Name})
	}
	_, e, err := d.server.Staff().Add(d.Context(), staff.New{
		Login: avow.NewPersonal("ann@staff.example"), Name: avow.NewPersonal("Ann"), Password: avow.NewPersonal(password), Roles: roles,
	})
	d.must(err)
	u, err := url.Parse(e.URL.Reveal())
	d.must(err)
	d.clock.Add(31 * time.Second)
	code, err := totp.GenerateCode(u.Query().Get("secret"), d.clock.Now())
	d.must(err)
	b := d.browser()
	r, err := b.PostForm(d.url+"/console/"+here+"/sign-in", url.Values{"login": {"ann@staff.example"}, "password": {password}, "code": {code}})
	d.must(err)
	r.Body.Close()
	return b
}

var isRoute = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) ([^ /][^ ]*)$`)

// routes reads the patterns of a door out of its source, so that a route that is
// added is tried as well.
func routes(t *testing.T, folder string) (out [][2]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "web", folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && isRoute.MatchString(text) {
					m := isRoute.FindStringSubmatch(text)
					path := strings.NewReplacer("{$}", "", "{request}", "req_"+strings.Repeat("0", 26), "{entry}", "1", "{number}", "1", "{at}", "x").Replace(m[2])
					if strings.HasSuffix(path, "/") {
						path += "approve"
					}
					out = append(out, [2]string{m[1], path})
				}
			}
			return true
		})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
	return slices.Compact(out)
}

func TestWhoIsSignedInOnOnePlatformIsNobodyOnTheOther(t *testing.T) {
	d := openDoors(t)
	d.register(here, "lin@mail.example")
	d.register(there, "lin@mail.example")
	person, colleague := d.person("lin@mail.example"), d.colleague()
	own, work := d.cookies(person, "/"+here+"/me"), d.cookies(colleague, "/console/"+here+"/")
	if e := d.send(plain(), "GET", "/"+here+"/me", nil, own...); e.Status != http.StatusOK {
		t.Fatalf("the person is nobody at home: %+v", e)
	}
	if e := d.send(plain(), "GET", "/console/"+here+"/requests", nil, work...); e.Status != http.StatusOK {
		t.Fatalf("the colleague is nobody at home: %+v", e)
	}
	for _, c := range []struct {
		folder, base string
		least        int
	}{{"centre", "/" + there + "/", 25}, {"console", "/console/" + there + "/", 20}} {
		list := routes(t, c.folder)
		if len(list) < c.least {
			t.Fatalf("%s has %d routes only", c.folder, len(list))
		}
		for i, r := range list {
			if i%5 == 0 {
				d.fresh()
			}
			path := c.base + r[1]
			nobody := d.send(plain(), r[0], path, nil)
			for who, cookies := range map[string][]string{"a person": own, "a colleague": work, "both": slices.Concat(own, work)} {
				if diff := cmp.Diff(nobody, d.send(plain(), r[0], path, nil, cookies...)); diff != "" {
					t.Errorf("%s %s: %s of the other platform is somebody (-nobody):\n%s", r[0], path, who, diff)
				}
			}
		}
	}
}

func TestNoSessionOpensTheAPI(t *testing.T) {
	d := openDoors(t)
	d.register(here, "lin@mail.example")
	cookies := slices.Concat(d.cookies(d.person("lin@mail.example"), "/"+here+"/me"), d.cookies(d.colleague(), "/console/"+here+"/"))
	r, err := http.Get(d.url + "/api/openapi.json")
	d.must(err)
	defer r.Body.Close()
	var document struct {
		Paths map[string]map[string]any
	}
	d.must(json.NewDecoder(r.Body).Decode(&document))
	n := 0
	for path, item := range document.Paths {
		for method := range item {
			if n++; n%15 == 0 {
				d.fresh()
			}
			full := "/api" + strings.NewReplacer("{platform}", here, "{subject}", "sub_"+strings.Repeat("0", 26),
				"{request}", "req_"+strings.Repeat("0", 26), "{entry}", "1", "{promise}", "C-000", "{item}", "x").Replace(path)
			if e := d.send(plain(), strings.ToUpper(method), full, nil, cookies...); e.Status != http.StatusUnauthorized {
				t.Errorf("%s %s: %d", method, full, e.Status)
			}
		}
	}
	if n < 25 {
		t.Errorf("the document has %d operations only", n)
	}
}

// fresh puts a new web server before the same stores, whose limits are full.
func (d *doors) fresh() {
	d.Helper()
	h, err := d.server.Handler()
	d.must(err)
	web := httptest.NewServer(h)
	d.Cleanup(web.Close)
	d.url = web.URL
}

// Nothing about a person may decide what a sign-in does before the code is typed:
// not what it answers, nor what it writes, mails, or looks up. The last is shown
// by taking every table about people away.
func TestAKnownAndAnUnknownAddressCannotBeToldApart(t *testing.T) {
	d := openDoors(t)
	d.register(here, "known@mail.example")
	begin := func(address string) (e echo, mail string) {
		t.Helper()
		before := len(d.mail.Messages())
		e = d.send(plain(), "POST", "/"+here+"/sign-in", url.Values{"address": {address}})
		list := d.mail.Messages()
		if len(list) != before+1 {
			t.Fatalf("%d mails were sent", len(list)-before)
		}
		return e, sixDigit.ReplaceAllString(list[0].Body, "*")
	}
	same := func(when string) {
		t.Helper()
		known, mailed := begin("known@mail.example")
		unknown, also := begin("nobody@mail.exampl")
		if known.Status != http.StatusSeeOther || cmp.Diff(known, unknown) != "" {
			t.Errorf("%s: %s", when, cmp.Diff(known, unknown))
		}
		if diff := cmp.Diff(mailed, also); diff != "" {
			t.Errorf("%s: the mails differ:\n%s", when, diff)
		}
	}
	same("with the tables")
	conn, err := sqlite3.Open(filepath.Join(d.dir, "data", here+".data.db"))
	d.must(err)
	defer conn.Close()
	for _, table := range []string{"identifier", "subject", "vault_row", "suppression"} {
		d.must(conn.Exec("ALTER TABLE " + table + " RENAME TO hidden_" + table))
	}
	same("without the tables about people")
	for _, table := range []string{"identifier", "subject", "vault_row", "suppression"} {
		d.must(conn.Exec("ALTER TABLE hidden_" + table + " RENAME TO " + table))
	}
	// Wrong codes are answered alike, too.
	tries := map[string]echo{}
	for _, address := range []string{"known@mail.example", "nobody@mail.exampl"} {
		r, err := plain().PostForm(d.url+"/"+here+"/sign-in", url.Values{"address": {address}})
		d.must(err)
		r.Body.Close()
		to, err := url.Parse(r.Header.Get("Location"))
		d.must(err)
		tries[address] = d.send(plain(), "POST", "/"+here+"/sign-in/code", url.Values{"at": {to.Query().Get("at")}, "code": {"000000"}})
	}
	if diff := cmp.Diff(tries["known@mail.example"], tries["nobody@mail.exampl"]); diff != "" {
		t.Errorf("a wrong code: %s", diff)
	}
}
