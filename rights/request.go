package rights

import (
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// An ID names a request: "req_" and 26 characters, ordered by time.
type ID string

const idPrefix = "req"

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) {
	if !id.Valid(idPrefix, s) {
		return "", fault.New(fault.Invalid, "that is not a request id: it has the form req_ and 26 letters and digits")
	}
	return ID(s), nil
}

// row is the versioned row of a request.
var row = db.Versioned{Table: "rights_request", Key: "num", Version: "version"}

// A request is its row. Times are UTC; a nil time has not come.
type request struct {
	num, version int64
	id           ID
	asks, scope  string
	state        State
	subject      int64
	policy       string
	label        string
	channel      string
	language     string
	asker        string
	key          seal.KeyID
	details      []byte
	received     time.Time
	verified     *time.Time
	method       string
	reply, done  due
	stood        time.Duration
	paused       *time.Time
	reason       string
	cite         string
	cause        string
	survey, plan int64
	planHash     string
	approved     *time.Time
	begun        bool
	receipt      []byte
	receiptEntry *int64
	fetched      int64
	expires      *time.Time
	ended        *time.Time
	closed       *time.Time
}

// A due is a deadline and the rule that set it. The zero due is none.
type due struct {
	at         time.Time
	rule, cite string
}

// deadline keeps what the policy says about a clock.
func deadline(d policy.Deadline) due { return due{d.At, d.Rule, d.Cite.In("en")} }

// public is d for a receipt; nil where no rule sets one.
func (d due) public() *plan.Due {
	if d.at.IsZero() {
		return nil
	}
	return &plan.Due{At: d.at, Rule: d.rule, Cite: d.cite}
}

func (q *request) right() policy.RightKind { return policy.RightKind(q.asks) }

// control is what an act for the request is evidence of: that the package is
// whole, that a correction or restriction holds, or that the erasure reaches
// everything.
func (q *request) control() policy.Control {
	switch q.right() {
	case policy.Access, policy.Portability:
		return policy.AccessPackage
	case policy.Rectification:
		return policy.RectificationApplied
	case policy.Restriction:
		return policy.RestrictionApplied
	}
	return policy.ErasureComplete
}

// erases reports whether the request takes data away.
func (q *request) erases() bool {
	return q.right() == policy.Erasure || q.right() == policy.Closing || q.right() == policy.GuardianSays
}

// checked is what the check after the run is evidence of.
func (q *request) checked() policy.Control {
	if q.erases() {
		return policy.ErasureVerified
	}
	return q.control()
}

// handedOver is what the end of the request is evidence of.
func (q *request) handedOver() policy.Control {
	if q.erases() {
		return policy.ErasureReceipt
	}
	return q.control()
}

func (q *request) scoped() (plan.Scope, error) { return plan.ParseScope(q.scope) }

// dueAt is a deadline with the time the clocks have stood still in it; while
// they stand still it moves on.
func (q *request) dueAt(d due, now time.Time) due {
	if d.at.IsZero() {
		return d
	}
	d.at = d.at.Add(q.stood)
	if q.paused != nil && now.After(*q.paused) {
		d.at = d.at.Add(now.Sub(*q.paused))
	}
	return d
}

// answered reports whether who asks has heard what becomes of it: it has ended, or
// all is done, or a package was ready for them once.
func (q *request) answered() bool {
	return q.state.Last() || q.state == VerifiedAfter || q.expires != nil
}

// numbered is the number of a step of the newest plan in stored rows, warrants
// and jobs. The survey before the plan is step 0.
func numbered(revision int64, step int) int64 { return revision*1000 + int64(step) }

// maxSteps is what the numbering leaves room for.
const maxSteps = 999
