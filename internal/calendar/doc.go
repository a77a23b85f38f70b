// Package calendar counts time the way laws and policies do: in calendar
// months, days and working days, in the time of the place, not in seconds.
//
// A [Period] is a length such as P1M, PT48H or 10wd. A [Calendar] knows the
// time zone and the working days of a country. [Calendar.Deadline] gives the
// moment by which something promised within a period must be done.
//
// The working days of China follow the yearly notices of the State Council,
// with their make-up working days, kept in china.txt: 2024, 2025 and 2026 are
// covered. Every notice comes out in the autumn before its year, so the file
// needs a section a year; until it has one, [Calendar.Covers] is false for
// that year and deadlines that reach into it are marked as not certain. Other
// countries come from github.com/rickar/cal (nation-wide holidays only) and
// cover every year from 2000 to 2100.
//
// The package is pure: no clock, no I/O.
package calendar
