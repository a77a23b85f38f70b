package banner_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/web/banner"
)

// A site is a server of one platform, and a browser.
type site struct {
	*testing.T
	server *avow.Server
	url    string
	http   *http.Client
}

func open(t *testing.T, name string) *site {
	t.Helper()
	s := &site{T: t}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile(name + ".yaml")
	s.must(err)
	s.must(os.WriteFile(filepath.Join(dir, "p.yaml"), src, 0o600))
	s.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte("platforms: [{id: "+name+", policy: p.yaml}]\n"), 0o600))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	s.server, err = avow.Open(context.Background(), c, avow.Options{Clock: dbtest.NewClock().Now, Logger: slog.New(slog.DiscardHandler)})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	h, err := s.server.Handler()
	s.must(err)
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	jar, err := cookiejar.New(nil)
	s.must(err)
	s.url, s.http = web.URL+"/"+name+"/cookies", &http.Client{Jar: jar}
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// send asks with headers, and returns status, header and body.
func (s *site) send(method, at, body string, header ...string) (int, http.Header, string) {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+at, strings.NewReader(body))
	s.must(err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a, err := s.http.Do(r)
	s.must(err)
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	s.must(err)
	return a.StatusCode, a.Header, string(b)
}

func (s *site) state(text string) (out banner.State) {
	s.Helper()
	s.must(json.Unmarshal([]byte(text), &out))
	return out
}

func TestLookingSetsNothingInABrowser(t *testing.T) {
	s := open(t, "go-soft")
	for _, at := range []string{"", ".json", "/avow-cookies.js", "/banner.css", "/beacons/visit/website.gif"} {
		status, h, _ := s.send("GET", at, "")
		if status != http.StatusOK || h.Get("Set-Cookie") != "" || h.Get("ETag") != "" {
			t.Errorf("%s: %d, %q, %q", at, status, h.Get("Set-Cookie"), h.Get("ETag"))
		}
	}
}

func TestAChoiceIsKeptByTheBrowserAndEndsWithItsClearing(t *testing.T) {
	s := open(t, "go-soft")
	_, _, page := s.send("POST", "/choose", "say=some&yes=cookies.habits")
	if !strings.Contains(page, "Your choice is kept") || !regexp.MustCompile(`value="cookies.habits" checked`).MatchString(page) {
		t.Fatal(page)
	}
	if st := s.state(third(s.send("GET", ".json", ""))); !st.Allowed["cookies.habits"] || st.Allowed["beacons.visit"] || st.Ask {
		t.Errorf("after a choice: %+v", st)
	}
	_, _, page = s.send("POST", "/clear", "")
	leave := regexp.MustCompile(`name="leave" value="([^"]+)"`).FindStringSubmatch(page)
	if leave == nil || !strings.Contains(page, "Signing in and everything behind it") {
		t.Fatal(page)
	}
	if _, _, page = s.send("POST", "/cleared", url.Values{"leave": {leave[1]}}.Encode()); !strings.Contains(page, "Records deleted: 1") {
		t.Error(page)
	}
	if st := s.state(third(s.send("GET", ".json", ""))); st.Allowed["cookies.habits"] || !st.Ask {
		t.Errorf("after clearing: %+v", st)
	}
}

func third(_ int, _ http.Header, text string) string { return text }

func TestABrowserThatTakesNoCookieIsToldWhatFails(t *testing.T) {
	s := open(t, "go-soft")
	s.http.Jar = nil
	_, _, page := s.send("POST", "/choose", "say=all", "Accept-Language", "zh-CN")
	if !strings.Contains(page, "您的浏览器不接受 Cookie") || !strings.Contains(page, "登录及登录后的功能") {
		t.Error(page)
	}
}

func TestTheSignalIsHonouredAndTheBrowserIsToldSo(t *testing.T) {
	s := open(t, "example-company")
	s.send("POST", "/choose", "say=all")
	_, _, page := s.send("GET", "", "", "Sec-GPC", "1")
	if !strings.Contains(page, "Global Privacy Control") {
		t.Error("the page does not say that the signal is honoured")
	}
	st := s.state(third(s.send("GET", ".json", "", "Sec-GPC", "1")))
	if st.Allowed["cookies.adverts"] || st.Allowed["cookies.statistics"] || !st.Allowed["cookies.preferences"] || !st.GPC {
		t.Errorf("under the signal: %+v", st.Allowed)
	}
	if st := s.state(third(s.send("GET", ".json", "", "Sec-GPC", "true"))); !st.Allowed["cookies.adverts"] {
		t.Error("a header of another value is the signal")
	}
	s.send("POST", "/choose", "say=all", "Sec-GPC", "1")
	if st := s.state(third(s.send("GET", ".json", "", "Sec-GPC", "1"))); !st.Allowed["cookies.adverts"] {
		t.Error("a yes that was said under the signal does not stand")
	}
}

// A page of another site sends for its own browser: no cookie of this host counts.
func TestAnotherSiteSpeaksForItsOwnBrowserAlone(t *testing.T) {
	s := open(t, "go-soft")
	s.send("POST", "/choose", "say=all")
	cross := []string{"Content-Type", "text/plain", "Origin", "https://www.company.example", "Sec-Fetch-Site", "cross-site"}
	status, h, text := s.send("POST", ".json", `{}`, cross...)
	st := s.state(text)
	if status != http.StatusOK || st.Allowed["cookies.habits"] || !st.Ask || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Set-Cookie") != "" {
		t.Errorf("%d, %v, %q: the cookie of this host was looked at", status, st.Allowed, h.Get("Set-Cookie"))
	}
	st = s.state(third(s.send("POST", ".json", `{"say": true, "yes": ["cookies.habits"]}`, cross...)))
	if st.Choice == nil || !strings.HasPrefix(*st.Choice, "1~") || !st.Allowed["cookies.habits"] || st.Until == nil {
		t.Fatalf("%+v", st)
	}
	again := s.state(third(s.send("POST", ".json", `{"choice": "`+*st.Choice+`"}`, cross...)))
	if !again.Allowed["cookies.habits"] || again.Allowed["cookies.preferences"] {
		t.Errorf("its own choice is not known again: %v", again.Allowed)
	}
	s.send("POST", ".json", `{"forget": true, "choice": "`+*st.Choice+`"}`, cross...)
	if gone := s.state(third(s.send("POST", ".json", `{"choice": "`+*st.Choice+`"}`, cross...))); gone.Allowed["cookies.habits"] || !gone.Ask {
		t.Errorf("after forgetting: %v", gone.Allowed)
	}
	for at, body := range map[string]string{"/choose": "say=all", "/clear": "", "/cleared": ""} {
		if status, _, _ := s.send("POST", at, body, cross[2:]...); status != http.StatusForbidden {
			t.Errorf("%s may be sent from another site: %d", at, status)
		}
	}
	for _, bad := range []string{"", "[]", "{", strings.Repeat(" ", 20_000)} {
		if status, _, _ := s.send("POST", ".json", bad, cross...); status != http.StatusUnprocessableEntity {
			t.Errorf("%.10q is answered with %d", bad, status)
		}
	}
}

func TestABeaconGivesAPictureAndCountsOnlyWhatItMay(t *testing.T) {
	s := open(t, "buygogo")
	p, err := s.server.Platform("")
	s.must(err)
	count := func() (n int64) {
		list, err := p.Visits(t.Context(), "page-pixel", dbtest.Start().AddDate(0, 0, -1), dbtest.Start().AddDate(0, 0, 2))
		s.must(err)
		for _, v := range list {
			n += v.Visits
		}
		return n
	}
	get := func(at string, want int, visits int64) {
		t.Helper()
		if status, h, _ := s.send("GET", at, ""); status != want || want == 200 && h.Get("Content-Type") != "image/gif" || count() != visits {
			t.Errorf("%s: %d, and %d visits", at, status, count())
		}
	}
	get("/beacons/page-pixel/beacon.gif", 200, 0)
	s.send("POST", "/choose", "say=all")
	get("/beacons/page-pixel/beacon.gif", 200, 1)
	get("/beacons/page-pixel/beacon.gif?who=lin", 200, 1)
	get("/beacons/page-pixel/support.gif", 404, 1)
	get("/beacons/other/beacon.gif", 404, 1)
	s.send("POST", "/choose", "say=none")
	get("/beacons/page-pixel/beacon.gif", 200, 1)
}

func TestTheScriptIsSmallAndNeedsNoLeaveOfACSP(t *testing.T) {
	for file, most := range map[string]int{"assets/avow-cookies.js": 6 << 10, "assets/banner.css": 2 << 10} {
		b, err := os.ReadFile(file)
		if err != nil || len(b) > most {
			t.Errorf("%s has %d bytes: %v", file, len(b), err)
		}
		for _, bad := range []string{"eval(", "innerHTML", ".style", "new Function", "localStorage.setItem", "http://"} {
			if strings.Contains(string(b), bad) {
				t.Errorf("%s holds %s", file, bad)
			}
		}
	}
}
