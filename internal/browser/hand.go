package browser

import (
	"context"
	_ "embed"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed hand.js
var handScript string

//go:embed form.js
var formScript string

// A spot is where something to use is on the page.
type spot struct {
	X, Y    float64
	Covered bool
	Tag     string
	Options []string
	There   []string // what is there, where it is not
}

// reach finds what has a name and brings it into sight.
func (t *Tab) reach(kind, name string) spot {
	t.Helper()
	var at spot
	t.call(handScript, &at, kind, name)
	switch {
	case at.Tag == "":
		t.Fatalf("%s (%d) has no %s %q, but %q", t.Path(), t.status, kind, name, at.There)
	case at.Covered:
		t.Fatalf("the %s %q of %s lies under something else", kind, name, t.Path())
	}
	return at
}

func (s spot) click() chromedp.Action { return chromedp.MouseClickXY(s.X, s.Y) }

// Fill types into the field with this label, in place of what is there.
func (t *Tab) Fill(label, text string) *Tab {
	t.Helper()
	at := t.reach("field", label)
	t.run(at.click(), chromedp.KeyEvent("a", chromedp.KeyModifiers(input.ModifierCtrl)), chromedp.KeyEvent(kb.Backspace), input.InsertText(text))
	return t
}

// Pick chooses an entry of the list with this label.
func (t *Tab) Pick(label, option string) *Tab {
	t.Helper()
	at := t.reach("field", label)
	i := slices.Index(at.Options, option)
	if i < 0 {
		t.Fatalf("the list %q of %s has no %q, but %q", label, t.Path(), option, at.Options)
	}
	keys := kb.Home + strings.Repeat(kb.ArrowDown, i)
	t.eval(`document.querySelector('[data-hand]').focus()`, nil)
	t.run(chromedp.KeyEvent(keys))
	return t
}

// Tick clicks the box with this label.
func (t *Tab) Tick(label string) *Tab {
	t.Helper()
	t.run(t.reach("field", label).click())
	return t
}

// Press clicks a button, and waits for the page that it leads to.
func (t *Tab) Press(name string) *Tab {
	t.Helper()
	t.leave(t.reach("button", name).click())
	return t
}

// Unfold clicks what unfolds a part of the page.
func (t *Tab) Unfold(name string) *Tab {
	t.Helper()
	t.run(t.reach("button", name).click())
	return t
}

// Keys presses keys one after the other, such as kb.Tab + kb.Enter of package
// chromedp/kb. It waits for no page.
func (t *Tab) Keys(keys string) *Tab {
	t.Helper()
	t.run(chromedp.KeyEvent(keys))
	return t
}

// Focused is the name of what has the focus.
func (t *Tab) Focused() (name string) {
	t.Helper()
	t.eval(`(() => { const e = document.activeElement; return (e.getAttribute('aria-label') || e.labels && e.labels[0] && e.labels[0].textContent || e.textContent).trim() })()`, &name)
	return name
}

// Until waits for what a script does to the page: until ready says yes.
func (t *Tab) Until(what string, ready func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(patience); !ready(); {
		select {
		case <-end:
			t.Fatalf("%s never happens: %.300s", what, t.Words())
		case <-tick.C:
		}
	}
}

// Send fills in the form that leads to an address with this ending and sends it:
// names and values of fields in turn. It is for tests that are not about the form,
// and so does not need its words.
func (t *Tab) Send(ending string, pairs ...string) *Tab {
	t.Helper()
	fields := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	var at spot
	t.call(formScript, &at, ending, fields)
	if at.Tag == "" {
		t.Fatalf("%s (%d) has no form for %s with %v, but %q", t.Path(), t.status, ending, slices.Sorted(maps.Keys(fields)), at.There)
	}
	t.leave(at.click())
	return t
}

// Follow clicks a link, and waits for the page that it leads to.
func (t *Tab) Follow(name string) *Tab {
	t.Helper()
	t.leave(t.reach("link", name).click())
	return t
}

// Download clicks a link that leads to a file, and returns the file.
func (t *Tab) Download(name string) []byte {
	t.Helper()
	at, dir := t.reach("link", name), t.TempDir()
	ctx, stop := context.WithTimeout(t.ctx, patience)
	defer stop()
	done := make(chan string, 1)
	chromedp.ListenTarget(ctx, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && e.State == browser.DownloadProgressStateCompleted {
			done <- e.GUID
		}
	})
	if err := chromedp.Run(ctx, browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllowAndName).
		WithBrowserContextID(t.jar).WithDownloadPath(dir).WithEventsEnabled(true), at.click()); err != nil {
		t.Fatal(err)
	}
	select {
	case id := <-done:
		b, err := os.ReadFile(filepath.Join(dir, id))
		if err != nil {
			t.Fatal(err)
		}
		return b
	case <-ctx.Done():
		t.Fatalf("%q of %s leads to no file", name, t.Path())
	}
	return nil
}
