package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence makes a fault's message look like one: a capital and a full stop.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	s = string(unicode.ToUpper(first)) + s[n:]
	if !strings.ContainsRune(".!?。！？", lastRune(s)) {
		s += "."
	}
	return s
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
