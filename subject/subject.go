package subject

import (
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

// An ID names a subject outside avow: "sub_" and 26 random characters.
type ID string

const idPrefix = "sub"

// NewID returns a fresh random ID. It tells nothing about the person, not
// even when they joined.
func NewID() ID { return ID(id.Random(idPrefix)) }

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) {
	if !id.Valid(idPrefix, s) {
		return "", fault.New(fault.Invalid, "that is not a subject id: it has the form sub_ and 26 letters and digits")
	}
	return ID(s), nil
}

// A State is where a subject is in its life with the controller.
type State string

// The states of a subject.
const (
	Open    State = "open"    // the account, or the visit, is there
	Closed  State = "closed"  // the account is closed; retention clocks run
	Erasing State = "erasing" // an erasure has begun: nothing is collected or used
	Erased  State = "erased"  // the keys are dead; at most a retained class is left
)

// A Kind says what the subject is.
type Kind string

// The kinds of subject.
const (
	Natural    Kind = "natural"    // a person
	Enterprise Kind = "enterprise" // an organisation, where a policy covers those
	Visitor    Kind = "visitor"    // a person without an account
)

// An Age is what is known of a subject's age.
type Age int64

// The ages that matter to a policy.
const (
	AgeUnknown Age = 0
	Adult      Age = 1
	Minor      Age = 2
)

// Facts are what is on record about a subject. Num is internal and never
// shown; Version is the precondition of every use.
type Facts struct {
	Num        int64
	ID         ID
	Kind       Kind
	Version    int64
	State      State
	Restricted bool
	Age        Age
	Guardian   bool      // a guardian's consent is on record
	Accepted   string    // version of the policy the person accepted, or ""
	Declined   bool      // they said no to the policy, and not yes since
	Refused    time.Time // when they last said no; zero: never. Sign-ins from before it are over
	Residence  string    // country they live in (ISO 3166-1), or ""
	LogKey     seal.KeyID
	Created    time.Time
	Closed     time.Time // zero while the account is open
}

// Row is the versioned row that acts name as their precondition.
var Row = db.Versioned{Table: "subject", Key: "num", Version: "version"}

// New is a subject to be registered.
type New struct {
	Num      int64
	ID       ID
	Kind     Kind
	Age      Age
	Accepted string

	Residence string // country they live in, "" where it is not known
	LogKey    seal.KeyID
}

// Register adds a subject in state open, at version 1.
func Register(w db.Writer, n New) {
	b, _ := id.Bytes(idPrefix, string(n.ID))
	w.Do(insertSubject, n.Num, b, string(n.Kind), int64(n.Age), n.Accepted, n.Residence, int64(n.LogKey), w.Now().UnixMicro())
}

// Close closes the account. The caller's act holds [Row] exclusively, as for
// every function here that changes a fact.
func Close(w db.Writer, num int64) { w.Do(updateClosed, w.Now().UnixMicro(), num) }

// BeginErasure moves a subject to erasing: from here on nothing is collected
// and nothing used.
func BeginErasure(w db.Writer, num int64) { w.Do(updateState, string(Erasing), num) }

// EndErasure moves a subject to erased.
func EndErasure(w db.Writer, num int64) { w.Do(updateState, string(Erased), num) }

// Restrict sets or lifts the restriction of processing (GDPR Art. 18).
func Restrict(w db.Writer, num int64, on bool) { w.Do(updateRestricted, truth(on), num) }

// Accept records the policy version the person accepted.
func Accept(w db.Writer, num int64, version string) { w.Do(updateAccepted, version, num) }

// Decline records that the person does not agree to the policy, or no longer.
func Decline(w db.Writer, num int64) { w.Do(updateDeclined, w.Now().UnixMicro(), num) }

// SetResidence records the country that the person lives in.
func SetResidence(w db.Writer, num int64, country string) { w.Do(updateResidence, country, num) }

// SetAge records what became known of the subject's age, and whether a
// guardian consented.
func SetAge(w db.Writer, num int64, a Age, guardian bool) {
	w.Do(updateAge, int64(a), truth(guardian), num)
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
