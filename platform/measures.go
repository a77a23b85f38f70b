package platform

import (
	"context"
	"regexp"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// measures is the form of what a measure is called.
var measures = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// A Measure is something that was done against somebody under a rule that lies outside
// the policy, such as an account suspended for fraud.
type Measure struct {
	Rule  string // what the policy calls the thing it leaves out, under excluded
	What  string // in a code: suspended, warned
	Ref   string // number of the case behind it; never personal data
	Note  string // why; it stands sealed in the log
	Ended bool   // the measure is over
	By    Actor  // a member of staff
}

// Measured records a measure against a subject. Its rule is none of the policy's, and
// so nothing is decided here; that it was taken stands in the log, where its person
// sees it.
func (p *Platform) Measured(ctx context.Context, sub subject.ID, m Measure) error {
	outside := p.Policy().Excluded()
	at := slices.IndexFunc(outside, func(x *policy.Excluded) bool { return x.Name == m.Rule })
	if at < 0 || outside[at].Kind != "data" && outside[at].Kind != "agreement" {
		return fault.New(fault.Invalid, "a measure rests on a rule for what the policy leaves out: name one under excluded, of the kind data or agreement")
	}
	if len(m.What) > 40 || !measures.MatchString(m.What) || m.Ref == "" || m.By.ID == "" {
		return fault.New(fault.Invalid, "a measure says what was done in a code such as suspended, names its case, and who of the staff took it")
	}
	d := gate.Duty{
		Kind: audit.MeasureTaken, Control: policy.ExcludedRecorded,
		Public:  []audit.Field{audit.Text(audit.TagType, m.What), audit.Text(audit.TagRule, m.Rule), audit.Text(audit.TagScenario, "excluded")},
		Private: []audit.Field{audit.Text(audit.TagRef, m.Ref)},
	}
	if m.Ended {
		d.Kind = audit.MeasureEnded
	}
	if m.Note != "" {
		d.Private = append(d.Private, audit.Text(audit.TagNote, m.Note))
	}
	return p.change(ctx, sub, m.By, d, func(*db.Act, subject.Facts) error { return nil })
}
