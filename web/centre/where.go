package centre

import (
	"slices"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// A where is the picture of where a person's data is: kinds of data down, systems
// across.
type where struct {
	Systems []string
	Rows    []whereRow
}

type whereRow struct {
	Title string
	Cells []whereCell
}

// A cell says what a system has of a kind: values that are known, or that its map
// says it may hold some.
type whereCell struct {
	System string
	Values int
	May    bool
}

// where draws the picture from what the vault holds and what the maps say.
func (c *Centre) where(p view, values []vault.Value) where {
	var out where
	places := c.on.Places()
	if len(places) < 2 {
		return out // one place needs no picture
	}
	row := map[string]int{}
	at := func(category string) *whereRow {
		title := page.CategoryTitle(category, p.Lang)
		n, ok := row[title]
		if !ok {
			n = len(out.Rows)
			row[title] = n
			out.Rows = append(out.Rows, whereRow{Title: title, Cells: make([]whereCell, len(places))})
			for i, x := range places {
				out.Rows[n].Cells[i].System = p.system(x.System, x.Vault, x.Title)
			}
		}
		return &out.Rows[n]
	}
	held := map[policy.ItemNo]int{}
	for _, x := range values {
		held[x.Item]++
	}
	for _, i := range c.on.Policy().Items() {
		if n := held[i.No]; n > 0 {
			at(i.Category).Cells[0].Values += n
		} else if slices.ContainsFunc(places[1:], func(x platform.Place) bool { return slices.Contains(x.Categories, i.Category) }) {
			at(i.Category)
		}
	}
	for n, x := range places {
		out.Systems = append(out.Systems, p.system(x.System, x.Vault, x.Title))
		for _, category := range x.Categories {
			at(category).Cells[n].May = true
		}
	}
	return out
}

// system names a system for people.
func (v view) system(name string, vault bool, titles map[string]string) string {
	switch {
	case titles[v.Lang] != "":
		return titles[v.Lang]
	case titles["en"] != "":
		return titles["en"]
	case vault:
		return v.T.Vault
	}
	return name
}
