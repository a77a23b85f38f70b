package rights

import (
	"time"

	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// livesWhere is what decides which laws hold for a subject; the zero Person where nobody is
// known.
func livesWhere(f subject.Facts) policy.Person {
	var who policy.Person
	if r, err := policy.ParseRegion(f.Residence); err == nil {
		who.Residence = r
	}
	switch f.Age {
	case subject.Adult:
		who.Age = policy.AgeAdult
	case subject.Minor:
		who.Age = policy.AgeMinor
	}
	return who
}

// dueFor sets the deadlines of a request of somebody, under the laws that may hold for
// them.
func dueFor(p *policy.Policy, kind policy.RightKind, received time.Time, of subject.Facts) (policy.Clocks, error) {
	return p.DueFor(kind, received, p.LawsFor(livesWhere(of)))
}
