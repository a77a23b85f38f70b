package attestation

import (
	"cmp"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Soon is how long before its end an attestation is said to be due soon.
const Soon = 14 * 24 * time.Hour

// usual is how often a duty comes round that the policy's controls rest on and
// that the policy gives no period.
const usual = "P1Y"

// A Duty is something that people do again and again.
type Duty struct {
	Name    string         `json:"duty"`            // a key of security.reviews or of attestations
	About   string         `json:"about,omitempty"` // the recipient it is done for; "": no one of them
	Every   policy.Period  `json:"every"`
	Assumed bool           `json:"assumed,omitempty"` // the text gives no period, and this one is assumed
	Control policy.Control `json:"control,omitempty"` // the control it keeps; "": none of the catalogue
	Title   policy.Text    `json:"title"`             // the policy's, else the control's
}

// Key names the duty among those of its platform.
func (d Duty) Key() string {
	if d.About == "" {
		return d.Name
	}
	return d.Name + "/" + d.About
}

// Duties returns the duties of a policy, by key: its reviews and attestations; the
// audit of each recipient that is to be audited; and what a control of one of its
// clauses rests on although the policy does not say how often.
func Duties(p *policy.Policy) []Duty {
	var out []Duty
	known := map[string]policy.ControlTitle{}
	for _, c := range policy.Controls() {
		if c.Duty != "" {
			known[c.Duty] = c
		}
	}
	add := func(name, about string, every policy.Period, assumed bool) {
		c := known[name]
		out = append(out, Duty{Name: name, About: about, Every: every, Assumed: assumed, Control: c.ID, Title: c.Title})
	}
	for name, every := range p.Security().Reviews {
		add(name, "", every, false)
	}
	for _, a := range p.Attestations() {
		have := slices.ContainsFunc(out, func(d Duty) bool { return d.Name == a.Name })
		if have || a.Every.IsZero() || a.Name == audit {
			continue // of one audit for all, the recipients say how often
		}
		add(a.Name, "", a.Every, a.Assumed.Of("every"))
		if !a.Title.IsZero() {
			out[len(out)-1].Title = a.Title
		}
	}
	for _, r := range p.Recipients() {
		if !r.Audit.IsZero() {
			add(audit, r.Name, r.Audit, false)
		}
	}
	needed := map[policy.Control]bool{}
	for _, c := range p.Clauses() {
		for _, k := range c.Keeps {
			needed[k] = true
		}
	}
	for name, c := range known {
		have := slices.ContainsFunc(out, func(d Duty) bool { return d.Name == name })
		if needed[c.ID] && !have {
			var year policy.Period
			_ = year.UnmarshalText([]byte(usual)) // cannot fail: it is a constant
			add(name, "", year, true)
		}
	}
	slices.SortFunc(out, func(a, b Duty) int { return cmp.Compare(a.Key(), b.Key()) })
	return out
}

// audit is the duty that recipients bring with them.
const audit = "recipient-audit"

// Find returns a duty of the policy by name and by what it is about.
func Find(p *policy.Policy, name, about string) (Duty, error) {
	list := Duties(p)
	for _, d := range list {
		if d.Name == name && d.About == about {
			return d, nil
		}
	}
	for _, d := range list {
		if d.Name == name && about == "" {
			return Duty{}, fault.New(fault.NotFound, "the duty %s is done for each recipient apart: name one of them with about", name)
		}
	}
	return Duty{}, fault.New(fault.NotFound, "the policy knows no such duty: write it under security.reviews, or choose one of avow attestation list")
}

// A State says how a duty stands.
type State string

// The states.
const (
	Waiting  State = "waiting"  // never signed, and not due yet
	Attested State = "attested" // signed, and the signature holds
	DueSoon  State = "due-soon" // it holds for no more than [Soon]
	Overdue  State = "overdue"  // it holds no longer, or was never signed in time
)

// A Standing is a duty and how it stands at a moment.
type Standing struct {
	Duty
	State State     `json:"state"`
	Due   time.Time `json:"due"`             // when it must be signed (again)
	Owner string    `json:"owner,omitempty"` // id of the staff who sees to it
	Last  *Signed   `json:"last,omitempty"`
}

// Stand says how each duty of a policy stands at now. since is when the first
// policy of the platform came into force: a new version pushes nothing back; signed and owners are what [Newest] and [Owners] return.
func Stand(p *policy.Policy, since, now time.Time, signed map[string]Signed, owners map[string]string) []Standing {
	list := Duties(p)
	out := make([]Standing, len(list))
	for i, d := range list {
		s := Standing{Duty: d, State: Waiting, Owner: owners[d.Key()]}
		if last, ok := signed[d.Key()]; ok {
			s.Last, s.Due, s.State = &last, last.Until, Attested
			if last.Until.Sub(now) <= Soon {
				s.State = DueSoon
			}
		} else {
			s.Due, _ = p.Calendar().Add(since, d.Every)
		}
		if !s.Due.After(now) {
			s.State = Overdue
		}
		out[i] = s
	}
	return out
}

// Unaudited returns the recipients whose audit is overdue at now, and when the next
// audit of another falls due (zero: none does).
func Unaudited(p *policy.Policy, since, now time.Time, signed map[string]Signed) (overdue policy.RecipientSet, next time.Time) {
	for _, s := range Stand(p, since, now, signed, nil) {
		if s.Name != audit {
			continue
		}
		if s.State != Overdue {
			if next.IsZero() || s.Due.Before(next) {
				next = s.Due
			}
			continue
		}
		if r, err := p.Recipient(s.About); err == nil {
			overdue.Add(r.No)
		}
	}
	return overdue, next
}
