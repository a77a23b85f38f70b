package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

const (
	headPage = 2000

	selectTops = `SELECT subject, id, items, at FROM vault_row r
		WHERE (subject > $1 OR (subject = $1 AND id > $2)) AND at >= $3 AND at < $4 AND (due IS NULL OR due > $5)
		AND NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.subject = r.subject AND e.key = r.key)
		ORDER BY subject, id LIMIT $6`
)

// A Head says whom a row is about, of which items it holds values and when it came.
// What the values are is sealed, and stays so.
type Head struct {
	Subject int64
	Items   []policy.ItemNo
	At      time.Time
}

// Heads gives the heads of rows that came from one moment until before another to fn,
// a page at a time, in the order of subjects. Rows whose retention has ended or that
// are being erased are left out.
func (v *Vault) Heads(ctx context.Context, from, until time.Time, fn func([]Head) error) error {
	now := v.data.Now().UnixMicro()
	for subject, id := int64(0), int64(0); ; {
		var heads []Head
		err := v.data.Read(ctx, func(r *db.Snapshot) error {
			heads = heads[:0]
			rows, err := r.Query(ctx, selectTops, subject, id, from.UnixMicro(), until.UnixMicro(), now, int64(headPage))
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var (
					h      Head
					packed []byte
					at     int64
				)
				if err := rows.Scan(&h.Subject, &id, &packed, &at); err != nil {
					return err
				}
				subject, h.Items, h.At = h.Subject, disclosure.UnpackItems(packed), time.UnixMicro(at).UTC()
				heads = append(heads, h)
			}
			return rows.Err()
		})
		if err != nil {
			return fmt.Errorf("vault heads: %w", err)
		}
		if len(heads) > 0 {
			if err := fn(heads); err != nil {
				return err
			}
		}
		if len(heads) < headPage {
			return nil
		}
	}
}
