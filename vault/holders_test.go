package vault_test

import (
	"context"
	"errors"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A holder holds something of people, and can refuse to let it go.
type holder struct {
	holds   bool
	refuses error
	asked   int // with an act
	ended   int
	see     func()
}

func (h *holder) holders() vault.Holders {
	return vault.Holders{
		Ask: func(*db.Act, int64) func() (bool, error) {
			h.asked++
			return func() (bool, error) { return h.holds, nil }
		},
		End: func(context.Context, int64) error {
			h.see()
			if h.refuses == nil {
				h.ended++
			}
			return h.refuses
		},
	}
}

// As long as somebody holds something of what was erased, the erasure has not ended: it
// is not acknowledged, the log does not say that it is complete, and whoever starts next
// has them asked again.
func TestAnErasureEndsWhenOthersHaveLetGo(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		dies := s.keysOf(num)
		h := &holder{holds: true, refuses: errors.New("it is being fetched"), see: func() {
			s.dead(dies)
			if s.intents() == 0 || s.entries(num, audit.Erased) != 0 {
				t.Error("the erasure has ended before others are asked to let go")
			}
		}}
		v := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: s.journal, Others: h.holders()})
		if _, err := v.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true}); !errors.Is(err, h.refuses) {
			t.Errorf("it is acknowledged although somebody holds something: %v", err)
		}
		s.must(v.Settle(t.Context()))
		if _, err := v.Resume(t.Context()); !errors.Is(err, h.refuses) {
			t.Errorf("a start ends it although somebody holds something: %v", err)
		}
		h.refuses = nil
		if n, err := v.Resume(t.Context()); err != nil || len(n) != 1 {
			t.Errorf("resumed %d: %v", n, err)
		}
		if got := s.facts(num).State; got != subject.Erased || s.entries(num, audit.Erased) != 1 || h.ended != 1 {
			t.Errorf("state %s, %d entries, others let go %d times", got, s.entries(num, audit.Erased), h.ended)
		}
	})
}

// Whoever holds nothing is asked with the act alone, and let be.
func TestNobodyIsBotheredWhoHoldsNothing(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		h := &holder{see: func() { t.Error("somebody who holds nothing has to let go") }}
		v := vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: s.journal, Others: h.holders()})
		num := s.person(email, phone)
		_, err := v.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true})
		s.must(err)
		s.must(v.Settle(t.Context()))
		if h.asked != 1 || s.entries(num, audit.Erased) != 1 {
			t.Errorf("asked %d times, %d entries", h.asked, s.entries(num, audit.Erased))
		}
	})
}
