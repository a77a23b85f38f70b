package publication

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const selectSource = `SELECT source FROM policy_version WHERE num = $1`

// Source returns the file that a version was compiled from.
func Source(ctx context.Context, r db.Reader, num int64) ([]byte, error) {
	var source []byte
	err := r.Row(ctx, selectSource, num).Scan(&source)
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there was no version with the number %d", num)
	}
	if err != nil {
		return nil, fmt.Errorf("publication source: %w", err)
	}
	return source, nil
}
