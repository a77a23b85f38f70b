package relational

import (
	"crypto/rand"
	"strings"
)

// random stands in a blank for letters that make a value unique.
const random = "{random}"

// A blank is what a cleared column holds.
type blank struct {
	null bool
	text string // may contain {random}
}

// blankOf says what an erasure writes into a column: what the map says, else
// NULL, else a placeholder of the type that is unique where it must be. ok is
// false when there is none.
func blankOf(n *node, c *Column) (blank, bool) {
	if col, _ := n.c.Column(c.Name); col.Replacement != nil {
		return blank{text: *col.Replacement}, true
	}
	if !c.NotNull {
		return blank{null: true}, true
	}
	text, ok := placeholder(n.idKind(c), c)
	return blank{text: text}, ok
}

func placeholder(idKind string, c *Column) (string, bool) {
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

// fill returns the value to write.
func (b blank) fill(c *Column) Value {
	if b.null {
		return Value{}
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
func (b blank) perRow() bool { return strings.Contains(b.text, random) }

// holds reports whether a column that reads v has been cleared already.
func (b blank) holds(v Value) bool {
	if b.null || v.Kind == Null {
		return b.null && v.Kind == Null
	}
	head, tail, unique := strings.Cut(b.text, random)
	got := v.Plain()
	if !unique {
		return got == b.text || v.Kind == Int && got == "0" && b.text == "false"
	}
	return head+tail != "" && strings.HasPrefix(got, head) && strings.HasSuffix(got, tail) && len(got) >= len(head)+len(tail)
}
