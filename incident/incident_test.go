package incident_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
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

func leak() incident.Declaration {
	return incident.Declaration{Kind: incident.Leak, Touched: incident.Touched{System: "vault"}, Happened: "a disk was left in a train and not found again"}
}

type state struct {
	*incident.Incident
	measures []incident.Step
	clocks   []incident.Clock
}

func declared(t testing.TB, p *policy.Policy, d incident.Declaration) state {
	t.Helper()
	i, m, c, err := incident.Declared(p, d, dbtest.Start())
	if err != nil {
		t.Fatal(err)
	}
	i.Num = 7
	return state{i, m, c}
}

func TestClocksRunFromTheDiscoveryAtTheStrictestOfPolicyAndLaw(t *testing.T) {
	p, at := pack(t, "go-soft"), dbtest.Start()
	d := leak()
	d.Discovered = at.Add(-2 * time.Hour)
	s := declared(t, p, d)
	got := map[string]time.Duration{}
	for _, c := range s.clocks {
		from := d.Discovered
		if c.Duty == incident.Plan {
			from = at
		}
		got[string(c.Duty)+" "+c.Law] = c.Due.Sub(from)
	}
	want := map[string]time.Duration{"plan ": time.Hour, "people ": 24 * time.Hour}
	for _, l := range p.Laws() {
		for _, duty := range l.Duties {
			if duty.Name == "incident.authority" {
				want["authority "+l.Name] = 4 * time.Hour
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 3 {
		t.Errorf("clocks: %s", diff)
	}
	// A law that is stricter than the policy sets the clock.
	src, err := policies.Files.ReadFile("go-soft.yaml")
	if err != nil {
		t.Fatal(err)
	}
	slow := strings.Replace(string(src), "  authority: PT4H\n", "  authority: P9D\n", 1)
	p, _, _ = policy.Load("go-soft.yaml", []byte(slow), nil)
	if p == nil {
		t.Fatal("the slower pack does not compile")
	}
	for _, c := range declared(t, p, d).clocks {
		if c.Law == "gdpr" && (c.Rule != "gdpr" || c.Due.Sub(d.Discovered) != 72*time.Hour) {
			t.Errorf("GDPR Art. 33 allows 72 hours, the clock says %v by %s", c.Due.Sub(d.Discovered), c.Rule)
		}
	}
}

func TestAnIncidentSaysWhatWasTouched(t *testing.T) {
	p := pack(t, "go-soft")
	for name, change := range map[string]func(*incident.Declaration){
		"nothing touched":  func(d *incident.Declaration) { d.Touched = incident.Touched{} },
		"unknown kind":     func(d *incident.Declaration) { d.Kind = "fire" },
		"unknown level":    func(d *incident.Declaration) { d.Level = "low" },
		"in the future":    func(d *incident.Declaration) { d.Discovered = dbtest.Start().Add(time.Hour) },
		"unknown item":     func(d *incident.Declaration) { d.Touched.Items = []string{"account.nothing"} },
		"unknown language": func(d *incident.Declaration) { d.Language = "tlh" },
		"few words":        func(d *incident.Declaration) { d.Happened = "oops" },
		"ends first": func(d *incident.Declaration) {
			d.Touched.From, d.Touched.Until = dbtest.Start(), dbtest.Start().Add(-time.Hour)
		},
	} {
		d := leak()
		change(&d)
		if _, _, _, err := incident.Declared(p, d, dbtest.Start()); fault.Of(err) != fault.Invalid && fault.Of(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnIncidentEndsWhenAllIsDone(t *testing.T) {
	p, at := pack(t, "apsgo"), dbtest.Start()
	s := declared(t, p, leak())
	refused := func(why string) {
		t.Helper()
		if err := s.Close(s.measures, s.clocks, 0, at); fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), why) {
			t.Errorf("closing says %v, want %s", err, why)
		}
	}
	refused("measures are still open")
	for n := range s.measures {
		m, err := s.Done(s.measures, int64(n+1), "stf_jun", "done", at)
		if err != nil {
			t.Fatal(err)
		}
		s.measures[n] = m
	}
	if _, err := s.Done(s.measures, 1, "stf_jun", "again", at); fault.Of(err) != fault.Conflict {
		t.Errorf("a measure is done once: %v", err)
	}
	refused("taken charge")
	if c, err := s.TakeCharge(s.clocks, "stf_jun", at.Add(2*time.Hour)); err != nil || !c.Late {
		t.Errorf("the plan began after its hour: %+v %v", c, err)
	}
	refused("authority")
	for _, c := range s.clocks {
		if c.Duty == incident.Authority {
			if _, err := s.Told(s.clocks, c.Law, "filing 4711", at); err != nil {
				t.Fatal(err)
			}
		}
	}
	refused("looked for")
	s.Found = &at
	if err := s.Close(s.measures, s.clocks, 3, at); fault.Of(err) != fault.Conflict {
		t.Errorf("three people were not told: %v", err)
	}
	if err := s.Close(s.measures, s.clocks, 0, at); err != nil || s.State != incident.Closed {
		t.Errorf("all is done: %v", err)
	}
	if err := s.Tell("", "change your password at once, please", "", at); fault.Of(err) != fault.Conflict {
		t.Errorf("a closed incident goes on: %v", err)
	}
}

func TestAnIncidentIsReadAsItWasWritten(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := declared(t, pack(t, "go-soft"), leak())
		commit := func(fn func(*db.Act)) error {
			act := d.NewAct()
			fn(act)
			return d.Commit(ctx, act)
		}
		if err := commit(func(a *db.Act) {
			if err := incident.Insert(a, s.Incident, s.measures, s.clocks); err != nil {
				t.Fatal(err)
			}
			incident.Concern(a, 7, 11)
			incident.Concern(a, 7, 12)
		}); err != nil {
			t.Fatal(err)
		}
		if err := commit(func(a *db.Act) { incident.Concern(a, 7, 12) }); err != nil {
			t.Fatalf("who is there already: %v", err)
		}
		m, _ := s.Done(s.measures, 1, "stf_jun", "the way was closed", dbtest.Start())
		at := dbtest.Start()
		s.Turns, s.Charge, s.Found = 2, "stf_jun", &at
		s.clocks[0].Ends("", at)
		if err := commit(func(a *db.Act) {
			incident.Save(a, s.Incident)
			incident.SaveMeasure(a, 7, m)
			incident.SaveClock(a, 7, s.clocks[0])
			incident.SavePerson(a, 7, 11, incident.Sent, 3)
		}); err != nil {
			t.Fatal(err)
		}
		if err := commit(func(a *db.Act) { incident.Save(a, s.Incident) }); !db.Lost(err) {
			t.Errorf("a change on an old reading: %v", err)
		}
		if err := commit(func(a *db.Act) { incident.SaveMeasure(a, 7, m) }); !db.Lost(err) {
			t.Errorf("a measure that was done before: %v", err)
		}
		check(ctx, t, d, s, m)
	})
}

func check(ctx context.Context, t *testing.T, d *db.DB, s state, m incident.Step) {
	t.Helper()
	err := d.Read(ctx, func(r *db.Snapshot) error {
		i, err := incident.Get(ctx, r, s.ID)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(s.Incident, i); diff != "" {
			t.Errorf("the incident: %s", diff)
		}
		measures, err := incident.Measures(ctx, r, 7)
		if err != nil {
			return err
		}
		s.measures[0] = m
		if diff := cmp.Diff(s.measures, measures); diff != "" {
			t.Errorf("the plan: %s", diff)
		}
		clocks, err := incident.Clocks(ctx, r, 7)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(s.clocks, clocks); diff != "" {
			t.Errorf("the clocks: %s", diff)
		}
		running, err := incident.RunningClocks(ctx, r, 10)
		if err != nil || len(running) != len(s.clocks)-1 || running[0].Incident != s.ID {
			t.Errorf("running: %+v %v", running, err)
		}
		people, err := incident.CountPeople(ctx, r, 7)
		if diff := cmp.Diff(map[incident.Told]int64{incident.Sent: 1, incident.Waiting: 1}, people); diff != "" || err != nil {
			t.Errorf("people: %s %v", diff, err)
		}
		left, err := incident.Untold(ctx, r, 7, 10)
		if err != nil || len(left) != 1 || left[0].Subject != 12 {
			t.Errorf("untold: %+v %v", left, err)
		}
		open, err := incident.List(ctx, r, incident.Open, 0, 10)
		if err != nil || len(open) != 1 {
			t.Errorf("open: %+v %v", open, err)
		}
		_, err = incident.Get(ctx, r, "inc_none")
		if fault.Of(err) != fault.NotFound {
			t.Errorf("an unknown incident: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
