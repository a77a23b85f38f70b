package vault_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// correcting corrects the telephone number of somebody again and again, each time under a
// new key for the row that holds it, and calls each of meanwhile over and over.
func (s *stack) correcting(num int64, meanwhile ...func()) {
	ctx, done := context.WithCancel(s.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done()
		for i := range 40 {
			to := []string{"+8613800138001", "+8613800138002"}[i%2]
			if err := s.vault.Correct(s.t.Context(), vault.Correction{Subject: num, Item: s.item("account.phone"), Value: seal.NewPersonal(to)}); err != nil {
				s.t.Error(err)
				return
			}
		}
	})
	for _, fn := range meanwhile {
		wg.Go(func() {
			for ctx.Err() == nil {
				fn()
			}
		})
	}
	wg.Wait()
}

// Who is given a copy of everything is given everything, although a neighbour of it is
// corrected between the list of rows and their opening.
func TestAnExportMissesNothingOfARowThatMovesToANewKey(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.order(num, "two lamps")
		f, w := s.facts(num), s.warrant(num, gate.Export)
		export := func() {
			var got []string
			err := s.vault.Read(t.Context(), w, gate.Export, f, func(h vault.Holding, list []vault.Value) error {
				for _, v := range list {
					if v.Item != s.item("account.phone") {
						got = append(got, v.Text.Reveal())
					} else if text := v.Text.Reveal(); text != phone && text != "+8613800138001" && text != "+8613800138002" {
						t.Errorf("a telephone number that nobody gave: %q", text)
					}
					if !slices.Contains(h.Items, v.Item) {
						t.Errorf("a row of %v gives item %d", h.Items, v.Item)
					}
				}
				if len(list) != len(h.Items) {
					t.Errorf("a row of %d items gives %d values", len(h.Items), len(list))
				}
				return nil
			})
			if slices.Sort(got); err != nil || !slices.Equal(got, []string{email, "two lamps"}) {
				t.Errorf("exported %q, %v", got, err)
			}
		}
		s.correcting(num, export, export)
	})
}

// A password is right or wrong, whatever becomes of the values beside it.
func TestASecretInARowThatMovesToANewKeyIsStillRight(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		// Secrets that cost nothing, so that most of a verification is the reading of its row.
		s.vault = vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: s.journal, Secrets: argon2id.Params{
			Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32,
		}})
		t.Cleanup(func() { s.must(s.vault.Settle(context.Background())) })
		num, err := s.data.Number(t.Context(), "subject")
		s.must(err)
		refusals, err := s.vault.Register(t.Context(), subject.New{Num: num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: s.version.Policy.Version()}, vault.Collection{
			Point: "registration", Given: []policy.Given{ // in one row
				{Item: "account.phone", Value: phone, Voluntary: true}, {Item: "account.password", Value: "correct horse battery", Voluntary: true},
			},
		})
		if err != nil || len(refusals) > 0 {
			t.Fatalf("refused: %v, %v", refusals, err)
		}
		u := s.ask(num, "account", "account.password")
		verify := func(candidate string, want bool) func() {
			return func() {
				one := *u
				ok, d, err := s.vault.VerifySecret(t.Context(), &one, seal.NewPersonal(candidate), gate.Actor{})
				if err != nil || !d.Allowed || ok != want {
					t.Errorf("%q is right: %v, allowed: %v, %v", candidate, ok, d.Allowed, err)
				}
			}
		}
		right := verify("correct horse battery", true)
		s.correcting(num, append(slices.Repeat([]func(){right}, 24), verify("wrong horse battery", false))...)
	})
}
