package consent

import (
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Kind says what a record is about.
type Kind string

// The kinds of record.
const (
	Consent   Kind = "consent"   // yes to a purpose (GDPR Art. 6(1)(a), PIPL Art. 13)
	Objection Kind = "objection" // no to a purpose on legitimate interest, or opt-out (GDPR Art. 21)
	Sharing   Kind = "sharing"   // yes to giving data to a recipient (PIPL Art. 23)
	Abroad    Kind = "abroad"    // yes to data leaving the country (PIPL Art. 39, GDPR Art. 49)
)

// A Record is one thing a person said. Given false withdraws what an earlier
// record gave.
type Record struct {
	ID        int64 // from db.Number("consent")
	Turn      int64 // version of the subject that its act leads to: the order in which things were said, on every node
	Kind      Kind
	Purpose   policy.PurposeNo
	Recipient policy.RecipientNo
	Given     bool
	Explicit  bool   // by an act of its own, not bundled with anything
	Policy    string // version of the policy whose text the person saw
	Channel   string // where it was said: a surface, or a channel of the policy
	At        time.Time
	Until     time.Time // zero: does not expire
}

// Add adds a record about a subject. The time is the act's.
func Add(w db.Writer, subject int64, r Record) {
	var until any
	if !r.Until.IsZero() {
		until = r.Until.UnixMicro()
	}
	w.Do(insertRecord, subject, r.ID, r.Turn, string(r.Kind), int64(r.Purpose), int64(r.Recipient),
		truth(r.Given), truth(r.Explicit), r.Policy, r.Channel, w.Now().UnixMicro(), until)
}

// Fold writes what records (oldest first) say at time t into f.
func Fold(f *policy.Facts, records []Record, t time.Time) {
	for _, r := range records {
		gone := !r.Until.IsZero() && !r.Until.After(t)
		switch r.Kind {
		case Consent:
			foldConsent(f, r, gone)
		case Objection:
			put(&f.Objected, r.Purpose, r.Given && !gone)
		case Sharing:
			put(&f.Shared, r.Recipient, r.Given && !gone)
		case Abroad:
			put(&f.Abroad, r.Recipient, r.Given && !gone)
		}
	}
}

func foldConsent(f *policy.Facts, r Record, gone bool) {
	given := r.Given && !gone
	if !r.Given && (f.Consents.Has(r.Purpose) || f.Expired.Has(r.Purpose)) {
		f.Withdrawn.Add(r.Purpose)
	}
	if given {
		f.Withdrawn.Remove(r.Purpose)
	}
	put(&f.Consents, r.Purpose, given)
	put(&f.Explicit, r.Purpose, given && r.Explicit)
	put(&f.Expired, r.Purpose, r.Given && gone)
}

func put[N ~uint16](s *policy.Set[N], n N, in bool) {
	if in {
		s.Add(n)
	} else {
		s.Remove(n)
	}
}

// NextExpiry returns when the earliest record still in force expires, or the
// zero time. Facts folded at time t hold until then.
func NextExpiry(records []Record, t time.Time) time.Time {
	var next time.Time
	for _, r := range records {
		if r.Until.After(t) && (next.IsZero() || r.Until.Before(next)) {
			next = r.Until
		}
	}
	return next
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
