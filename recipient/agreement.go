package recipient

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var insertAgreement = db.Declare(`INSERT INTO recipient_agreement (id, recipient, document, signed, until)
	VALUES ($1, $2, $3, $4, $5)`, "int int text int int")

const selectAgreements = `SELECT recipient, document, signed, until FROM recipient_agreement ORDER BY id`

// An Agreement is a contract with a recipient. Until is zero where it has no
// end, and the time of signing itself where it was ended at once.
type Agreement struct {
	ID        int64 // from db.Number("agreement")
	Recipient policy.RecipientNo
	Document  string // where the contract can be read: a reference, not a person
	Signed    time.Time
	Until     time.Time
}

// Sign records an agreement, or the end of one. The time is the act's.
func Sign(w db.Writer, a Agreement) {
	var until any
	if !a.Until.IsZero() {
		until = a.Until.UnixMicro()
	}
	w.Do(insertAgreement, a.ID, int64(a.Recipient), a.Document, w.Now().UnixMicro(), until)
}

// List returns every agreement, oldest first.
func List(ctx context.Context, r db.Reader) ([]Agreement, error) {
	return db.List(ctx, r, "recipient agreements", scanList, selectAgreements)
}

func scanList(row db.Scanner) (a Agreement, err error) {
	var (
		n, signed int64
		until     *int64
	)
	if err := row.Scan(&n, &a.Document, &signed, &until); err != nil {
		return a, err
	}
	a.Recipient, a.Signed = policy.RecipientNo(n), time.UnixMicro(signed).UTC()
	if until != nil {
		a.Until = time.UnixMicro(*until).UTC()
	}
	return a, nil
}

// Force says which recipients have an agreement in force, and until when that
// answer holds (zero: until another is signed or ended).
type Force struct {
	Set   policy.RecipientSet
	Until time.Time
}

// InForce returns the recipients whose newest agreement is in force at t.
func InForce(ctx context.Context, r db.Reader, t time.Time) (Force, error) {
	list, err := List(ctx, r)
	if err != nil {
		return Force{}, err
	}
	newest := map[policy.RecipientNo]Agreement{}
	for _, a := range list {
		newest[a.Recipient] = a
	}
	var f Force
	for n, a := range newest {
		switch {
		case a.Until.IsZero():
			f.Set.Add(n)
		case a.Until.After(t):
			f.Set.Add(n)
			if f.Until.IsZero() || a.Until.Before(f.Until) {
				f.Until = a.Until
			}
		}
	}
	return f, nil
}
