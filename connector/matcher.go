package connector

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

const (
	minNeedle  = 5               // shorter ones would be found everywhere
	minDigits  = 7               // of a number that is searched for inside text
	separators = " +()-./\u00a0" // what people write inside telephone numbers
)

// A Matcher finds needles in values.
type Matcher struct {
	parts  []part            // found inside a value
	digits []part            // found inside the digits of a value
	whole  map[string]string // folded whole value → kind
	kinds  []string
}

type part struct{ kind, text string }

// NewMatcher prepares the needles. region is the country whose telephone numbers
// may be stored without a country code, or "". The texts returned say which
// needles are not searched for, by kind and count; they hold no value.
func NewMatcher(needles []Needle, region string) (*Matcher, []string) {
	m := &Matcher{whole: map[string]string{}}
	short, common := map[string]int{}, map[string]int{}
	for _, n := range needles {
		folded := Fold(n.Value.Reveal())
		switch {
		case len(folded) < minNeedle || !n.Whole && allDigits(folded) && len(folded) < minDigits:
			short[n.Kind]++
		case n.Whole:
			m.whole[folded] = n.Kind
		case isCommon(folded):
			common[n.Kind]++
		default:
			m.addPart(n.Kind, folded, region)
		}
		if !slices.Contains(m.kinds, n.Kind) {
			m.kinds = append(m.kinds, n.Kind)
		}
	}
	slices.Sort(m.kinds)
	var skipped []string
	for _, kind := range m.kinds {
		if c := short[kind]; c > 0 {
			skipped = append(skipped, fmt.Sprintf("%d of kind %s not searched for: shorter than %d characters or %d digits", c, kind, minNeedle, minDigits))
		}
		if c := common[kind]; c > 0 {
			skipped = append(skipped, fmt.Sprintf("%d of kind %s not searched for: a common word", c, kind))
		}
	}
	return m, skipped
}

func (m *Matcher) addPart(kind, folded, region string) {
	if isNumber(folded) {
		m.digits = append(m.digits, part{kind, SignificantDigits(folded, region)})
		return
	}
	m.parts = append(m.parts, part{kind, folded})
	if strings.ContainsRune(folded, '@') {
		m.parts = append(m.parts, part{kind, strings.ReplaceAll(folded, "@", "%40")})
	}
}

// Empty reports whether there is nothing to search for.
func (m *Matcher) Empty() bool { return len(m.parts)+len(m.digits)+len(m.whole) == 0 }

// Match appends to kinds the kinds of needles found in value, each once. Whole
// needles are only compared where personal says that the column holds personal
// values.
func (m *Matcher) Match(kinds []string, value string, personal bool) []string {
	if len(value) == 0 {
		return kinds
	}
	folded := Fold(value)
	kinds = m.inside(kinds, folded)
	if strings.Contains(folded, `\u`) {
		if plain, ok := unescape(value); ok {
			kinds = m.inside(kinds, Fold(plain))
		}
	}
	if personal {
		if kind, ok := m.whole[folded]; ok {
			kinds = once(kinds, kind)
		}
	}
	return kinds
}

func (m *Matcher) inside(kinds []string, folded string) []string {
	for _, p := range m.parts {
		if strings.Contains(folded, p.text) {
			kinds = once(kinds, p.kind)
		}
	}
	if len(m.digits) == 0 || !hasDigits(folded) {
		return kinds
	}
	for run := range numbers(folded) {
		for _, p := range m.digits {
			if strings.Contains(run, p.text) {
				kinds = once(kinds, p.kind)
			}
		}
	}
	return kinds
}

// hasDigits reports whether text has enough digits to hold a number.
func hasDigits(text string) bool {
	n := 0
	for i := 0; i < len(text) && n < minDigits; i++ {
		if c := text[i]; '0' <= c && c <= '9' {
			n++
		}
	}
	return n >= minDigits
}

// numbers yields the digits of every run of digits and separators that has
// enough digits to be a number.
func numbers(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var run []byte
		flush := func() bool {
			ok := len(run) < minDigits || yield(string(run))
			run = run[:0]
			return ok
		}
		for _, c := range text {
			switch {
			case '0' <= c && c <= '9':
				run = append(run, byte(c))
			case len(run) > 0 && !strings.ContainsRune(separators, c):
				if !flush() {
					return
				}
			}
		}
		flush()
	}
}

// Fold returns text without outer blanks, composed, in lower case: the form in
// which values are compared.
func Fold(text string) string {
	text = strings.TrimSpace(text)
	if !isASCII(text) {
		text = norm.NFC.String(text)
	}
	return strings.ToLower(text)
}

// Digits returns the decimal digits of text.
func Digits(text string) string {
	var out []byte
	for i := 0; i < len(text); i++ {
		if '0' <= text[i] && text[i] <= '9' {
			out = append(out, text[i])
		}
	}
	return string(out)
}

// SignificantDigits returns the digits of a number that stay the same however it
// is written: without country code and trunk prefix where the number can be
// understood and enough digits remain.
func SignificantDigits(number, region string) string {
	all := strings.TrimPrefix(Digits(number), "00")
	if parsed, err := phonenumbers.Parse(number, region); err == nil {
		if n := phonenumbers.GetNationalSignificantNumber(parsed); len(n) >= minDigits+1 && strings.HasSuffix(all, n) {
			return n
		}
	}
	return all
}

// International returns the digits of a number that is written without country
// code in region, with that code; "" when it cannot be understood.
func International(number, region string) string {
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil || !phonenumbers.IsPossibleNumber(parsed) {
		return ""
	}
	return Digits(phonenumbers.Format(parsed, phonenumbers.E164))
}

func unescape(value string) (string, bool) {
	if !utf8.ValidString(value) {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(value); {
		if value[i] == '\\' && i+5 < len(value) && value[i+1] == 'u' {
			if n, err := strconv.ParseUint(value[i+2:i+6], 16, 32); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(value[i])
		i++
	}
	return b.String(), true
}

func once(kinds []string, kind string) []string {
	if slices.Contains(kinds, kind) {
		return kinds
	}
	return append(kinds, kind)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isCommon reports whether a folded word is one that stands in databases without
// meaning anybody.
func isCommon(folded string) bool {
	switch folded {
	case "admin", "administrator", "customer", "guest", "hello", "anonymous", "unknown", "support", "contact",
		"service", "system", "public", "default", "erased", "deleted", "removed", "password", "username", "email",
		"phone", "address", "false", "other", "normal", "active", "inactive", "pending", "email@example.com",
		"test@example.com", "user@example.com", "1234567", "12345678", "123456789", "1234567890", "0000000", "00000000":
		return true
	}
	return false
}
