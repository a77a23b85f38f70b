package centre

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/web"
)

// A policyPage is the policy, or its clauses.
type policyPage struct {
	view
	Body    template.HTML // made by package page from the compiled policy
	Clauses bool
	Next    *platform.Coming // published and not in force yet; nil: none
	Now     platform.Edition // in force
	Before  int              // versions before it
	Outward bool             // the policy speaks of sites of others, which it leads to
}

func (c *Centre) document(v *visit) *page.Document {
	return page.Of(c.on.Policy(), web.Lang(v.r, c.on.Policy().Languages()))
}

// shown is the policy with how each sentence stands, where the policy shows that to
// everybody.
func (c *Centre) shown(v *visit) (*page.Document, error) {
	d := c.document(v)
	if !c.on.Policy().PublicBoard() {
		return d, nil
	}
	by, err := c.board.of(v.ctx(), c.on)
	if err == nil {
		d.Stand(by)
	}
	return d, err
}

func (c *Centre) policy(v *visit) error { return c.printed(v, false) }

func (c *Centre) clauses(v *visit) error { return c.printed(v, true) }

func (c *Centre) printed(v *visit, clauses bool) error {
	d, err := c.shown(v)
	if err != nil {
		return err
	}
	write, title := c.printer.HTML, func(*words) string { return d.Headline() }
	if clauses {
		write, title = c.printer.Clauses, func(t *words) string { return t.Sentences }
	}
	var b bytes.Buffer
	if err := write(&b, d); err != nil {
		return err
	}
	next, err := c.on.Coming(v.ctx())
	if err != nil {
		return err
	}
	list, err := c.editions.Of(v.ctx(), c.on)
	if err != nil {
		return err
	}
	p := policyPage{view: c.view(v, title), Body: template.HTML(b.String()), Clauses: clauses, Next: next, Outward: c.leadsOut()} //nolint:gosec // html/template wrote it
	if len(list) > 0 {
		p.Now, p.Before = list[0], len(list)-1
	}
	p.Public = true
	return c.show(v, http.StatusOK, "policy", p)
}

func (c *Centre) versions(v *visit) error {
	list, err := c.editions.Of(v.ctx(), c.on)
	if err != nil {
		return err
	}
	next, err := c.on.Coming(v.ctx())
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "versions", versionsPage{c.view(v, func(t *words) string { return t.Versions }), list, c.on.Log().Key(), next})
}

// A versionsPage lists every version, the newest first.
type versionsPage struct {
	view
	List []platform.Edition
	Key  string           // of the log: receipts are checked with it
	Next *platform.Coming // published and not in force yet; nil: none
}

// Why says the reasons of a version.
func (p versionsPage) Why(codes []string) string {
	var out []string
	for _, code := range codes {
		out = append(out, page.VersionReason(code, p.Lang))
	}
	return p.Names(out)
}

// Ended returns when the version at a place of the list gave way to the next; nil
// for the one in force.
func (p versionsPage) Ended(i int) *time.Time {
	if i == 0 {
		return nil
	}
	return &p.List[i-1].Past.Since
}

// pastVersion is the text of a version that was in force, as it stood.
func (c *Centre) pastVersion(v *visit) error {
	num, err := strconv.ParseInt(strings.TrimSuffix(v.r.PathValue("number"), ".md"), 10, 32)
	if err != nil {
		return fault.New(fault.NotFound, "a version has a number: the page of all versions lists them")
	}
	old, err := c.on.Past(v.ctx(), num)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.Of(old, web.Lang(v.r, old.Languages())).Markdown(&b); err != nil {
		return err
	}
	return c.file(v, "text/markdown; charset=utf-8", b.Bytes())
}

func (c *Centre) policyMarkdown(v *visit) error {
	d, err := c.shown(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := d.Markdown(&b); err != nil {
		return err
	}
	return c.file(v, "text/markdown; charset=utf-8", b.Bytes())
}

func (c *Centre) policyJSON(v *visit) error {
	d, err := c.shown(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := d.JSON(&b); err != nil {
		return err
	}
	return c.file(v, "application/json", b.Bytes())
}

// file answers with a file that everybody may see.
func (c *Centre) file(v *visit, kind string, content []byte) error {
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Language", web.Lang(v.r, c.on.Policy().Languages()))
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language, Cookie")
	v.w.Write(content) // a reader who has gone cannot be answered
	return nil
}
