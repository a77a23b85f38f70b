package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/web"
)

// peopleShown is how many people the page of an incident lists.
const peopleShown = 50

// An incidentPage is one incident.
type incidentPage struct {
	incidentView
	It       *platform.IncidentView
	Chief    string // name of who is in charge; "": nobody
	Measures []measureRow
	Events   []incidentEvent
	Persons  []concernedRow // the first of those whom it concerns, where the reader may open records
	Cut      bool           // there are more
	Touches  []choice       // what was touched, in words
	Roles    []choice
	Goes     bool              // it is open
	Owed     bool              // an authority was not told yet
	Unsaid   bool              // somebody was not told yet
	Typed    map[string]string // what was written into a form that was not carried out
	Failed   string            // the verb that was not carried out
}

// A measureRow is a measure with the name of who did it.
type measureRow struct {
	incident.Step
	Who string
}

// An incidentEvent is something that happened to an incident.
type incidentEvent struct {
	At   time.Time
	What string
	Note string
	Late bool
}

// A concernedRow is somebody whom an incident concerns; At opens their record.
type concernedRow struct {
	No    int
	At    string
	State string
	Found time.Time
	Told  *time.Time
}

func (c *Console) oneIncident(v *visit) error { return c.showIncident(v, http.StatusOK, "", "") }

// showIncident shows an incident, with what kept a verb from being carried out.
func (c *Console) showIncident(v *visit, status int, failed, problem string) error {
	id, err := incident.ParseID(v.r.PathValue("incident"))
	if err != nil {
		return err
	}
	p := incidentPage{incidentView: c.incidentView(v, func(t *incidentWords) string { return t.Incident }), Failed: failed, Typed: map[string]string{}}
	p.Problem = problem
	if p.It, err = c.on.Incident(v.ctx(), id); err != nil {
		return err
	}
	p.Owed = slices.ContainsFunc(p.It.Clocks, func(k incident.Clock) bool { return k.Duty == incident.Authority && k.Done == nil })
	p.Unsaid = p.It.Told == nil || p.It.People.Waiting > 0
	p.Chief, p.Goes = c.staffName(v.ctx(), p.It.Charge), p.It.State == incident.Open
	for _, m := range p.It.Measures {
		p.Measures = append(p.Measures, measureRow{m, c.staffName(v.ctx(), m.By)})
	}
	for _, r := range c.on.Policy().Roles() {
		p.Roles = append(p.Roles, choice{r.Name, p.RoleName(r.Name)})
	}
	for _, name := range []string{"happened", "advice", "what", "note"} {
		p.Typed[name] = v.r.PostFormValue(name)
	}
	p.Events, p.Touches = p.events(), c.touches(v, p)
	if err := c.concerned(v, &p, id); err != nil {
		return err
	}
	return c.show(v, status, "incident", p)
}

// events tell what happened to an incident, the oldest first.
func (p incidentPage) events() []incidentEvent {
	out := []incidentEvent{{At: p.It.Discovered, What: p.I.Discovered}, {At: p.It.Declared, What: p.I.Declared}}
	for _, m := range p.Measures {
		if m.Done != nil {
			out = append(out, incidentEvent{At: *m.Done, What: m.What, Note: m.Note})
		}
	}
	for _, k := range p.It.Clocks {
		if k.Done != nil && (k.Duty != incident.People || p.It.Told != nil) {
			out = append(out, incidentEvent{At: *k.Done, What: strings.TrimSpace(p.I.steps[string(k.Duty)] + " " + p.Law(k.Law)), Note: k.Note, Late: k.Late})
		}
	}
	if at := p.It.Told; at != nil {
		out = append(out, incidentEvent{At: *at, What: p.I.Ordered})
	}
	if p.It.Closed != nil {
		out = append(out, incidentEvent{At: *p.It.Closed, What: p.I.Closed})
	}
	slices.SortStableFunc(out, func(a, b incidentEvent) int { return a.At.Compare(b.At) })
	return out
}

// touches says in words what an incident touched.
func (c *Console) touches(v *visit, p incidentPage) (out []choice) {
	t := p.It.Touched
	add := func(what, which string) {
		if which != "" {
			out = append(out, choice{what, which})
		}
	}
	add(p.I.Staff, c.staffName(v.ctx(), t.Staff))
	add(p.I.Key, t.Key)
	if r, err := c.on.Policy().Recipient(t.Recipient); err == nil {
		add(p.I.Recipient, p.recipient(r.No))
	}
	add(p.I.System, strings.Replace(t.System, vaultName, p.I.Vault, 1))
	add(p.I.Items, p.Items(t.Items))
	if t.Subject != "" {
		add(p.I.OneHint, "1")
	}
	if !t.From.IsZero() {
		add(p.I.From, page.Moment(t.From.In(p.zone), p.Lang))
	}
	if !t.Until.IsZero() {
		add(p.I.To, page.Moment(t.Until.In(p.zone), p.Lang))
	}
	return out
}

// vaultName is what avow's own store is called among systems.
const vaultName = "vault"

// concerned lists those whom an incident concerns, for a reader who may open records.
// Their ids stand in no address.
func (c *Console) concerned(v *visit, p *incidentPage, id incident.ID) error {
	if !v.by.may(subjects) {
		return nil
	}
	list, err := c.on.ConcernedBy(v.ctx(), id, "", peopleShown+1)
	if err != nil {
		return err
	}
	if p.Cut = len(list) > peopleShown; p.Cut {
		list = list[:peopleShown]
	}
	for i, who := range list {
		r := concernedRow{No: i + 1, State: string(who.State), Found: who.Found, Told: who.Told}
		if who.State != incident.Gone {
			if r.At, err = c.sealHandle(handle{Subject: who.Subject, Staff: v.by.id, Until: c.on.Now().Add(life)}); err != nil {
				return err
			}
		}
		p.Persons = append(p.Persons, r)
	}
	return nil
}

// An incidentVerb does something with an incident.
type incidentVerb func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error)

// incidentVerbs are what the forms of an incident's page do.
func (c *Console) incidentVerbs() map[string]incidentVerb {
	field := func(v *visit, name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	return map[string]incidentVerb{
		"charge": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			return c.on.TakeCharge(v.ctx(), id, by)
		},
		"measure": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			return c.on.AddMeasure(v.ctx(), id, field(v, "what"), field(v, "owner"), by)
		},
		"done": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			no, _ := strconv.ParseInt(field(v, "no"), 10, 64) // 0 is no measure
			return c.on.MeasureDone(v.ctx(), id, no, field(v, "note"), by)
		},
		"authority": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			return c.on.AuthorityTold(v.ctx(), id, field(v, "law"), field(v, "note"), by)
		},
		"find": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			return c.on.FindConcerned(v.ctx(), id, by)
		},
		"tell": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			if err := c.sure(v); err != nil {
				return nil, err
			}
			return c.on.TellConcerned(v.ctx(), id, field(v, "happened"), field(v, "advice"), field(v, "language"), by)
		},
		"close": func(v *visit, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
			if err := c.sure(v); err != nil {
				return nil, err
			}
			return c.on.CloseIncident(v.ctx(), id, by)
		},
	}
}

// sure refuses a form whose box is not ticked.
func (c *Console) sure(v *visit) error {
	if v.r.PostFormValue("sure") != "yes" {
		return fault.New(fault.Invalid, "%s", c.words(v).NotSure)
	}
	return nil
}

// incidentAct carries a verb out and leads back to the incident, or says there what
// kept it from being carried out.
func (c *Console) incidentAct(name string, do incidentVerb) func(*visit) error {
	return func(v *visit) error {
		id, err := incident.ParseID(v.r.PathValue("incident"))
		if err != nil {
			return err
		}
		_, err = do(v, id, v.by.gate())
		switch fault.Of(err) {
		case "":
			return c.lead(v, "incidents/"+string(id), "incident-"+name)
		case fault.Invalid, fault.Denied, fault.Conflict:
			return c.showIncident(v, web.Status(err), name, c.problem(v, err))
		}
		return err
	}
}

// incidentReport hands out the report for the authority of a law.
func (c *Console) incidentReport(v *visit) error {
	id, err := incident.ParseID(v.r.PathValue("incident"))
	if err != nil {
		return err
	}
	law := v.r.URL.Query().Get("law")
	report, err := c.on.IncidentReport(v.ctx(), id, law)
	if err != nil {
		return err
	}
	v.attach("text/markdown; charset=utf-8", strings.TrimSuffix(string(id)+"-"+cmp.Or(law, "authority"), "-")+".md")
	_, err = v.w.Write([]byte(report.Markdown()))
	return err
}
