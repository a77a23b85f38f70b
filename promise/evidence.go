package promise

import (
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// Why says in a code why a control does not stand as it should.
type Why string

// The reasons.
const (
	IsLate    Why = "request-late"       // an open request is past its deadline
	DueSoon   Why = "request-due"        // an open request is due soon
	WasMissed Why = "deadline-missed"    // a deadline was missed, and it stands in the log
	SiteWrong Why = "site-differs"       // a site sets or loads what the policy does not declare
	Outlived  Why = "retention-outlived" // values stand that should be gone
	GivenUp   Why = "work-given-up"      // work failed too often and waits for somebody
	Damaged   Why = "log-damaged"        // the log does not fit its signed root
	Lags      Why = "log-lags"           // entries wait too long for their place
	SignSoon  Why = "attestation-due"    // a signature is near its end
	SignLate  Why = "attestation-late"   // a signature is missing or has ended
	NoDuty    Why = "no-duty"            // the policy names no such duty
	NoArchive Why = "archive-late"       // an archive that was to be written was not
)

// Evidence is what one control of a promise has to show.
type Evidence struct {
	Control policy.Control `json:"control"`
	State   State          `json:"state"`
	By      policy.Keeper  `json:"by"`
	Count   int64          `json:"count"`             // entries of its own: what it did, or refused
	Checked int64          `json:"checked,omitempty"` // acts in which it was looked at, by other entries
	Entry   audit.ID       `json:"entry,omitempty"`   // the last entry that shows it; of a broken one, the entry that says so
	Number  *int64         `json:"number,omitempty"`  // its number in the log
	Day     *time.Time     `json:"day,omitempty"`     // UTC day of that entry

	Why     Why        `json:"why,omitempty"`
	Request rights.ID  `json:"request,omitempty"` // the request that is late or due
	Case    contact.ID `json:"case,omitempty"`    // the case whose answer is late or due
	Due     *time.Time `json:"due,omitempty"`     // when what is due was, or is

	Incident incident.ID `json:"incident,omitempty"` // the incident a clock of which is late or due
	Cases    int64       `json:"cases,omitempty"`    // how many there are of what Why says

	Duty  string     `json:"duty,omitempty"`  // the duty whose attestation it is
	Until *time.Time `json:"until,omitempty"` // how long the attestation holds
}

// cutBroken returns the control that entries under c show broken.
func cutBroken(c policy.Control) (policy.Control, bool) {
	name, ok := strings.CutPrefix(string(c), string(policy.Control("").Broken()))
	return policy.Control(name), ok
}

// A witness answers for controls, from facts that were put in order once.
type witness struct {
	facts  *Facts
	titles map[policy.Control]policy.ControlTitle
	totals map[policy.Control]audit.Total
	alarms []alarm
}

func newWitness(f *Facts) *witness {
	w := &witness{facts: f, titles: map[policy.Control]policy.ControlTitle{}, totals: map[policy.Control]audit.Total{}, alarms: f.alarms()}
	for _, c := range policy.Controls() {
		w.titles[c.ID] = c
	}
	for _, t := range f.Totals {
		w.totals[t.Control] = t
	}
	return w
}

// evidence says how a control stands, for a clause about some parts of the
// policy.
func (w *witness) evidence(c policy.Control, about []string) Evidence {
	title := w.titles[c]
	e := Evidence{Control: c, By: title.By, State: Unproven}
	switch title.By {
	case policy.ByCode:
		w.counted(&e, title)
	case policy.ByPeople:
		w.signed(&e, title)
	default:
		e.By, e.State = policy.NotBuilt, NotBuilt
	}
	w.alarmed(&e, about)
	return e
}

// counted fills in what the log counted.
func (w *witness) counted(e *Evidence, title policy.ControlTitle) {
	if title.ID == policy.TamperEvident {
		e.Count = w.facts.Log.Size
		if last := w.facts.Log.Size - 1; last >= 0 {
			e.Entry, e.Number = w.facts.Log.Last, &last
		}
	}
	last, found := w.totals[title.ID]
	e.Count += last.N
	for _, through := range title.Through {
		t, ok := w.totals[through]
		e.Checked += t.N
		if ok && !found {
			last, found = t, true
		}
	}
	if found {
		e.Entry, e.Number, e.Day = last.Entry, &last.Seq, &last.Last
	}
	if e.Count+e.Checked > 0 {
		e.State = Kept
	}
}

// signed fills in what people attested: the worst of the duties of a control.
func (w *witness) signed(e *Evidence, title policy.ControlTitle) {
	e.Duty, e.Why = title.Duty, NoDuty
	e.State = ""
	for i := range w.facts.Duties {
		d := &w.facts.Duties[i]
		if d.Control != title.ID {
			continue
		}
		if d.Last != nil {
			e.Count++
		}
		state, why := dutyState(d.State)
		if !state.worse(e.State) {
			continue
		}
		e.State, e.Why, e.Duty, e.Due, e.Until, e.Entry, e.Day = state, why, d.Key(), nil, nil, 0, nil
		if state != Attested {
			e.Due = &d.Due
		}
		if d.Last != nil {
			day := d.Last.At
			e.Until, e.Entry, e.Day = &d.Last.Until, d.Last.Entry, &day
		}
	}
	if e.State == "" {
		e.State = Unproven
	}
}

func dutyState(s attestation.State) (State, Why) {
	switch s {
	case attestation.Attested:
		return Attested, ""
	case attestation.DueSoon:
		return AtRisk, SignSoon
	case attestation.Overdue:
		return Overdue, SignLate
	}
	return Unproven, ""
}

// alarmed lets the worst alarm about the control speak. An alarm about one part of
// the policy passes over clauses that are about other parts of that kind.
func (w *witness) alarmed(e *Evidence, about []string) {
	for _, a := range w.alarms {
		if !slices.Contains(a.controls, e.Control) || !concerns(a.about, about) {
			continue
		}
		if e.State == a.state && e.Why == a.why {
			e.Cases += max(a.count, 1)
			continue
		}
		if !a.state.worse(e.State) {
			continue
		}
		e.State, e.Why, e.Request, e.Case, e.Incident, e.Cases = a.state, a.why, a.request, a.of, a.incident, max(a.count, 1)
		if due := a.due; !due.IsZero() {
			e.Due = &due
		}
		if a.entry != 0 {
			e.Entry, e.Number, e.Day = a.entry, nil, e.Due
		}
	}
}

func concerns(part string, about []string) bool {
	kind, _, _ := strings.Cut(part, ".")
	narrow := slices.ContainsFunc(about, func(a string) bool { return strings.HasPrefix(a, kind+".") })
	return part == "" || !narrow || slices.Contains(about, part)
}
