package consent

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
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
	return db.List(ctx, r, "consent history", scanRecord, selectRecords, subject)
}

// EraseAll removes every record of a subject. What was said stays provable
// from the sealed part of the log for as long as the log class lives.
func EraseAll(w db.Writer, subject int64) { w.Do(deleteRecords, subject) }
