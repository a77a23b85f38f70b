package rights

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A broken system fails its erasures with err for a while.
type broken struct {
	connector.System
	err   error
	times int
	calls int
}

func (b *broken) Erase(ctx context.Context, w gate.Warrant, s connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if b.calls++; b.calls <= b.times {
		return nil, b.err
	}
	return b.System.Erase(ctx, w, s, targets)
}

// ailing gives a stack whose shop fails.
func ailing(t *testing.T, err error, times int) (*stack, *broken) {
	t.Helper()
	b := &broken{err: err, times: times}
	s := newStack(t, db.SQLite)
	s.around = func(sys connector.System) connector.System {
		b.System = sys
		return b
	}
	s.reopen()
	return s, b
}

func TestTroubleThatPassesIsTriedAgain(t *testing.T) {
	s, b := ailing(t, fault.New(fault.Busy, "the shop is locked"), 3)
	mia, _ := s.people()
	id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	for range 6 {
		s.run()
		s.clock.Add(10 * time.Minute)
	}
	s.wants(id, Delivered)
	if b.calls != 4 || s.entries(mia.Num, audit.StepFailed) != 3 {
		t.Errorf("%d calls, %d failures in the log", b.calls, s.entries(mia.Num, audit.StepFailed))
	}
}

func TestTroubleThatStaysNeedsAttentionWithItsCause(t *testing.T) {
	s, b := ailing(t, fault.New(fault.Busy, "the shop is locked"), 1000)
	s.people()
	id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	for range 12 {
		s.run()
		s.clock.Add(2 * time.Hour)
	}
	v := s.wants(id, NeedsAttention)
	if b.calls != maxTries || v.Cause != "the shop is locked" {
		t.Errorf("%d tries, cause %q", b.calls, v.Cause)
	}
	b.times = 0
	s.must(s.rights.Retry(t.Context(), id, support()))
	s.run()
	s.wants(id, Delivered)
}

func TestAnErrorThatCannotPassStopsAtOnceAndTellsNothingPersonal(t *testing.T) {
	for name, err := range map[string]error{
		"conflict": fault.New(fault.Conflict, "table messages is gone: plan again"),
		"inner":    errors.New("row mia@lamp.test exploded"),
	} {
		s, b := ailing(t, err, 1000)
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		for range 12 {
			s.run()
			s.clock.Add(2 * time.Hour)
		}
		v := s.wants(id, NeedsAttention)
		if name == "conflict" && b.calls != 1 {
			t.Errorf("%s: tried %d times", name, b.calls)
		}
		for _, e := range v.Events {
			if strings.Contains(e.Note, "mia") {
				t.Errorf("%s: the timeline says %q", name, e.Note)
			}
		}
		if strings.Contains(v.Cause, "mia") || v.Cause == "" {
			t.Errorf("%s: the cause is %q", name, v.Cause)
		}
	}
}

// A growing system gains a row of the person between the last look and the act.
type growing struct {
	connector.System
	grow func()
}

func (g *growing) Erase(ctx context.Context, w gate.Warrant, s connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if g.grow != nil {
		g.grow()
		g.grow = nil
	}
	return g.System.Erase(ctx, w, s, targets)
}

func TestRowsThatComeWhileItRunsAreForAPersonToLookAt(t *testing.T) {
	for name, c := range map[string]struct{ row, still string }{
		"beside": {
			`INSERT INTO customers VALUES (6, 'MIA@LAMP.TEST', NULL, 'Mia Again', NULL)`,
			`SELECT count(*) FROM customers WHERE id = 6`,
		},
		"below": {
			`INSERT INTO messages VALUES (9, 1, 'mia is quick')`,
			`SELECT count(*) FROM messages WHERE id = 9`,
		},
	} {
		g := &growing{}
		s := newStack(t, db.SQLite)
		s.around = func(sys connector.System) connector.System {
			g.System = sys
			return g
		}
		s.reopen()
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		g.grow = func() { s.sql(c.row) }
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		if v := s.show(id); v.State != NeedsAttention {
			t.Fatalf("%s: the request is %s; rows that came: %d", name, v.State, s.count(c.still))
		}
		v := s.show(id)
		if name == "beside" && !strings.Contains(v.Cause, "shop.customers: 1") {
			t.Errorf("%s: the cause does not say what came: %q", name, v.Cause)
		}
		if err := s.rights.Withdraw(t.Context(), id, self()); fault.Of(err) != fault.Conflict {
			t.Errorf("%s: withdrawn after something was destroyed: %v", name, err)
		}
		if s.count(c.still) != 1 {
			t.Errorf("%s: a row that nobody approved was erased", name)
		}
		s.replanned(id)
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, Delivered)
		if s.count(c.still) != 0 {
			t.Errorf("%s: the row survives its own plan", name)
		}
		s.checkReceipt(id)
	}
}

func TestASystemThatDoesNotFitItsMapStopsTheSurvey(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.people()
	s.sql(`CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), total TEXT)`)
	id, err := s.rights.Receive(t.Context(), asked(policy.Erasure, "email", "mia@lamp.test"), support())
	s.must(err)
	s.must(s.rights.Verify(t.Context(), id, self(), "login"))
	_, err = s.rights.Survey(t.Context(), id, support())
	if fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "invoices") {
		t.Errorf("a table nobody mapped is passed over: %v", err)
	}
	s.wants(id, Verified)
}

func TestTwoWorkersDoAStepOnce(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		twice := false
		s.rights.passed = func(point string) {
			if point == "rights.step.before-act" && !twice {
				twice = true
				// A second worker that took the same step over does all of it first.
				q, about, err := s.rights.load(t.Context(), id)
				s.must(err)
				var n int64
				for _, st := range s.show(id).Steps {
					if st.State == stepBegun {
						n = st.Number
					}
				}
				w, err := s.rights.take(t.Context(), id, n)
				s.must(err)
				w.q, w.about = q, about
				sys, err := s.rights.system(w.step.system)
				s.must(err)
				d, err := s.rights.details(t.Context(), q)
				s.must(err)
				leave, err := s.rights.warrant(t.Context(), q, about, sys.Name(), n, gate.Erase)
				s.must(err)
				planned, _ := w.plan.System(sys.Name())
				_, err = sys.Erase(t.Context(), leave, person(q, string(about.ID), d), planned.Targets())
				s.must(err)
			}
		}
		s.run()
		s.wants(id, Delivered)
		if !twice {
			t.Fatal("no second worker came")
		}
		s.checkReceipt(id)
	})
}

// A forgetful system leaves one row out of an export.
type forgetful struct {
	connector.System
	left string // collection of which a row is left out
}

func (f *forgetful) Export(ctx context.Context, w gate.Warrant, s connector.Subject, sv *connector.Survey, emit func(connector.Row) error) error {
	left := false
	return f.System.Export(ctx, w, s, sv, func(r connector.Row) error {
		if !left && r.Collection == f.left {
			left = true
			return nil
		}
		return emit(r)
	})
}

func TestAPackageThatLacksARowIsNeverReady(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.around = func(sys connector.System) connector.System { return &forgetful{sys, "messages"} }
	s.reopen()
	s.people()
	id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	for range 12 {
		s.run()
		s.clock.Add(2 * time.Hour)
	}
	if v := s.wants(id, NeedsAttention); !strings.Contains(v.Cause, "shop: 1 rows") {
		t.Errorf("the cause is %q", v.Cause)
	}
}

func TestOutsideSystemsAreSearchedByEveryIdentifierOfThePerson(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		s.sql(`INSERT INTO customers VALUES (8, '', '030 901820', 'Mia Long Ago', NULL)`) // only the vault knows the phone
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, Delivered)
		if n := s.count(`SELECT count(*) FROM customers WHERE id = 8`); n != 0 {
			t.Error("a row that only the person's other identifier finds is still there")
		}
	})
}
