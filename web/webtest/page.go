package webtest

import (
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Longest is what a page may have on its way, without its files, in bytes.
const Longest = 60_000

// A Page is an answer.
type Page struct {
	testing.TB
	Status int
	Path   string // where redirects led
	Header http.Header
	Text   string // as it came

	root *html.Node
}

// Is ends the test unless the page came with this status.
func (p *Page) Is(status int) *Page {
	p.Helper()
	if p.Status != status {
		p.Fatalf("%s: status %d, want %d: %s", p.Path, p.Status, status, p.Words())
	}
	return p
}

// Says fails unless a reader sees all of this.
func (p *Page) Says(want ...string) *Page {
	p.Helper()
	for _, w := range want {
		if !strings.Contains(p.Words(), w) {
			p.Errorf("%s (%d) does not say %q", p.Path, p.Status, w)
		}
	}
	return p
}

// Lacks fails where any of this stands in the page, seen or not.
func (p *Page) Lacks(not ...string) *Page {
	p.Helper()
	for _, w := range not {
		if strings.Contains(p.Text, w) {
			p.Errorf("%s says %q", p.Path, w)
		}
	}
	return p
}

// Words is the text that a reader sees, in one line.
func (p *Page) Words() string {
	var b strings.Builder
	for n := range p.root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Hidden returns the value that a field is filled in with.
func (p *Page) Hidden(name string) string {
	for _, n := range p.All("input") {
		if Attr(n, "name") == name {
			return Attr(n, "value")
		}
	}
	return ""
}

// Forms are where the forms of a page lead, by their last word.
func (p *Page) Forms() (out []string) {
	for _, n := range p.All("form") {
		action := Attr(n, "action")
		out = append(out, action[strings.LastIndex(action, "/")+1:])
	}
	return out
}

// carried is how many bytes come to a browser: pages that are the same for
// everybody are offered compressed.
func (p *Page) carried() int {
	if !slices.Contains(p.Header.Values("Vary"), "Accept-Encoding") {
		return len(p.Text)
	}
	var n counter
	w := gzip.NewWriter(&n)
	if _, err := io.WriteString(w, p.Text); err != nil {
		p.Fatal(err)
	}
	if err := w.Close(); err != nil {
		p.Fatal(err)
	}
	return int(n)
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// Check looks at what every page has to be: one first heading, its language, size,
// labels, ids and hints that are there, no style and no script.
func (p *Page) Check(lang string) *Page {
	p.Helper()
	if n := len(p.All("h1")); n != 1 {
		p.Errorf("%s has %d first headings", p.Path, n)
	}
	if got := Attr(p.All("html")[0], "lang"); got != lang {
		p.Errorf("%s is in %q, want %q", p.Path, got, lang)
	}
	if n := p.carried(); n > Longest {
		p.Errorf("%s has %d bytes on its way: more than 60 KB", p.Path, n)
	}
	if strings.Contains(p.Text, "ZgotmplZ") || strings.Contains(p.Text, "%!") || strings.Contains(p.Text, "&lt;time") {
		p.Errorf("%s shows the workings of a template", p.Path)
	}
	p.checkNodes()
	return p
}

// checkNodes looks at each element.
func (p *Page) checkNodes() {
	p.Helper()
	labels, ids, described := map[string]bool{}, map[string]int{}, []string{}
	for _, n := range p.All("label") {
		labels[Attr(n, "for")] = true
	}
	for n := range p.root.Descendants() {
		if id := Attr(n, "id"); id != "" {
			ids[id]++
		}
		described = append(described, strings.Fields(Attr(n, "aria-describedby"))...)
		if Attr(n, "style") != "" || n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script") {
			p.Errorf("%s has style or script in <%s>", p.Path, n.Data)
		}
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "on") }) {
			p.Errorf("%s has a handler on <%s>", p.Path, n.Data)
		}
		if slices.Contains([]string{"input", "select", "textarea"}, n.Data) && Attr(n, "type") != "hidden" && !labels[Attr(n, "id")] {
			p.Errorf("%s has a field %q without a label", p.Path, Attr(n, "name"))
		}
	}
	for id, n := range ids {
		if n > 1 {
			p.Errorf("%s has the id %s %d times", p.Path, id, n)
		}
	}
	for _, id := range described {
		if ids[id] == 0 {
			p.Errorf("%s names a hint %s that is not there", p.Path, id)
		}
	}
}

// All returns the elements of a name.
func (p *Page) All(name string) (out []*html.Node) {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

// Attr returns an attribute of an element, "" where it has none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
