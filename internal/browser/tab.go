package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// A View is how a tab shows pages.
type View struct {
	Lang      string // of the browser: en, zh-CN
	Dark      bool
	Width     int64 // in CSS pixels; 0 is 1280
	NoScripts bool
	Address   string // of the client, as a proxy in front of the server says it
}

// A Tab is a window with cookies of its own.
type Tab struct {
	testing.TB
	View View
	URL  string // of the server, without a slash at the end

	ctx    context.Context
	jar    cdp.BrowserContextID
	axe    string
	shapes *shapes
	status int64
	at     string // address that the page came from

	mu         sync.Mutex // owns what follows
	weight     int64      // bytes that came for the page that is shown
	parts      []string   // its files, for a message
	complaints []complaint
}

// A complaint is what the browser found fault with.
type complaint struct{ text, url string }

// Tab opens a window on a server.
func (b *Browser) Tab(t testing.TB, server string, v View) *Tab {
	t.Helper()
	tab := &Tab{TB: t, View: v, URL: strings.TrimSuffix(server, "/"), axe: b.axe, shapes: b.shapes}
	ctx := b.window(tab)
	if tab.View.Width == 0 {
		tab.View.Width = 1280
	}
	if err := chromedp.Run(ctx); err != nil { // without a deadline: it would be that of the window
		t.Fatal(err)
	}
	chromedp.ListenTarget(ctx, tab.listen)
	headers := network.Headers{"Accept-Language": v.Lang}
	if v.Address != "" {
		headers["X-Forwarded-For"] = v.Address
	}
	tab.run(network.Enable(), log.Enable(), runtime.Enable(), network.SetCacheDisabled(true), network.SetExtraHTTPHeaders(headers),
		emulation.SetScriptExecutionDisabled(v.NoScripts))
	tab.Show(tab.View.Width, v.Dark)
	return tab
}

// window makes a window with cookies of its own.
func (b *Browser) window(t *Tab) context.Context {
	t.Helper()
	c := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	jar, err := target.CreateBrowserContext().Do(c)
	if err != nil {
		t.Fatal(err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(c)
	if err != nil {
		t.Fatal(err)
	}
	var end func()
	t.jar = jar
	t.ctx, end = chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	t.Cleanup(func() {
		end()
		_ = target.DisposeBrowserContext(jar).Do(c) // the browser may have ended first
	})
	return t.ctx
}

// Show changes width and theme of what is shown.
func (t *Tab) Show(width int64, dark bool) {
	t.Helper()
	t.View.Width, t.View.Dark = width, dark
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	t.run(emulation.SetDeviceMetricsOverride(width, 900, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}))
}

func (t *Tab) run(actions ...chromedp.Action) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.ctx, patience)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// listen weighs what comes and notes what the browser complains about.
func (t *Tab) listen(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		t.parts = append(t.parts, e.Response.URL)
	case *network.EventLoadingFinished:
		t.weight += int64(e.EncodedDataLength)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			t.complaints = append(t.complaints, complaint{string(e.Entry.Source) + ": " + e.Entry.Text, e.Entry.URL})
		}
	case *runtime.EventExceptionThrown:
		t.complaints = append(t.complaints, complaint{e.ExceptionDetails.Error(), e.ExceptionDetails.URL})
	case *runtime.EventConsoleAPICalled:
		if (e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning) && len(e.Args) > 0 {
			t.complaints = append(t.complaints, complaint{fmt.Sprintf("console: %s", e.Args[0].Value), ""})
		}
	}
}

// leave runs what leads to another page, and waits until that is loaded.
func (t *Tab) leave(actions ...chromedp.Action) {
	t.Helper()
	t.mu.Lock()
	t.weight, t.parts, t.complaints = 0, nil, nil
	t.mu.Unlock()
	ctx, stop := context.WithTimeout(t.ctx, patience)
	defer stop()
	res, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		t.Fatalf("no page came after %s: %v", t.at, err)
	}
	t.status, t.at = res.Status, res.URL
}

// Open types an address of the server.
func (t *Tab) Open(path string) *Tab {
	t.Helper()
	t.leave(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, err := page.Navigate(t.URL + path).Do(ctx)
		return err
	}))
	return t
}

// Status is the status of the answer that the page came in.
func (t *Tab) Status() int64 { return t.status }

// Path is where the tab is, without the query.
func (t *Tab) Path() string {
	t.Helper()
	var at string
	t.run(chromedp.Location(&at))
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// Words are what a reader sees of the page, in one line.
func (t *Tab) Words() string {
	t.Helper()
	var text string
	t.eval(`document.body.innerText`, &text)
	return strings.Join(strings.Fields(text), " ")
}

// Says fails unless the page says all of this.
func (t *Tab) Says(words ...string) *Tab {
	t.Helper()
	text := t.Words()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s (%d) does not say %q, but: %.300s", t.Path(), t.status, w, text)
		}
	}
	return t
}

// Lacks fails where the page says any of this, also where nobody sees it.
func (t *Tab) Lacks(words ...string) *Tab {
	t.Helper()
	var text string
	t.eval(`document.documentElement.outerHTML`, &text)
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%s says %q", t.Path(), w)
		}
	}
	return t
}

// Is fails unless the page came with this status.
func (t *Tab) Is(status int64) *Tab {
	t.Helper()
	if t.status != status {
		t.Fatalf("%s: status %d, want %d: %.300s", t.Path(), t.status, status, t.Words())
	}
	return t
}

// eval has the page evaluate an expression. It works with scripts forbidden too:
// that forbids those of the page.
func (t *Tab) eval(expression string, into any) {
	t.Helper()
	t.run(chromedp.Evaluate(expression, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
}

// call calls a function of ours with arguments.
func (t *Tab) call(function string, into any, args ...any) {
	t.Helper()
	var list []string
	for _, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(b))
	}
	t.eval("("+function+")("+strings.Join(list, ", ")+")", into)
}

// Code is the first block of code on the page.
func (t *Tab) Code() (text string) {
	t.Helper()
	t.eval(`(document.querySelector('pre') || {textContent: ''}).textContent.trim()`, &text)
	return text
}

// Has reports whether a text stands in the page's source.
func (t *Tab) Has(text string) (has bool) {
	t.Helper()
	t.call(`(text) => document.documentElement.outerHTML.includes(text)`, &has, text)
	return has
}

// Lang is the language that the page says it is in.
func (t *Tab) Lang() (lang string) {
	t.Helper()
	t.eval(`document.documentElement.lang`, &lang)
	return lang
}

// Clear forgets all cookies.
func (t *Tab) Clear() *Tab {
	t.Helper()
	t.run(network.ClearBrowserCookies())
	return t
}
