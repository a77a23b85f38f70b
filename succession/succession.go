package succession

import (
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/policy"
)

// An ID names a case: "trf_" and 26 characters, ordered by time.
type ID string

const idPrefix = "trf"

// NewID returns the id of a case that is opened at a moment.
func NewID(at time.Time) ID { return ID(id.Ordered(idPrefix, at)) }

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) { return id.Parse[ID](idPrefix, "transfer", s) }

// A Kind says why the business changes hands.
type Kind string

// The kinds.
const (
	Merger         Kind = "merger"
	Takeover       Kind = "takeover"
	Sale           Kind = "sale" // of assets
	Reorganisation Kind = "reorganisation"
	Bankruptcy     Kind = "bankruptcy"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Merger, Takeover, Sale, Reorganisation, Bankruptcy} }

// A State says where a case stands.
type State string

// The states.
const (
	Open      State = "open"
	Ready     State = "ready" // everybody was told in time, and every duty accepted
	Done      State = "done"
	Cancelled State = "cancelled"
)

// A Case is one transfer of the business.
type Case struct {
	Num       int64
	ID        ID
	Kind      Kind
	Recipient policy.RecipientNo
	Items     []policy.ItemNo
	Purposes  []policy.PurposeNo
	Changed   []policy.PurposeNo // that are new to the person: they ask for consent again
	Document  string
	State     State
	Version   int64 // of the policy under which it was made ready; 0 before
	People    int64 // concerned, when it was opened
	Moved     int64 // whose data was handed over
	Hash      []byte
	By        string
	Opened    time.Time
	Ended     *time.Time
}

// New checks a case against the policy: succession is one of its sharing cases, who
// takes over is a successor in it, and gets what it lists and no more.
func New(p *policy.Policy, c Case) error {
	r := p.RecipientBy(c.Recipient)
	switch {
	case !slices.Contains(p.Sharing().Allow, policy.Succession):
		return fault.New(fault.Denied, "the policy does not let data move with the business: succession is none of its sharing cases")
	case !slices.Contains(Kinds(), c.Kind):
		return fault.New(fault.Invalid, "there is no such transfer: use merger, takeover, sale, reorganisation or bankruptcy")
	case r == nil || r.Role != policy.Successor:
		return fault.New(fault.Invalid, "name a recipient of the policy whose role is successor")
	case strings.TrimSpace(c.Document) == "":
		return fault.New(fault.Invalid, "say in which document the transfer is agreed")
	case len(c.Items) == 0 || len(c.Purposes) == 0:
		return fault.New(fault.Invalid, "list the items that move and what for")
	}
	for _, no := range c.Items {
		if !slices.Contains(r.Items, no) {
			return fault.New(fault.Denied, "the policy does not let %s have all of these items: list those under its items", r.Name)
		}
	}
	for _, no := range slices.Concat(c.Purposes, c.Changed) {
		if !slices.Contains(r.Purposes, no) {
			return fault.New(fault.Denied, "the policy does not let %s have data for all of these purposes: list those under its purposes", r.Name)
		}
	}
	return nil
}

// Covers reports whether the case moves these items for this purpose.
func (c *Case) Covers(items []policy.ItemNo, purpose policy.PurposeNo) bool {
	return slices.Contains(c.Purposes, purpose) && !slices.ContainsFunc(items, func(n policy.ItemNo) bool { return !slices.Contains(c.Items, n) })
}

// Duties lists the clauses of a policy that who takes over has to accept: its
// promises.
func Duties(p *policy.Policy) []string {
	var out []string
	for _, c := range p.Clauses() {
		if c.Kind == "" || c.Kind == "promise" {
			out = append(out, c.ID)
		}
	}
	return out
}

// InTime reports whether somebody who was told at a moment (zero: never) was told
// long enough before now, as a policy says.
func InTime(p *policy.Policy, told, now time.Time) bool {
	rule := p.Sharing().Succession
	if rule.Notice != "before" {
		return true
	}
	if told.IsZero() {
		return false
	}
	until, _ := p.Calendar().Add(told, rule.Before)
	return !until.After(now)
}
