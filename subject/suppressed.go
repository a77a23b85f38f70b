package subject

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

const selectSuppressed = `SELECT COUNT(*) FROM suppression WHERE digest = $1 AND scope = $2 AND (until IS NULL OR until > $3)`

// Suppressed reports whether a suppression of a scope stands for an identifier.
func Suppressed(ctx context.Context, r db.Reader, digest []byte, scope Scope, now time.Time) (bool, error) {
	var n int
	if err := r.Row(ctx, selectSuppressed, digest[:digestSize], string(scope), now.UnixMicro()).Scan(&n); err != nil {
		return false, fmt.Errorf("subject suppressed: %w", err)
	}
	return n > 0, nil
}
