package promise

import (
	"strings"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

const (
	// Soon is how long before its end a clock puts a promise at risk.
	Soon = 3 * 24 * time.Hour
	// Memory is how long a missed deadline breaks its promise after the fact.
	Memory = 90 * 24 * time.Hour
	// sequenced is how many entries may wait for their place before the log is
	// said to lag: some seconds of a busy platform.
	sequenced = 100_000
)

// Facts are what a board is made of.
type Facts struct {
	Platform string
	Policy   *policy.Policy
	Now      time.Time
	Log      audit.Standing
	Totals   []audit.Total          // of every control that left entries
	Duties   []attestation.Standing // of the policy
	Due      []rights.Summary       // open requests to be answered or done within [Soon], overdue ones among them
	Cases    []contact.Case         // open cases whose answer is due within [Soon], overdue ones among them
	Clocks   []incident.Running     // clocks of incidents that run
	Backup   time.Time              // since when an archive is late; zero: none is
	Failed   []job.Info             // work that was given up
	Lapsed   []Lapse                // values that outlived their retention
}

// A Lapse is a retention class of which values stand that should be gone.
type Lapse struct {
	Class string
	Count int64
	Since time.Time // when the oldest of them should have gone
}

// An alarm is something that speaks against controls now.
type alarm struct {
	controls []policy.Control
	about    string // reference of the clause it concerns, such as rights.erasure; "": any
	state    State
	why      Why
	due      time.Time
	request  rights.ID
	of       contact.ID
	incident incident.ID
	entry    audit.ID
	count    int64
}

// alarms lists what speaks against controls, the worst first.
func (f *Facts) alarms() (out []alarm) {
	for _, q := range f.Due {
		out = append(out, f.clocks(q)...)
	}
	for i := range f.Cases {
		if c := &f.Cases[i]; c.Due != nil && c.Due.Sub(f.Now) <= min(Soon, c.Due.Sub(c.Received)/4) {
			out = append(out, f.caseClock(c))
		}
	}
	if !f.Backup.IsZero() {
		out = append(out, alarm{controls: []policy.Control{policy.BackupScheduled}, state: Broken, why: NoArchive, due: f.Backup})
	}
	for _, c := range f.Clocks {
		if !f.Now.Before(c.SoonFrom(c.Began)) {
			out = append(out, f.incidentClock(c))
		}
	}
	for _, t := range f.Totals {
		if name, missed := cutBroken(t.Control); missed && f.Now.Sub(t.Last) <= Memory {
			out = append(out, alarm{controls: []policy.Control{name}, state: Broken, why: brokenBy(name), due: t.Last, entry: t.Entry, count: t.N})
		}
	}
	for _, l := range f.Lapsed {
		out = append(out, alarm{
			controls: []policy.Control{policy.RetentionExpiry, policy.RetentionClosed}, about: "keep." + l.Class,
			state: Broken, why: Outlived, due: l.Since, count: l.Count,
		})
	}
	if n := int64(len(f.Failed)); n > 0 {
		out = append(out, alarm{
			controls: []policy.Control{policy.RequestReply, policy.ErasureDeadline, policy.ErasureComplete, policy.RetentionExpiry},
			state:    AtRisk, why: GivenUp, due: f.Failed[0].RunAt, count: n,
		})
	}
	switch {
	case f.Log.Damage != "":
		out = append(out, alarm{controls: []policy.Control{policy.TamperEvident}, state: Broken, why: Damaged})
	case f.Log.Pending > sequenced:
		out = append(out, alarm{controls: []policy.Control{policy.TamperEvident}, state: AtRisk, why: Lags, count: f.Log.Pending})
	}
	return out
}

// clocks are what an open request says: the earliest deadline that still runs, of the
// reply or of the whole, speaks for the answer; that of the whole for what was asked.
func (f *Facts) clocks(q rights.Summary) (out []alarm) {
	first := q.Clock()
	say := func(d *plan.Due, controls ...policy.Control) {
		a := alarm{controls: controls, about: "rights." + string(q.Right), request: q.ID, state: AtRisk, why: DueSoon}
		switch {
		case d == nil || len(controls) == 0 || d.At.Sub(f.Now) > Soon:
			return
		case !d.At.After(f.Now):
			a.state, a.why = Broken, IsLate
		}
		a.due = d.At
		out = append(out, a)
	}
	say(first, policy.RequestReply)
	switch q.Right {
	case policy.Erasure:
		say(q.DoneDue, policy.ErasureDeadline)
	case policy.GuardianSays:
		say(q.DoneDue, policy.MinorErased)
	case policy.Closing:
		say(q.DoneDue, policy.ErasureDeadline, policy.RetentionClosed)
	}
	return out
}

// caseClock is what an open case says whose answer is late, or due before the last
// quarter of its time is over.
func (f *Facts) caseClock(c *contact.Case) alarm {
	a := alarm{controls: []policy.Control{policy.ContactReply}, of: c.ID, state: AtRisk, why: DueSoon}
	a.due = *c.Due
	if c.Overdue(f.Now) {
		a.state, a.why = Broken, IsLate
	}
	return a
}

// incidentClock is what a clock of an incident says that is over, or in its last
// quarter.
func (f *Facts) incidentClock(c incident.Running) alarm {
	a := alarm{controls: []policy.Control{c.Duty.Control()}, incident: c.Incident, state: AtRisk, why: DueSoon, due: *c.Due}
	if c.Overdue(f.Now) {
		a.state, a.why = Broken, IsLate
	}
	return a
}

// brokenBy says what an entry means that shows a control broken.
func brokenBy(c policy.Control) Why {
	if strings.HasPrefix(string(c), "cookie.") || strings.HasPrefix(string(c), "beacon.") {
		return SiteWrong
	}
	return WasMissed
}
