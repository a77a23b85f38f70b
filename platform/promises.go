package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/promise"
)

// grace is how long after their latest day values may stand before the board
// calls the promise broken: a server that was down sweeps within minutes.
const grace = 24 * time.Hour

// failedShown is how many given-up pieces of work a board counts.
const failedShown = 1000

// Promises returns the board: every clause of the policy in force, what keeps it,
// and how it stands now.
func (p *Platform) Promises(ctx context.Context) (*promise.Board, error) {
	f := &promise.Facts{Platform: p.id, Policy: p.Policy(), Now: p.data.Now()}
	// What was just written counts too; while another node sequences, it does so.
	if _, err := p.log.Sequence(ctx); err != nil && fault.Of(err) != fault.Busy {
		return nil, err
	}
	var err error
	if f.Due, err = p.rights.DueSoon(ctx, promise.Soon); err != nil {
		return nil, err
	}
	if f.Cases, err = p.dueCases(ctx, promise.Soon); err != nil {
		return nil, err
	}
	if f.Backup, err = p.backupLate(); err != nil {
		return nil, err
	}
	if f.Clocks, err = p.incidentClocks(ctx); err != nil {
		return nil, err
	}
	if f.Lapsed, err = p.lapsed(ctx, f.Now); err != nil {
		return nil, err
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		if f.Totals, err = audit.Totals(ctx, r); err != nil {
			return err
		}
		if f.Log, err = p.log.Standing(ctx, r); err != nil {
			return err
		}
		if f.Duties, err = p.duties(ctx, r); err != nil {
			return err
		}
		f.Failed, err = job.List(ctx, r, job.Filter{State: job.Dead, Limit: failedShown})
		return err
	})
	if err != nil {
		return nil, err
	}
	return promise.New(f), nil
}

// lapsed lists the retention classes of which values stand that should be gone.
func (p *Platform) lapsed(ctx context.Context, now time.Time) (out []promise.Lapse, err error) {
	list, err := p.Retention().List(ctx)
	for _, x := range list {
		if x.By != nil && now.After(x.By.Add(grace)) {
			out = append(out, promise.Lapse{Class: x.Class, Count: x.Due, Since: *x.By})
		}
	}
	return out, err
}

// Duties returns the duties of the policy in force and how each stands now.
func (p *Platform) Duties(ctx context.Context) (out []attestation.Standing, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = p.duties(ctx, r)
		return err
	})
	return out, err
}
