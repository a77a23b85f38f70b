package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/subject"
)

// An IncidentSummary is a row of a list of incidents.
type IncidentSummary struct {
	ID         incident.ID    `json:"id"`
	Kind       incident.Kind  `json:"kind" doc:"leak, access, account, loss, alteration"`
	Level      incident.Level `json:"level" doc:"highest, high, ordinary"`
	State      incident.State `json:"state" doc:"open, closed"`
	Owner      string         `json:"owner" doc:"Role that leads"`
	Charge     string         `json:"charge,omitempty" doc:"Id of the staff who took charge"`
	Discovered time.Time      `json:"discovered"`
	Declared   time.Time      `json:"declared"`
	Closed     *time.Time     `json:"closed,omitempty"`
	Case       string         `json:"case,omitempty" doc:"The case that reported it"`
}

// An IncidentView is an incident with its plan, its clocks and how many people it
// concerns.
type IncidentView struct {
	IncidentSummary
	Touched  incident.Touched `json:"touched"`
	Happened string           `json:"happened,omitempty"`
	Advice   string           `json:"advice,omitempty"`
	Language string           `json:"language"`
	Measures []incident.Step  `json:"measures"`
	Clocks   []incident.Clock `json:"clocks"`
	Found    *time.Time       `json:"found,omitempty" doc:"When it was last looked for whom it concerns"`
	Told     *time.Time       `json:"letters,omitempty" doc:"When the letters were ordered"`
	People   IncidentPeople   `json:"people"`
}

// IncidentPeople counts those whom an incident concerns.
type IncidentPeople struct {
	Concerned   int64 `json:"concerned"`
	Told        int64 `json:"told"`
	Waiting     int64 `json:"waiting"`
	Unreachable int64 `json:"unreachable"`
	Gone        int64 `json:"gone" doc:"Erased in the meantime"`
}

func incidentSummary(i *incident.Incident) IncidentSummary {
	return IncidentSummary{
		ID: i.ID, Kind: i.Kind, Level: i.Level, State: i.State, Owner: i.Owner, Charge: i.Charge,
		Discovered: i.Discovered, Declared: i.Declared, Closed: i.Ended, Case: i.Case,
	}
}

// Incident returns an incident with its plan; fault.NotFound where there is none.
func (p *Platform) Incident(ctx context.Context, want incident.ID) (*IncidentView, error) {
	i, err := p.incidentPlan(ctx, want)
	if err != nil {
		return nil, err
	}
	n := i.people
	out := &IncidentView{
		IncidentSummary: incidentSummary(i.Incident), Touched: i.Touched, Happened: i.Happened, Advice: i.Advice, Language: i.Language,
		Measures: i.measures, Clocks: i.clocks, Found: i.Found, Told: i.Telling,
		People: IncidentPeople{Told: n[incident.Sent], Waiting: n[incident.Waiting], Unreachable: n[incident.Unreachable], Gone: n[incident.Gone]},
	}
	for _, k := range n {
		out.People.Concerned += k
	}
	return out, nil
}

// Incidents returns incidents, the newest first: those of a state ("": any), after the
// last one of the page before ("": from the newest on). limit 0 is 100.
func (p *Platform) Incidents(ctx context.Context, state incident.State, after incident.ID, limit int) ([]IncidentSummary, error) {
	if limit <= 0 {
		limit = 100
	}
	out := []IncidentSummary{}
	err := p.data.Read(ctx, func(r *db.Snapshot) error {
		before := int64(0)
		if after != "" {
			last, err := incident.Get(ctx, r, after)
			if err != nil {
				return err
			}
			before = last.Num
		}
		list, err := incident.List(ctx, r, state, before, limit)
		for _, i := range list {
			out = append(out, incidentSummary(i))
		}
		return err
	})
	return out, err
}

// A Concerned is somebody whom an incident concerns.
type Concerned struct {
	Subject subject.ID    `json:"subject"`
	State   incident.Told `json:"state" doc:"waiting, told, unreachable, gone"`
	Found   time.Time     `json:"found"`
	Due     *time.Time    `json:"due,omitempty"`
	Told    *time.Time    `json:"at,omitempty" doc:"When they were told, or found unreachable"`
}

// ConcernedBy lists up to limit people whom an incident concerns, after one of them.
func (p *Platform) ConcernedBy(ctx context.Context, want incident.ID, after subject.ID, limit int) ([]Concerned, error) {
	out := []Concerned{}
	i, err := p.incidentPlan(ctx, want)
	if err != nil {
		return nil, err
	}
	last := int64(0)
	if after != "" {
		if last, err = p.gate.Number(ctx, after); err != nil {
			return nil, err
		}
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := incident.Concerned(ctx, r, i.Num, last, limit)
		for _, who := range list {
			f, err := subject.ByNum(ctx, r, who.Subject)
			if err != nil {
				return err
			}
			out = append(out, Concerned{Subject: f.ID, State: who.State, Found: who.Found, Due: i.due(incident.People), Told: who.At})
		}
		return err
	})
	return out, err
}

// clocksShown is how many running clocks of incidents a board looks at.
const clocksShown = 1000

func (p *Platform) incidentClocks(ctx context.Context) (out []incident.Running, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = incident.RunningClocks(ctx, r, clocksShown)
		return err
	})
	return out, err
}
