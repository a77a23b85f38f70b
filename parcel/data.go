package parcel

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A datum is one value in data.json.
type datum struct {
	System     string  `json:"system"`
	Collection string  `json:"collection"`
	Record     string  `json:"record"`
	Role       string  `json:"role,omitempty"`
	Column     string  `json:"column"`
	Item       string  `json:"item,omitempty"`
	Type       string  `json:"type"`
	Value      *string `json:"value"` // null: nothing is held, or it is not shown
	Set        bool    `json:"set,omitempty"`
	Bytes      int     `json:"bytes,omitempty"`
	Since      string  `json:"since,omitempty"`
	Until      string  `json:"until,omitempty"`
	Point      string  `json:"collection_point,omitempty"`
}

func writeJSON(w io.Writer, p *Parcel) error {
	out := &stream{w: w}
	out.text("{\n\"avow_package\": 1,\n\"head\": ")
	out.value(p.Head)
	out.text(",\n\"items\": ")
	out.value(p.Items)
	out.text(",\n\"values\": ")
	out.list(func(next func(any) error) error {
		return p.Rows(func(r Row) error {
			for _, v := range r.Values {
				if err := next(datumOf(r, v)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	out.text(",\n\"disclosures\": ")
	out.value(p.Disclosures)
	out.text(",\n\"consents\": ")
	out.value(p.Consents)
	out.text(",\n\"cases\": ")
	out.list(func(next func(any) error) error {
		return p.cases(func(c Case) error { return next(c) })
	})
	out.text(",\n\"log\": ")
	out.list(func(next func(any) error) error {
		return p.Entries(func(e Entry) error { return next(e) })
	})
	out.text("\n}\n")
	return out.err
}

func datumOf(r Row, v Value) datum {
	d := datum{
		System: r.System, Collection: r.Collection, Record: r.Key, Role: r.Role, Column: v.Column, Item: v.Item, Type: v.Type,
		Set: v.Set, Bytes: v.Size, Since: r.Since, Until: r.Until, Point: r.Point,
	}
	if !v.Null && !v.Set && v.Size == 0 {
		text := v.Text.Reveal()
		d.Value = &text
	}
	return d
}

// A stream writes JSON piece by piece and keeps the first error.
type stream struct {
	w   io.Writer
	err error
}

func (s *stream) text(t string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, t)
	}
}

func (s *stream) value(v any) {
	b, err := json.Marshal(v)
	if s.err == nil {
		s.err = err
	}
	if string(b) == "null" {
		b = []byte("[]")
	}
	s.text(string(b))
}

// list writes an array, one line for each element.
func (s *stream) list(each func(next func(any) error) error) {
	between := "[\n"
	err := each(func(v any) error {
		s.text(between)
		s.value(v)
		between = ",\n"
		return s.err
	})
	if s.err == nil {
		s.err = err
	}
	if between == "[\n" {
		s.text("[")
	}
	s.text("]")
}

// plainNumber matches what a spreadsheet may take for a number or a telephone
// number and no formula.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9][0-9 ().,/:-]*$`)

// cell keeps a spreadsheet from taking a value for a formula: such values get an
// apostrophe in front, as the README says.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && !plainNumber.MatchString(s) {
		return "'" + s
	}
	return s
}

func writeCSV(w io.Writer, p *Parcel) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // spreadsheets then read UTF-8
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true // RFC 4180
	if err := c.Write([]string{
		"system", "collection", "record", "column", "item", "title", "category", "value", "note",
		"type", "purposes", "source", "since", "until", "kept", "recipients",
	}); err != nil {
		return err
	}
	err := p.Rows(func(r Row) error {
		for _, v := range r.Values {
			i := p.item(v.Item)
			value, note := v.Text.Reveal(), ""
			switch {
			case v.Null:
				value, note = "", "empty"
			case v.Set:
				value, note = "", "set"
			case v.Size > 0:
				value, note = "", strconv.Itoa(v.Size)+" bytes"
			}
			if err := c.Write([]string{
				r.System, r.Collection, cell(r.Key), v.Column, v.Item, i.Title, i.Category, cell(value), note,
				v.Type, strings.Join(i.Purposes, "; "), i.Source, r.Since, r.Until, i.Kept, strings.Join(i.Recipients, "; "),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = p.cases(func(x Case) error { return casesCSV(c, x) })
	}
	if err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// casesCSV writes a line for each text of a case, and one for where its answer goes.
func casesCSV(c *csv.Writer, x Case) error {
	for i, t := range x.Turns {
		for _, said := range [][2]string{{"text", t.Text}, {"contact", t.Contact}} {
			if said[1] == "" {
				continue
			}
			if err := c.Write([]string{
				"cases", x.ID, strconv.Itoa(i + 1), said[0], "", x.Title + " · " + t.Title, "", cell(said[1]), "",
				"text", "", t.By, t.At.UTC().Format(time.RFC3339), "", x.Kept, "",
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
