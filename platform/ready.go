package platform

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// Ready returns nil when both stores of the platform can be read and none has
// failed to write.
func (p *Platform) Ready(ctx context.Context) error {
	for _, d := range []*db.DB{p.data, p.keysDB} {
		select {
		case <-d.Failed():
			return fault.Wrap(fault.Busy, d.Err(), "a store of %s can no longer write", p.id)
		default:
		}
		if _, err := d.Identity(ctx); err != nil {
			return fmt.Errorf("platform ready: %w", err)
		}
	}
	return nil
}
