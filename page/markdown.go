package page

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the document as CommonMark with tables.
func (d *Document) Markdown(w io.Writer) error {
	m := &markdown{d: d}
	m.line("# %s", escape(d.Headline()))
	head := d.T.Version + " " + escape(d.Label)
	if d.Updated != "" {
		head += " · " + d.T.Updated + " " + d.Revised
	}
	if d.Effective != "" {
		head += " · " + d.T.InForce + " " + d.InForce
	}
	m.line("%s", head)
	if d.MoreThan {
		m.line("> %s", d.T.Earlier)
	}
	for _, f := range d.Summary {
		m.line("**%s** %s", escape(f.Label), escape(f.Text))
	}
	for _, p := range d.Promises {
		m.item("**%s** %s", escape(p.Title), escape(p.Text))
	}
	m.data()
	m.sharing()
	m.rights()
	for _, p := range d.Parts {
		m.part(p)
	}
	m.facts(d.T.Security, d.Security)
	m.facts(d.T.People, d.People)
	m.contact()
	m.clauses()
	m.line("---")
	m.line("%s `%s` · %s %s", d.T.Fingerprint, d.Version, d.T.Rules, escape(strings.Join(d.Rules, ", ")))
	_, err := io.WriteString(w, m.b.String())
	return err
}

// JSON writes the document as indented JSON.
func (d *Document) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// markdown gathers text; paragraphs are apart by an empty line.
type markdown struct {
	d *Document
	b strings.Builder
}

func (m *markdown) line(format string, args ...any) {
	if m.b.Len() > 0 {
		m.b.WriteString("\n")
	}
	fmt.Fprintf(&m.b, format+"\n", args...)
}

func (m *markdown) item(format string, args ...any) {
	fmt.Fprintf(&m.b, "\n- "+format+"\n", args...)
}

func (m *markdown) table(head []string, rows [][]string) {
	m.line("| %s |", strings.Join(head, " | "))
	fmt.Fprintf(&m.b, "|%s\n", strings.Repeat(" --- |", len(head)))
	for _, r := range rows {
		for i := range r {
			r[i] = escape(r[i])
		}
		fmt.Fprintf(&m.b, "| %s |\n", strings.Join(r, " | "))
	}
}

func (m *markdown) data() {
	d, t := m.d, m.d.T
	m.line("## %s", t.Data)
	m.line("%s", t.DataIntro)
	for _, c := range d.Categories {
		m.line("### %s", c.Title)
		var rows [][]string
		for _, i := range c.Items {
			title := i.Title
			if i.Sensitive {
				title += m.brackets(t.Sensitive)
			}
			rows = append(rows, []string{title, m.links(i.Why), i.Source, i.Kept.Title})
		}
		m.table([]string{t.Item, t.Why, t.Source, t.Kept}, rows)
	}
	m.line("## %s", t.Purposes)
	var rows [][]string
	for _, p := range d.Purposes {
		rows = append(rows, []string{p.Title, p.Ground + m.brackets(p.Cite), strings.TrimSpace(p.Choice + " " + p.Needs)})
	}
	m.table([]string{t.Purpose, t.Ground, t.Choice}, rows)
}

func (m *markdown) sharing() {
	d, t := m.d, m.d.T
	m.line("## %s", t.Recipients)
	if len(d.Recipients) == 0 {
		m.line("%s", t.NoRecipient)
	} else {
		var rows [][]string
		for _, r := range d.Recipients {
			where := r.Country
			if r.Abroad {
				where += m.brackets(t.Abroad)
			}
			rows = append(rows, []string{r.Title, where, m.links(r.Why), d.Names(r.Items), m.marked(r.Agreement+m.brackets(Join(r.Standards, d.Language)), r.Assumed)})
		}
		m.table([]string{t.Recipient, t.Where, t.Why, t.Gets, t.Agreement}, rows)
	}
	m.line("## %s", t.Retention)
	var rows [][]string
	for _, c := range d.Retentions {
		rows = append(rows, []string{m.marked(c.Title, c.Assumed), c.Rule + m.brackets(c.Cite), d.Names(c.Items)})
	}
	m.table([]string{t.Kept, t.Rule, t.Item}, rows)
}

func (m *markdown) rights() {
	d, t := m.d, m.d.T
	m.line("## %s", t.Rights)
	var rows [][]string
	for _, r := range d.Rights {
		var clocks []string
		for _, c := range r.Clocks {
			clocks = append(clocks, c.Label+" "+c.Text)
		}
		rows = append(rows, []string{m.marked(r.Title, r.Assumed), strings.Join(clocks, m.pick("; ", "；")), d.Names(r.Channels), r.Verify})
	}
	m.table([]string{t.Right, t.Clocks, t.Channels, t.Verify}, rows)
}

func (m *markdown) facts(title string, facts []Fact) {
	if len(facts) == 0 {
		return
	}
	m.line("## %s", title)
	for _, f := range facts {
		m.item("%s%s%s", escape(f.Label), m.colon(), escape(f.Text))
	}
}

func (m *markdown) part(p Part) {
	m.line("## %s", escape(p.Title))
	if p.Intro != "" {
		m.line("%s", escape(p.Intro))
	}
	if len(p.Rows) > 0 {
		var rows [][]string
		for _, x := range p.Rows {
			title := x.Title
			if len(x.Tags) > 0 {
				title += m.brackets(m.d.Names(x.Tags))
			}
			if x.Mark {
				title += m.brackets(m.d.T.Assumes)
			}
			rows = append(rows, append([]string{title}, x.Cells...))
		}
		m.table(p.Head, rows)
	}
	for _, f := range p.Facts {
		m.item("%s%s%s", escape(f.Label), m.colon(), escape(f.Text))
	}
}

func (m *markdown) contact() {
	d, t := m.d, m.d.T
	m.line("## %s", t.Contact)
	m.line("%s", escape(d.Controller))
	for _, c := range d.Contacts {
		m.item("%s%s%s", c.Title, m.colon(), escape(c.Address))
	}
	if d.Authority.Title != "" {
		m.item("%s%s%s %s", t.Authority, m.colon(), escape(d.Authority.Title), escape(d.Authority.URL))
	}
	for _, f := range d.Filings {
		m.item("%s%s%s%s %s", f.Title, m.colon(), escape(f.Number), m.brackets(escape(f.With)), escape(f.URL))
	}
	if len(d.Assumptions) == 0 {
		return
	}
	m.line("## %s", t.Assumed)
	m.line("%s", t.AssumedHint)
	for _, a := range d.Assumptions {
		m.item("%s%s%s", escape(a.What), m.colon(), escape(a.Why))
	}
}

func (m *markdown) clauses() {
	m.line("## %s", m.d.T.Clauses)
	for _, s := range m.d.Sections {
		m.line("### %s", escape(s.Title))
		for _, c := range s.Clauses {
			if c.Stands != "" {
				m.item("**%s** %s — %s", c.ID, escape(c.Says), escape(c.Stands))
				continue
			}
			m.item("**%s** %s", c.ID, escape(c.Says))
		}
	}
}

func (m *markdown) pick(en, zh string) string { return phrase{en, zh}.in(m.d.Language) }

func (m *markdown) colon() string { return m.pick(": ", "：") }

// brackets puts a remark behind something; none for no remark.
func (m *markdown) brackets(text string) string {
	if text == "" {
		return ""
	}
	return m.pick(" ("+text+")", "（"+text+"）")
}

// marked adds that something was assumed.
func (m *markdown) marked(text, assumed string) string {
	if assumed == "" {
		return text
	}
	return text + m.brackets(m.d.T.Assumes)
}

func (m *markdown) links(list []Link) string {
	var out []string
	for _, l := range list {
		out = append(out, l.Title)
	}
	return m.d.Names(out)
}

// escape keeps a text from being taken for Markdown or HTML.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "\n", " ").Replace(s)
}
