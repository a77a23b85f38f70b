package rights

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// correcting is Mia's request to have items corrected.
func correcting(pairs ...string) Asked {
	a := asked(policy.Rectification, "email", "mia@lamp.test")
	for i := 0; i < len(pairs); i += 2 {
		a.Corrections = append(a.Corrections, Correction{pairs[i], seal.NewPersonal(pairs[i+1])})
	}
	return a
}

// held returns the values of an item in the vault.
func (s *stack) held(f subject.Facts, item string) []string {
	s.t.Helper()
	i, err := s.version.Policy.Item(item)
	s.must(err)
	got, _, err := s.values(f, i.No)
	s.must(err)
	return got
}

func (s *stack) values(f subject.Facts, item policy.ItemNo) (out []string, _ int, err error) {
	w, err := s.gate.Warrant(context.Background(), gate.Step{Request: "req_test" + string(f.ID), Number: int64(item), System: "vault", Action: gate.Export, Subject: f})
	if err != nil {
		return nil, 0, err
	}
	sys := s.rights.systems[0]
	sv := &connector.Survey{System: "vault", Subject: string(f.ID)}
	err = sys.Export(context.Background(), w, connector.Subject{ID: string(f.ID)}, sv, func(r connector.Row) error {
		for _, v := range r.Values {
			if i, err := s.version.Policy.Item(v.Item); err == nil && i.No == item {
				out = append(out, v.Text.Reveal())
			}
		}
		return nil
	})
	return out, len(out), err
}

// provenReceipt returns a receipt that verifies offline.
func (s *stack) provenReceipt(id ID) plan.Report {
	s.t.Helper()
	file, err := s.rights.Receipt(s.t.Context(), id)
	s.must(err)
	report, err := plan.VerifyReceipt(file, s.log.Key())
	s.must(err)
	return report
}

func TestACorrectionReachesEverySystemAndIsReadAgain(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		mia, ben := s.people()
		id := s.approved(correcting("account.email", "mia.miesbach@lamp.test", "account.phone", "+4930555111"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		v := s.wants(id, Delivered)
		for query, want := range map[string]int{
			`SELECT count(*) FROM customers WHERE id = 1 AND email = 'mia.miesbach@lamp.test' AND phone = '+4930555111'`: 1,
			`SELECT count(*) FROM customers WHERE id = 2 AND email = 'ben@lamp.test' AND phone = '+4930901821'`:          1,
		} {
			if got := s.count(query); got != want {
				t.Errorf("%s gives %d, want %d", query, got, want)
			}
		}
		if got := s.held(mia, "account.email"); len(got) != 1 || got[0] != "mia.miesbach@lamp.test" {
			t.Errorf("the vault holds %q", got)
		}
		if got := s.held(ben, "account.email"); len(got) != 1 || got[0] != "ben@lamp.test" {
			t.Errorf("of Ben the vault holds %q", got)
		}
		if n := s.entries(mia.Num, audit.Corrected); n != 2 {
			t.Errorf("%d corrections in the log", n)
		}
		report := s.provenReceipt(id)
		if strings.Join(report.Body.Corrects, " ") != "account.email account.phone" || strings.Join(v.Corrects, " ") != "account.email,account.phone" && len(v.Corrects) != 2 {
			t.Errorf("the receipt corrects %q, the view %q", report.Body.Corrects, v.Corrects)
		}
		for _, sys := range report.Body.Systems {
			if sys.Reread == nil || sys.Reread.Old != 0 || sys.Name == "shop" && sys.Reread.New == 0 {
				t.Errorf("%s was not read again: %+v", sys.Name, sys.Reread)
			}
		}
		if v.KeyEnded == nil {
			t.Error("the request key outlives the correction")
		}
	})
}

func TestNoNewValueStandsAnywhereInClear(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.people()
	id := s.approved(correcting("account.email", "mia.miesbach@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	s.run()
	s.wants(id, Delivered)
	s.must(s.data.Checkpoint(t.Context()))
	b, err := os.ReadFile(s.dataConfig.File)
	s.must(err)
	for _, value := range []string{"mia.miesbach", "mia@lamp.test"} {
		if bytes.Contains(b, []byte(value)) {
			t.Errorf("the data store holds %s in clear", value)
		}
	}
}

func TestANewAddressOfSomebodyElseIsNotTaken(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(correcting("account.email", "ben@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		v := s.wants(id, NeedsAttention)
		if v.Reason != "taken" || strings.Contains(v.Cause, "@") {
			t.Errorf("it stopped for %s: %s", v.Reason, v.Cause)
		}
		if n := s.count(`SELECT count(*) FROM customers WHERE email = 'mia@lamp.test'`); n != 1 {
			t.Error("Mia's address was changed")
		}
		s.must(s.rights.Refuse(t.Context(), id, Reason{Code: "others-rights"}, s.officer()))
	})
}

func TestWhatASystemCannotCorrectIsDoneByHandAndReadAgain(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.shut()
		s.sql(`CREATE TABLE logins (email TEXT PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id))`)
		s.shopMap = strings.Replace(shopMap, "  products: none", "  logins: {columns: {email: account.email}, plain: [customer_id], erase: delete}\n  products: none", 1)
		s.open()
		mia, _ := s.people()
		s.sql(`INSERT INTO logins VALUES ('mia@lamp.test', 1), ('ben@lamp.test', 2)`)
		id := s.approved(correcting("account.email", "mia.miesbach@lamp.test"))
		if p := s.show(id).Plan; len(p.Manual) != 1 || p.Manual[0].Collection != "logins" || p.Manual[0].Why["zh-CN"] == "" {
			t.Fatalf("the plan names as work for people: %+v", p.Manual)
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		if v := s.wants(id, NeedsAttention); v.Reason != "manual" || !strings.Contains(v.Cause, "shop.logins (email): 1 rows") {
			t.Fatalf("it waits for %s: %s", v.Reason, v.Cause)
		}
		if _, err := s.rights.Tasks(ctx, id, s.owner(id)); fault.Of(err) != fault.Denied {
			t.Errorf("a person sees the work of staff: %v", err)
		}
		tasks, err := s.rights.Tasks(ctx, id, s.officer())
		s.must(err)
		if len(tasks) != 1 || len(tasks[0].Values) != 1 || tasks[0].Values[0].Value.Reveal() != "mia.miesbach@lamp.test" || len(tasks[0].Identifiers) == 0 {
			t.Fatalf("the work is %+v", tasks)
		}
		if n := s.entries(mia.Num, audit.Unmasked); n != 1 {
			t.Errorf("Mia sees %d entries of the look at her values", n)
		}
		s.must(s.rights.Attest(ctx, id, tasks[0].Step, s.officer())) // and has not done it
		s.run()
		if v := s.wants(id, NeedsAttention); v.Reason != "residue" {
			t.Fatalf("an attestation alone passes: %s %s", v.Reason, v.Cause)
		}
		s.sql(`UPDATE logins SET email = 'mia.miesbach@lamp.test' WHERE customer_id = 1`)
		s.must(s.rights.Retry(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		for _, sys := range s.provenReceipt(id).Body.Systems {
			if sys.Name == "shop" && (len(sys.ByHand) != 1 || sys.ByHand[0] != "logins email") {
				t.Errorf("the receipt says done by hand: %q", sys.ByHand)
			}
		}
	})
}

// gave records that a recipient received an item of somebody.
func (s *stack) gave(f subject.Facts, recipient, item string) {
	s.t.Helper()
	ctx := context.Background()
	p := s.version.Policy
	to, err := p.Recipient(recipient)
	s.must(err)
	i, err := p.Item(item)
	s.must(err)
	n, err := s.data.Number(ctx, "disclosure")
	s.must(err)
	a := s.data.NewAct()
	disclosure.Record(a, f.Num, disclosure.Disclosure{ID: n, Recipient: to.No, Purpose: to.Purposes[0], Items: []policy.ItemNo{i.No}, Scenario: "entrusted"})
	s.must(s.data.Commit(ctx, a))
}

func TestRecipientsOfTheOldValueAreNamedAndToldBeforeTheEnd(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		mia, _ := s.people()
		s.gave(mia, "mailer", "account.email")
		s.gave(mia, "beamer", "account.phone")
		id := s.approved(correcting("account.email", "mia.miesbach@lamp.test"))
		v := s.show(id)
		if len(v.Plan.Recipients) != 1 || v.Plan.Recipients[0].Name != "mailer" || v.Recipients[0].At != nil {
			t.Fatalf("the plan names %+v", v.Plan.Recipients)
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		if v := s.wants(id, NeedsAttention); v.Reason != "tell" {
			t.Fatalf("it waits for %s: %s", v.Reason, v.Cause)
		}
		tasks, err := s.rights.Tasks(ctx, id, s.officer())
		s.must(err)
		if err := s.rights.Attest(ctx, id, tasks[0].Step, gate.Actor{}); fault.Of(err) != fault.Denied {
			t.Errorf("a machine attests: %v", err)
		}
		s.must(s.rights.Attest(ctx, id, tasks[0].Step, s.officer()))
		s.run()
		v = s.wants(id, Delivered)
		if len(v.Recipients) != 1 || v.Recipients[0].At == nil || s.entries(mia.Num, audit.RecipientTold) != 1 {
			t.Errorf("told: %+v", v.Recipients)
		}
		if r := s.provenReceipt(id).Body.Recipients; len(r) != 1 || r[0].Name != "mailer" || r[0].At == nil {
			t.Errorf("the receipt says told: %+v", r)
		}
	})
}

func TestACorrectionThatMakesNoSenseIsNotTakenDown(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.people()
	for name, a := range map[string]Asked{
		"no value":      correcting(),
		"not an e-mail": correcting("account.email", "mia"),
		"a list":        correcting("order.history", "nothing"),
		"a secret":      correcting("account.password", "new"),
		"twice":         correcting("account.phone", "+4930555111", "account.phone", "+4930555112"),
		"no such item":  correcting("account.shoe", "42"),
	} {
		if _, err := s.rights.Receive(t.Context(), a, support()); fault.Of(err) != fault.Invalid && fault.Of(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	id, err := s.rights.Receive(t.Context(), correcting("eye.sight", "far"), support())
	s.must(err)
	s.must(s.rights.Verify(t.Context(), id, self(), "login"))
	_, err = s.rights.Survey(t.Context(), id, support())
	s.must(err)
	if _, err := s.rights.Plan(t.Context(), id, support()); fault.Of(err) != fault.Conflict {
		t.Errorf("what nobody holds is planned: %v", err)
	}
}

func TestACorrectionCutOffAnywhereIsDoneOnce(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, point := range []string{"rights.step.before-act", "rights.step.after-act", "rights.step.before-commit", "rights.inform.after-mail"} {
			for _, n := range []int{1, 2, 3}[:map[db.Engine]int{db.SQLite: 3, db.Postgres: 1}[engine]] {
				s := newStack(t, engine)
				s.people()
				passed, _ := s.crashAt(policy.Rectification, point, n)
				if !passed {
					continue
				}
				list, err := s.rights.List(t.Context(), Filter{})
				s.must(err)
				v := s.wants(list[0].ID, Delivered)
				if s.count(`SELECT count(*) FROM customers WHERE phone = '+49305550000'`) != 1 {
					t.Errorf("%s %s %d: the correction is not there", engine, point, n)
				}
				for _, sys := range s.provenReceipt(v.ID).Body.Systems {
					for _, c := range sys.Collections {
						if c.Action == connector.Rewrite && c.Done+c.Already != 1 {
							t.Errorf("%s %s %d: %s.%s done %d, already %d", engine, point, n, sys.Name, c.Name, c.Done, c.Already)
						}
					}
				}
			}
		}
	}
}

const restrictMap = "  customers: {restrict: {column: blocked, on: 1, off: 0}, "

func (s *stack) withRestriction() {
	s.t.Helper()
	s.shut()
	s.sql(`ALTER TABLE customers ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0`)
	s.shopMap = strings.Replace(strings.Replace(shopMap, "  customers: {", restrictMap, 1), "plain: [id], erase: delete", "plain: [id, blocked], erase: delete", 1)
	s.open()
}

func TestARestrictionReachesOutsideSystemsAndIsLifted(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.withRestriction()
		s.sql(`INSERT INTO customers (id, email, phone, blocked) VALUES (1, 'mia@lamp.test', '+4930901820', 0), (2, 'ben@lamp.test', '+4930901821', 0)`)
		mia := s.person("mia@lamp.test", "+49 30 901820", "a lamp")
		id := s.approved(asked(policy.Restriction, "email", "mia@lamp.test"))
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		restricted := func() bool {
			state, err := s.gate.Fresh(ctx, mia.Num)
			s.must(err)
			return state.Subject.Restricted
		}
		if !restricted() || s.count(`SELECT sum(blocked * id) FROM customers`) != 1 {
			t.Error("Mia is not restricted everywhere, or Ben is")
		}
		lift := asked(policy.Restriction, "email", "mia@lamp.test")
		lift.Scope = plan.Lifted()
		id = s.approved(lift)
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, Delivered)
		if restricted() || s.count(`SELECT sum(blocked) FROM customers`) != 0 {
			t.Error("the restriction is not lifted everywhere")
		}
	})
}

func TestARestrictionThatDoesNotHoldIsNotDelivered(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.withRestriction()
	s.sql(`INSERT INTO customers (id, email, phone, blocked) VALUES (1, 'mia@lamp.test', '+4930901820', 0);
CREATE TRIGGER stubborn AFTER UPDATE OF blocked ON customers WHEN NEW.blocked = 1 BEGIN UPDATE customers SET blocked = 0 WHERE id = NEW.id; END`)
	s.person("mia@lamp.test", "+49 30 901820", "a lamp")
	id := s.approved(asked(policy.Restriction, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	s.run()
	if v := s.wants(id, NeedsAttention); v.Reason != "residue" {
		t.Errorf("it stopped for %s: %s", v.Reason, v.Cause)
	}
}

func TestASystemThatCannotMarkRowsIsWorkForPeople(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.people()
	id := s.approved(asked(policy.Restriction, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	s.run()
	v := s.wants(id, NeedsAttention)
	if v.Reason != "manual" || len(v.Plan.Manual) != 1 || v.Plan.Manual[0].System != "shop" {
		t.Fatalf("it waits for %s: %s", v.Reason, v.Cause)
	}
	tasks, err := s.rights.Tasks(t.Context(), id, s.officer())
	s.must(err)
	s.must(s.rights.Attest(t.Context(), id, tasks[0].Step, s.officer()))
	s.run()
	s.wants(id, Delivered)
}
