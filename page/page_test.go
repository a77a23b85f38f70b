package page

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func pack(t *testing.T, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name, src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t *testing.T, d *Document) (page, clauses string) {
	t.Helper()
	var a, b bytes.Buffer
	printer := NewPrinter()
	if err := printer.HTML(&a, d); err != nil {
		t.Fatal(err)
	}
	if err := printer.Clauses(&b, d); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

// parse returns every element of a fragment.
func parse(t *testing.T, s string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(root.Descendants())
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestEveryPartOfThePackIsOnThePage(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	for _, lang := range p.Languages() {
		d := Of(p, lang)
		text, clauses := render(t, d)
		ids := map[string]bool{}
		for _, n := range append(parse(t, text), parse(t, clauses)...) {
			if id := attr(n, "id"); id != "" {
				ids[id] = true
			}
		}
		var want []string
		for _, i := range p.Items() {
			want = append(want, anchor("i", i.Name))
		}
		for _, u := range p.Purposes() {
			want = append(want, anchor("p", u.Name))
		}
		for _, r := range p.Recipients() {
			want = append(want, anchor("r", r.Name))
		}
		for _, c := range p.Classes() {
			want = append(want, anchor("k", c.Name))
		}
		for _, r := range p.Rights() {
			want = append(want, anchor("g", string(r.Kind)))
		}
		for _, c := range p.Clauses() {
			want = append(want, strings.ToLower(c.ID))
		}
		for _, id := range want {
			if !ids[id] {
				t.Errorf("%s: nothing on the page has the anchor %s", lang, id)
			}
		}
		titles(t, p, lang, text)
		p, c := compressed(t, text), compressed(t, clauses)
		t.Logf("%s: page %d bytes (%d on the way), clauses %d (%d)", lang, len(text), p, len(clauses), c)
		if p > 30_000 || c > 30_000 {
			t.Errorf("%s: page %d bytes on the way, clauses %d: with the frame they pass 60 KB", lang, p, c)
		}
	}
}

// compressed returns how many bytes a page has on its way: pages that are the
// same for everybody travel compressed.
func compressed(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// titles checks that the words of every part are there, in both forms.
func titles(t *testing.T, p *policy.Policy, lang, page string) {
	t.Helper()
	var md bytes.Buffer
	if err := Of(p, lang).Markdown(&md); err != nil {
		t.Fatal(err)
	}
	page = html.UnescapeString(page)
	check := func(what, name string) {
		if !strings.Contains(page, name) {
			t.Errorf("%s: %s %q is not on the page", lang, what, name)
		}
		if !strings.Contains(md.String(), escape(name)) {
			t.Errorf("%s: %s %q is not in the Markdown", lang, what, name)
		}
	}
	for _, i := range p.Items() {
		check("item", i.Title.In(lang))
	}
	for _, u := range p.Purposes() {
		check("purpose", u.Title.In(lang))
	}
	for _, r := range p.Recipients() {
		check("recipient", r.Title.In(lang))
		for _, s := range r.Standards {
			check("standard of a recipient", s)
		}
	}
	for _, s := range p.Security().Standards {
		check("standard", s)
	}
	for _, f := range p.Filings() {
		check("filing", f.Number)
		check("authority of a filing", f.With.In(lang))
	}
	for _, r := range p.Rights() {
		check("right", r.Title.In(lang))
	}
	check("controller", p.Controller().Name.In(lang))
	check("authority", p.Controller().Authority.In(lang))
	for _, c := range p.Controller().Contacts {
		check("contact", c)
	}
}

func TestEveryLinkOfThePageLeadsSomewhere(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	for _, lang := range p.Languages() {
		text, _ := render(t, Of(p, lang))
		nodes := parse(t, text)
		ids := map[string]int{}
		for _, n := range nodes {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: the anchor %s stands %d times", lang, id, n)
			}
		}
		for _, n := range nodes {
			if href := attr(n, "href"); strings.HasPrefix(href, "#") && ids[href[1:]] == 0 {
				t.Errorf("%s: %s leads nowhere", lang, href)
			}
			if href := attr(n, "href"); strings.Contains(href, "ZgotmplZ") {
				t.Errorf("%s: an address was refused: %s", lang, href)
			}
		}
	}
}

func TestThePageHasNoScriptAndNoStyle(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	for _, lang := range p.Languages() {
		a, b := render(t, Of(p, lang))
		for _, text := range []string{a, b} {
			h1 := 0
			for _, n := range parse(t, text) {
				switch {
				case n.Data == "script" || n.Data == "style" || attr(n, "style") != "":
					t.Errorf("%s: <%s> has code or style in the page", lang, n.Data)
				case n.Data == "h1" && n.Type == html.ElementNode:
					h1++
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s: %s on <%s>", lang, a.Key, n.Data)
					}
				}
			}
			if h1 != 1 {
				t.Errorf("%s: %d headings of the first order, want 1", lang, h1)
			}
		}
	}
}

func TestEverythingAssumedIsSaidWithItsReason(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	text, _ := render(t, Of(p, "en"))
	for _, c := range p.Classes() {
		if c.Assumed && !strings.Contains(text, html.EscapeString(c.Why.In("en"))) {
			t.Errorf("the reason for %s is not on the page", c.Name)
		}
	}
	d := Of(p, "en")
	for _, r := range d.Rights {
		if r.Assumed == "" {
			continue
		}
		if !slices.ContainsFunc(d.Assumptions, func(a Assumption) bool { return a.Why == r.Assumed && strings.Contains(a.What, r.Title) }) {
			t.Errorf("%s rests on an assumption that is not listed", r.Kind)
		}
	}
}

func TestASmallPolicyReadsAsWritten(t *testing.T) {
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load("small.yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "zh-CN"} {
		var got bytes.Buffer
		if err := Of(p, lang).Markdown(&got); err != nil {
			t.Fatal(err)
		}
		file := "testdata/small." + lang + ".md"
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (UPDATE=1 rewrites it):\n%s", file, diff)
		}
	}
}

func TestTheJSONNamesEverythingAsThePolicyDoes(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	var b bytes.Buffer
	if err := Of(p, "zh-CN").JSON(&b); err != nil {
		t.Fatal(err)
	}
	var got Document
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range got.Categories {
		n += len(c.Items)
	}
	if n != len(p.Items()) || len(got.Purposes) != len(p.Purposes()) || len(got.Rights) != len(p.Rights()) || got.Version != p.Version() {
		t.Errorf("JSON has %d items, %d purposes, %d rights, version %s", n, len(got.Purposes), len(got.Rights), got.Version)
	}
	if strings.Contains(b.String(), "null") {
		t.Error("the JSON says null where a list is empty")
	}
}

func TestAPolicyCannotBringMarkupIntoThePage(t *testing.T) {
	p := pack(t, "goscom-pro.yaml")
	d := Of(p, "en")
	d.Controller = `<script>alert(1)</script>`
	d.Contacts = []Contact{{Kind: "web", Title: "x", Address: "y", URL: "javascript:alert(1)"}}
	d.Recipients[0].Policy = "javascript:alert(1)"
	text, _ := render(t, d)
	if strings.Contains(text, "<script") || strings.Contains(text, `href="javascript:`) {
		t.Error("markup or a script address of the policy came through")
	}
	var md bytes.Buffer
	if err := d.Markdown(&md); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(md.String(), "<script") {
		t.Error("markup came through the Markdown")
	}
}
