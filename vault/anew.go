package vault

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

var askRow = db.DeclareQuery(`SELECT key, items, sealed FROM vault_row WHERE subject = $1 AND id = $2`, "int int")

// anew reads a row again whose key has died since it was read. It is not there any
// more when it was erased, and under another key when a neighbour in it was corrected
// or erased. Under the same key it is one that nobody can read: it came back from an
// archive and its key did not, or it waits for the sweep of its erasure.
func (v *Vault) anew(ctx context.Context, num int64, r row) (_ row, there bool, err error) {
	rows, err := v.data.Ask(ctx, askRow, num, r.id)
	if err != nil {
		return r, false, fmt.Errorf("vault row: %w", err)
	}
	for rows.Next() {
		var (
			key    int64
			packed []byte
		)
		if err := rows.Scan(&key, &packed, &r.sealed); err != nil {
			return r, false, fmt.Errorf("vault row: %w", err)
		}
		r.key, r.items, there = seal.KeyID(key), disclosure.UnpackItems(packed), true
	}
	return r, there, rows.Err()
}

// openNow opens a row as it stands: under the key that it has by now. It gives no
// data where nobody can read it any more. Callers hold leave that a change of the
// subject does not end.
func (v *Vault) openNow(ctx context.Context, num int64, r row) (row, []datum, error) {
	for range tries {
		data, err := v.openRow(ctx, num, r)
		if fault.Of(err) != fault.NotFound {
			return r, data, err
		}
		now, there, err := v.anew(ctx, num, r)
		if err != nil || !there || now.key == r.key {
			return r, nil, err
		}
		r = now
	}
	return r, nil, errContended("read")
}
