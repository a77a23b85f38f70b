package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

// IncidentOf is one incident of an address.
type IncidentOf struct {
	On
	Incident string `path:"incident" doc:"Incident: inc_…" maxLength:"40"`
}

// A NewIncident is what is known of an incident when it is declared.
type NewIncident struct {
	Kind       string           `json:"kind" enum:"leak,access,account,loss,alteration"`
	Level      string           `json:"level,omitempty" enum:"highest,high,ordinary,"`
	Discovered *time.Time       `json:"discovered,omitempty" doc:"When somebody first knew; left out: now"`
	Touched    incident.Touched `json:"touched" doc:"What was touched: the log says whom"`
	Happened   string           `json:"happened,omitempty" maxLength:"4000" doc:"In words that people are told; it names nobody"`
	Language   string           `json:"language,omitempty" maxLength:"35"`
}

// A NewMeasure is a measure of a plan.
type NewMeasure struct {
	What  string `json:"what" maxLength:"500"`
	Owner string `json:"owner,omitempty" maxLength:"40" doc:"Role that sees to it"`
}

// A MeasureNote says what was done.
type MeasureNote struct {
	Measure int64  `json:"measure" minimum:"1"`
	Note    string `json:"note" maxLength:"500"`
}

// An AuthorityNote says where a report to an authority can be looked up.
type AuthorityNote struct {
	Law  string `json:"law,omitempty" maxLength:"40"`
	Note string `json:"note" maxLength:"500"`
}

// An IncidentLetter is what people are told.
type IncidentLetter struct {
	Happened string `json:"happened,omitempty" maxLength:"4000"`
	Advice   string `json:"advice" maxLength:"4000"`
	Language string `json:"language,omitempty" maxLength:"35"`
}

// Incidents is a page of incidents.
type Incidents struct {
	Incidents []platform.IncidentSummary `json:"incidents"`
	Next      string                     `json:"next,omitempty"`
}

// People is a page of people whom an incident concerns.
type People struct {
	People []platform.Concerned `json:"people"`
	Next   string               `json:"next,omitempty"`
}

func (s *Server) incidents() {
	route(s, operation{
		id: "list-incidents", method: http.MethodGet, path: "/incidents", tag: "incidents", scope: api.IncidentsRead,
		summary: "Incidents, newest first",
	}, listIncidents)
	route(s, operation{
		id: "declare-incident", method: http.MethodPost, path: "/incidents", tag: "incidents", scope: api.IncidentsWrite, status: http.StatusCreated,
		summary: "Declare an incident", more: "Its plan opens, its clocks run from the discovery, and the log says whom it concerns.",
	}, declareIncident)
	route(s, operation{
		id: "get-incident", method: http.MethodGet, path: "/incidents/{incident}", tag: "incidents", scope: api.IncidentsRead,
		summary: "An incident with its plan and its clocks",
	}, func(ctx context.Context, c call, in *IncidentOf) (*body[platform.IncidentView], error) {
		return onIncident(in.Incident, func(id incident.ID) (*platform.IncidentView, error) { return c.Incident(ctx, id) })
	})
	route(s, operation{
		id: "list-concerned", method: http.MethodGet, path: "/incidents/{incident}/people", tag: "incidents", scope: api.IncidentsRead,
		summary: "Whom an incident concerns, and who of them was told",
	}, listConcerned)
	route(s, operation{
		id: "get-incident-report", method: http.MethodGet, path: "/incidents/{incident}/report", tag: "incidents", scope: api.IncidentsRead,
		summary: "The report for the authority of a law", more: "What GDPR Art. 33(3) and PIPL Art. 57 ask for.",
	}, incidentReport)
	incidentStep(s, "charge-incident", "charge", "Take charge: the plan has started", func(ctx context.Context, c call, id incident.ID, _ struct{}, by gate.Actor) (*platform.IncidentView, error) {
		return c.TakeCharge(ctx, id, by)
	})
	incidentStep(s, "add-measure", "measures", "Add a measure to the plan", func(ctx context.Context, c call, id incident.ID, in NewMeasure, by gate.Actor) (*platform.IncidentView, error) {
		return c.AddMeasure(ctx, id, in.What, in.Owner, by)
	})
	incidentStep(s, "measure-done", "measures/done", "Record that a measure was carried out", func(ctx context.Context, c call, id incident.ID, in MeasureNote, by gate.Actor) (*platform.IncidentView, error) {
		return c.MeasureDone(ctx, id, in.Measure, in.Note, by)
	})
	incidentStep(s, "authority-told", "authority", "Record that an authority was told", func(ctx context.Context, c call, id incident.ID, in AuthorityNote, by gate.Actor) (*platform.IncidentView, error) {
		return c.AuthorityTold(ctx, id, in.Law, in.Note, by)
	})
	incidentStep(s, "tell-concerned", "letters", "Write to everybody whom it concerns", func(ctx context.Context, c call, id incident.ID, in IncidentLetter, by gate.Actor) (*platform.IncidentView, error) {
		return c.TellConcerned(ctx, id, in.Happened, in.Advice, in.Language, by)
	})
	incidentStep(s, "find-concerned", "find", "Look in the log again for whom it concerns", func(ctx context.Context, c call, id incident.ID, _ struct{}, by gate.Actor) (*platform.IncidentView, error) {
		return c.FindConcerned(ctx, id, by)
	})
	incidentStep(s, "close-incident", "close", "End an incident when all is done", func(ctx context.Context, c call, id incident.ID, _ struct{}, by gate.Actor) (*platform.IncidentView, error) {
		return c.CloseIncident(ctx, id, by)
	})
}

// incidentStep adds an operation on one incident.
func incidentStep[B any](s *Server, id, path, summary string, fn func(context.Context, call, incident.ID, B, gate.Actor) (*platform.IncidentView, error)) {
	route(s, operation{
		id: id, method: http.MethodPost, path: "/incidents/{incident}/" + path, tag: "incidents", scope: api.IncidentsWrite,
		summary: summary, more: "Answers with the incident as it then stands.",
	}, func(ctx context.Context, c call, in *struct {
		IncidentOf
		Body B
	},
	) (*body[platform.IncidentView], error) {
		return onIncident(in.Incident, func(id incident.ID) (*platform.IncidentView, error) { return fn(ctx, c, id, in.Body, c.service()) })
	})
}

func onIncident(text string, fn func(incident.ID) (*platform.IncidentView, error)) (*body[platform.IncidentView], error) {
	id, err := incident.ParseID(text)
	if err != nil {
		return nil, err
	}
	v, err := fn(id)
	if err != nil {
		return nil, err
	}
	return &body[platform.IncidentView]{*v}, nil
}

func listIncidents(ctx context.Context, c call, in *struct {
	On
	Paged
	State string `query:"state" enum:"open,closed,"`
},
) (*body[Incidents], error) {
	found, err := c.Incidents(ctx, incident.State(in.State), incident.ID(in.After), in.limit()+1)
	if err != nil {
		return nil, err
	}
	out := Incidents{Incidents: found}
	if len(found) > in.limit() {
		out.Incidents = slices.Clone(found[:in.limit()])
		out.Next = string(found[in.limit()-1].ID)
	}
	return &body[Incidents]{out}, nil
}

func declareIncident(ctx context.Context, c call, in *struct {
	On
	Once
	Body NewIncident
},
) (*body[platform.IncidentView], error) {
	b := in.Body
	d := incident.Declaration{Kind: incident.Kind(b.Kind), Level: incident.Level(b.Level), Touched: b.Touched, Happened: b.Happened, Language: b.Language}
	if b.Discovered != nil {
		d.Discovered = *b.Discovered
	}
	v, err := c.DeclareIncident(ctx, d, c.service())
	if err != nil {
		return nil, err
	}
	return &body[platform.IncidentView]{*v}, nil
}

func listConcerned(ctx context.Context, c call, in *struct {
	IncidentOf
	Paged
},
) (*body[People], error) {
	id, err := incident.ParseID(in.Incident)
	if err != nil {
		return nil, err
	}
	after, err := optionalSubject(in.After)
	if err != nil {
		return nil, err
	}
	found, err := c.ConcernedBy(ctx, id, after, in.limit()+1)
	if err != nil {
		return nil, err
	}
	out := People{People: found}
	if len(found) > in.limit() {
		out.People = slices.Clone(found[:in.limit()])
		out.Next = string(found[in.limit()-1].Subject)
	}
	return &body[People]{out}, nil
}

func incidentReport(ctx context.Context, c call, in *struct {
	IncidentOf
	Law string `query:"law" maxLength:"40"`
},
) (*body[platform.IncidentReport], error) {
	id, err := incident.ParseID(in.Incident)
	if err != nil {
		return nil, err
	}
	r, err := c.IncidentReport(ctx, id, in.Law)
	if err != nil {
		return nil, err
	}
	return &body[platform.IncidentReport]{*r}, nil
}

// optionalSubject reads a subject that may be left out.
func optionalSubject(text string) (subject.ID, error) {
	if text == "" {
		return "", nil
	}
	return readSubject(text)
}
