package demo

import (
	"strings"
	"testing"
)

// A password that contains its login is refused, and would end one demo in some hundred
// before it is ready.
func TestNoPasswordOfTheDemoContainsItsLogin(t *testing.T) {
	for range 200 { // about ten of them would
		if p := password("m"); strings.Contains(p, "m") {
			t.Fatal("a password contains its login")
		}
	}
}
