package vault_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

const visit = "opened the page of the tall lamp"

// fixing runs fn on both engines, with the policy of a shop that a law has keep the log
// of visits for thirty days, neither shorter nor longer.
func fixing(t *testing.T, fn func(t *testing.T, s *stack)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			fn(t, newStack(t, e,
				"  logs: {title: {en: Logs, zh-CN: 日志}, for: P30D,", "  visits: {title: {en: Visits, zh-CN: 访问}, for: P30D, bucket: P1D, fixed: true, then: erase, ground: law, cite: {en: Visits Act § 3, zh-CN: 《访问法》第3条}}\n  logs: {title: {en: Logs, zh-CN: 日志}, for: P30D,",
				"  net.ip:", "  site.visit: {title: {en: Visits, zh-CN: 访问}, category: user.behavior, type: text, source: given, at: [browse], purposes: [account], list: true, keep: visits}\n  net.ip:",
			))
		})
	}
}

func (s *stack) visits(num int64, what string) {
	s.t.Helper()
	if r := s.collect(num, "browse", policy.Given{Item: "site.visit", Value: what, Voluntary: true}); len(r) > 0 {
		s.t.Fatalf("refused: %+v", r)
	}
}

// logged returns the rows of somebody that are kept for a fixed time.
func (s *stack) logged(num int64) (rows []vault.Holding) {
	s.t.Helper()
	held, err := s.vault.Holdings(s.t.Context(), num)
	s.must(err)
	for _, h := range held {
		if h.Class == s.class("visits") {
			rows = append(rows, h)
		}
	}
	return rows
}

func TestWhatIsKeptForAFixedTimeEndsNotAMomentBefore(t *testing.T) {
	fixing(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.visits(num, visit)
		due := s.logged(num)[0].Due
		early := []vault.Erasure{{Subject: num, Item: s.item("site.visit")}, {Subject: num, Class: s.class("visits")}}
		for _, at := range []time.Time{s.clock.Now(), due.Add(-time.Second)} {
			s.clock.Set(at)
			for _, e := range early {
				_, err := s.vault.Erase(t.Context(), e)
				if fault.Of(err) != fault.Denied || !vault.Fixed(err) {
					t.Fatalf("%v before its end: %v", due.Sub(at), err)
				}
				for _, says := range []string{"visits", "P30D", "Visits Act § 3", "ends by itself"} {
					if !strings.Contains(err.Error(), says) {
						t.Errorf("%q does not say %s", err, says)
					}
				}
				if strings.Contains(err.Error(), "lamp") {
					t.Errorf("%q holds what is kept", err)
				}
			}
			if len(s.logged(num)) != 1 || s.entries(num, audit.Erasing)+s.entries(num, audit.Rekeyed) != 0 {
				t.Errorf("%v before its end: a refused erasure has begun", due.Sub(at))
			}
		}
		s.clock.Set(due)
		s.erase(early[0])
		if got := s.logged(num); len(got) != 0 {
			t.Errorf("%d rows are held after their time", len(got))
		}
	})
}

func TestAnErasureOfEverythingLeavesWhatHasAFixedTimeAndNothingElse(t *testing.T) {
	fixing(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.visits(num, visit)
		s.erase(vault.Erasure{Subject: num, Everything: true})
		rows, err := s.vault.Holdings(t.Context(), num)
		s.must(err)
		for _, h := range rows {
			if h.Class != s.class("visits") {
				t.Errorf("a row of class %d is left", h.Class)
			}
		}
		if got := values(s.exported(num)); !slices.Contains(got, visit) {
			t.Errorf("%q is left, want the visit", got)
		}
		// Of who has nothing left that has time, everything goes.
		other := s.person(secondMail, phone)
		s.visits(other, visit)
		s.clock.Set(s.logged(other)[0].Due)
		s.erase(vault.Erasure{Subject: other, Everything: true})
		if rows, err := s.vault.Holdings(t.Context(), other); err != nil || len(rows) != 0 {
			t.Errorf("%d rows are left after their time, %v", len(rows), err)
		}
	})
}

func values(list []vault.Value) (out []string) {
	for _, v := range list {
		out = append(out, v.Text.Reveal())
	}
	return out
}

// holdAll keeps everything of somebody, as for a claim.
func (s *stack) holdAll(num int64) {
	s.t.Helper()
	s.exercise(num, audit.HoldSet, func(act *db.Act) { subject.SetHold(act, num, subject.Hold{Cite: "claim 7"}) })
}

// endHold lifts what holdAll has set.
func (s *stack) endHold(num int64) {
	s.t.Helper()
	s.exercise(num, audit.HoldEnded, func(act *db.Act) { subject.EndHold(act, num, 0) })
}

// exercise changes how somebody is held, with its entry.
func (s *stack) exercise(num int64, kind audit.Kind, change func(*db.Act)) {
	s.t.Helper()
	st, err := s.gate.Fresh(s.t.Context(), num)
	s.must(err)
	act := s.data.NewAct()
	_, err = s.gate.Exercise(s.t.Context(), act, st, gate.Duty{Kind: kind, Control: policy.RetentionLaw})
	s.must(err)
	change(act)
	s.must(s.data.Commit(s.t.Context(), act))
	s.gate.Forget(num)
}

func TestNoHoldKeepsWhatIsKeptForAFixedTime(t *testing.T) {
	fixing(t, func(t *testing.T, s *stack) {
		num := s.person(email, phone)
		s.visits(num, visit)
		if r := s.collect(num, "browse", policy.Given{Item: "net.ip", Value: "192.0.2.1"}); len(r) > 0 {
			t.Fatalf("refused: %+v", r)
		}
		s.holdAll(num)
		rows, err := s.vault.Holdings(t.Context(), num)
		s.must(err)
		s.clock.Add(40 * 24 * time.Hour)
		for _, h := range rows {
			if h.Due.IsZero() {
				continue
			}
			fixed := h.Class == s.class("visits")
			end := vault.End{Subject: num, Class: h.Class, Bucket: h.Bucket, Control: policy.RetentionFixed, Kind: audit.ClassEnded}
			for range 2 { // a second time there is nothing left to do
				ended, err := s.vault.EndRetention(t.Context(), end)
				s.must(err)
				if ended.Held == fixed {
					t.Errorf("class %d: held is %v", h.Class, ended.Held)
				}
			}
		}
		if len(s.logged(num)) != 0 || s.entries(num, audit.ClassEnded) != 1 {
			t.Errorf("%d rows and %d entries, want none and one", len(s.logged(num)), s.entries(num, audit.ClassEnded))
		}
		if left, err := s.vault.Holdings(t.Context(), num); err != nil || len(left) != len(rows)-1 {
			t.Errorf("%d of %d rows are left, %v", len(left), len(rows), err)
		}
	})
}

// A restore erases again what was let go before the archive came back, also of a class
// that has been kept for a fixed time since.
func TestARestoreErasesAgainWhatAFixedTimeWouldKeepNow(t *testing.T) {
	fixing(t, func(t *testing.T, s *stack) {
		for _, scope := range []journal.Scope{
			{Kind: journal.OneItem, Number: int64(s.item("site.visit"))},
			{Kind: journal.OneClass, Number: int64(s.class("visits"))},
		} {
			num := s.person(scopeMail(scope), phone)
			s.visits(num, visit)
			n, err := s.vault.Reapply(t.Context(), []journal.Record{{Subject: string(s.facts(num).ID), Scope: scope}})
			if err != nil || n != 1 || len(s.logged(num)) != 0 {
				t.Errorf("%+v: erased %d again, %d rows are left, %v", scope, n, len(s.logged(num)), err)
			}
		}
	})
}

func scopeMail(s journal.Scope) string {
	if s.Kind == journal.OneItem {
		return email
	}
	return secondMail
}

// What was stored is kept for its time, also when the person is erased in the same
// moment: a visit is refused, or it stays.
func TestAVisitBesideAnErasureIsRefusedOrKept(t *testing.T) {
	fixing(t, func(t *testing.T, s *stack) {
		for i := range 12 {
			num := s.person(strings.Repeat("x", i+1)+email, phone)
			stored := false
			var wg sync.WaitGroup
			wg.Go(func() {
				r, err := s.vault.Collect(t.Context(), vault.Collection{Subject: num, Point: "browse", Given: []policy.Given{{Item: "site.visit", Value: visit, Voluntary: true}}})
				stored = err == nil && len(r) == 0
			})
			wg.Go(func() {
				if _, err := s.vault.Erase(t.Context(), vault.Erasure{Subject: num, Everything: true}); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			s.must(s.vault.Await(t.Context(), num))
			if got := len(s.logged(num)); (got > 0) != stored {
				t.Fatalf("person %d: stored is %v, and %d rows are held", i, stored, got)
			}
		}
	})
}
