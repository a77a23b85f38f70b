package parcel

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
)

//go:embed page.html
var pageSource string

// A page writes index.html piece by piece, so that a person's rows never stand
// in memory together.
type page struct {
	w    io.Writer
	t    *template.Template
	p    *Parcel
	word words

	system  int      // number of the system being written, -1 before the first
	rows    int      // rows of that system so far
	table   string   // collection of the open table, "" when none is open
	columns []string // of the open table
}

func writePage(w io.Writer, p *Parcel) error {
	t, err := template.New("page").Parse(pageSource)
	if err != nil {
		return err
	}
	pg := &page{w: w, t: t, p: p, word: wordsIn(p.Head.Language), system: -1}
	if err := pg.head(); err != nil {
		return err
	}
	if err := p.Rows(pg.row); err != nil {
		return err
	}
	if err := pg.until(len(p.Head.Systems)); err != nil {
		return err
	}
	if err := pg.ledgers(); err != nil {
		return err
	}
	if err := pg.cases(); err != nil {
		return err
	}
	if err := pg.put("log", pg.word); err != nil {
		return err
	}
	if err := p.Entries(func(e Entry) error { return pg.put("entry", e) }); err != nil {
		return err
	}
	return pg.put("foot", struct{ W words }{pg.word})
}

func (pg *page) put(name string, data any) error { return pg.t.ExecuteTemplate(pg.w, name, data) }

func (pg *page) head() error {
	h := pg.p.Head
	return pg.put("head", struct {
		Head                    Head
		W                       words
		Received, Made, Expires string
	}{h, pg.word, when(h.Received), when(h.Made), when(h.Expires)})
}

// until closes what is open and writes the headings of the systems up to, and not
// with, number n.
func (pg *page) until(n int) error {
	for {
		if err := pg.endTable(); err != nil {
			return err
		}
		if pg.system >= 0 && pg.rows == 0 {
			if err := pg.put("nothing", pg.word); err != nil {
				return err
			}
		}
		if pg.system++; pg.system >= n {
			return nil
		}
		pg.rows = 0
		if err := pg.put("system", struct {
			Number int
			Title  string
		}{pg.system, pg.p.Head.Systems[pg.system].Title}); err != nil {
			return err
		}
	}
}

func (pg *page) endTable() error {
	if pg.table == "" {
		return nil
	}
	pg.table, pg.columns = "", nil
	return pg.put("end-table", nil)
}

func (pg *page) row(r Row) error {
	at := slices.IndexFunc(pg.p.Head.Systems, func(s System) bool { return s.Name == r.System })
	if at < 0 || at < pg.system {
		return fmt.Errorf("a row of %s comes out of order", r.System)
	}
	if at > pg.system {
		if err := pg.until(at); err != nil {
			return err
		}
		pg.rows = 0
		if err := pg.put("system", struct {
			Number int
			Title  string
		}{at, pg.p.Head.Systems[at].Title}); err != nil {
			return err
		}
	}
	pg.rows++
	if pg.p.Head.Systems[at].Vault {
		return pg.tall(r)
	}
	return pg.wide(r)
}

// tall writes one line for each value, with everything about it: the form for
// the vault, where every value has its own story.
func (pg *page) tall(r Row) error {
	if pg.table == "" {
		pg.table = "values"
		if err := pg.put("values", pg.word); err != nil {
			return err
		}
	}
	for _, v := range r.Values {
		if err := pg.put("value", struct {
			Item                             Item
			Text, Since, Until, Point, Place string
			W                                words
		}{pg.p.item(v.Item), pg.shown(v), r.Since, r.Until, r.Point, pg.p.system(r.System).Title + " · " + r.Collection, pg.word}); err != nil {
			return err
		}
	}
	return nil
}

// wide writes a record as a line of a table whose columns are explained above it:
// the form for databases, where records of a table are alike.
func (pg *page) wide(r Row) error {
	columns := make([]string, len(r.Values))
	for i, v := range r.Values {
		columns[i] = v.Column
	}
	if pg.table != r.Collection || !slices.Equal(pg.columns, columns) {
		if err := pg.endTable(); err != nil {
			return err
		}
		if err := pg.explain(r); err != nil {
			return err
		}
		pg.table, pg.columns = r.Collection, columns
	}
	cells := make([]string, len(r.Values))
	for i, v := range r.Values {
		cells[i] = pg.shown(v)
	}
	return pg.put("record", cells)
}

func (pg *page) explain(r Row) error {
	type column struct {
		Column string
		Item   Item
	}
	list := make([]column, len(r.Values))
	for i, v := range r.Values {
		list[i].Column = v.Column
		if v.Item != "" {
			list[i].Item = pg.p.item(v.Item)
		}
	}
	return pg.put("columns", struct {
		Collection string
		Columns    []column
		W          words
	}{r.Collection, list, pg.word})
}

func (pg *page) shown(v Value) string {
	switch {
	case v.Set:
		return pg.word.Set
	case v.Null:
		return pg.word.Empty
	case v.Size > 0:
		return fmt.Sprintf("%d %s", v.Size, pg.word.Bytes)
	}
	return v.Text.Reveal()
}

func (pg *page) ledgers() error {
	type disclosure struct {
		At string
		D  Disclosure
	}
	type consent struct {
		At string
		C  Consent
	}
	data := struct {
		W           words
		Disclosures []disclosure
		Consents    []consent
	}{W: pg.word}
	for _, d := range pg.p.Disclosures {
		data.Disclosures = append(data.Disclosures, disclosure{when(d.At), d})
	}
	for _, c := range pg.p.Consents {
		data.Consents = append(data.Consents, consent{when(c.At), c})
	}
	return pg.put("ledgers", data)
}

func (pg *page) cases() error {
	none := true
	if err := pg.put("cases", pg.word); err != nil {
		return err
	}
	err := pg.p.cases(func(c Case) error {
		none = false
		due := ""
		if c.Due != nil {
			due = when(*c.Due)
		}
		return pg.put("case", struct {
			C             Case
			W             words
			Received, Due string
		}{c, pg.word, when(c.Received), due})
	})
	if err != nil || !none {
		return err
	}
	return pg.put("none", pg.word.NoCase)
}

// When writes when something was said.
func (t Turn) When() string { return when(t.At) }
