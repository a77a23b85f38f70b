package subject

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
)

const countAccepted = `SELECT accepted, count(*) FROM subject WHERE state = 'open' GROUP BY accepted`

// CountAccepted counts the subjects whose account is open by the version of the policy
// that they accepted last, named by its hash; "" stands for none.
func CountAccepted(ctx context.Context, r db.Reader) (map[string]int64, error) {
	return db.Map[string, int64](ctx, r, "subject accepted", countAccepted)
}
