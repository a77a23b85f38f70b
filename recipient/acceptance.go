package recipient

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var insertAcceptance = db.Declare(`INSERT INTO recipient_acceptance (id, recipient, version, hash, document, recorded_by, at, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, "int int int bytes text text int int")

const (
	selectAcceptances = `SELECT id, recipient, version, hash, document, recorded_by, at, entry FROM recipient_acceptance ORDER BY id`
	selectAccepted    = `SELECT DISTINCT recipient FROM recipient_acceptance WHERE version = $1`
)

// An Acceptance says that a recipient accepted the instructions that go with a
// version of the policy.
type Acceptance struct {
	ID        int64 // from db.Number("acceptance")
	Recipient policy.RecipientNo
	Version   int64  // number of the version, as publication counts them
	Hash      []byte // SHA-256 of the instructions, as they were written for this version
	Document  string // where its word can be read
	By        string // id of the member of staff who recorded it
	At        time.Time
	Entry     int64
}

// Accept records an acceptance. The time is the act's.
func Accept(w db.Writer, a Acceptance) {
	w.Do(insertAcceptance, a.ID, int64(a.Recipient), a.Version, a.Hash, a.Document, a.By, w.Now().UnixMicro(), a.Entry)
}

// Acceptances returns every acceptance, oldest first.
func Acceptances(ctx context.Context, r db.Reader) ([]Acceptance, error) {
	return db.List(ctx, r, "recipient acceptances", scanAcceptance, selectAcceptances)
}

func scanAcceptance(row db.Scanner) (a Acceptance, err error) {
	var n, at int64
	if err := row.Scan(&a.ID, &n, &a.Version, &a.Hash, &a.Document, &a.By, &at, &a.Entry); err != nil {
		return a, err
	}
	a.Recipient, a.At = policy.RecipientNo(n), time.UnixMicro(at).UTC()
	return a, nil
}

// Accepted returns the recipients that accepted the instructions of a version.
func Accepted(ctx context.Context, r db.Reader, version int64) (set policy.RecipientSet, err error) {
	list, err := db.Values[policy.RecipientNo](ctx, r, "recipient accepted", selectAccepted, version)
	for _, n := range list {
		set.Add(n)
	}
	return set, err
}
