package statistics

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// A Check is what a table was found to be before it may leave.
type Check struct {
	Smallest int      `json:"smallest_group"`
	Lines    int      `json:"lines"`
	Hidden   int      `json:"hidden"`           // cells that say nothing
	Attacked bool     `json:"attacked"`         // hidden cells were tried to be computed from totals
	Passed   bool     `json:"passed"`           // it may leave
	Faults   []string `json:"faults,omitempty"` // why not; no value of the table
}

// Examine checks a table that was counted here.
func Examine(t *Table) Check {
	hidden, _ := t.Hidden()
	c := Check{Smallest: t.Smallest, Lines: len(t.Periods), Hidden: hidden, Attacked: true}
	if found := Attack(t); len(found) > 0 {
		c.Faults = append(c.Faults, fmt.Sprintf("%d hidden cells can be computed from totals", len(found)))
	}
	for _, l := range t.lines() {
		if slices.ContainsFunc(append(l.cells, l.total), func(x *Cell) bool { return x.People > 0 && x.People < t.Smallest }) {
			c.Faults = append(c.Faults, fmt.Sprintf("a cell tells of fewer than %d people", t.Smallest))
			break
		}
	}
	if _, all := t.Hidden(); hidden == all {
		c.Faults = append(c.Faults, "nothing is left that may be seen")
	}
	c.Passed = len(c.Faults) == 0
	return c
}

// Bounds of a table that was made elsewhere.
const (
	maxLines   = 20_000
	maxColumns = 64
)

// counters are the names of columns that say how many people a line is about.
func counters() []string {
	return []string{"people", "persons", "users", "count", "n", "人数", "用户数"}
}

// telling are parts of names of columns that identify people or could be joined.
func telling() []string {
	return []string{
		"id", "uid", "uuid", "guid", "key", "hash", "token", "name", "username", "login", "email", "mail", "phone", "mobile", "tel", "address",
		"ip", "mac", "imei", "imsi", "idfa", "oaid", "cookie", "session", "account", "user", "device", "subject", "birthday",
		"姓名", "邮箱", "手机号", "电话", "地址", "账号", "身份证", "设备号",
	}
}

// CheckCSV examines a table that was made elsewhere, with a head line. It may leave
// when one column says how many people each line is about, that is never fewer than
// smallest, and nothing in it looks like
// it were about one person: a column of identifiers, or a value with an address, a
// number or the like in it.
func CheckCSV(r io.Reader, smallest int) Check {
	c := Check{Smallest: smallest}
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil || len(head) > maxColumns {
		c.Faults = append(c.Faults, "the table cannot be read: it is CSV with a head line, and of at most 64 columns")
		return c
	}
	columns := slices.Clone(head)
	people := slices.IndexFunc(columns, func(s string) bool { return slices.Contains(counters(), strings.ToLower(strings.TrimSpace(s))) })
	if people < 0 {
		c.Faults = append(c.Faults, "no column says how many people a line is about: name one people")
	}
	faults := map[string]bool{}
	for i, name := range columns {
		if i != people && identifies(name) {
			faults[fmt.Sprintf("column %d is named like something that identifies people", i+1)] = true
		}
	}
	for ; c.Lines <= maxLines; c.Lines++ {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			faults["the table cannot be read to its end"] = true
			break
		}
		c.line(row, people, smallest, faults)
	}
	if c.Lines > maxLines {
		faults[fmt.Sprintf("it has more than %d lines, and is no summary", maxLines)] = true
	}
	if c.Lines == 0 {
		faults["it has no lines"] = true
	}
	for f := range faults {
		c.Faults = append(c.Faults, f)
	}
	slices.Sort(c.Faults)
	c.Passed = len(c.Faults) == 0
	return c
}

func (c *Check) line(row []string, people, smallest int, faults map[string]bool) {
	for i, v := range row {
		v = strings.TrimSpace(v)
		if i != people {
			if policy.Scrub(v) != v {
				faults[fmt.Sprintf("column %d holds values that are about one person", i+1)] = true
			}
			continue
		}
		if v == "" || v == "-" {
			c.Hidden++
			faults["a line hides how many people it is about: leave it out, since its totals are not known here"] = true
			continue
		}
		if n, err := strconv.Atoi(v); err != nil || n != 0 && n < smallest {
			faults[fmt.Sprintf("a line is about fewer than %d people, or does not say about how many", smallest)] = true
		}
	}
}

// identifies reports whether a column's name says that it holds what finds somebody.
func identifies(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(telling(), w) })
}
