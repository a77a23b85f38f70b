package vault_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// What is remembered of somebody after a correction or an erasure is what the ledgers
// say, to the last key and the order of keys: who collects next seals under it.
func TestWhatIsRememberedAfterAChangeIsWhatTheLedgersSay(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "a lamp")
		s.order(num, "two lamps")
		same := func(after string) {
			t.Helper()
			have, err := s.gate.State(t.Context(), num)
			s.must(err)
			want, err := s.gate.Fresh(t.Context(), num)
			s.must(err)
			opts := cmp.Options{cmpopts.IgnoreUnexported(gate.State{}), cmpopts.EquateEmpty(), cmp.AllowUnexported(policy.Facts{})}
			if diff := cmp.Diff(want, have, opts); diff != "" {
				t.Errorf("after %s: %s", after, diff)
			}
		}
		for range 2 {
			s.must(s.vault.Correct(t.Context(), vault.Correction{Subject: num, Item: s.item("account.phone"), Value: seal.NewPersonal("+4930123456")}))
			same("a correction")
			s.must(s.vault.Await(t.Context(), num))
			same("the end of a correction")
			_, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Item: s.item("order.history")})
			s.must(err)
			same("an erasure of an item")
			s.must(s.vault.Await(t.Context(), num))
			same("the end of an erasure of an item")
			s.order(num, "a third lamp")
			same("a collection")
		}
		s.erase(vault.Erasure{Subject: num, Everything: true})
		same("an erasure of everything")
	})
}
