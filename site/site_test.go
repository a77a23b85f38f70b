package site_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/site"
)

func pack(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// agreed reports whether a request comes from a browser that said yes.
func agreed(r *http.Request) bool {
	c, err := r.Cookie("avow-cookies")
	return err == nil && c.Value == "yes"
}

func check(t *testing.T, name string, h http.HandlerFunc) *site.Report {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	r, err := site.Check(t.Context(), site.Options{
		Policy: pack(t, name), URLs: []string{s.URL + "/"}, Local: true, Now: time.Unix(1_800_000_000, 0),
		No: site.Consent{Name: "avow-cookies", Value: "no"}, Yes: site.Consent{Name: "avow-cookies", Value: "yes"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func page(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, "<!doctype html><title>x</title>", body)
}

func TestASiteThatDoesAsDeclaredHasNoFinding(t *testing.T) {
	var n atomic.Int64
	r := check(t, "go-soft", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Add("Set-Cookie", fmt.Sprintf("__Host-session=%032d; Path=/; Secure; HttpOnly; SameSite=Lax", n.Add(1)))
		if agreed(q) {
			w.Header().Add("Set-Cookie", "habits=a1.b2; Max-Age=7776000; Path=/; SameSite=Lax")
			page(w, `<a href="/more">more</a><img src="/go-soft/cookies/beacons/visit/website.gif" width=1 height=1><script>localStorage.setItem("preferences-store", "dark")</script>`)
			return
		}
		page(w, `<a href="/more">more</a><script type="text/plain" data-cookie="cookies.habits" src="https://elsewhere.example/x.js"></script>`)
	})
	if len(r.Findings) > 0 || r.Pages != 2 {
		t.Errorf("%d pages, %+v", r.Pages, r.Findings)
	}
	for _, want := range []string{"session", "habits", "visit", "preferences-store"} {
		if !slices.ContainsFunc(r.Seen, func(s site.Seen) bool { return s.Declared == want && s.Class != "" }) {
			t.Errorf("%s was not seen: %+v", want, r.Seen)
		}
	}
}

func TestWhatIsNotAsDeclaredIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		pack string
		h    http.HandlerFunc
		want string // code visit
	}{
		"an unknown cookie":       {"go-soft", sets("_ga=GA1; Max-Age=60"), "cookie.undeclared without"},
		"optional, before a yes":  {"go-soft", sets("habits=x; Max-Age=60"), "cookie.refused no"},
		"longer than declared":    {"go-soft", sets("session=x; Max-Age=60"), "cookie.lifetime without"},
		"an Expires too far away": {"apsgo", sets("cart=3; Expires=Fri, 31 Dec 2100 23:59:59 GMT"), "cookie.lifetime without"},
		"for other hosts":         {"go-soft", sets("session=x; Domain=.example.com"), "cookie.site without"},
		"over sites":              {"go-soft", sets("session=x; SameSite=None; Secure"), "cookie.site without"},
		"with an address in it":   {"go-soft", sets("session=lin%40mail.example"), "cookie.content without"},
		"one number for all":      {"apsgo", sets("sign-in=0123456789abcdef; Max-Age=60"), "cookie.shared-value without"},
		"an unknown pixel":        {"go-soft", shows(`<noscript><img src="https://t.example/p.gif?u=1" height="1" width="1"></noscript>`), "beacon.undeclared without"},
		"a hidden picture":        {"go-soft", shows(`<img src="https://t.example/p.gif" style="display: none">`), "beacon.undeclared without"},
		"a script of others":      {"go-soft", shows(`<script src="https://t.example/t.js"></script>`), "beacon.undeclared without"},
		"a script that reports":   {"go-soft", shows(`<script>navigator.sendBeacon('/collect', x)</script>`), "beacon.undeclared without"},
		"a beacon before a yes":   {"go-soft", shows(`<img src="/go-soft/cookies/beacons/visit/website.gif" width=1 height=1>`), "cookie.refused no"},
		"a beacon on other pages": {"go-soft", shows(`<img src="/go-soft/cookies/beacons/visit/feedback.gif" width=1 height=1>`), "beacon.page without"},
		"a beacon that tells":     {"go-soft", shows(`<img src="/go-soft/cookies/beacons/visit/website.gif?account=7" width=1 height=1>`), "beacon.carries without"},
		"an unknown store":        {"go-soft", shows(`<script>window.localStorage["fingerprint"] = 1</script>`), "cookie.undeclared "},
		"an unknown script cookie": {"go-soft", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/a.js" {
				fmt.Fprint(w, `document.cookie = "track=" + Math.random()`)
				return
			}
			page(w, `<script src="/a.js"></script>`)
		}, "cookie.undeclared "},
		"a page only for browsers with cookies": {"go-soft", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/shut" && !agreed(r) {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			page(w, `<a href="/shut">shut</a>`)
		}, "site.needs-cookies without"},
		"an id in addresses": {"go-soft", shows(`<a href="/a;jsessionid=0815">a</a>`), "site.recognises without"},
		"an ETag for each": {"go-soft", func() http.HandlerFunc {
			var n atomic.Int64
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", fmt.Sprintf(`"%d"`, n.Add(1)))
				page(w, "the same")
			}
		}(), "site.recognises without"},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, c.pack, c.h)
			if !slices.ContainsFunc(r.Findings, func(f site.Finding) bool {
				return string(f.Code)+" "+f.Visit == c.want && f.Control != "" && f.Text != ""
			}) {
				t.Errorf("want %s, found %+v", c.want, r.Findings)
			}
			for _, f := range r.Findings {
				if strings.Contains(f.Text, "lin@") || strings.Contains(f.Text, "0123456789abcdef") {
					t.Errorf("a finding repeats a value: %s", f.Text)
				}
			}
		})
	}
}

func sets(cookie string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", cookie)
		page(w, "")
	}
}

func shows(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { page(w, body) }
}

func TestACookieThatIsTakenAwayIsNoFinding(t *testing.T) {
	r := check(t, "go-soft", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "_ga=; Max-Age=0")
		w.Header().Add("Set-Cookie", "old=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
		page(w, "")
	})
	if len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	s := httptest.NewServer(shows("inside"))
	t.Cleanup(s.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	for _, address := range []string{s.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://0.0.0.0:" + port, "http://169.254.169.254/", "http://10.0.0.1/", "http://[::ffff:127.0.0.1]:" + port} {
		_, err := site.Check(t.Context(), site.Options{Policy: pack(t, "go-soft"), URLs: []string{address}})
		if fault.Of(err) != fault.Denied {
			t.Errorf("%s is answered with %v", address, err)
		}
	}
}

func TestAnotherSiteIsNotFollowed(t *testing.T) {
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(other.Close)
	r := check(t, "go-soft", func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/away" {
			http.Redirect(w, q, other.URL, http.StatusFound)
			return
		}
		page(w, `<a href="/away">a</a><a href="`+other.URL+`">b</a>`)
	})
	if asked.Load() != 0 || len(r.Findings) > 0 {
		t.Errorf("another site was asked %d times; %+v", asked.Load(), r.Findings)
	}
}

func TestAnAddressThatIsNoneIsSaidSo(t *testing.T) {
	for _, list := range [][]string{nil, {"ftp://x"}, {"/page"}, {"http://user:pw@x/"}, {"http://a/", "http://b/"}} {
		if _, err := site.Check(context.Background(), site.Options{URLs: list}); fault.Of(err) != fault.Invalid || strings.Contains(err.Error(), "pw") {
			t.Errorf("%v is answered with %v", list, err)
		}
	}
}

func FuzzAPageIsReadWithoutHarm(f *testing.F) {
	f.Add(`<img width=1 height=1 src="//x/%zz"><script>localStorage.a=1;new Image().src="x"</script><a href=";jsessionid=1">`)
	at, err := url.Parse("https://www.example.com/a/b")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range []site.Found{site.Scan(at, []byte(text)), site.ScanScript(at, text)} {
			for _, l := range found.Loads {
				if l.URL.Scheme != "http" && l.URL.Scheme != "https" {
					t.Errorf("loads %s", l.URL)
				}
			}
		}
	})
}
