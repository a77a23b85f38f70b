package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/avow-dev/avow/internal/checkdigit"
)

// contains reports whether value holds what a pattern of a never rule finds,
// anywhere in it and however it is spaced.
func contains(pattern, value string) bool {
	switch pattern {
	case "payment-card":
		return anyNumber(value, paymentCard)
	case "cn-resident-id":
		return anyNumber(value, func(s string) bool { return residentID(s, "") != "" })
	case "coordinates":
		return anyCoordinates(value)
	case "phone":
		return phoneIn(value)
	}
	return false
}

var positions = pattern(`([+-]?[0-9]{1,3}\.[0-9]{3,})°?\s*[,;/ ]\s*([+-]?[0-9]{1,3}\.[0-9]{3,})`)

// anyCoordinates finds latitude and longitude fine enough for a house (three
// decimals and more), in this order or the other.
func anyCoordinates(value string) bool {
	for _, m := range positions().FindAllStringSubmatch(norm.NFKC.String(value), -1) {
		if within(m[1], 90) && within(m[2], 180) || within(m[1], 180) && within(m[2], 90) {
			return true
		}
	}
	return false
}

// longest is the length of the longest number that a pattern finds.
const longest = 19

// anyNumber reports whether found holds for a number in value. A number is a
// group of digits, or several with only separators between them, so that
// "6222 0212-3456 7890" is tried as one; it is not tried in the middle of a
// group, because long order and parcel numbers would then look like cards. A
// group may end in X.
func anyNumber(value string, found func(string) bool) bool {
	var groups []string
	var group []byte
	end := func() bool {
		if len(group) == 0 {
			return false
		}
		groups = append(groups, string(group))
		group = group[:0]
		number := ""
		for i := len(groups) - 1; i >= 0 && len(number)+len(groups[i]) <= longest; i-- {
			number = groups[i] + number
			if found(number) {
				return true
			}
		}
		return false
	}
	for _, r := range norm.NFKC.String(value) {
		d := decimalDigit(r)
		switch {
		case d >= 0:
			group = append(group, byte('0'+d))
		case (r == 'x' || r == 'X') && len(group) > 0:
			group = append(group, 'X')
		default:
			if end() {
				return true
			}
			if !separator(r) {
				groups = groups[:0]
			}
		}
	}
	return end()
}

// decimalDigit is the value of a decimal digit of any script, or -1.
func decimalDigit(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if r < 0x80 || !unicode.Is(unicode.Nd, r) {
		return -1
	}
	// Digits of a script stand together in Unicode and in order, from zero.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return int(r - zero)
}

// An issuer is a range of first four digits and the lengths its cards have.
type issuer struct {
	from, to int
	lengths  []int
}

func issuers() []issuer {
	most := []int{16, 17, 18, 19}
	return []issuer{
		{2221, 2720, []int{16}},         // Mastercard
		{3000, 3059, []int{14, 16}},     // Diners Club
		{3400, 3499, []int{15}},         // American Express
		{3528, 3589, most},              // JCB
		{3600, 3699, []int{14, 16}},     // Diners Club
		{3700, 3799, []int{15}},         // American Express
		{3800, 3999, []int{14, 16}},     // Diners Club
		{4000, 4999, []int{13, 16, 19}}, // Visa
		{5100, 5599, []int{16}},         // Mastercard
		{6011, 6011, most},              // Discover
		{6200, 6299, most},              // UnionPay
		{6440, 6599, most},              // Discover
		{8100, 8171, most},              // UnionPay
	}
}

// paymentCard reports whether s is a payment card number: an issuer's prefix
// with a length it uses, and a right check digit (ISO/IEC 7812-1).
func paymentCard(s string) bool {
	if len(s) < 13 || !allDigits(s) || !checkdigit.Luhn(s) {
		return false
	}
	prefix, err := strconv.Atoi(s[:4])
	return err == nil && slices.ContainsFunc(issuers(), func(i issuer) bool {
		return i.from <= prefix && prefix <= i.to && slices.Contains(i.lengths, len(s))
	})
}

// residentID checks a Chinese resident identity number (GB 11643-1999): region,
// a birth date that exists, and the check character of ISO 7064 MOD 11-2.
func residentID(v, _ string) string {
	v = strings.ToUpper(compact(v))
	if len(v) != 18 || !allDigits(v[:17]) || v[0] == '0' || v[0] == '9' {
		return ""
	}
	born, err := time.Parse("20060102", v[6:14])
	if err != nil || born.Year() < 1850 || born.Year() > 2200 {
		return ""
	}
	if checkdigit.Mod11(v[:17]) != v[17] {
		return ""
	}
	return v
}
