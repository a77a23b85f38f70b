package recipient

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/internal/db"
)

const selectVersion = `SELECT version FROM recipient_ledger WHERE id = 1`

// Row is the one row whose version stands for the whole ledger: acts that give data
// to a recipient rely on it, acts that write here change it (I-11).
var Row = db.Versioned{Table: "recipient_ledger", Key: "id", Version: "version"}

// Key is the key of the one [Row].
const Key = 1

// Version returns the version of the ledger.
func Version(ctx context.Context, r db.Reader) (v int64, err error) {
	if err := r.Row(ctx, selectVersion).Scan(&v); err != nil {
		return 0, fmt.Errorf("recipient version: %w", err)
	}
	return v, nil
}

var askVersion = db.DeclareQuery(`SELECT version FROM recipient_ledger WHERE id = $1`, "int")

// VersionOf asks for the version of the ledger. Once the inquiry has run, what it
// returns gives it.
func VersionOf(in *db.Inquiry) func() (int64, error) {
	rows := in.Ask(askVersion, int64(Key))
	return func() (v int64, err error) {
		for rows.Next() {
			if err := rows.Scan(&v); err != nil {
				return 0, fmt.Errorf("recipient version: %w", err)
			}
		}
		return v, rows.Err()
	}
}
