package calendar

import (
	"testing"
	"time"
)

func open(t *testing.T, name string) *Calendar {
	t.Helper()
	c, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func moment(t *testing.T, c *Calendar, s string) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWorkingDaysFollowTheNotices(t *testing.T) {
	for _, c := range []struct {
		calendar, day string
		works         bool
	}{
		{"CN", "2026-02-16", false}, // Spring Festival, a Monday
		{"CN", "2026-02-23", false}, // its ninth day
		{"CN", "2026-02-24", true},
		{"CN", "2026-02-14", true}, // a Saturday made up
		{"CN", "2026-02-28", true},
		{"CN", "2025-10-08", false},
		{"CN", "2025-09-28", true},  // a Sunday made up
		{"CN", "2025-10-11", true},  // a Saturday made up
		{"CN", "2025-10-12", false}, // the Sunday after
		{"CN", "2024-04-07", true},
		{"CN", "2026-01-02", false},
		{"CN", "2026-01-04", true},
		{"DE", "2026-10-03", false},
		{"DE", "2026-04-06", false}, // Easter Monday
		{"DE", "2026-04-07", true},
		{"GB", "2026-12-28", false}, // Boxing Day observed
		{"US", "2026-11-26", false}, // Thanksgiving
		{"US", "2021-12-31", false}, // New Year's Day 2022 observed
		{"UTC", "2026-12-25", true},
		{"UTC", "2026-12-26", false},
	} {
		cal := open(t, c.calendar)
		if got := cal.Workday(moment(t, cal, c.day+" 12:00")); got != c.works {
			t.Errorf("%s: Workday(%s) = %v, want %v", c.calendar, c.day, got, c.works)
		}
	}
}

func TestTheDayIsThatOfThePlaceNotOfUTC(t *testing.T) {
	cn := open(t, "CN")
	if cn.Workday(time.Date(2026, 2, 23, 15, 59, 0, 0, time.UTC)) {
		t.Error("23:59 in China on the last day of the festival works")
	}
	if !cn.Workday(time.Date(2026, 2, 23, 16, 0, 0, 0, time.UTC)) {
		t.Error("midnight in China on the day after the festival does not work")
	}
}

func TestDeadlines(t *testing.T) {
	for _, c := range []struct {
		calendar, from, period string
		roll                   bool
		want                   string
	}{
		// 15 working days over Spring Festival 2026: Feb 11 12 13 14 | 24 25 26 27 28 | Mar 2 3 4 5 6 9
		{"CN", "2026-02-10 09:00", "15wd", false, "2026-03-09 23:59"},
		// 10 working days over the National Day of 2025: Sep 28 29 30 | Oct 9 10 11 13 14 15 16
		{"CN", "2025-09-26 23:30", "10wd", false, "2025-10-16 23:59"},
		{"CN", "2026-02-13 18:00", "1wd", false, "2026-02-14 23:59"},
		{"CN", "2026-03-03 09:00", "P30D", false, "2026-04-02 23:59"},
		{"CN", "2026-03-03 09:15", "PT48H", false, "2026-03-05 09:15"},
		{"DE", "2026-01-31 10:00", "P1M", false, "2026-02-28 23:59"},
		{"DE", "2026-01-31 10:00", "P1M", true, "2026-03-02 23:59"},  // the 28th is a Saturday
		{"DE", "2024-01-31 10:00", "P1M", true, "2024-02-29 23:59"},  // a leap year
		{"DE", "2026-03-03 10:00", "P1M", true, "2026-04-07 23:59"},  // Good Friday … Easter Monday
		{"DE", "2026-03-28 12:00", "P1D", false, "2026-03-29 23:59"}, // a day of 23 hours
		{"UTC", "2026-11-30 00:00", "P1Y3M", false, "2028-02-29 23:59"},
	} {
		cal := open(t, c.calendar)
		p, err := Parse(c.period)
		if err != nil {
			t.Fatal(err)
		}
		got, certain := cal.Deadline(moment(t, cal, c.from), p, c.roll)
		if got.In(cal.Zone()).Format("2006-01-02 15:04") != c.want || !certain {
			t.Errorf("%s: %s + %s (roll %v) = %s certain=%v, want %s", c.calendar, c.from, c.period, c.roll, got.In(cal.Zone()), certain, c.want)
		}
		if got.Location() != time.UTC || got.Nanosecond()%1000 != 0 {
			t.Errorf("%s is not UTC to the microsecond", got)
		}
	}
}

func TestBeyondTheKnownYearsNothingIsCertain(t *testing.T) {
	cn := open(t, "CN")
	due, certain := cn.Add(moment(t, cn, "2026-12-25 09:00"), Period{WorkDays: 10})
	if certain {
		t.Errorf("%s is said to be certain, but 2027 has no notice", due)
	}
	if _, certain := cn.Add(moment(t, cn, "2026-12-25 09:00"), Period{WorkDays: 3}); !certain {
		t.Error("three working days stay in 2026 and are not certain")
	}
	if _, certain := cn.Add(moment(t, cn, "2026-12-25 09:00"), Period{Months: 120}); !certain {
		t.Error("ten years need no working days and are not certain")
	}
	if !cn.Covers(2026) || cn.Covers(2027) || cn.Covers(2023) {
		t.Error("CN covers other years than its notices")
	}
	de := open(t, "DE")
	if de.Covers(1999) || !de.Covers(2030) || de.Covers(2101) {
		t.Error("DE covers other years than 2000 to 2100")
	}
}

func TestRollingOutOfTheKnownYearsIsNotCertain(t *testing.T) {
	c := &Calendar{name: "X", zone: time.UTC}
	tab, err := parseTable("year 2026\noff 2026-12-31 2026-12-31 X")
	if err != nil {
		t.Fatal(err)
	}
	c.rules = tab
	due, certain := c.Deadline(time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC), Period{Days: 1}, true)
	if certain || due.Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("got %s certain=%v", due, certain)
	}
}

func TestEveryNamedCalendarOpens(t *testing.T) {
	for _, n := range Names() {
		c := open(t, n)
		if c.Name() != n || c.Pin() == "" || c.Zone() == nil {
			t.Errorf("%s: name %q pin %q zone %v", n, c.Name(), c.Pin(), c.Zone())
		}
	}
	if open(t, "CN").Pin() != "CN@2026" {
		t.Errorf("pin %q", open(t, "CN").Pin())
	}
	if _, err := Open("XX"); err == nil {
		t.Error("XX opened")
	}
}

func TestABrokenTableNamesItsLine(t *testing.T) {
	for _, bad := range []string{
		"year x", "year 2026\nwork 2026-13-01", "year 2026\noff 2026-01-01", "year 2026\noff 2026-01-02 2026-01-01 X",
		"year 2026\noff 2025-12-31 2025-12-31 X", "year 2026\noff 2026-01-01 nonsense X", "rest", "year 2026\noff 2026-01-01 2026-06-01 X",
	} {
		if _, err := parseTable(bad); err == nil {
			t.Errorf("parseTable(%q) took it", bad)
		}
	}
}
