package staff

import (
	"slices"
	"strings"
	"unicode"
)

// common reports whether a password is one that lists of common passwords are full
// of: a well-known word, or keys that lie side by side, once or more often, with
// digits and signs around it. Twelve characters rule out most of such a list; these
// are what is left of it.
func common(password string) bool {
	s := strings.ToLower(password)
	letters := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	word := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(letters)
	for _, w := range []string{letters, word} {
		for n := 1; n <= len(w)/2; n++ { // a word twice is the word
			if len(w)%n == 0 && strings.Repeat(w[:n], len(w)/n) == w {
				w = w[:n]
				break
			}
		}
		if slices.Contains(commonWords(), w) {
			return true
		}
	}
	return walked(s) || walked(letters)
}

// commonWords are the words of such lists, and those that everybody guesses here
// first.
func commonWords() []string {
	return strings.Fields(`password passwort passwd pass admin administrator adminadmin root welcome letmein login changeme secret default guest test
		iloveyou loveyou woaini princess sunshine football baseball superman batman dragon monkey master shadow michael jennifer
		trustno qwerty qwertz azerty abc abcd avow privacy console staff company system server database computer internet`)
}

// walked reports whether a password is a walk along the keyboard, or the alphabet, or
// the digits, forwards or backwards.
func walked(s string) bool {
	if len(s) < 4 {
		return false
	}
	rows := "1234567890123456789012345678901234567890 qwertyuiopasdfghjklzxcvbnm abcdefghijklmnopqrstuvwxyz 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 qwertyuiop1234567890 1234567890qwertyuiop qazwsxedcrfvtgbyhnujmikolp"
	back := []rune(s)
	slices.Reverse(back)
	return strings.Contains(rows, s) || strings.Contains(rows, string(back))
}
