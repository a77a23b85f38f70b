package calendar

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed china.txt
var chinaNotices string

// A table is a calendar given day by day.
type table struct {
	years map[int]bool
	off   map[date]bool
	work  map[date]bool
}

func parseTable(text string) (*table, error) {
	t := &table{years: map[int]bool{}, off: map[date]bool{}, work: map[date]bool{}}
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if err := t.line(f); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return t, nil
}

func (t *table) line(f []string) error {
	switch {
	case f[0] == "year" && len(f) == 2:
		y, err := strconv.Atoi(f[1])
		t.years[y] = true
		return err
	case f[0] == "work" && len(f) == 2:
		return t.days(f[1], f[1], t.work)
	case f[0] == "off" && len(f) >= 3:
		return t.days(f[1], f[2], t.off)
	}
	return fmt.Errorf("%q is not a year, off or work line", f[0])
}

func (t *table) days(from, to string, into map[date]bool) error {
	a, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return err
	}
	b, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return err
	}
	if b.Before(a) || b.Sub(a) > 31*24*time.Hour {
		return fmt.Errorf("%s to %s is not a holiday's length", from, to)
	}
	for d := a; !d.After(b); d = d.AddDate(0, 0, 1) {
		if !t.years[d.Year()] {
			return fmt.Errorf("%s stands outside its year", d.Format(time.DateOnly))
		}
		into[dateOf(d)] = true
	}
	return nil
}

func (t *table) covers(year int) bool { return t.years[year] }

func (t *table) workday(d date) bool {
	if t.work[d] {
		return true
	}
	return !weekend(d) && !t.off[d]
}
