package contact

import (
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Reply answers a case at a moment. The first answer stops its clock: Late says
// that it was due before.
func (c *Case) Reply(p *policy.Policy, text string, at time.Time) error {
	if c.State == Closed {
		return c.over()
	}
	if err := checkText(p, text); err != nil {
		return err
	}
	if c.Replied == nil {
		c.Replied, c.Late = &at, c.Due != nil && at.After(*c.Due)
	}
	c.State = Answered
	return nil
}

// Delay lets the answer take longer, for a reason that the person is told: complex,
// many-requests, third-party, clarification. It is fault.Conflict after the time
// was over, where the policy leaves no longer one open, and the second time.
func (c *Case) Delay(reason string, at time.Time) error {
	switch {
	case !slices.Contains(Reasons(), reason):
		return fault.New(fault.Invalid, "that is not a reason: use one of %s", strings.Join(Reasons(), ", "))
	case c.State != Open:
		return fault.New(fault.Conflict, "the case is %s: its answer is not waited for", c.State)
	case c.Reason != "":
		return fault.New(fault.Conflict, "the answer was put off already, and the person told why")
	case c.Due == nil || c.Latest == nil:
		return fault.New(fault.Conflict, "the policy leaves no longer time open for this answer: reply")
	case at.After(*c.Due):
		return fault.New(fault.Conflict, "the time for the answer is over: a delay is said before that")
	}
	c.Reason, c.Due, c.Latest = reason, c.Latest, nil
	return nil
}

// Close ends a case. One that was never answered is late when its time was over.
func (c *Case) Close(outcome string, at time.Time) error {
	if c.State == Closed {
		return c.over()
	}
	if c.Replied == nil {
		c.Late = c.Due != nil && at.After(*c.Due)
	}
	c.State, c.Outcome, c.Ended = Closed, outcome, &at
	return nil
}

// ByHand reports whether staff may end a case like this.
func ByHand(outcome string) bool { return slices.Contains(Outcomes(), outcome) }

// Again ends an answered case because its answer did not satisfy, and returns what
// is asked in the case that looks at it again.
func (c *Case) Again(asked Asked, at time.Time) (Asked, error) {
	if c.State != Answered {
		return Asked{}, fault.New(fault.Conflict, "the case is %s: only an answer can fail to satisfy", c.State)
	}
	asked.Kind, asked.Topic, asked.Language, asked.First = c.Kind, c.Topic, c.Language, c.ID
	if asked.Channel == "" {
		asked.Channel = c.Channel
	}
	return asked, c.Close(Escalated, at)
}

// Overdue reports whether an answer is due and has not come.
func (c *Case) Overdue(now time.Time) bool {
	return c.State == Open && c.Due != nil && now.After(*c.Due)
}

func (c *Case) over() error { return fault.New(fault.Conflict, "the case is closed (%s)", c.Outcome) }
