package checkdigit_test

import (
	"testing"

	"github.com/avow-dev/avow/internal/checkdigit"
)

// Each single wrong digit, and nearly each swap of two neighbours, shows.
func TestLuhnFindsEachWrongDigit(t *testing.T) {
	const right = "4111111111111111"
	if !checkdigit.Luhn(right) || !checkdigit.Luhn("490154203237518") {
		t.Fatal("a right number does not pass")
	}
	for i := range len(right) {
		for d := byte('0'); d <= '9'; d++ {
			wrong := right[:i] + string(d) + right[i+1:]
			if checkdigit.Luhn(wrong) != (wrong == right) {
				t.Errorf("%s passes: %v", wrong, checkdigit.Luhn(wrong))
			}
		}
	}
}

func TestMod11TellsXFromDigits(t *testing.T) {
	for number, want := range map[string]byte{
		"11010519491231002": 'X', // the examples of GB 11643-1999
		"44052418800101001": '4',
	} {
		if got := checkdigit.Mod11(number); got != want {
			t.Errorf("Mod11(%s) = %c, want %c", number, got, want)
		}
	}
}
