package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// MoveEpoch moves the key that wraps all others on, and says so in the log: what
// was wrapped before, in backups of the key store, in write-ahead logs and in
// dead rows, is unreadable from then on (I-7). progress may be nil.
func (p *Platform) MoveEpoch(ctx context.Context, progress func(done, total int)) (seal.Epoch, error) {
	e, err := p.keys.Rotate(ctx, progress)
	if err != nil {
		return e, err
	}
	return e, p.noteKey(ctx, audit.EpochMoved, audit.Num(audit.TagEpoch, e.Number))
}

// NoteMaster says in the log that another master key opens the epoch file, and
// that the one before is destroyed. Saying it again changes nothing.
func (p *Platform) NoteMaster(ctx context.Context, c seal.MasterChange) error {
	last, err := p.lastOf(ctx, audit.MasterReplaced)
	if err != nil || last != nil && last.Public.Text(audit.TagVersion) == c.To {
		return err
	}
	return p.noteKey(ctx, audit.MasterReplaced, audit.Text(audit.TagVersion, c.To))
}

// noteKey writes an entry about the keys, which is about nobody.
func (p *Platform) noteKey(ctx context.Context, kind audit.Kind, about audit.Field) error {
	act := p.data.NewAct()
	e := audit.Entry{Kind: kind, Control: policy.KeysApart, Public: []audit.Field{about}}
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// lastOf returns the newest entry of a kind, nil where there is none.
func (p *Platform) lastOf(ctx context.Context, kind audit.Kind) (last *audit.Record, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := p.log.Entries(ctx, r, audit.Filter{Kind: kind, Newest: true, Limit: 1})
		if len(list) > 0 {
			last = &list[0]
		}
		return err
	})
	return last, err
}
