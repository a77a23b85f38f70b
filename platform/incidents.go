package platform

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/policy"
)

// DeclareIncident opens an incident with its plan and its clocks, and looks in the log
// for whom it concerns. A member of the staff who declares it takes charge of it.
func (p *Platform) DeclareIncident(ctx context.Context, d incident.Declaration, by gate.Actor) (*IncidentView, error) {
	if by.Kind() == "person" {
		return nil, fault.New(fault.Denied, "an incident is declared by the staff or a program; people report it, as a case of the kind leak")
	}
	if by.Role != policy.Service {
		d.Charge = by.ID
	}
	act := p.data.NewAct()
	i, err := p.enterIncident(ctx, act, d)
	if err != nil {
		return nil, err
	}
	if err := p.data.Commit(ctx, act); err != nil {
		return nil, err
	}
	return p.FindConcerned(ctx, i.ID, by)
}

// enterIncident adds an incident with its plan to an act.
func (p *Platform) enterIncident(ctx context.Context, act *db.Act, d incident.Declaration) (*incident.Incident, error) {
	if err := p.known(d.Touched); err != nil {
		return nil, err
	}
	i, measures, clocks, err := incident.Declared(p.Policy(), d, act.Now())
	if err != nil {
		return nil, err
	}
	if i.Num, err = p.data.Number(ctx, "incident"); err != nil {
		return nil, err
	}
	e := audit.Entry{Kind: audit.IncidentOpened, Control: policy.IncidentReported, Public: []audit.Field{
		audit.Text(audit.TagType, i.Kind), audit.Text(audit.TagLevel, i.Level), audit.Text(audit.TagRole, i.Owner),
		audit.Time(audit.TagAt, i.Discovered), audit.Num(audit.TagPlanned, len(measures)),
	}}
	if i.Charge != "" {
		e.Control = policy.IncidentPlanned
	}
	if due := clocks[len(clocks)-1].Due; due != nil {
		e.Public = append(e.Public, audit.Time(audit.TagDue, *due))
	}
	if err := incident.Insert(act, i, measures, clocks); err != nil {
		return nil, err
	}
	watchClocks(act, i, clocks)
	return i, p.incidentEntry(ctx, act, i, e)
}

// known refuses a system that the platform does not have.
func (p *Platform) known(t incident.Touched) error {
	if t.System == "" || t.System == vaultSystem {
		return nil
	}
	if _, ok := p.maps[t.System]; !ok {
		return fault.New(fault.NotFound, "there is no such system: avow connect list names them, and vault is avow's own")
	}
	return nil
}

// vaultSystem is what avow's own store is called among systems.
const vaultSystem = "vault"

// incidentEntry writes what happened to an incident. It is about nobody.
func (p *Platform) incidentEntry(ctx context.Context, act *db.Act, i *incident.Incident, e audit.Entry) error {
	e.Public = append([]audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagOrder, i.Num), audit.Text(audit.TagState, i.State),
	}, e.Public...)
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("incident entry: %w", err)
	}
	return nil
}

// A plan is an incident with what is to be done.
type incidentPlan struct {
	*incident.Incident
	measures []incident.Step
	clocks   []incident.Clock
	people   map[incident.Told]int64
}

func (p *Platform) incidentPlan(ctx context.Context, want incident.ID) (*incidentPlan, error) {
	out := &incidentPlan{}
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if out.Incident, err = incident.Get(ctx, r, want); err != nil {
			return err
		}
		if out.measures, err = incident.Measures(ctx, r, out.Num); err != nil {
			return err
		}
		if out.clocks, err = incident.Clocks(ctx, r, out.Num); err != nil {
			return err
		}
		out.people, err = incident.CountPeople(ctx, r, out.Num)
		return err
	})
	return out, err
}

// moveIncident commits one change of an incident: fn changes it and adds the entry.
func (p *Platform) moveIncident(ctx context.Context, want incident.ID, by gate.Actor, fn func(*db.Act, *incidentPlan) error) (*IncidentView, error) {
	if by.Kind() == "person" || by.ID == "" {
		return nil, fault.New(fault.Denied, "an incident is worked on by somebody of the staff, under their own name")
	}
	for range tries {
		i, err := p.incidentPlan(ctx, want)
		if err != nil {
			return nil, err
		}
		act := p.data.NewAct()
		i.Turns++
		if err := fn(act, i); err != nil {
			return nil, err
		}
		incident.Save(act, i.Incident)
		if err = p.data.Commit(ctx, act); err == nil {
			return p.Incident(ctx, want)
		}
		if !db.Lost(err) {
			return nil, err
		}
	}
	return nil, fault.New(fault.Busy, "somebody else works on this incident: read it again")
}

// stopClock writes that a clock was stopped, and what that shows: its control, or that
// it ran out before.
func (p *Platform) stopClock(ctx context.Context, act *db.Act, i *incident.Incident, c *incident.Clock, e audit.Entry) error {
	incident.SaveClock(act, i.Num, *c)
	e.Control = c.Duty.Control()
	if c.Law != "" {
		e.Public = append(e.Public, audit.Text(audit.TagRule, c.Law))
	}
	if c.Due != nil {
		e.Public = append(e.Public, audit.Time(audit.TagDue, *c.Due))
	}
	if c.Late {
		e.Control = c.Duty.Control().Broken()
		e.Public = append(e.Public, audit.Text(audit.TagOutcome, "late"))
	}
	return p.incidentEntry(ctx, act, i, e)
}

func movedIncident(action string) audit.Entry {
	return audit.Entry{Kind: audit.IncidentMoved, Public: []audit.Field{audit.Text(audit.TagAction, action)}}
}

// TakeCharge makes who acts the one who leads an incident. The plan has started then.
func (p *Platform) TakeCharge(ctx context.Context, want incident.ID, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		c, err := i.TakeCharge(i.clocks, by.ID, act.Now())
		switch {
		case err != nil:
			return err
		case c == nil:
			return p.incidentEntry(ctx, act, i.Incident, movedIncident("charge"))
		}
		return p.stopClock(ctx, act, i.Incident, c, movedIncident("plan-started"))
	})
}

// AddMeasure adds a measure to the plan of an incident; owner is a role, "" the one
// that leads.
func (p *Platform) AddMeasure(ctx context.Context, want incident.ID, what, owner string, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		m, err := i.Add(p.Policy(), i.measures, what, owner, act.Now())
		if err != nil {
			return err
		}
		incident.InsertMeasure(act, i.Num, m)
		e := movedIncident("measure-added")
		e.Public = append(e.Public, audit.Num(audit.TagStep, m.No), audit.Text(audit.TagRole, m.Owner))
		return p.incidentEntry(ctx, act, i.Incident, e)
	})
}

// MeasureDone records that a measure was carried out, and what was done.
func (p *Platform) MeasureDone(ctx context.Context, want incident.ID, no int64, note string, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		m, err := i.Done(i.measures, no, by.ID, note, act.Now())
		if err != nil {
			return err
		}
		incident.SaveMeasure(act, i.Num, m)
		e := movedIncident("measure-done")
		e.Control = policy.IncidentMeasures
		e.Public = append(e.Public, audit.Num(audit.TagStep, m.No), audit.Text(audit.TagRole, m.Owner))
		return p.incidentEntry(ctx, act, i.Incident, e)
	})
}

// AuthorityTold records that the authority of a law got its report; note says where it
// can be looked up.
func (p *Platform) AuthorityTold(ctx context.Context, want incident.ID, law, note string, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		c, err := i.Told(i.clocks, law, note, act.Now())
		if err != nil {
			return err
		}
		return p.stopClock(ctx, act, i.Incident, c, audit.Entry{Kind: audit.IncidentTold, Public: []audit.Field{audit.Text(audit.TagAction, "authority")}})
	})
}

// TellConcerned sets the words that people are told, and sends each of those whom the
// incident concerns a letter. happened "" leaves what was declared.
func (p *Platform) TellConcerned(ctx context.Context, want incident.ID, happened, advice, language string, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		if i.Found == nil {
			return fault.New(fault.Conflict, "whom it concerns was not looked for yet")
		}
		if err := i.Tell(happened, advice, language, act.Now()); err != nil {
			return err
		}
		job.Enqueue(act, job.Job{Kind: jobIncident, Ref: string(i.ID)})
		e := movedIncident("letters-ordered")
		e.Public = append(e.Public, audit.Num(audit.TagCount, i.people[incident.Waiting]))
		return p.incidentEntry(ctx, act, i.Incident, e)
	})
}

// CloseIncident ends an incident. It is fault.Conflict while a measure is open, an
// authority was not told, or people wait for their letter.
func (p *Platform) CloseIncident(ctx context.Context, want incident.ID, by gate.Actor) (*IncidentView, error) {
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		if err := i.Close(i.measures, i.clocks, i.people[incident.Waiting], act.Now()); err != nil {
			return err
		}
		for n := range i.clocks {
			if c := &i.clocks[n]; c.Done == nil { // nobody was concerned: nobody had to be told
				c.Ends("", act.Now())
				c.Late = false
				incident.SaveClock(act, i.Num, *c)
			}
		}
		return p.incidentEntry(ctx, act, i.Incident, audit.Entry{Kind: audit.IncidentClosed, Control: policy.IncidentMeasures, Public: []audit.Field{
			audit.Num(audit.TagDone, len(i.measures)),
		}})
	})
}

// StaffID returns the id of a member of the staff by their login, whether or not they
// may still sign in.
func (p *Platform) StaffID(ctx context.Context, login string) (string, error) {
	who, ok, err := p.staff.Lookup(ctx, NewPersonal(login))
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.New(fault.NotFound, "nobody of the staff has that login: avow staff list shows them")
	}
	return string(who.ID), nil
}
