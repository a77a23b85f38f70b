package relational

import (
	"crypto/rand"
	"regexp"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/datamap"
)

// random stands in a blank for letters that make a value unique.
const random = "{random}"

// A blank is what a cleared column holds.
type blank struct {
	null   bool
	text   string                    // may contain {random}
	derive func(value string) string // of the value that goes; nil: it does not matter
	is     *regexp.Regexp            // form of what derive gives
}

// blankOf says what an erasure writes into a column: what the map says, else
// NULL, else a placeholder of the type that is unique where it must be. ok is
// false when there is none.
func blankOf(n *node, c *Column) (blank, bool) {
	col, _ := n.c.Column(c.Name)
	switch {
	case col.Replacement != nil:
		return blank{text: *col.Replacement}, true
	case col.Strategy == datamap.Mask:
		return blank{derive: mask, is: masked}, c.Class == ClassText && !c.Unique && fits(c, maskLen)
	case col.Strategy == datamap.Hash:
		return blank{is: hashed, derive: func(string) string { return "" }}, c.Class == ClassText && fits(c, hashLen)
	case col.Strategy == datamap.Null:
		return blank{null: true}, !c.NotNull
	}
	if !c.NotNull {
		return blank{null: true}, true
	}
	text, ok := placeholder(n.idKind(c), c)
	return blank{text: text}, ok
}

func placeholder(idKind string, c *Column) (string, bool) {
	if c.Blank != "" {
		return c.Blank, !c.Unique
	}
	switch c.Class {
	case ClassText:
		return textPlaceholder(idKind, c), true
	case ClassInteger, ClassNumber:
		return "0", !c.Unique
	case ClassBoolean:
		return "false", !c.Unique
	case ClassDate:
		return "1900-01-01", !c.Unique
	case ClassTime:
		return "1900-01-01 00:00:00", !c.Unique
	case ClassJSON:
		return "{}", !c.Unique
	case ClassUUID:
		return "00000000-0000-0000-0000-000000000000", !c.Unique
	case ClassEnum:
		if len(c.Labels) > 0 && !c.Unique {
			return c.Labels[0], true
		}
	case ClassArray:
		return "{}", !c.Unique
	case ClassNet:
		return "0.0.0.0", !c.Unique
	case ClassBlob:
		return "", !c.Unique
	}
	return "", false
}

func textPlaceholder(idKind string, c *Column) string {
	text := "erased"
	switch {
	case idKind == "email" && c.Unique:
		text = "erased-" + random + "@erased.invalid"
	case idKind == "email":
		text = "erased@erased.invalid"
	case c.Unique:
		text = "erased-" + random
	}
	if c.MaxLen == 0 || len(strings.Replace(text, random, "0123456789", 1)) <= c.MaxLen {
		return text
	}
	if c.Unique {
		return random // cut to length by fill
	}
	return "erased"[:min(c.MaxLen, len("erased"))]
}

// fill returns the value to write over was.
func (b blank) fill(c *Column, was Value) Value {
	switch {
	case b.null, b.derive != nil && was.Kind == Null:
		return Value{}
	case b.derive != nil:
		return TextValue(b.derive(was.Plain()))
	}
	text := b.text
	if strings.Contains(text, random) {
		text = strings.ReplaceAll(text, random, strings.ToLower(rand.Text()[:10]))
		if c.MaxLen > 0 && len(text) > c.MaxLen {
			text = text[:c.MaxLen]
		}
	}
	return TextValue(text)
}

// perRow reports whether each row needs its own value.
func (b blank) perRow() bool { return b.derive != nil || strings.Contains(b.text, random) }

// A likeness says whether a column has been cleared already.
type likeness int

const (
	full  likeness = iota // no
	maybe                 // it looks so: a value without any fixed part
	empty                 // yes
)

// like compares what a column reads with its blank, however the engine writes it.
func (b blank) like(c *Column, v Value) likeness {
	same := false
	got := v.Plain()
	if b.is != nil {
		if v.Kind == Null || got == "" || b.is.MatchString(got) {
			return empty
		}
		return full
	}
	head, tail, unique := strings.Cut(b.text, random)
	switch {
	case b.null || v.Kind == Null:
		same = b.null && v.Kind == Null
	case unique && head+tail == "":
		if len(strings.Trim(got, "abcdefghijklmnopqrstuvwxyz234567")) == 0 && len(got) == len(b.fill(c, Value{}).Str) {
			return maybe
		}
	case unique:
		same = strings.HasPrefix(got, head) && strings.HasSuffix(got, tail) && len(got) >= len(head)+len(tail)
	case c.Class == ClassNumber || c.Class == ClassInteger:
		x, err1 := strconv.ParseFloat(got, 64)
		y, err2 := strconv.ParseFloat(b.text, 64)
		same = err1 == nil && err2 == nil && x == y
	case c.Class == ClassTime || c.Class == ClassNet:
		same = strings.HasPrefix(got, b.text)
	case c.Class == ClassBlob && b.text == "":
		same = got == "" || got == `\x`
	default:
		same = got == b.text
	}
	if same {
		return empty
	}
	return full
}
