package rights

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"pgregory.net/rapid"
)

// allowed is the machine of DESIGN §4, written down a second time by hand: what
// may follow each state before and after the first destructive step.
func allowed(from, to State, begun, fetched bool) bool {
	quiet := from == Received || from == Verified || from == Surveyed || from == Planned || from == Approved || from == Running || from == NeedsAttention
	switch to {
	case Refused:
		return quiet && !begun
	case Withdrawn:
		return quiet && !begun || from == VerifiedAfter && fetched
	case Expired:
		return from == Received || from == Verified || from == VerifiedAfter && fetched
	case Verified:
		return from == Received
	case Surveyed:
		return from == Verified || from == Surveyed || from == Planned || from == Approved || from == NeedsAttention
	case Planned:
		return from == Surveyed || from == Planned
	case Approved:
		return from == Planned
	case Running:
		return from == Approved || from == NeedsAttention || from == VerifiedAfter && fetched
	case NeedsAttention:
		return from == Running || from == VerifiedAfter
	case VerifiedAfter:
		return from == Running
	case Delivered:
		return from == VerifiedAfter
	}
	return false
}

func states() []State {
	return []State{
		Received, Verified, Surveyed, Planned, Approved, Running, NeedsAttention, VerifiedAfter, Delivered, Refused, Withdrawn, Expired,
	}
}

func TestTheTableIsTheMachine(t *testing.T) {
	for _, right := range []string{"erasure", "access"} {
		for _, begun := range []bool{false, true} {
			for _, from := range states() {
				for _, to := range states() {
					q := &request{asks: right, state: from, begun: begun}
					err := q.may(to)
					if want := allowed(from, to, begun, right == "access"); (err == nil) != want {
						t.Errorf("%s, begun %v: %s to %s: %v", right, begun, from, to, err)
					}
					if err != nil && fault.Of(err) != fault.Conflict {
						t.Errorf("%s to %s: %v is no conflict", from, to, err)
					}
				}
			}
		}
	}
}

func TestNoWalkWithdrawsAfterTheFirstDestructiveStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := &request{asks: rapid.SampledFrom([]string{"erasure", "access"}).Draw(t, "right"), state: Received}
		delivered := false
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				if q.state == Running && q.asks == "erasure" {
					q.begun = true
				}
				continue
			case 1:
				if q.paused == nil {
					at := time.Unix(0, 0)
					q.paused = &at
				} else {
					q.paused = nil
				}
				continue
			}
			to := rapid.SampledFrom(states()).Draw(t, "to")
			err := q.may(to)
			if want := allowed(q.state, to, q.begun, q.asks == "access"); q.paused == nil && (err == nil) != want {
				t.Fatalf("%s to %s: %v", q.state, to, err)
			}
			if err != nil {
				continue
			}
			if q.paused != nil && to != Refused && to != Withdrawn {
				t.Fatalf("a paused request moved to %s", to)
			}
			if q.state.Last() {
				t.Fatalf("%s follows the last state %s", to, q.state)
			}
			if q.begun && (to == Withdrawn || to == Refused) {
				t.Fatalf("%s after something was destroyed", to)
			}
			if to == Delivered && q.state != VerifiedAfter {
				t.Fatalf("delivered from %s, unverified", q.state)
			}
			delivered = delivered || to == Delivered
			q.state = to
		}
		if delivered && q.state != Delivered {
			t.Fatalf("a delivered request became %s", q.state)
		}
	})
}

func TestEveryStateIsReachedAndOnlyLastOnesEnd(t *testing.T) {
	reached, leaves := map[State]bool{Received: true}, map[State]bool{}
	for _, m := range Moves() {
		reached[m.To], leaves[m.From] = true, true
	}
	for _, s := range states() {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
		if leaves[s] == s.Last() {
			t.Errorf("%s: last is %v, and something follows is %v", s, s.Last(), leaves[s])
		}
	}
}

func TestClocksStandStillWhilePaused(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	q := &request{state: Verified}
	d := due{at: start.AddDate(0, 0, 30)}
	since := start.AddDate(0, 0, 5)
	q.paused = &since
	if got := q.dueAt(d, start.AddDate(0, 0, 9)).at; !got.Equal(start.AddDate(0, 0, 34)) {
		t.Errorf("paused for four days: due %s", got)
	}
	q.paused, q.stood = nil, 96*time.Hour
	if got := q.dueAt(d, start.AddDate(0, 0, 20)).at; !got.Equal(start.AddDate(0, 0, 34)) {
		t.Errorf("after a pause of four days: due %s", got)
	}
	if !q.dueAt(due{}, start).at.IsZero() {
		t.Error("where no rule sets a time, a pause makes one")
	}
}
