package subject

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/internal/db"
)

const countAccepted = `SELECT accepted, count(*) FROM subject WHERE state = 'open' GROUP BY accepted`

// CountAccepted counts the subjects whose account is open by the version of the policy
// that they accepted last, named by its hash; "" stands for none.
func CountAccepted(ctx context.Context, r db.Reader) (map[string]int64, error) {
	rows, err := r.Query(ctx, countAccepted)
	if err != nil {
		return nil, fmt.Errorf("subject accepted: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var (
			version string
			n       int64
		)
		if err := rows.Scan(&version, &n); err != nil {
			return nil, fmt.Errorf("subject accepted: %w", err)
		}
		out[version] = n
	}
	return out, rows.Err()
}
