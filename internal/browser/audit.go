package browser

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed audit.js
var auditScript string

//go:embed shape.js
var shapeScript string

// Heaviest is what a page may weigh with all its files, in bytes on the wire.
const Heaviest = 60_000

// Audit returns what is wrong with the page that is shown, nothing if all is
// well. The tab ends as wide and as light or dark as it was.
//
// The rules that look at a page's shape alone run once for each shape that a browser
// meets: two pages that differ in words, or in how many rows a table has, pass or fail
// together. What words decide (weight, width, layout that shifts, targets on a phone in
// each language) is looked at on every page.
func (t *Tab) Audit() (wrong []string) {
	t.Helper()
	width, dark := t.View.Width, t.View.Dark
	wrong = append(wrong, t.heard()...)
	if w := t.Weight(); w > Heaviest {
		wrong = append(wrong, fmt.Sprintf("it weighs %d bytes, more than %d: %s", w, Heaviest, strings.Join(t.parts, " ")))
	}
	turn := func(name string, width int64, dark bool) {
		t.Helper()
		var found []string
		t.Show(width, dark)
		t.call(auditScript, &found, name, width)
		for _, f := range found {
			wrong = append(wrong, name+": "+f)
		}
	}
	turn("first", 1280, false) // before a key is pressed: the skip link comes into sight then
	wrong = append(wrong, t.skips()...)
	turn("wide", 1280, false)
	fresh := t.shapes.meet(t.shape())
	if fresh {
		t.eval(t.axe+"\n;0", nil)
		turn("light", 1280, false)
		turn("dark", 1280, true)
	}
	turn("phone", 360, false)
	if t.shapes.meet(t.Lang() + " narrow " + t.shape()) {
		if !fresh {
			t.eval(t.axe+"\n;0", nil)
		}
		turn("narrow", 360, false)
	}
	t.Show(width, dark)
	return append(wrong, t.heard()...)
}

// Rules returns what rules find wrong with the page as it is now, wide and narrow, light
// and dark: for what comes into a page of somebody else's, whose way of loading and first
// links are theirs.
func (t *Tab) Rules() (wrong []string) {
	t.Helper()
	width, dark := t.View.Width, t.View.Dark
	t.eval(t.axe+"\n;0", nil)
	for _, turn := range []struct {
		name  string
		width int64
		dark  bool
	}{{"light", 1280, false}, {"dark", 1280, true}, {"phone", 360, false}, {"narrow", 360, false}} {
		var found []string
		t.Show(turn.width, turn.dark)
		t.call(auditScript, &found, turn.name, turn.width)
		for _, f := range found {
			wrong = append(wrong, turn.name+": "+f)
		}
	}
	t.Show(width, dark)
	return append(wrong, t.heard()...)
}

// shape is a digest of what rules look at on the page as it is shown.
func (t *Tab) shape() (digest string) {
	t.Helper()
	t.call(shapeScript, &digest)
	return digest
}

// shapes are the shapes of pages that were looked at.
type shapes struct {
	mu  sync.Mutex // windows of one browser look at the same time
	met map[string]bool
}

// meet reports whether a shape is new, and takes it in.
func (s *shapes) meet(shape string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.met[shape] {
		return false
	}
	s.met[shape] = true
	return true
}

// Weight is how many bytes came over the wire for the page that is shown.
func (t *Tab) Weight() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.weight
}

// heard returns what the browser complained about since, but for the status that
// the page itself came with.
func (t *Tab) heard() (out []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.complaints {
		if c.url != t.at || !strings.Contains(c.text, fmt.Sprintf("responded with a status of %d", t.status)) {
			out = append(out, c.text+" "+c.url)
		}
	}
	t.complaints = nil
	return out
}

// skips presses the key Tab: the first thing that it reaches leads to the main
// part, and is seen.
func (t *Tab) skips() []string {
	t.Helper()
	var first struct {
		Href, Text string
		Seen       bool
	}
	t.eval(`document.activeElement.blur(), scrollTo(0, 0)`, nil)
	t.run(chromedp.KeyEvent(kb.Tab))
	t.eval(`(() => { const e = document.activeElement, r = e.getBoundingClientRect()
		return { href: e.getAttribute('href') || '', text: e.textContent, seen: r.width > 9 && r.left >= 0 && r.top >= 0 && r.right <= innerWidth } })()`, &first)
	if first.Href != "#main" || !first.Seen {
		return []string{fmt.Sprintf("the first key Tab leads to %q (seen: %v), not to a link that skips to the main part", first.Text, first.Seen)}
	}
	var landed string
	t.run(chromedp.KeyEvent(kb.Enter))
	t.eval(`document.activeElement.id`, &landed)
	if landed != "main" {
		return []string{fmt.Sprintf("the skip link leads to %q, not into the main part", landed)}
	}
	return nil
}
