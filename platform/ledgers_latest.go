package platform

import (
	"context"
	"math"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/statistics"
)

// LatestMessages returns messages, the newest first: those made before one ("": all), of
// a class ("": of any).
func (p *Platform) LatestMessages(ctx context.Context, before message.ID, class message.Class, limit int) ([]MessageSummary, error) {
	return p.summaries(ctx, func(r *db.Snapshot) ([]*message.Message, error) { return message.Latest(ctx, r, before, class, limit) })
}

// MessageCauses says why copies of a message did not go, and of how many that holds.
func (p *Platform) MessageCauses(ctx context.Context, id message.ID) (out []message.Cause, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		m, err := message.Get(ctx, r, id)
		if err != nil {
			return err
		}
		out, err = message.Causes(ctx, r, m.Num)
		return err
	})
	return out, err
}

// LatestReleases returns releases of counts, the newest first: those before a number
// (0: all).
func (p *Platform) LatestReleases(ctx context.Context, before int64, limit int) (out []*statistics.Release, err error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		out, err = statistics.Latest(ctx, r, before, limit)
		return err
	})
	return out, err
}
