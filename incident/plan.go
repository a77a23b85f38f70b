package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// A Step is one measure of an incident's plan.
type Step struct {
	No     int64      `json:"no"`
	What   string     `json:"what"`
	Owner  string     `json:"owner" doc:"Role that sees to it"`
	Opened time.Time  `json:"opened"`
	Done   *time.Time `json:"done,omitempty"`
	By     string     `json:"by,omitempty" doc:"Id of the staff who did it"`
	Note   string     `json:"note,omitempty" doc:"What was done"`
}

// A Duty is what a clock of an incident waits for.
type Duty string

// The duties.
const (
	Plan      Duty = "plan"      // somebody of the staff takes charge
	Authority Duty = "authority" // the authority of a law is told
	People    Duty = "people"    // those concerned are told
)

// A Clock is until when a duty of an incident is done.
type Clock struct {
	No   int64      `json:"no"`
	Duty Duty       `json:"duty"`
	Law  string     `json:"law,omitempty" doc:"Law whose authority it is"`
	Due  *time.Time `json:"due,omitempty" doc:"Left out where neither policy nor law sets a time: at once"`
	Rule string     `json:"rule,omitempty" doc:"What set it: policy, or the law that is stricter"`
	Cite string     `json:"cite,omitempty"`
	Done *time.Time `json:"done,omitempty"`
	Late bool       `json:"late,omitempty"`
	Warn *time.Time `json:"warned,omitempty" doc:"When the officer was warned that it runs out"`
	Note string     `json:"note,omitempty" doc:"Where it can be looked up, such as the number of a filing"`
}

// Control returns the control that a duty done in time shows.
func (d Duty) Control() policy.Control {
	switch d {
	case Plan:
		return policy.IncidentPlanned
	case Authority:
		return policy.IncidentAuthority
	}
	return policy.IncidentPeople
}

// Overdue reports whether the clock ran out before its duty was done.
func (c Clock) Overdue(now time.Time) bool { return c.Done == nil && c.Due != nil && now.After(*c.Due) }

// Ends stops the clock at a moment.
func (c *Clock) Ends(note string, at time.Time) {
	c.Done, c.Late, c.Note = &at, c.Due != nil && at.After(*c.Due), note
}

// SoonFrom is from when a running clock is said to be near its end: its last quarter.
func (c Clock) SoonFrom(began time.Time) time.Time {
	if c.Due == nil {
		return began
	}
	return c.Due.Add(-c.Due.Sub(began) / 4)
}

// measures is the plan as the policy has it; an incident without one still has to be
// ended, looked into and told of.
func (i *Incident) measures(p *policy.Policy) (out []Step) {
	for _, m := range p.Incidents().Measures {
		out = append(out, Step{No: int64(len(out)) + 1, What: m.In(i.Language), Owner: i.Owner, Opened: i.Declared})
	}
	if len(out) == 0 {
		what := "Find out what happened, and end it"
		if strings.HasPrefix(i.Language, "zh") {
			what = "查明并终止事件"
		}
		out = append(out, Step{No: 1, What: what, Owner: i.Owner, Opened: i.Declared})
	}
	return out
}

// clocks are those of policy and laws, the strictest for each duty and law.
func (i *Incident) clocks(p *policy.Policy) []Clock {
	rule := p.Incidents()
	list := []Clock{{Duty: Plan, Due: ends(p, i.Declared, rule.Plan), Rule: "policy"}}
	told := false
	for _, l := range p.Laws() {
		for _, d := range l.Duties {
			if d.Name == "incident.authority" {
				list, told = append(list, strictest(p, i.Discovered, Clock{Duty: Authority, Law: l.Name}, rule.Authority, l, d)), true
			}
		}
	}
	if !told {
		list = append(list, Clock{Duty: Authority, Due: ends(p, i.Discovered, rule.Authority), Rule: "policy"})
	}
	people := Clock{Duty: People, Due: ends(p, i.Discovered, rule.People), Rule: "policy"}
	for _, l := range p.Laws() {
		for _, d := range l.Duties {
			if d.Name != "incident.people" {
				continue
			}
			if c := strictest(p, i.Discovered, people, rule.People, l, d); c.Rule != "policy" && (people.Due == nil || c.Due.Before(*people.Due)) {
				people = c
			}
		}
	}
	list = append(list, people)
	for n := range list {
		list[n].No = int64(n) + 1
		if list[n].Due == nil {
			list[n].Rule = ""
		}
	}
	if i.Charge != "" {
		list[0].Ends("", i.Declared)
	}
	return list
}

func strictest(p *policy.Policy, from time.Time, c Clock, own policy.Period, l *policy.Law, d policy.Duty) Clock {
	c.Due, c.Rule, c.Cite = ends(p, from, own), "policy", d.Cite.In("en")
	if law := ends(p, from, d.Within); law != nil && (c.Due == nil || law.Before(*c.Due)) {
		c.Due, c.Rule = law, l.Name
	}
	return c
}

func ends(p *policy.Policy, from time.Time, within policy.Period) *time.Time {
	if within.IsZero() {
		return nil
	}
	at, _ := p.Calendar().Add(from, within)
	return &at
}

// TakeCharge says who of the staff leads from now on, which ends the plan's clock.
func (i *Incident) TakeCharge(clocks []Clock, staff string, at time.Time) (*Clock, error) {
	if err := i.goesOn(); err != nil {
		return nil, err
	}
	i.Charge = staff
	for n := range clocks {
		if c := &clocks[n]; c.Duty == Plan && c.Done == nil {
			c.Ends("", at)
			return c, nil
		}
	}
	return nil, nil
}

// Told stops the clock of a law's authority.
func (i *Incident) Told(clocks []Clock, law, note string, at time.Time) (*Clock, error) {
	if err := i.goesOn(); err != nil {
		return nil, err
	}
	var laws []string
	for n := range clocks {
		c := &clocks[n]
		if c.Duty != Authority {
			continue
		}
		if laws = append(laws, c.Law); c.Law != law {
			continue
		}
		if c.Done != nil {
			return nil, fault.New(fault.Conflict, "this authority was told already")
		}
		if strings.TrimSpace(note) == "" || len(note) > maxNote {
			return nil, fault.New(fault.Invalid, "say in at most %d bytes where the report can be looked up, such as its number", maxNote)
		}
		c.Ends(note, at)
		return c, nil
	}
	return nil, fault.New(fault.NotFound, "no such law asks for a report: name one of %s", strings.Join(laws, ", "))
}

const maxNote = 500

// Add adds a measure to the plan.
func (i *Incident) Add(p *policy.Policy, list []Step, what, owner string, at time.Time) (Step, error) {
	if err := i.goesOn(); err != nil {
		return Step{}, err
	}
	if owner == "" {
		owner = i.Owner
	}
	if !slices.ContainsFunc(p.Roles(), func(r *policy.Role) bool { return r.Name == owner }) {
		return Step{}, fault.New(fault.Invalid, "a measure is owned by a role of the policy: name one")
	}
	if what = strings.TrimSpace(what); what == "" || len(what) > maxNote {
		return Step{}, fault.New(fault.Invalid, "say in at most %d bytes what is to be done", maxNote)
	}
	return Step{No: int64(len(list)) + 1, What: what, Owner: owner, Opened: at}, nil
}

// Done says that a measure was carried out, by whom, and what was done.
func (i *Incident) Done(list []Step, no int64, staff, note string, at time.Time) (Step, error) {
	if err := i.goesOn(); err != nil {
		return Step{}, err
	}
	for _, m := range list {
		if m.No != no {
			continue
		}
		switch {
		case m.Done != nil:
			return m, fault.New(fault.Conflict, "this measure was done already")
		case strings.TrimSpace(note) == "" || len(note) > maxNote:
			return m, fault.New(fault.Invalid, "say in at most %d bytes what was done; name nobody", maxNote)
		}
		m.Done, m.By, m.Note = &at, staff, strings.TrimSpace(note)
		return m, nil
	}
	return Step{}, fault.New(fault.NotFound, "the plan has no measure %d", no)
}

// Tell sets the words that people are told, and lets the letters go out.
func (i *Incident) Tell(happened, advice, language string, at time.Time) error {
	if err := i.goesOn(); err != nil {
		return err
	}
	if happened == "" {
		happened = i.Happened
	}
	for what, text := range map[string]string{"what happened": happened, "what people can do": advice} {
		if err := checkText(what, text); err != nil {
			return err
		}
	}
	i.Happened, i.Advice, i.Telling = strings.TrimSpace(happened), strings.TrimSpace(advice), &at
	if language != "" {
		i.Language = language
	}
	return nil
}

// Close ends the incident. It is fault.Conflict while something is left to do, which
// the message counts.
func (i *Incident) Close(measures []Step, clocks []Clock, waiting int64, at time.Time) error {
	if err := i.goesOn(); err != nil {
		return err
	}
	open := 0
	for _, m := range measures {
		if m.Done == nil {
			open++
		}
	}
	if open > 0 {
		return fault.New(fault.Conflict, "%d measures are still open: an incident is closed when all are done", open)
	}
	for _, c := range clocks {
		switch {
		case c.Duty == Plan && c.Done == nil:
			return fault.New(fault.Conflict, "nobody of the staff has taken charge yet")
		case c.Duty == Authority && c.Done == nil:
			return fault.New(fault.Conflict, "the authority under %s was not told yet", c.Law)
		}
	}
	switch {
	case i.Found == nil:
		return fault.New(fault.Conflict, "whom it concerns was not looked for yet")
	case waiting > 0:
		return fault.New(fault.Conflict, "%d people whom it concerns were not told yet", waiting)
	}
	i.State, i.Ended = Closed, &at
	return nil
}

func (i *Incident) goesOn() error {
	if i.State == Closed {
		return fault.New(fault.Conflict, "the incident is closed: declare another where it goes on")
	}
	return nil
}
