package calendar

import (
	"fmt"
	"sort"
	"strings"
	"time"
	_ "time/tzdata" // deadlines need the zones of other countries on machines that have none

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
)

// A Calendar is one country's working days and time zone. It does not change;
// it may be used by many goroutines.
type Calendar struct {
	name  string
	pin   string // which edition of its data
	zone  *time.Location
	rules interface {
		covers(year int) bool
		workday(date) bool
	}
}

type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

func weekend(d date) bool {
	w := time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Weekday()
	return w == time.Saturday || w == time.Sunday
}

// everyDay is the calendar without a country: Monday to Friday, UTC.
type everyDay struct{}

func (everyDay) covers(int) bool     { return true }
func (everyDay) workday(d date) bool { return !weekend(d) }

// holidays is a calendar by rules.
type holidays []*cal.Holiday

func (holidays) covers(year int) bool { return year >= 2000 && year <= 2100 }

func (h holidays) workday(d date) bool {
	if weekend(d) {
		return false
	}
	for _, holiday := range h {
		// A holiday of next year's January may be observed in this December.
		for _, year := range [2]int{d.year, d.year + 1} {
			actual, observed := holiday.Calc(year)
			if dateOf(actual) == d || dateOf(observed) == d {
				return false
			}
		}
	}
	return true
}

type country struct {
	zone string
	days holidays
}

func countries() map[string]country {
	return map[string]country{
		"AT": {"Europe/Vienna", at.Holidays},
		"BE": {"Europe/Brussels", be.Holidays},
		"CH": {"Europe/Zurich", ch.Holidays},
		"DE": {"Europe/Berlin", de.Holidays},
		"ES": {"Europe/Madrid", es.Holidays},
		"FR": {"Europe/Paris", fr.Holidays},
		"GB": {"Europe/London", gb.Holidays},
		"IE": {"Europe/Dublin", ie.Holidays},
		"IT": {"Europe/Rome", it.Holidays},
		"NL": {"Europe/Amsterdam", nl.Holidays},
		"PL": {"Europe/Warsaw", pl.Holidays},
		"SE": {"Europe/Stockholm", se.Holidays},
		"US": {"America/New_York", us.Holidays},
	}
}

// Names lists the calendars that [Open] knows, sorted.
func Names() []string {
	names := []string{"CN", "UTC"}
	for n := range countries() {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Open returns the calendar of a country (CN, DE, …), or UTC, which counts
// Monday to Friday.
func Open(name string) (*Calendar, error) {
	switch name {
	case "UTC":
		return &Calendar{name: name, pin: "UTC@1", zone: time.UTC, rules: everyDay{}}, nil
	case "CN":
		t, err := parseTable(chinaNotices)
		if err != nil {
			return nil, fmt.Errorf("calendar open: china.txt: %w", err)
		}
		return &Calendar{name: name, pin: "CN@" + lastYear(t.years), zone: time.FixedZone("CST", 8*3600), rules: t}, nil
	}
	c, ok := countries()[name]
	if !ok {
		return nil, fmt.Errorf("no calendar is named %q; known are %s", shorten(name), strings.Join(Names(), ", "))
	}
	zone, err := time.LoadLocation(c.zone)
	if err != nil {
		return nil, fmt.Errorf("calendar open: %w", err)
	}
	return &Calendar{name: name, pin: name + "@rickar-2.1.13", zone: zone, rules: c.days}, nil
}

func lastYear(years map[int]bool) string {
	last := 0
	for y := range years {
		last = max(last, y)
	}
	return fmt.Sprint(last)
}

// Name is the country code the calendar was opened by.
func (c *Calendar) Name() string { return c.name }

// Pin names the edition of the calendar's data, such as CN@2026. A policy's
// version depends on it.
func (c *Calendar) Pin() string { return c.pin }

// Zone is the time zone in which days begin and end.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Covers reports whether the working days of a year are known. Where they are
// not, Monday to Friday are taken.
func (c *Calendar) Covers(year int) bool { return c.rules.covers(year) }

// Workday reports whether people work on the day of t in the calendar's zone.
func (c *Calendar) Workday(t time.Time) bool { return c.rules.workday(dateOf(t.In(c.zone))) }

// Add moves t by p: months first (the 31st becomes the last day of a shorter
// month), then days and working days at the same time of day, then seconds.
// The result is in UTC. Certain is false when working days of a year were
// needed that the calendar does not cover.
func (c *Calendar) Add(t time.Time, p Period) (at time.Time, certain bool) {
	t = addMonths(t.In(c.zone), p.Months).AddDate(0, 0, p.Days)
	certain = true
	for n := p.WorkDays; n > 0; {
		t = t.AddDate(0, 0, 1)
		certain = certain && c.Covers(t.Year())
		if c.Workday(t) {
			n--
		}
	}
	return t.Add(time.Duration(p.Seconds) * time.Second).UTC(), certain
}

func addMonths(t time.Time, n int) time.Time {
	if n == 0 {
		return t
	}
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, t.Location()).Day()
	h, mi, s := t.Clock()
	return time.Date(y, m+time.Month(n), min(d, last), h, mi, s, t.Nanosecond(), t.Location())
}

// Deadline is the last microsecond at which something received at t and
// promised within p is on time. Periods of days or more do not count the day
// of t and run to the end of their last day in the calendar's zone; periods of
// hours run exactly. With roll, a last day that is not a working day becomes
// the next one (Regulation 1182/71 Art. 3(4)). Certain is as in [Calendar.Add].
func (c *Calendar) Deadline(t time.Time, p Period, roll bool) (due time.Time, certain bool) {
	due, certain = c.Add(t, p)
	if p.Months == 0 && p.Days == 0 && p.WorkDays == 0 {
		return due, certain
	}
	day := due.In(c.zone)
	for roll && !c.Workday(day) {
		day = day.AddDate(0, 0, 1)
		certain = certain && c.Covers(day.Year())
	}
	y, m, d := day.Date()
	return time.Date(y, m, d+1, 0, 0, 0, -1000, c.zone).UTC(), certain
}
