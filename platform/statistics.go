package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
)

// statistics returns what counts people and lets counts out.
func (p *Platform) statistics() *statistics.Service {
	return statistics.New(p.data, p.log, p.gate, p.vault)
}

// CountPeople makes the table of one of the policy's sets from a moment until before
// another, with every cell hidden that is about too few people; zero times mean until
// now, and twelve periods of the set. No value is read for it.
func (p *Platform) CountPeople(ctx context.Context, set string, from, until time.Time, by gate.Actor) (*statistics.Table, error) {
	return p.statistics().Count(ctx, set, statistics.Span{From: from, Until: until}, by)
}

// ProposeStatistics counts, or takes a table made elsewhere, checks it, and writes it
// down as a release; where the policy has nobody approve, it may leave at once.
// Reasons say why it may not.
func (p *Platform) ProposeStatistics(ctx context.Context, a statistics.Asking) (*statistics.Release, []policy.Reason, error) {
	return p.statistics().Propose(ctx, a)
}

// ApproveStatistics lets a release leave. Nobody approves what they proposed.
func (p *Platform) ApproveStatistics(ctx context.Context, id int64, by gate.Actor) (*statistics.Release, []policy.Reason, error) {
	return p.statistics().Approve(ctx, id, by)
}

// StatisticsRelease returns a release with its table.
func (p *Platform) StatisticsRelease(ctx context.Context, id int64) (*statistics.Release, error) {
	return p.statistics().Get(ctx, id)
}

// StatisticsReleases lists releases after a number, oldest first.
func (p *Platform) StatisticsReleases(ctx context.Context, after int64, limit int) ([]*statistics.Release, error) {
	return p.statistics().List(ctx, after, limit)
}
