package rights

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
)

// A word that means nothing is no proof of who somebody is.
func TestOnlyAMethodThatIsKnownVerifies(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id, err := s.rights.Receive(t.Context(), asked(policy.Access, "email", "mia@lamp.test"), support())
		s.must(err)
		for _, word := range []string{"", "trust-me", "none", "Login", "login ", "mia@lamp.test"} {
			err := s.rights.Verify(t.Context(), id, self(), word)
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("%q verified somebody: %v", word, err)
			}
			for _, known := range s.rights.Methods(policy.Access) {
				if !strings.Contains(err.Error(), known) {
					t.Errorf("the error does not say %s: %v", known, err)
				}
			}
			if strings.Contains(err.Error(), "mia@") {
				t.Errorf("the error repeats what was typed: %v", err)
			}
		}
		if v := s.show(id); v.State != Received || v.Method != "" {
			t.Errorf("the request is %s, verified by %q", v.State, v.Method)
		}
		s.must(s.rights.Verify(t.Context(), id, self(), "document"))
		if v := s.show(id); v.Method != "document" {
			t.Errorf("verified by %q", v.Method)
		}
	})
}

// The policy's own word for a method counts too, for the right it stands under.
func TestTheWordOfThePolicyVerifies(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		r, err := s.rights.policy().Right(policy.Erasure)
		s.must(err)
		before := s.rights.Methods(policy.Erasure)
		for verify, want := range map[string]bool{"identifier": true, "none": false, "": false, "login": false} {
			r.Verify = verify
			got := s.rights.Methods(policy.Erasure)
			if more := len(got) > 4; more != want || !slices.Contains(got, "login") {
				t.Errorf("verify %q: %v", verify, got)
			}
			if err := s.rights.CheckMethod(policy.Erasure, "identifier", gate.Actor{}); (err == nil) != want {
				t.Errorf("verify %q: %v", verify, err)
			}
		}
		if err := s.rights.CheckMethod(policy.Access, "identifier", gate.Actor{}); err == nil {
			t.Errorf("a word of one right counts for another; before: %v", before)
		}
	})
}

// A reply that is promised sooner than the whole has a clock of its own, which stops
// when who asked has heard what becomes of it.
func TestAReplyThatIsLateIsOverdue(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id, err := s.rights.Receive(ctx, asked(policy.Access, "email", "mia@lamp.test"), support())
		s.must(err)
		v := s.show(id)
		if v.ReplyDue == nil || v.DoneDue != nil && !v.ReplyDue.At.Before(v.DoneDue.At) {
			t.Fatalf("the policy promises no earlier reply: %+v", v.Summary)
		}
		overdue := func(want bool, when string) {
			t.Helper()
			late, err := s.rights.Overdue(ctx)
			s.must(err)
			if (len(late) == 1) != want || len(late) > 1 {
				t.Errorf("%s: overdue are %+v", when, late)
			}
		}
		soon, err := s.rights.DueSoon(ctx, 15*24*time.Hour)
		s.must(err)
		if len(soon) != 1 || soon[0].ID != id || !soon[0].Clock().At.Equal(v.ReplyDue.At) {
			t.Errorf("due soon: %+v", soon)
		}
		overdue(false, "at once")
		s.must(s.rights.Pause(ctx, id, Reason{Code: "clarification"}, support()))
		s.clock.Set(v.ReplyDue.At.Add(time.Minute))
		overdue(false, "while the clocks stand still")
		s.must(s.rights.Resume(ctx, id, support()))
		overdue(false, "when they run again")
		s.clock.Set(s.show(id).ReplyDue.At.Add(time.Minute))
		overdue(true, "after the reply was due")
		s.must(s.rights.Verify(ctx, id, self(), "login"))
		overdue(true, "when they are verified")
		s.replanned(id)
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, VerifiedAfter)
		overdue(false, "when the package is ready")
	})
}
