package recipient

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var insertFinding = db.Declare(`INSERT INTO recipient_finding (id, recipient, kind, passed, document, remedy, until, recorded_by, at, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, "int int text int text text int text int int")

const selectFindings = `SELECT id, recipient, kind, passed, document, remedy, until, recorded_by, at, entry FROM recipient_finding ORDER BY id`

// A Kind says what was looked into.
type Kind string

// The kinds of finding.
const (
	Ability  Kind = "ability"  // can it do what it is to do (GDPR Art. 28(1))
	Security Kind = "security" // does it protect the data
	Audit    Kind = "audit"    // does it keep its word
	Breach   Kind = "breach"   // it did not: never passed
)

// Kinds lists the kinds of finding.
func Kinds() []Kind { return []Kind{Ability, Security, Audit, Breach} }

// A Remedy is what a recipient that failed was told to do with what it holds.
type Remedy string

// The remedies.
const (
	NoRemedy Remedy = ""
	Delete   Remedy = "delete"
	Return   Remedy = "return"
)

// A Finding is what somebody found out about a recipient.
type Finding struct {
	ID        int64 // from db.Number("finding")
	Recipient policy.RecipientNo
	Kind      Kind
	Passed    bool
	Document  string // where the report can be read: a reference, not a person
	Remedy    Remedy
	Until     time.Time // a passed assessment holds until here; zero: until the next
	By        string    // id of the member of staff who recorded it
	At        time.Time
	Entry     int64 // the log entry that proves it
}

// Find records a finding. The time is the act's.
func Find(w db.Writer, f Finding) {
	var until any
	if !f.Until.IsZero() {
		until = f.Until.UnixMicro()
	}
	passed := int64(0)
	if f.Passed {
		passed = 1
	}
	w.Do(insertFinding, f.ID, int64(f.Recipient), string(f.Kind), passed, f.Document, string(f.Remedy), until, f.By, w.Now().UnixMicro(), f.Entry)
}

// Findings returns every finding, oldest first.
func Findings(ctx context.Context, r db.Reader) ([]Finding, error) {
	return db.List(ctx, r, "recipient findings", scanFinding, selectFindings)
}

func scanFinding(row db.Scanner) (f Finding, err error) {
	var (
		n, passed, at int64
		until         *int64
	)
	if err := row.Scan(&f.ID, &n, &f.Kind, &passed, &f.Document, &f.Remedy, &until, &f.By, &at, &f.Entry); err != nil {
		return f, err
	}
	f.Recipient, f.Passed, f.At = policy.RecipientNo(n), passed != 0, time.UnixMicro(at).UTC()
	if until != nil {
		f.Until = time.UnixMicro(*until).UTC()
	}
	return f, nil
}

// A Judgement is what findings say of all recipients at a time.
type Judgement struct {
	Reviewed  policy.RecipientSet // ability and security were both assessed and passed, and both hold
	Suspended policy.RecipientSet // the newest finding of a kind failed, or a breach was found since the last passed audit
	Until     time.Time           // it holds until here; zero: until the next finding
}

// Judge folds findings, oldest first, into what they say at now.
func Judge(all []Finding, now time.Time) Judgement {
	newest := map[policy.RecipientNo]map[Kind]Finding{}
	for _, f := range all {
		if newest[f.Recipient] == nil {
			newest[f.Recipient] = map[Kind]Finding{}
		}
		newest[f.Recipient][f.Kind] = f
	}
	var j Judgement
	for n, of := range newest {
		if holds(of[Ability], now) && holds(of[Security], now) {
			j.Reviewed.Add(n)
			j.ends(of[Ability].Until)
			j.ends(of[Security].Until)
		}
		for kind, f := range of {
			if !f.Passed && (kind != Breach || of[Audit].ID < f.ID) {
				j.Suspended.Add(n)
			}
		}
	}
	return j
}

func holds(f Finding, now time.Time) bool {
	return f.Passed && (f.Until.IsZero() || f.Until.After(now))
}

func (j *Judgement) ends(t time.Time) {
	if !t.IsZero() && (j.Until.IsZero() || t.Before(j.Until)) {
		j.Until = t
	}
}
