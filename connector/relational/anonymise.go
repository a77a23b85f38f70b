package relational

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"

	"github.com/avow-dev/avow/connector"
)

// What a masked and a hashed column hold. A column that holds such a text is
// taken for emptied; the search after an erasure does not rely on it.
var (
	masked = regexp.MustCompile(`^(\pL?\*\*\*(@\*\*\*)?|\*\*\*[0-9]{2})$`)
	hashed = regexp.MustCompile(`^anon-[a-z2-7]{24}$`)
)

// The longest masked text, and the length of a hashed one, in characters.
const (
	maskLen = 8
	hashLen = 29
)

func fits(c *Column, characters int) bool { return c.MaxLen == 0 || c.MaxLen >= characters }

// mask keeps the first letter of a text of four characters or more, or the last
// two digits of a number of seven digits or more, and never the length.
func mask(value string) string {
	value = strings.TrimSpace(value)
	if digits := connector.Digits(value); len(digits) >= 7 && len(digits)*2 > len(value) {
		return "***" + digits[len(digits)-2:]
	}
	letters := []rune(value)
	first := ""
	if len(letters) >= 4 && letter.MatchString(string(letters[0])) {
		first = string(letters[0])
	}
	if strings.Count(value, "@") == 1 {
		return first + "***@***"
	}
	return first + "***"
}

var letter = regexp.MustCompile(`^\pL$`)

// hasher returns a keyed hash of this erasure. The key is forgotten with it: who
// has the stored text and a guess of the value can tell nothing.
func hasher() func(string) string {
	key := []byte(rand.Text() + rand.Text())
	return func(value string) string {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(value))
		return "anon-" + strings.ToLower(base32.StdEncoding.EncodeToString(m.Sum(nil)[:15]))
	}
}
