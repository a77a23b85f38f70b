package subject

import (
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// digestSize is what is kept of a blind index: 128 bits, enough that two
// identifiers of a platform never meet by chance.
const digestSize = 16

// An Identifier finds a subject. Digest is the blind index of its normal form
// (seal.Keyring.Index), of which the first 16 bytes are kept.
type Identifier struct {
	Kind      string
	Digest    []byte
	Verified  bool // the person proved that it is theirs
	Exclusive bool // at most one subject may hold it, once verified
	Class     int64
}

// Identify adds an identifier. Adding one twice changes nothing. A verified,
// exclusive identifier that another subject holds fails the act with a
// constraint violation.
func Identify(w db.Writer, num int64, i Identifier) {
	w.Do(insertIdentifier, i.Digest[:digestSize], num, i.Class, i.Kind, truth(i.Verified), truth(i.Exclusive))
}

// Admit adds an identifier as [Identify] does, unless the suppression ledger bars it
// ([Barred]) at the time of w when the act is committed: then it fails the act, also
// where the subject has the identifier already, and [KeptOut] says so.
func Admit(w db.Writer, num int64, i Identifier) {
	w.Do(admitIdentifier, i.Digest[:digestSize], num, i.Class, i.Kind, truth(i.Verified), truth(i.Exclusive), w.Now().UnixMicro())
}

// KeptOut reports whether err says that an act failed because an identifier that it
// was to [Admit] is barred.
func KeptOut(err error) bool { return db.Null(err) }

// Forget removes one ordinary identifier.
func Forget(w db.Writer, num int64, digest []byte) {
	w.Do(deleteIdentifier, num, digest[:digestSize])
}

// ForgetAll removes every ordinary identifier of a subject. Those of retained
// classes stay.
func ForgetAll(w db.Writer, num int64) { w.Do(deleteIdentifiers, num) }

// ForgetClass removes the identifiers that served one retained class.
func ForgetClass(w db.Writer, num, class int64) { w.Do(deleteIdentifierClass, num, class) }

// A Hold keeps a class although its retention has ended: the law, or a claim.
type Hold struct {
	Class int64 // 0: everything
	Cite  string
	Since time.Time
	Until time.Time // zero: until lifted
}

// SetHold sets a hold, replacing one of the same class.
func SetHold(w db.Writer, num int64, h Hold) {
	w.Do(deleteHold, num, h.Class)
	w.Do(insertHold, num, h.Class, h.Cite, w.Now().UnixMicro(), micros(h.Until))
}

// EndHold lifts a hold.
func EndHold(w db.Writer, num, class int64) { w.Do(deleteHold, num, class) }

// A Suppression outlives erasure: a refusal of marketing, a refused minor, no
// re-import. It knows a person only by the digest of an identifier.
type Suppression struct {
	Digest []byte
	Scope  Scope
	Ground string // why it may be kept: the clause or provision
	Until  time.Time
}

// A Scope says what a suppression keeps from happening.
type Scope string

// The scopes of a suppression.
const (
	Marketing Scope = "marketing" // no marketing to this identifier
	Import    Scope = "import"    // no re-import after erasure
	Refused   Scope = "refused"   // registration refused (a minor without a guardian)
)

// Suppress adds or renews a suppression.
func Suppress(w db.Writer, s Suppression) {
	d := s.Digest[:digestSize]
	w.Do(deleteSuppression, d, string(s.Scope))
	w.Do(insertSuppression, d, string(s.Scope), s.Ground, w.Now().UnixMicro(), micros(s.Until))
}

// Unsuppress ends a suppression.
func Unsuppress(w db.Writer, digest []byte, scope Scope) {
	w.Do(deleteSuppression, digest[:digestSize], string(scope))
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}
