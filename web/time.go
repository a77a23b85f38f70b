package web

import (
	"html/template"
	"time"
)

// Time writes a moment for people, in words that write makes of it in a language,
// and for machines; a dash for the zero time.
func Time(t time.Time, lang string, write func(time.Time, string) string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `">` + template.HTMLEscapeString(write(t, lang)) + `</time>`) //nolint:gosec // a time
}
