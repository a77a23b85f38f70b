package platform

import (
	"context"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/retention"
)

// Retention returns how and when what is held ends, class by class.
func (p *Platform) Retention() *retention.Service {
	return retention.New(retention.Config{Data: p.data, Vault: p.vault, Policy: p.Policy})
}

// SweepRetention takes away what has been kept long enough. The server does it by
// itself every few minutes.
func (p *Platform) SweepRetention(ctx context.Context, o retention.Options, progress func(done, total int)) (retention.Report, error) {
	return p.Retention().Sweep(ctx, o, progress)
}

// agreedAfter are the purposes that a person agrees to once a record is added.
func (p *Platform) agreedAfter(ctx context.Context, num int64, added consent.Record) (policy.PurposeSet, error) {
	var said []consent.Record
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		said, err = consent.History(ctx, r, num)
		return err
	})
	var f policy.Facts
	if err == nil {
		consent.Fold(&f, append(said, added), p.data.Now())
	}
	return f.Consents, err
}
