package contact_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func pack(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func asked(channel string) contact.Asked {
	return contact.Asked{Kind: contact.Question, Topic: contact.OfPolicy, Channel: channel, Text: seal.NewPersonal("what do you mean by partners?")}
}

func opened(t testing.TB, p *policy.Policy, a contact.Asked) *contact.Case {
	t.Helper()
	c, err := contact.Opened(p, a, dbtest.Start())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryPackHasAClockARoleAndAPeriodForCases(t *testing.T) {
	for _, name := range []string{"apsgo", "buygogo", "example-company", "go-soft", "goscom-pro"} {
		p := pack(t, name)
		for _, channel := range contact.Channels(p) {
			c := opened(t, p, asked(channel))
			if c.Due == nil || !c.Due.After(c.Received) || c.Owner == "" || c.Rule == "" {
				t.Errorf("%s, by %s: the case has no clock or no role: %+v", name, channel, c)
			}
		}
		if contact.Class(p) == nil || !contact.Ends(p, dbtest.Start()).After(dbtest.Start()) {
			t.Errorf("%s: nothing says how long a case is kept", name)
		}
	}
}

func TestFortyEightHoursAreCountedFromReceipt(t *testing.T) {
	p := pack(t, "apsgo")
	c := opened(t, p, asked("chat"))
	if got := c.Due.Sub(c.Received).Round(time.Second); got != 48*time.Hour {
		t.Errorf("the answer is due after %v, want 48 hours", got)
	}
	if err := c.Reply(p, "those whom the list names", c.Due.Add(time.Second)); err != nil || !c.Late || c.State != contact.Answered {
		t.Errorf("an answer a second too late is late %v, %s, %v", c.Late, c.State, err)
	}
}

func TestWhatComesInIsChecked(t *testing.T) {
	p := pack(t, "apsgo")
	for name, change := range map[string]func(*contact.Asked){
		"a channel nobody published": func(a *contact.Asked) { a.Channel = "fax" },
		"a kind there is not":        func(a *contact.Asked) { a.Kind = "poem" },
		"a topic there is not":       func(a *contact.Asked) { a.Topic = "weather" },
		"a word":                     func(a *contact.Asked) { a.Text = seal.NewPersonal("why?") },
		"a card":                     func(a *contact.Asked) { a.Text = seal.NewPersonal("was 4111 1111 1111 1111 charged twice?") },
		"too much":                   func(a *contact.Asked) { a.Text = seal.NewPersonal(strings.Repeat("x", contact.MaxText+1)) },
	} {
		a := asked("chat")
		change(&a)
		if _, err := contact.Opened(p, a, dbtest.Start()); fault.Of(err) != fault.Invalid || strings.Contains(err.Error(), "4111") {
			t.Errorf("%s is answered with %v", name, err)
		}
	}
}

func TestACaseThatIsClosedTooLateWithoutAnAnswerIsLate(t *testing.T) {
	p := pack(t, "apsgo")
	for after, want := range map[time.Duration]bool{0: false, time.Second: true} {
		c := opened(t, p, asked("chat"))
		if err := c.Close(contact.Withdrawn, c.Due.Add(after)); err != nil || c.Late != want {
			t.Errorf("closed %s after its time it is late %v, %v", after, c.Late, err)
		}
	}
}

func TestADelayIsSaidInTimeOnceAndForAReason(t *testing.T) {
	p := pack(t, "apsgo")
	c := opened(t, p, asked("chat"))
	first := *c.Due
	late := *c
	if err := late.Delay("complex", first.Add(time.Second)); fault.Of(err) != fault.Conflict {
		t.Errorf("a delay after the time was over is answered with %v", err)
	}
	if err := c.Delay("weather", first); fault.Of(err) != fault.Invalid {
		t.Errorf("no reason is answered with %v", err)
	}
	if err := c.Delay("complex", first); err != nil || !c.Due.After(first) {
		t.Errorf("the delay leads to %v, %v", c.Due, err)
	}
	if err := c.Delay("complex", first); fault.Of(err) != fault.Conflict {
		t.Errorf("a second delay is answered with %v", err)
	}
}

func TestOnlyAnAnswerCanFailToSatisfy(t *testing.T) {
	p := pack(t, "apsgo")
	c := opened(t, p, asked("chat"))
	if _, err := c.Again(contact.Asked{}, dbtest.Start()); fault.Of(err) != fault.Conflict {
		t.Errorf("a case without an answer is looked at again: %v", err)
	}
	if err := c.Reply(p, "those whom the list names", dbtest.Start()); err != nil {
		t.Fatal(err)
	}
	a, err := c.Again(contact.Asked{Text: seal.NewPersonal("no")}, dbtest.Start())
	if err != nil || a.First != c.ID || c.State != contact.Closed || c.Outcome != contact.Escalated {
		t.Fatalf("looked at again as %+v, %+v, %v", a, c, err)
	}
	second := opened(t, p, a)
	if second.Owner != "privacy-officer" || second.First != c.ID {
		t.Errorf("the second look is %s's, of %q", second.Owner, second.First)
	}
	if err := c.Reply(p, "again", dbtest.Start()); fault.Of(err) != fault.Conflict {
		t.Errorf("a closed case is answered: %v", err)
	}
}

func TestCasesAreKeptAsTheyWereWritten(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		ctx, p := t.Context(), pack(t, "apsgo")
		c := opened(t, p, asked("chat"))
		c.Num, c.Turns, c.Key = 7, 1, 9
		act := d.NewAct()
		contact.Insert(act, c)
		contact.Note(act, c.Num, contact.Event{Turn: 1, Entry: 3, Kind: "case-opened", Actor: "person", Sealed: []byte("x")})
		if err := d.Commit(ctx, act); err != nil {
			t.Fatal(err)
		}
		stale := *c
		if err := c.Reply(p, "those whom the list names", dbtest.Start().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		c.Turns++
		act = d.NewAct()
		contact.Save(act, c)
		if err := d.Commit(ctx, act); err != nil {
			t.Fatal(err)
		}
		stale.Turns++
		act = d.NewAct()
		contact.Save(act, &stale)
		if err := d.Commit(ctx, act); !db.Lost(err) {
			t.Errorf("who did not see the answer changes the case: %v", err)
		}
		err := d.Read(ctx, func(r *db.Snapshot) error {
			got, err := contact.Get(ctx, r, c.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Errorf("what is read differs from what was written (-want +got):\n%s", diff)
			}
			due, err := contact.DueBy(ctx, r, c.Due.Add(time.Hour), 10)
			if err != nil || len(due) != 0 {
				t.Errorf("an answered case is due: %v, %v", due, err)
			}
			silent, err := contact.Silent(ctx, r, dbtest.Start().Add(contact.Patience), 10)
			if err != nil || len(silent) != 1 {
				t.Errorf("%d answered cases wait for a word, want 1: %v", len(silent), err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
