package platform

import (
	"context"

	"github.com/avow-dev/avow/retention"
)

// Retention returns how and when what is held ends, class by class.
func (p *Platform) Retention() *retention.Service {
	return retention.New(retention.Config{Data: p.data, Vault: p.vault, InForce: p.Version})
}

// SweepRetention takes away what has been kept long enough. The server does it by
// itself every few minutes.
func (p *Platform) SweepRetention(ctx context.Context, o retention.Options, progress func(done, total int)) (retention.Report, error) {
	r, err := p.Retention().Sweep(ctx, o, progress)
	if err != nil {
		return r, err
	}
	return r, p.checkedAfter(ctx, r)
}
