package vault_test

import (
	"testing"

	"github.com/avow-dev/avow/gate"
)

// A neighbour in the same row is corrected again and again, each time under a new key:
// whoever reads the row meanwhile is given what is in it, or an error, but never told
// that nothing is held.
func TestARowThatMovesToANewKeyIsNotReadAsEmpty(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		u := s.ask(num, "account", "account.email")
		use := func() {
			one := *u
			a, err := s.vault.Use(t.Context(), &one, gate.Actor{})
			if err != nil {
				t.Error(err)
				return
			}
			if !a.Decision.Allowed || len(a.Values) != 1 || a.Values[0].Text.Reveal() != email {
				t.Errorf("allowed %t with %d values", a.Decision.Allowed, len(a.Values))
			}
		}
		s.correcting(num, use, use, use)
	})
}
