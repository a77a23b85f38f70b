package consent

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var (
	insertRecord = db.Declare(`INSERT INTO consent_record (subject, id, turn, kind, purpose, recipient, given, explicit, policy, channel, at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, "int int int text int int int int text text int int")
	deleteRecords = db.Declare(`DELETE FROM consent_record WHERE subject = $1`, "int")
)

const selectRecords = `SELECT id, turn, kind, purpose, recipient, given, explicit, policy, channel, at, until
	FROM consent_record WHERE subject = $1 ORDER BY turn, id`

// History returns everything a subject said, oldest first.
func History(ctx context.Context, r db.Reader, subject int64) ([]Record, error) {
	rows, err := r.Query(ctx, selectRecords, subject)
	if err != nil {
		return nil, fmt.Errorf("consent history: %w", err)
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		var (
			rec                    Record
			kind                   string
			purpose, recipient, at int64
			until                  *int64
		)
		if err := rows.Scan(&rec.ID, &rec.Turn, &kind, &purpose, &recipient, &rec.Given, &rec.Explicit, &rec.Policy, &rec.Channel, &at, &until); err != nil {
			return nil, fmt.Errorf("consent history: %w", err)
		}
		rec.Kind, rec.Purpose, rec.Recipient = Kind(kind), policy.PurposeNo(purpose), policy.RecipientNo(recipient)
		rec.At = time.UnixMicro(at).UTC()
		if until != nil {
			rec.Until = time.UnixMicro(*until).UTC()
		}
		out = append(out, rec)
	}
	return out, rows.Err()
}

// EraseAll removes every record of a subject. What was said stays provable
// from the sealed part of the log for as long as the log class lives.
func EraseAll(w db.Writer, subject int64) { w.Do(deleteRecords, subject) }
