package consent

import (
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var askRecords = db.DeclareQuery(selectRecords, "int")

// HistoriesOf asks for everything that many subjects said, each oldest first. Once
// the inquiry has run, what it returns gives them in their order.
func HistoriesOf(in *db.Inquiry, subjects []int64) func() ([][]Record, error) {
	rows := in.Ask(askRecords, subjects)
	return func() ([][]Record, error) { return db.Lists(rows, len(subjects), "consent histories", scanRecord) }
}

func scanRecord(row db.Scanner) (r Record, err error) {
	var (
		kind                   string
		purpose, recipient, at int64
		until                  *int64
	)
	if err := row.Scan(&r.ID, &r.Turn, &kind, &purpose, &recipient, &r.Given, &r.Explicit, &r.Policy, &r.Channel, &at, &until); err != nil {
		return r, err
	}
	r.Kind, r.Purpose, r.Recipient = Kind(kind), policy.PurposeNo(purpose), policy.RecipientNo(recipient)
	r.At = time.UnixMicro(at).UTC()
	if until != nil {
		r.Until = time.UnixMicro(*until).UTC()
	}
	return r, nil
}
