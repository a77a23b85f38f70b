package checkdigit

// Luhn reports whether the last of some decimal digits is the check digit of those
// before it (ISO/IEC 7812-1 annex B): of payment cards and of IMEIs.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Mod11 returns the check character of decimal digits (ISO/IEC 7064, MOD 11-2), a
// digit or X: of Chinese resident identity numbers (GB 11643-1999).
func Mod11(digits string) byte {
	sum := 0
	for i := range len(digits) {
		sum = (sum + int(digits[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11]
}
