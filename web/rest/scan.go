package rest

import (
	"bytes"
	"reflect"
	"slices"
	"unicode/utf8"
)

// A scanner reads JSON of a known shape in one pass, as programs write it. It reads
// nothing that it is not sure of: escapes, null, a property that is unknown or comes
// twice, and whatever is not of the shape are left to huma and its problems.
type scanner struct {
	b  []byte
	at int
}

// scan reads b into v, which is zero, and reports whether b is of the shape, whole.
// Where it is not, v may be filled in part.
func (o *shape) scan(b []byte, v reflect.Value) bool {
	s := scanner{b: b}
	if !s.value(o, v) {
		return false
	}
	s.space()
	return s.at == len(b)
}

func (s *scanner) space() {
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take passes over c, which may have space before it.
func (s *scanner) take(c byte) bool {
	s.space()
	if s.at < len(s.b) && s.b[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) value(o *shape, v reflect.Value) bool {
	switch o.kind {
	case reflect.String:
		text, ok := s.text()
		if ok = ok && o.fits(text); ok {
			v.SetString(string(text))
		}
		return ok
	case reflect.Bool:
		yes := s.word("true")
		v.SetBool(yes)
		return yes || s.word("false")
	case reflect.Slice:
		return s.list(o, v)
	}
	return s.object(o, v)
}

func (s *scanner) word(w string) bool {
	s.space()
	if len(s.b)-s.at < len(w) || string(s.b[s.at:s.at+len(w)]) != w {
		return false
	}
	s.at += len(w)
	return true
}

// text returns a text without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	n := bytes.IndexByte(s.b[s.at:], '"')
	if n < 0 {
		return nil, false
	}
	text := s.b[s.at : s.at+n]
	s.at += n + 1
	ascii := true
	for _, c := range text {
		if c < ' ' || c == '\\' {
			return nil, false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return text, ascii || utf8.Valid(text)
}

func (o *shape) fits(text []byte) bool {
	n := len(text)
	if n > o.max && o.max >= 0 || n < utf8.UTFMax*o.min {
		n = utf8.RuneCount(text)
	}
	return n >= o.min && (n <= o.max || o.max < 0) &&
		(o.enum == nil || slices.ContainsFunc(o.enum, func(x string) bool { return x == string(text) }))
}

func (s *scanner) list(o *shape, v reflect.Value) bool {
	if !s.take('[') {
		return false
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 1))
	if s.take(']') {
		return o.min == 0
	}
	for n := 1; o.max < 0 || n <= o.max; n++ {
		v.Grow(1)
		v.SetLen(n)
		if !s.value(o.of, v.Index(n-1)) {
			return false
		}
		if s.take(']') {
			return n >= o.min
		}
		if !s.take(',') {
			return false
		}
	}
	return false
}

func (s *scanner) object(o *shape, v reflect.Value) bool {
	if !s.take('{') {
		return false
	}
	var seen uint64
	if s.take('}') {
		return o.must == 0
	}
	for {
		name, ok := s.text()
		if !ok || !s.take(':') {
			return false
		}
		i := slices.IndexFunc(o.parts, func(p part) bool { return p.name == string(name) })
		if i < 0 || seen&(1<<i) != 0 || !s.value(o.parts[i].shape, v.Field(o.parts[i].field)) {
			return false
		}
		seen |= 1 << i
		if s.take('}') {
			return seen&o.must == o.must
		}
		if !s.take(',') {
			return false
		}
	}
}
