package vault_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/vault"
)

// many returns the answers of a batch in words: "no", or the values in clear.
func (s *stack) many(purpose string, people []int64, items ...string) (out []string) {
	s.t.Helper()
	answers, err := s.vault.UseMany(s.t.Context(), vault.Batch{Subjects: people, Use: *s.ask(0, purpose, items...)})
	s.must(err)
	for _, a := range answers {
		said := "no"
		if a.Decision.Allowed {
			said = "yes"
		}
		for _, v := range a.Values {
			said += " " + v.Text.Reveal()
		}
		if a.Decision.Allowed != (a.Entry != 0) {
			s.t.Errorf("allowed %v with entry %d", a.Decision.Allowed, a.Entry)
		}
		out = append(out, said)
	}
	return out
}

// group registers n people, each with an address of their own; everybody agreed to
// get news.
func (s *stack) group(n int) (people []int64) {
	for i := range n {
		people = append(people, s.person(fmt.Sprintf("p%d@example.org", i), phone))
		s.choose(people[i], "news", true)
	}
	return people
}

func TestOneOfManyIsDeniedAlone(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(5)
		s.choose(people[2], "news", false)
		want := []string{"yes p0@example.org", "yes p1@example.org", "no", "yes p3@example.org", "yes p4@example.org"}
		for _, cached := range []string{"read", "in memory"} {
			if d := cmp.Diff(want, s.many("news", people, "account.email")); d != "" {
				t.Errorf("facts %s: %s", cached, d)
			}
		}
		for i, num := range people {
			used, denied := 2, 0
			if i == 2 {
				used, denied = 0, 2
			}
			if s.entries(num, audit.Used) != used || s.entries(num, audit.Denied) != denied {
				t.Errorf("person %d has %d entries of uses and %d of denials", i, s.entries(num, audit.Used), s.entries(num, audit.Denied))
			}
		}
	})
}

// The withdrawal comes after another node has the facts in memory: its batch loses,
// and is answered on what is true now, without a trace of the batch that lost.
func TestAWithdrawalWinsOverABatch(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(4)
		node := *s
		var err error
		node.gate, err = gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: func() *publication.Version { return s.version }})
		s.must(err)
		node.vault = vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: node.gate})
		node.many("news", people, "account.email")
		s.choose(people[1], "news", false)
		want := []string{"yes p0@example.org", "no", "yes p2@example.org", "yes p3@example.org"}
		if d := cmp.Diff(want, node.many("news", people, "account.email")); d != "" {
			t.Error(d)
		}
		for i, num := range people {
			used, denied := 2, 0
			if i == 1 {
				used, denied = 1, 1
			}
			if s.entries(num, audit.Used) != used || s.entries(num, audit.Denied) != denied {
				t.Errorf("person %d has %d entries of uses and %d of denials", i, s.entries(num, audit.Used), s.entries(num, audit.Denied))
			}
		}
	})
}

func TestABatchWithAStrangerAnswersNobody(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(2)
		_, err := s.vault.UseMany(t.Context(), vault.Batch{Subjects: []int64{people[0], 1 << 40, people[1]}, Use: *s.ask(0, "news", "account.email")})
		if fault.Of(err) != fault.NotFound {
			t.Errorf("error %v", err)
		}
		if n := s.entries(people[0], audit.Used); n != 0 {
			t.Errorf("%d entries of a batch that was refused", n)
		}
	})
}

func TestWhoIsNamedTwiceIsAnsweredTwice(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(2)
		list := []int64{people[0], people[1], people[0]}
		want := []string{"yes p0@example.org", "yes p1@example.org", "yes p0@example.org"}
		if d := cmp.Diff(want, s.many("news", list, "account.email")); d != "" {
			t.Error(d)
		}
		if n := s.entries(people[0], audit.Used); n != 2 {
			t.Errorf("%d entries for two answers", n)
		}
	})
}

// A batch answers as many single uses do: with one who was erased, one whose key
// died, one who holds more than one row, and one who holds nothing.
func TestABatchAnswersAsSingleUsesDo(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(5)
		s.collect(people[1], "browse", policy.Given{Item: "net.ip", Value: "203.0.113.7"})
		s.erase(vault.Erasure{Subject: people[2], Item: s.item("account.phone")})
		s.erase(vault.Erasure{Subject: people[3], Everything: true})
		var single []string
		for _, num := range people {
			values, allowed := s.use(num, "account", "account.email", "account.phone")
			said := "no"
			if allowed {
				said = "yes"
			}
			for _, v := range values {
				said += " " + v
			}
			single = append(single, said)
		}
		if d := cmp.Diff(single, s.many("account", people, "account.email", "account.phone")); d != "" {
			t.Error(d)
		}
		slices.Reverse(people)
		slices.Reverse(single)
		if d := cmp.Diff(single, s.many("account", people, "account.email", "account.phone")); d != "" {
			t.Errorf("the other way round: %s", d)
		}
	})
}

func TestALargeBatchIsWhole(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		people := s.group(120)
		for i, said := range s.many("account", people, "account.email") {
			if want := fmt.Sprintf("yes p%d@example.org", i); said != want {
				t.Errorf("person %d: %q", i, said)
			}
		}
		if _, err := s.vault.UseMany(t.Context(), vault.Batch{Subjects: make([]int64, vault.MaxBatch+1)}); fault.Of(err) != fault.Invalid {
			t.Errorf("a batch that is too large: %v", err)
		}
	})
}
