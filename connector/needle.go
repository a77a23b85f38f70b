package connector

import (
	"strings"

	"github.com/avow-dev/avow/internal/seal"
)

// KindValue is the kind of needles that come from exported values and not from
// the subject's identifiers.
const KindValue = "value"

// A Needle is a value to search for after an erasure.
type Needle struct {
	Kind  string // kind of identifier, or KindValue
	Value seal.Personal
	// Whole needles (names, streets) are compared with whole values of personal
	// columns, so that a song with the person's surname is no hit. Others are
	// found anywhere in any text.
	Whole bool
}

// maxNeedle is the longest exported value that is searched for, in bytes.
const maxNeedle = 4096

// Needles gathers what to search for: a subject's identifiers and what the
// export showed.
type Needles struct {
	list []Needle
	seen map[string]bool
}

// NewNeedles begins with the identifiers of s.
func NewNeedles(s Subject) *Needles {
	n := &Needles{seen: map[string]bool{}}
	for _, id := range s.Identifiers {
		n.add(Needle{Kind: id.Kind, Value: id.Value})
	}
	return n
}

// Add takes the personal values of an exported row. Rows that are only open to
// the person are left out: they are somebody else's and stay.
func (n *Needles) Add(r Row) {
	if r.Role == Accessor || r.Role == Actor {
		return
	}
	for _, v := range r.Values {
		text := v.Text.Reveal()
		if v.Item == "" || v.Null || v.Secret || len(text) > maxNeedle {
			continue
		}
		switch v.Type {
		case "text":
			n.add(Needle{Kind: KindValue, Value: v.Text, Whole: !isAddress(text) && !isNumber(text)})
		case "date", "time":
			n.add(Needle{Kind: KindValue, Value: v.Text, Whole: true})
		}
	}
}

// List returns the needles, each once.
func (n *Needles) List() []Needle { return append([]Needle(nil), n.list...) }

func (n *Needles) add(d Needle) {
	folded := Fold(d.Value.Reveal())
	if folded == "" || n.seen[folded] {
		return
	}
	n.seen[folded] = true
	n.list = append(n.list, d)
}

// isAddress reports whether text is an e-mail address and nothing else.
func isAddress(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && at == strings.LastIndexByte(text, '@') && strings.IndexByte(text[at:], '.') > 1 &&
		!strings.ContainsAny(text, " \t\r\n,;<>\"")
}

// isNumber reports whether text is a telephone number or another number of at
// least seven digits, and nothing else; dates are not.
func isNumber(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits++
		case strings.IndexByte(separators, c) < 0:
			return false
		}
	}
	date := len(text) >= 10 && text[4] == '-' && text[7] == '-'
	return digits >= minDigits && !date
}

// Exclusive reports whether an identifier of this kind is one person's alone.
// Telephones and devices are shared by families and colleagues: a row found by
// such an identifier is the person's only while nothing in it says otherwise.
func Exclusive(kind string) bool {
	switch kind {
	case "phone", "fax", "device-id", "cookie-id", "ip", "mac", KindValue:
		return false
	}
	return true
}
