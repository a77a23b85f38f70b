package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// A Period is a length of time as a law writes it: months, days and seconds
// (ISO 8601, P1Y6M, P30D, PT48H), or working days (10wd). Years are kept as
// twelve months and weeks as seven days, so P1W and P7D are equal. The zero
// Period is no time at all.
type Period struct {
	Months   int
	Days     int
	WorkDays int
	Seconds  int64
}

// Limits of one part, so that adding never leaves the years time can print.
const (
	maxMonths  = 12 * 1000
	maxDays    = 366 * 1000
	maxSeconds = 100 * 366 * 24 * 3600
	maxWork    = 2500
)

// Parse reads an ISO 8601 duration without fractions, or a number of working
// days such as 10wd. The error says what is wrong with s and shows the form.
func Parse(s string) (Period, error) {
	p, why := parse(s)
	if why != "" {
		return Period{}, fmt.Errorf("%q is not a period: %s; write for example PT48H (48 hours), P30D (30 days), P1M (a month), P10Y (ten years) or 10wd (ten working days)", shorten(s), why)
	}
	return p, nil
}

func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

func parse(s string) (Period, string) {
	if n, ok := strings.CutSuffix(s, "wd"); ok {
		days, err := strconv.Atoi(n)
		if err != nil || days < 1 || days > maxWork || n[0] == '+' {
			return Period{}, "working days are a whole number from 1 to 2500 before wd"
		}
		return Period{WorkDays: days}, ""
	}
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return Period{}, "it does not begin with P"
	}
	date, clock, timed := strings.Cut(rest, "T")
	if timed && clock == "" || rest == "" {
		return Period{}, "it ends too early"
	}
	var p Period
	if why := parts(date, "YMWD", func(unit byte, n int64) bool { return p.addDate(unit, n) }); why != "" {
		return Period{}, why
	}
	if why := parts(clock, "HMS", func(unit byte, n int64) bool { return p.addClock(unit, n) }); why != "" {
		return Period{}, why
	}
	return p, ""
}

// parts reads number-unit pairs; units appear in the order of order, each at
// most once.
func parts(s, order string, add func(unit byte, n int64) bool) string {
	for s != "" {
		end := 0
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if end == 0 || end > 12 {
			return "a number is missing or too long"
		}
		if end == len(s) {
			return "a number has no unit"
		}
		at := strings.IndexByte(order, s[end])
		if at < 0 {
			return "a unit is unknown, in the wrong place or there twice"
		}
		n, _ := strconv.ParseInt(s[:end], 10, 64) // twelve digits always fit
		if !add(s[end], n) {
			return "it is too long"
		}
		order, s = order[at+1:], s[end+1:]
	}
	return ""
}

func (p *Period) addDate(unit byte, n int64) bool {
	if n > maxDays {
		return false
	}
	switch unit {
	case 'Y':
		p.Months += int(n) * 12
	case 'M':
		p.Months += int(n)
	case 'W':
		p.Days += int(n) * 7
	default:
		p.Days += int(n)
	}
	return p.Months <= maxMonths && p.Days <= maxDays
}

func (p *Period) addClock(unit byte, n int64) bool {
	if n > maxSeconds {
		return false
	}
	switch unit {
	case 'H':
		n *= 3600
	case 'M':
		n *= 60
	}
	p.Seconds += n
	return p.Seconds <= maxSeconds
}

// IsZero reports whether p is no time at all.
func (p Period) IsZero() bool { return p == Period{} }

// String gives p in the form that [Parse] reads: whole years as Y, whole hours
// and minutes as H and M. The zero Period is PT0S.
func (p Period) String() string {
	if p.WorkDays > 0 {
		return strconv.Itoa(p.WorkDays) + "wd"
	}
	var b strings.Builder
	b.WriteByte('P')
	part := func(n int64, unit byte) {
		if n > 0 {
			b.WriteString(strconv.FormatInt(n, 10))
			b.WriteByte(unit)
		}
	}
	part(int64(p.Months/12), 'Y')
	part(int64(p.Months%12), 'M')
	part(int64(p.Days), 'D')
	if p.Seconds > 0 || b.Len() == 1 {
		b.WriteByte('T')
	}
	part(p.Seconds/3600, 'H')
	part(p.Seconds/60%60, 'M')
	part(p.Seconds%60, 'S')
	if p.IsZero() {
		b.WriteString("0S")
	}
	return b.String()
}

// MarshalText gives the form of [Period.String].
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the form of [Parse].
func (p *Period) UnmarshalText(b []byte) (err error) {
	*p, err = Parse(string(b))
	return err
}

// Rough is p in days, for comparing and sorting only: a month counts 30.4 days
// and five working days count as a week.
func (p Period) Rough() float64 {
	return float64(p.Months)*30.4375 + float64(p.Days) + float64(p.WorkDays)*7/5 + float64(p.Seconds)/86400
}
