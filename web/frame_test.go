package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/session"
	"github.com/avow-dev/avow/web"
)

// A stage is a frame without platforms, with a door of the test's.
type stage struct {
	*testing.T
	frame *web.Frame
	url   string
	clock *dbtest.Clock
	logs  *bytes.Buffer
}

func newStage(t *testing.T, change func(*web.Config), door http.Handler) *stage {
	t.Helper()
	s := &stage{T: t, clock: dbtest.NewClock(), logs: &bytes.Buffer{}}
	c := dbtest.Config(t, db.SQLite, db.Server)
	c.Clock = s.clock.Now
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	sessions, err := session.New(d)
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{Sessions: sessions, Secret: bytes.Repeat([]byte{7}, 32), Logger: slog.New(slog.NewJSONHandler(s.logs, nil))}
	if change != nil {
		change(&config)
	}
	if s.frame, err = web.New(config); err != nil {
		t.Fatal(err)
	}
	if door != nil {
		s.frame.Add(web.Door{Prefix: "/door/", Handler: door})
	}
	server := httptest.NewServer(s.frame.Handler())
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *stage) get(path string, header ...string) (*http.Response, string) {
	s.Helper()
	return s.send("GET", path, nil, header...)
}

func (s *stage) send(method, path string, body io.Reader, header ...string) (*http.Response, string) {
	s.Helper()
	r, err := http.NewRequest(method, s.url+path, body)
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(b)
}

func TestEveryAnswerHasTheHeadersOfSafety(t *testing.T) {
	s := newStage(t, func(c *web.Config) { c.Secure = true }, http.NotFoundHandler())
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/nothing", "/door/x", "/assets/none.css", "/favicon.ico", "/robots.txt"} {
		resp, _ := s.get(path)
		csp := resp.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("%s: %s", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if !strings.HasPrefix(resp.Header.Get("Strict-Transport-Security"), "max-age=63072000") || len(resp.Header.Get("Request-Id")) < 16 {
			t.Errorf("%s: %v", path, resp.Header)
		}
	}
	plain := newStage(t, nil, nil)
	if resp, _ := plain.get("/"); resp.Header.Get("Strict-Transport-Security") != "" {
		t.Error("a server without TLS tells browsers to stay with it")
	}
}

func TestPagesHaveNoCodeAndNoStyleInThem(t *testing.T) {
	s := newStage(t, nil, nil)
	for _, path := range []string{"/", "/?lang=zh-CN", "/nothing"} {
		_, page := s.get(path, "Accept", "text/html")
		for _, bad := range []string{"<script", "style=", "onclick", "javascript:"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
		for _, want := range []string{"<h1", `href="#main"`, `<main id="main"`, `lang="`, "<title>"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		for _, link := range regexp.MustCompile(`(?:href|src)="(/assets/[^"#]*)`).FindAllStringSubmatch(page, -1) {
			resp, _ := s.get(link[1])
			if resp.StatusCode != 200 || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d %s", link[1], resp.StatusCode, resp.Header.Get("Cache-Control"))
			}
		}
	}
	_, css := s.get(s.frame.Asset("avow.css"))
	if len(css) > 15<<10 {
		t.Errorf("the CSS has %d bytes", len(css))
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	got := 0
	s := newStage(t, nil, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got++ }))
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		if resp, _ := s.send("POST", "/door/x", strings.NewReader("a=b"), header...); resp.StatusCode != 403 {
			t.Errorf("%v: %d", header, resp.StatusCode)
		}
	}
	if got != 0 {
		t.Errorf("%d came through", got)
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", s.url}, nil} {
		if resp, _ := s.send("POST", "/door/x", strings.NewReader("a=b"), header...); resp.StatusCode != 200 {
			t.Errorf("%v: %d", header, resp.StatusCode)
		}
	}
}

func TestASignInIsOfOnePlatformAndOneKind(t *testing.T) {
	var s *stage
	mux := http.NewServeMux()
	mux.HandleFunc("POST /door/in", func(w http.ResponseWriter, r *http.Request) {
		if err := s.frame.SignIn(w, r, web.Person, "one", "sub_ann", time.Hour); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /door/out", func(w http.ResponseWriter, r *http.Request) {
		if err := s.frame.SignOut(w, r, web.Person, "one"); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /door/{platform}/{kind}", func(w http.ResponseWriter, r *http.Request) {
		who, ok := s.frame.Session(r, r.PathValue("kind"), r.PathValue("platform"))
		if ok {
			w.Write([]byte(who.Who))
		}
	})
	s = newStage(t, nil, mux)
	jar, _ := cookiejar.New(nil)
	client := http.Client{Jar: jar}
	who := func(path string) string {
		resp, err := client.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
	post := func(path string) *http.Response {
		resp, err := client.Post(s.url+path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	in := post("/door/in")
	cookie := in.Header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "sub_ann") || strings.Contains(cookie, "Domain") {
		t.Errorf("cookie %s", cookie)
	}
	if got := who("/door/one/person"); got != "sub_ann" {
		t.Errorf("signed in as %q", got)
	}
	for _, path := range []string{"/door/two/person", "/door/one/staff"} {
		if got := who(path); got != "" {
			t.Errorf("%s: %q", path, got)
		}
	}
	// The same bytes under the name of another platform's cookie are nothing.
	value := strings.SplitN(strings.SplitN(cookie, ";", 2)[0], "=", 2)
	stolen := strings.Replace(value[0], value[0][len(value[0])-8:], "3fc4ccfe", 1) // the first 4 bytes of SHA-256("two")
	if resp, body := s.get("/door/two/person", "Cookie", stolen+"="+value[1]); body != "" || resp.StatusCode != 200 {
		t.Errorf("with another platform's name: %q", body)
	}
	post("/door/out")
	if _, body := s.get("/door/one/person", "Cookie", value[0]+"="+value[1]); body != "" {
		t.Error("a cookie that was kept is good after signing out")
	}
	post("/door/in")
	if err := s.frame.EndSessions(t.Context(), web.Person, "one", "sub_ann"); err != nil {
		t.Fatal(err)
	}
	if got := who("/door/one/person"); got != "" {
		t.Error("signed in after all sessions ended")
	}
	post("/door/in")
	s.clock.Add(2 * time.Hour)
	if got := who("/door/one/person"); got != "" {
		t.Error("signed in after its end")
	}
}

func TestASecureServersCookieIsBoundToTheHost(t *testing.T) {
	var s *stage
	s = newStage(t, func(c *web.Config) { c.Secure = true }, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.frame.SignIn(w, r, web.Staff, "one", "stf_x", time.Hour)
	}))
	resp, _ := s.get("/door/x")
	if c := resp.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-avow-staff-") || !strings.Contains(c, "Secure") || !strings.Contains(c, "Path=/;") {
		t.Errorf("cookie %s", c)
	}
}

func TestProblemsSpeakToMachinesAndPeople(t *testing.T) {
	var s *stage
	kinds := map[string]fault.Kind{"invalid": fault.Invalid, "denied": fault.Denied, "not_found": fault.NotFound, "conflict": fault.Conflict, "busy": fault.Busy, "internal": fault.Internal}
	s = newStage(t, nil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := kinds[strings.TrimPrefix(r.URL.Path, "/door/")]
		if k == "" {
			panic("canary")
		}
		s.frame.Problem(w, r, fault.Wrap(k, io.ErrUnexpectedEOF, "what to do"))
	}))
	for kind, status := range map[string]int{"invalid": 422, "denied": 403, "not_found": 404, "conflict": 409, "busy": 503, "internal": 500, "panic": 500} {
		resp, body := s.get("/door/" + kind)
		if resp.StatusCode != status || resp.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, resp.Header.Get("Request-Id")) {
			t.Errorf("%s: %d %s", kind, resp.StatusCode, body)
		}
		page, text := s.get("/door/"+kind, "Accept", "text/html,*/*")
		if page.StatusCode != status || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || !strings.Contains(text, page.Header.Get("Request-Id")) || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", kind, page.StatusCode, page.Header.Get("Content-Type"))
		}
		if strings.Contains(body+text, "unexpected EOF") || strings.Contains(body+text, "canary") {
			t.Errorf("%s shows the operator's error", kind)
		}
	}
	if strings.Contains(s.logs.String(), "canary") {
		t.Error("the text of a panic stands in the log")
	}
}

func TestMetricsAreForOperators(t *testing.T) {
	s := newStage(t, func(c *web.Config) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		c.Operators = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	}, nil)
	for from, status := range map[string]int{"": 200, "10.1.2.3": 200, "203.0.113.9": 404, "10.1.2.3, 203.0.113.9": 404} {
		if resp, _ := s.get("/metrics", "X-Forwarded-For", from); resp.StatusCode != status {
			t.Errorf("from %q: %d", from, resp.StatusCode)
		}
	}
}

func TestTheAddressOfAClientIsNotTheirsToChoose(t *testing.T) {
	s := newStage(t, func(c *web.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }, nil)
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.5:99", "", "203.0.113.5"},
		{"203.0.113.5:99", "198.51.100.1", "203.0.113.5"}, // no proxy of ours: not believed
		{"10.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "192.0.2.1, 198.51.100.1", "198.51.100.1"}, // the nearest that is not ours
		{"10.0.0.1:99", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:99", "nonsense", "10.0.0.1"},
		{"[2001:db8:1:2:3::4]:99", "", "2001:db8:1:2::/64"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.frame.Client(r); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestALimitLetsABurstThroughAndNoMore(t *testing.T) {
	s := newStage(t, nil, nil)
	r := web.Rate{Each: time.Hour, Burst: 3}
	for i := range 5 {
		if got := s.frame.Limit("a", r); got != (i < 3) {
			t.Errorf("the %d. time: %v", i+1, got)
		}
	}
	if !s.frame.Limit("b", r) {
		t.Error("one key's limit is another's")
	}
}

func TestTheLanguageIsTheReaders(t *testing.T) {
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "en"},
		{"", "", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"},
		{"", "", "de,en;q=0.5", "en"},
		{"zh-CN", "", "en", "zh-CN"},
		{"", "zh-CN", "en", "zh-CN"},
		{"en", "zh-CN", "zh", "en"},
		{"xx", "", "zh", "zh-CN"},
		{"%00'\"", "", "zh", "zh-CN"},
	} {
		r := httptest.NewRequest("GET", "/?lang="+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "avow-lang", Value: c.cookie})
		}
		if got := web.Lang(r, []string{"en", "zh-CN"}); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestAFrameIsNotMadeOfWhatCannotBe(t *testing.T) {
	if _, err := web.New(web.Config{}); fault.Of(err) != fault.Invalid {
		t.Errorf("without sign-ins: %v", err)
	}
	for _, word := range []string{"api", "console", "log", "assets", "healthz"} {
		if !web.Reserved(word) {
			t.Errorf("a platform may be called %s", word)
		}
	}
}

func TestAPlatformsHostShowsNoOtherPlatform(t *testing.T) {
	said := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) })
	}
	s := newStage(t, func(c *web.Config) {
		c.Platforms = []*platform.Platform{platform.New(platform.Parts{ID: "one"}), platform.New(platform.Parts{ID: "two"})}
		c.Hosts = map[string]string{"one.example": "one"}
	}, nil)
	s.frame.Add(web.Door{Prefix: "/one/", Handler: said("1")}, web.Door{Prefix: "/two/", Handler: said("2")}, web.Door{Prefix: "/one/more/", Handler: said("more")},
		web.Door{Prefix: "/console/one/", Handler: said("staff of 1")}, web.Door{Prefix: "/console/two/", Handler: said("staff of 2")})
	ask := func(host, path string) (int, string) {
		r := httptest.NewRequest("GET", "http://"+host+path, nil)
		w := httptest.NewRecorder()
		s.frame.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, c := range []struct {
		host, path string
		status     int
		body       string
	}{
		{"one.example", "/one/x", 200, "1"},
		{"ONE.example:8470", "/one/x", 200, "1"},
		{"one.example", "/two/x", 404, ""},
		{"one.example", "/console/one/x", 200, "staff of 1"},
		{"one.example", "/console/two/x", 404, ""},
		{"one.example", "/console/two", 404, ""},
		{"other.example", "/console/two/x", 200, "staff of 2"},
		{"other.example", "/two/x", 200, "2"},
		{"other.example", "/one/more/x", 200, "more"},
		{"other.example", "/onemore", 404, ""},
		{"other.example", "/one", 301, ""},
		{"one.example", "/", 302, ""},
	} {
		if status, body := ask(c.host, c.path); status != c.status || c.body != "" && body != c.body {
			t.Errorf("%s%s: %d %s", c.host, c.path, status, body)
		}
	}
	if _, err := web.New(web.Config{Platforms: []*platform.Platform{platform.New(platform.Parts{ID: "api"})}}); fault.Of(err) != fault.Invalid {
		t.Errorf("a platform called api: %v", err)
	}
}
