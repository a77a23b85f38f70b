package banner_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/avow-dev/avow/internal/browser"
)

// storefront is somebody else's page, on another host than the server, under a strict
// policy: it asks by the script, and what waits for a yes stands on it.
func (s *site) storefront() (url string) {
	s.Helper()
	host := strings.TrimSuffix(s.url, "/example-company/cookies")
	page := `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/shop.css"><script src="` + s.url + `/avow-cookies.js" defer></script></head><body><main><h1>A shop</h1><p><a href="/other">Tea</a></p>
<script type="text/plain" data-cookie="cookies.statistics" data-src="/statistics.js"></script>
<script type="text/plain" data-cookie="cookies.adverts" data-src="/adverts.js"></script></main></body></html>`
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, script := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".js")
		if script { // what third parties do
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprintf(w, `document.cookie = "%s=1; Path=/"; document.querySelector("main").append("%s runs. ")`, name, name)
			return
		}
		if name == "shop.css" {
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, ":focus-visible{outline:3px solid #00f} input:focus-visible{outline-offset:2px}")
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; script-src 'self' "+host+"; style-src 'self' "+host+"; connect-src "+host)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	web.Listener.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	web.Listener = l
	web.Start()
	s.Cleanup(web.Close)
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)
}

// asks opens the shop and waits for the question.
func asks(t *browser.Tab) *browser.Tab {
	t.Helper()
	t.Open("/").Until("the question", func() bool { return strings.Contains(t.Words(), "Refuse all") })
	return t
}

// settled waits until the question is gone and the answer kept.
func settled(t *browser.Tab) {
	t.Helper()
	t.Until("an answer", func() bool {
		return !strings.Contains(t.Words(), "Refuse all") && strings.Contains(t.Jar(), "avow-cookies=")
	})
}

func TestTheScriptKeepsOutWhatIsRefusedOnAShopOfAnotherHost(t *testing.T) {
	b := browser.Start(t)
	url := open(t, "example-company").storefront()
	for _, width := range []int64{1280, 360} {
		tab := asks(b.Tab(t, url, browser.View{Lang: "en", Width: width}))
		tab.Lacks("runs.").Says("Allow all", "Choose")
		for _, wrong := range tab.Rules() {
			t.Errorf("the question at %d: %s", width, wrong)
		}
		tab.Unfold("Choose").Until("the boxes", func() bool { return strings.Contains(tab.Words(), "Marketing: Advertising") })
		for _, wrong := range tab.Rules() {
			t.Errorf("the boxes at %d: %s", width, wrong)
		}
		tab.Unfold("Refuse all")
		settled(tab)
		tab.Open("/").Lacks("runs.")
		if jar := tab.Jar(); strings.Contains(jar, "statistics=") || strings.Contains(jar, "adverts=") {
			t.Errorf("refused, and there is %q", jar)
		}
	}
}

// Only with the keyboard: Tab reaches the question first, each kind has a box.
func TestOneKindIsLetInByTheKeyboardAlone(t *testing.T) {
	url := open(t, "example-company").storefront()
	tab := asks(browser.Start(t).Tab(t, url, browser.View{Lang: "en", Width: 360}))
	for _, want := range []string{"Allow all", "Refuse all", "Choose"} {
		if got := tab.Keys(kb.Tab).Focused(); got != want {
			t.Errorf("the key Tab leads to %q, want %q", got, want)
		}
	}
	tab.Keys(kb.Enter).Until("the boxes", func() bool { return strings.HasPrefix(tab.Focused(), "Functional") })
	if got := tab.Keys(kb.Tab).Focused(); !strings.HasPrefix(got, "Performance") {
		t.Errorf("the second box is %q", got)
	}
	tab.Keys(" " + kb.Tab + kb.Tab + kb.Enter) // tick, past marketing, save
	settled(tab)
	tab.Until("what was let in", func() bool { return strings.Contains(tab.Words(), "statistics runs.") })
	if jar := tab.Jar(); !strings.Contains(jar, "statistics=1") || strings.Contains(jar, "adverts=") {
		t.Errorf("statistics alone was let in, and there is %q", jar)
	}
	tab.Lacks("adverts runs.").Open("/").Until("what was let in", func() bool { return strings.Contains(tab.Words(), "statistics runs.") })
	tab.Lacks("adverts runs.", "Refuse all")
}
