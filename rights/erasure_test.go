package rights

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func TestAnErasureReachesEverySystemAndLeavesAReceipt(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		mia, ben := s.people()
		id := s.approved(asked(policy.Erasure, "email", "Mia@Lamp.test"))
		if v := s.show(id); v.Subject != mia.ID || v.DoneDue == nil || v.DoneDue.Rule == "" {
			t.Fatalf("the request is about %q, due %+v", v.Subject, v.DoneDue)
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		v := s.wants(id, Delivered)
		if v.KeyEnded == nil || !v.Receipt {
			t.Errorf("after delivery the request key lives on: %+v", v)
		}
		for query, want := range map[string]int{
			`SELECT count(*) FROM customers`:                           1,
			`SELECT count(*) FROM addresses`:                           1,
			`SELECT count(*) FROM messages`:                            1,
			`SELECT count(*) FROM orders`:                              3, // rows stay, emptied
			`SELECT count(*) FROM orders WHERE note LIKE '%mia%'`:      0,
			`SELECT count(*) FROM orders WHERE note LIKE '%ben%'`:      1,
			`SELECT count(*) FROM customers WHERE name = 'Ben Bernau'`: 1,
		} {
			if got := s.count(query); got != want {
				t.Errorf("%s gives %d, want %d", query, got, want)
			}
		}
		s.checkSubject(mia.Num, subject.Erased)
		s.checkSubject(ben.Num, subject.Open)
		s.checkReceipt(id)
	})
}

func (s *stack) checkSubject(num int64, want subject.State) {
	s.t.Helper()
	var f subject.Facts
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) (err error) {
		f, err = subject.ByNum(s.t.Context(), r, num)
		return err
	}))
	if f.State != want {
		s.t.Errorf("the subject is %s, want %s", f.State, want)
	}
}

func (s *stack) checkReceipt(id ID) plan.Report {
	s.t.Helper()
	file, err := s.rights.Receipt(s.t.Context(), id)
	s.must(err)
	report, err := plan.VerifyReceipt(file, s.log.Key())
	s.must(err)
	b := report.Body
	if b.Request != string(id) || b.Silent == nil || len(b.Outside) < 3 || len(b.Systems) != 2 {
		s.t.Errorf("the receipt lacks something: %s", file)
	}
	for _, sys := range b.Systems {
		if sys.Search == nil || sys.Search.Residue != 0 {
			s.t.Errorf("%s: the receipt tells no clean search: %+v", sys.Name, sys.Search)
		}
		for _, c := range sys.Collections {
			if c.Planned != c.Done+c.Already+c.Moved {
				s.t.Errorf("%s.%s: planned %d, done %d, already %d, moved %d", sys.Name, c.Name, c.Planned, c.Done, c.Already, c.Moved)
			}
			if (c.Action == "keep") != (c.Keep != nil) {
				s.t.Errorf("%s.%s is %s with the reason %v", sys.Name, c.Name, c.Action, c.Keep)
			}
		}
	}
	for _, personal := range []string{"mia@", "Mia Miesbach", "Miaweg", "30901820", "@lamp"} {
		if strings.Contains(string(file), personal) {
			s.t.Errorf("the receipt holds %q", personal)
		}
	}
	return report
}

func TestWhatIsKeptStandsOnTheReceiptWithItsReason(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, Delivered)
		found := false
		for _, sys := range s.checkReceipt(id).Body.Systems {
			for _, c := range sys.Collections {
				if c.Name == "books" && sys.Name == "vault" {
					found = c.Keep != nil && strings.Contains(c.Keep.Cite, "147") && c.Keep.Until != "" && c.Keep.Reason["zh-CN"] != ""
				}
			}
		}
		if !found {
			t.Error("the receipt does not say why the tax books stay, by which law, until when")
		}
	})
}

func TestTheRequestKeyDiesWithTheDeliveryOfAnErasure(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		before, _, err := s.rights.load(t.Context(), id)
		s.must(err)
		if _, err := s.rights.details(t.Context(), before); err != nil {
			t.Fatalf("the details do not open while the request runs: %v", err)
		}
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, Delivered)
		if _, err := s.rights.details(t.Context(), before); fault.Of(err) != fault.NotFound {
			t.Errorf("contact and needles still open with a copy of the row from before: %v", err)
		}
		after, _, err := s.rights.load(t.Context(), id)
		s.must(err)
		if after.details != nil {
			t.Error("the sealed details are still in the row")
		}
		if _, err := s.rights.Receipt(t.Context(), id); err != nil {
			t.Errorf("the receipt is gone with the key: %v", err)
		}
	})
}

func TestNobodyApprovesAlone(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		officer := s.officer()
		id, err := s.rights.Receive(ctx, asked(policy.Erasure, "email", "mia@lamp.test"), officer)
		s.must(err)
		s.must(s.rights.Verify(ctx, id, self(), "login"))
		_, err = s.rights.Survey(ctx, id, support())
		s.must(err)
		p, err := s.rights.Plan(ctx, id, support())
		s.must(err)
		planner := officer
		planner.ID = "stf_support"
		anonymous := officer
		anonymous.ID = ""
		for name, who := range map[string]struct {
			by   string
			want fault.Kind
		}{"who asked": {"asker", fault.Denied}, "who planned": {"planner", fault.Denied}, "the person": {"person", fault.Denied}, "no name": {"none", fault.Denied}, "no such role": {"role", fault.Denied}, "a program": {"program", fault.Denied}} {
			by := officer
			switch who.by {
			case "planner":
				by = planner
			case "person":
				by = self()
			case "none":
				by = anonymous
			case "role":
				by = support()
				by.ID = "stf_other"
			case "program":
				by = program()
			}
			if err := s.rights.Approve(ctx, id, p.Hash, by); fault.Of(err) != who.want {
				t.Errorf("%s approves: %v", name, err)
			}
		}
		colleague := officer
		colleague.ID = "stf_colleague"
		if err := s.rights.Approve(ctx, id, strings.Repeat("0", 64), colleague); fault.Of(err) != fault.Conflict {
			t.Errorf("another plan's hash is approved: %v", err)
		}
		s.must(s.rights.Approve(ctx, id, p.Hash, colleague))
		s.wants(id, Approved)
	})
}

// program is what acts by an API key.
func program() gate.Actor { return gate.Actor{ID: "key_00000000000000000000000000"} }

func TestAProgramIsNoMemberOfStaff(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id, err := s.rights.Receive(ctx, asked(policy.Access, "email", "mia@lamp.test"), program())
		s.must(err)
		s.must(s.rights.Verify(ctx, id, program(), "login"))
		_, err = s.rights.Survey(ctx, id, program())
		s.must(err)
		p, err := s.rights.Plan(ctx, id, program())
		s.must(err)
		other := program()
		other.ID = "key_11111111111111111111111111"
		if err := s.rights.Approve(ctx, id, p.Hash, other); fault.Of(err) != fault.Denied {
			t.Errorf("a program approves a request that no role of the policy need approve: %v", err)
		}
		v, err := s.rights.Show(ctx, id)
		s.must(err)
		if v.AskedBy != "machine" {
			t.Errorf("a program asked, and the request says %s", v.AskedBy)
		}
		for _, e := range v.Events {
			if e.Actor != "machine" {
				t.Errorf("%s is said to be done by %s", e.Kind, e.Actor)
			}
		}
	})
}

func TestANewSurveyVoidsTheApproval(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		old := s.show(id).Plan.Hash
		s.sql(`INSERT INTO messages VALUES (9, 1, 'mia writes again')`)
		_, err := s.rights.Survey(ctx, id, support())
		s.must(err)
		if err := s.rights.Run(ctx, id, support()); fault.Of(err) != fault.Conflict {
			t.Errorf("a void approval runs: %v", err)
		}
		p, err := s.rights.Plan(ctx, id, support())
		s.must(err)
		if p.Hash == old {
			t.Fatal("the new row is not in the plan")
		}
		if err := s.rights.Approve(ctx, id, old, s.officer()); fault.Of(err) != fault.Conflict {
			t.Errorf("the old hash approves the new plan: %v", err)
		}
		s.must(s.rights.Approve(ctx, id, p.Hash, s.officer()))
	})
}

func TestRowsBeyondThePlanStopTheRun(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.sql(`INSERT INTO messages VALUES (9, 1, 'mia writes again')`)
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		v := s.wants(id, NeedsAttention)
		if v.Reason != "changed" || !strings.Contains(v.Cause, "shop.messages: 1 more to delete") {
			t.Errorf("the stop does not say what changed: %s: %s", v.Reason, v.Cause)
		}
		if n := s.count(`SELECT count(*) FROM customers`); n != 2 {
			t.Error("something was destroyed before the stop")
		}
		s.replanned(id)
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		if n := s.count(`SELECT count(*) FROM messages`); n != 1 {
			t.Errorf("%d messages are left, want Ben's", n)
		}
	})
}

func TestRowsThatAreGoneDoNotStopTheRun(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.sql(`DELETE FROM messages WHERE id = 1`)
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, Delivered)
		s.checkReceipt(id)
	})
}

func TestResidueIsNeverDelivered(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		s.sql(`INSERT INTO newsletter VALUES (7, 'send to MIA@lamp.test please')`) // a column the map calls nobody's
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		v := s.wants(id, NeedsAttention)
		if v.Reason != "residue" || !strings.Contains(v.Cause, "newsletter.comment") || strings.Contains(v.Cause, "mia") {
			t.Errorf("the stop does not say where, or says too much: %s", v.Cause)
		}
		if _, err := s.rights.Receipt(ctx, id); fault.Of(err) != fault.NotFound {
			t.Errorf("there is a receipt: %v", err)
		}
		s.must(s.rights.Retry(ctx, id, support()))
		s.run()
		s.wants(id, NeedsAttention)
		s.sql(`DELETE FROM newsletter WHERE id = 7`)
		s.must(s.rights.Retry(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
	})
}

func TestWithdrawalIsPossibleUntilSomethingIsDestroyed(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(ctx, id, support()))
		s.must(s.rights.Withdraw(ctx, id, self()))
		s.run()
		s.wants(id, Withdrawn)
		if n := s.count(`SELECT count(*) FROM customers`); n != 2 {
			t.Fatal("a withdrawn request destroyed something")
		}
		second := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.sql(`INSERT INTO newsletter VALUES (7, 'mia@lamp.test')`)
		s.must(s.rights.Run(ctx, second, support()))
		s.run()
		s.wants(second, NeedsAttention)
		if err := s.rights.Withdraw(ctx, second, self()); fault.Of(err) != fault.Conflict {
			t.Errorf("withdrawn after the first destructive step: %v", err)
		}
		if err := s.rights.Refuse(ctx, second, Reason{Code: "unfounded"}, support()); fault.Of(err) != fault.Conflict {
			t.Errorf("refused after the first destructive step: %v", err)
		}
		s.clock.Add(31 * 24 * time.Hour)
		s.run()
		if v := s.show(id); v.KeyEnded == nil {
			t.Error("the key of a withdrawn request outlives its thirty days")
		}
	})
}

func TestAPersonWithoutARecordIsStillSearchedForOutside(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		s.sql(`INSERT INTO customers VALUES (5, 'guest@lamp.test', NULL, 'Gwen Guest', NULL); INSERT INTO messages VALUES (5, 5, 'gwen was here')`)
		id := s.approved(asked(policy.Erasure, "email", "guest@lamp.test"))
		if v := s.show(id); v.Subject != "" {
			t.Fatalf("a stranger was taken for %s", v.Subject)
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		if n := s.count(`SELECT count(*) FROM messages WHERE id = 5`); n != 0 {
			t.Error("the stranger's message is still there")
		}
		if n := s.count(`SELECT count(*) FROM customers`); n != 2 {
			t.Errorf("%d customers are left, want 2", n)
		}
	})
}

func TestSharedIdentifiersAskForASecondOne(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		anna := s.person("anna@lamp.test", "+49 30 555555", "anna bought one")
		s.person("otto@lamp.test", "+49 30 555555", "otto bought one")
		if _, err := s.rights.Receive(ctx, asked(policy.Access, "phone", "+49 30 555555"), support()); fault.Of(err) != fault.Conflict {
			t.Errorf("two people share the phone, and one was picked: %v", err)
		}
		id, err := s.rights.Receive(ctx, asked(policy.Access, "phone", "+4930555555", "email", "anna@lamp.test"), support())
		s.must(err)
		if v := s.show(id); v.Subject != anna.ID {
			t.Errorf("two identifiers found %s", v.Subject)
		}
		if _, err := s.rights.Receive(ctx, asked(policy.Access, "email", "otto@lamp.test", "email", "anna@lamp.test"), support()); fault.Of(err) != fault.Conflict {
			t.Errorf("identifiers of two people pass for one: %v", err)
		}
	})
}

func TestOneItemIsErasedAndTheRestStays(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.shopMap = strings.Replace(shopMap, "plain: [id], erase: delete", "plain: [id], erase: clear", 1)
		s.reopen()
		mia, _ := s.people()
		a := asked(policy.Erasure, "email", "mia@lamp.test")
		a.Scope = plan.Scope{Kind: plan.OneItem, Name: "account.phone"}
		id := s.approved(a)
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		if n := s.count(`SELECT count(*) FROM customers WHERE id = 1 AND phone IS NULL AND email = 'mia@lamp.test'`); n != 1 {
			t.Error("the phone is not cleared, or more than the phone is")
		}
		s.checkSubject(mia.Num, subject.Open)
	})
}

var errTest = errors.New("test")

var _ io.Writer = (*failing)(nil)

// failing is a reader at the other end that hangs up.
type failing struct{}

func (*failing) Write([]byte) (int, error) { return 0, errTest }

func TestPausedRequestsWaitAndSayWhy(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := context.Background()
		s.people()
		id, err := s.rights.Receive(ctx, asked(policy.Erasure, "email", "mia@lamp.test"), support())
		s.must(err)
		due := s.show(id).DoneDue.At
		if err := s.rights.Pause(ctx, id, Reason{Code: "busy"}, support()); fault.Of(err) != fault.Invalid {
			t.Errorf("a reason that is none is taken: %v", err)
		}
		s.must(s.rights.Pause(ctx, id, Reason{Code: "identity-in-doubt"}, support()))
		if v := s.show(id); !v.Paused || v.Reason != "identity-in-doubt" {
			t.Errorf("the pause does not show: %+v", v.Summary)
		}
		if err := s.rights.Verify(ctx, id, support(), "document"); fault.Of(err) != fault.Conflict {
			t.Errorf("a paused request goes on: %v", err)
		}
		s.clock.Add(72 * time.Hour)
		s.must(s.rights.Resume(ctx, id, support()))
		if moved := s.show(id).DoneDue.At.Sub(due); moved.Round(time.Minute) != 72*time.Hour {
			t.Errorf("three days of pause moved the deadline by %s", moved)
		}
		soon, err := s.rights.DueSoon(ctx, time.Hour)
		s.must(err)
		s.clock.Set(due.Add(100 * time.Hour))
		late, err := s.rights.Overdue(ctx)
		s.must(err)
		if len(soon) != 0 || len(late) != 1 || late[0].ID != id {
			t.Errorf("due soon: %v; overdue: %v", soon, late)
		}
		s.must(s.rights.Refuse(ctx, id, Reason{Code: "legal-claims", Cite: "gdpr-17-3-e"}, support()))
		v := s.wants(id, Refused)
		if v.Reason != "legal-claims" || v.Cite != "gdpr-17-3-e" {
			t.Errorf("the refusal lost its reason: %+v", v.Summary)
		}
		if late, err = s.rights.Overdue(ctx); err != nil || len(late) != 0 {
			t.Errorf("a refused request is still due: %v %v", late, err)
		}
	})
}

func TestWhatNobodyVerifiesExpires(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id, err := s.rights.Receive(ctx, asked(policy.Access, "email", "mia@lamp.test"), support())
		s.must(err)
		verified, err := s.rights.Receive(ctx, asked(policy.Access, "email", "mia@lamp.test"), support())
		s.must(err)
		s.must(s.rights.Verify(ctx, verified, self(), "login"))
		s.clock.Add(31 * 24 * time.Hour)
		n, err := s.rights.Sweep(ctx)
		s.must(err)
		if n != 1 {
			t.Errorf("%d requests expired, want 1", n)
		}
		s.wants(id, Expired)
		s.wants(verified, Verified)
	})
}

func TestTheLogSaysWhetherADeadlineWasKept(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		mia, ben := s.people()
		for i, x := range []struct {
			who   subject.Facts
			email string
			late  time.Duration
			want  audit.Kind
		}{{mia, "mia@lamp.test", 0, audit.RequestClosed}, {ben, "ben@lamp.test", 60 * 24 * time.Hour, audit.DeadlineMissed}} {
			id := s.approved(asked(policy.Erasure, "email", x.email))
			s.clock.Add(x.late)
			s.must(s.rights.Run(t.Context(), id, support()))
			s.run()
			s.wants(id, Delivered)
			if n := s.entries(x.who.Num, x.want); n != 1 {
				t.Errorf("request %d: the log says %d times %s", i, n, x.want)
			}
		}
	})
}
