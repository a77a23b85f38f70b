package vault_test

import (
	"context"
	"sync"
	"testing"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/vault"
)

// A neighbour in the same row is corrected again and again, each time under a new key:
// whoever reads the row meanwhile is given what is in it, or an error, but never told
// that nothing is held.
func TestARowThatMovesToANewKeyIsNotReadAsEmpty(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		ctx, done := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			defer done()
			for i := range 40 {
				to := []string{"+8613800138001", "+8613800138002"}[i%2]
				if err := s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.phone"), Value: seal.NewPersonal(to)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
		u := s.ask(num, "account", "account.email")
		for range 3 {
			wg.Go(func() {
				for ctx.Err() == nil {
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
			})
		}
		wg.Wait()
	})
}
