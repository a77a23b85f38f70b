package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed policy.html
var files embed.FS

// templates parses the page. A page that does not parse is a programmer's error,
// and the tests execute every one.
func templates() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"join": strings.Join, "tel": contactURL, "next": func(i int) int { return i + 1 }}).ParseFS(files, "policy.html"))
}

// contactURL lets the schemes of contacts through, which html/template does not
// know all: the addresses come from the policy, and their schemes from here.
func contactURL(c Contact) template.URL {
	if c.Kind == "phone" || c.Kind == "email" {
		return template.URL(c.URL) //nolint:gosec // tel: and mailto: of the policy's own contacts
	}
	if strings.HasPrefix(c.URL, "https://") || strings.HasPrefix(c.URL, "http://") {
		return template.URL(c.URL) //nolint:gosec // as above
	}
	return ""
}

// A Printer writes documents as HTML. It may be used by many goroutines.
type Printer struct{ set *template.Template }

// NewPrinter returns a Printer. Keep it: it holds the parsed page.
func NewPrinter() *Printer { return &Printer{templates()} }

// HTML writes the document as a fragment with one h1, for a frame to put around.
// Clauses and the fingerprint stand in it last. An error is that of w.
func (p *Printer) HTML(w io.Writer, d *Document) error {
	if err := p.set.ExecuteTemplate(w, "policy", d); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// Clauses writes the policy sentence by sentence, as a fragment with one h1.
func (p *Printer) Clauses(w io.Writer, d *Document) error {
	if err := p.set.ExecuteTemplate(w, "clauses", d); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// Headline is what the page is called.
func (d *Document) Headline() string { return fmt.Sprintf(d.T.Heading, d.Name) }

// Names joins a list in the document's language.
func (d *Document) Names(list []string) string { return Join(list, d.Language) }

// Linked is a list of links and what stands between them.
func (d *Document) Linked(list []Link) Links { return Links{list, Join([]string{"", ""}, d.Language)} }

// Links are links in a row.
type Links struct {
	List  []Link
	Comma string
}

// Short is the fingerprint's first twelve figures, enough to compare by eye.
func (d *Document) Short() string {
	if len(d.Version) < 19 {
		return d.Version
	}
	return d.Version[7:19]
}
