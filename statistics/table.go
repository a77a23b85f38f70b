package statistics

import (
	"bytes"
	"encoding/json"
)

// A Cell is how many people something is true of. A hidden one says nothing, not even
// to its own program: its count is dropped when it is hidden.
type Cell struct {
	People int
	Hidden bool
}

// MarshalJSON writes a number, or null for what is hidden.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.Hidden {
		return []byte("null"), nil
	}
	return json.Marshal(c.People)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Cell) UnmarshalJSON(b []byte) error {
	*c = Cell{Hidden: bytes.Equal(bytes.TrimSpace(b), []byte("null"))}
	if c.Hidden {
		return nil
	}
	return json.Unmarshal(b, &c.People)
}

// A Table is the counts of one set: of each period, how many people have something of
// each item from it. Totals count everybody once.
type Table struct {
	Set      string   `json:"set"`
	Purpose  string   `json:"purpose"`
	By       string   `json:"by"`       // how long a period is: day, week, month, year; "all": all of it is one
	Smallest int      `json:"smallest"` // cells of fewer people are null
	Items    []string `json:"items"`    // of the columns
	Periods  []string `json:"periods"`  // of the lines, oldest first
	Cells    [][]Cell `json:"cells"`    // a line for each period, a cell for each item
	OfItem   []Cell   `json:"of_item"`  // people in all periods, by item
	OfPeriod []Cell   `json:"of_period"`
}

// A line is cells with the number of people in all of them together.
type line struct {
	cells []*Cell
	total *Cell
}

// lines goes through rows and columns.
func (t *Table) lines() []line {
	var out []line
	for i := range t.Cells {
		l := line{total: &t.OfPeriod[i]}
		for j := range t.Cells[i] {
			l.cells = append(l.cells, &t.Cells[i][j])
		}
		out = append(out, l)
	}
	for j := range t.OfItem {
		l := line{total: &t.OfItem[j]}
		for i := range t.Cells {
			l.cells = append(l.cells, &t.Cells[i][j])
		}
		out = append(out, l)
	}
	return out
}

// Hidden counts the hidden cells and totals, and all there are.
func (t *Table) Hidden() (hidden, all int) {
	count := func(c Cell) {
		all++
		if c.Hidden {
			hidden++
		}
	}
	for _, row := range t.Cells {
		for _, c := range row {
			count(c)
		}
	}
	for _, c := range t.OfItem {
		count(c)
	}
	for _, c := range t.OfPeriod {
		count(c)
	}
	return hidden, all
}
