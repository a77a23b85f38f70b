package platform

import (
	"context"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/archive"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/policy"
)

// Archives names the files of a backup. Data and keys are apart; keep them
// apart, and the journal apart from both.
type Archives struct {
	Data string
	Keys string
}

// A Copied is what a backup wrote.
type Copied struct {
	Data archive.Manifest `json:"data"`
	Keys archive.Manifest `json:"keys"`
}

// Backup writes the platform's data and keys to two new files while work goes
// on. Data comes first, so that the keys are newer: no key that the data names
// is missing from them.
func (p *Platform) Backup(ctx context.Context, to Archives, progress func(done, total int64)) (Copied, error) {
	return p.backup(ctx, to, progress)
}

// backup is Backup with what else its entry shows.
func (p *Platform) backup(ctx context.Context, to Archives, progress func(done, total int64), also ...policy.Control) (Copied, error) {
	var out Copied
	if to.Data == "" || to.Keys == "" || to.Data == to.Keys {
		return out, fault.New(fault.Invalid, "name two files: one for the data and another for the keys")
	}
	heads := []journal.Head{p.journal.Head()}
	if _, err := p.log.Sequence(ctx); err != nil && fault.Of(err) != fault.Busy {
		return out, err
	}
	mark := archive.LogMark{}
	if c, err := p.log.Checkpoint(ctx); err == nil {
		mark = archive.LogMark{Size: c.Size, Checkpoint: string(c.Note)}
	}
	var err error
	out.Data, err = archive.Create(ctx, to.Data, archive.Source{Platform: p.id, DB: p.data, Journals: heads, Log: mark}, progress)
	if err != nil {
		return out, err
	}
	out.Keys, err = archive.Create(ctx, to.Keys, archive.Source{Platform: p.id, DB: p.keysDB, Journals: heads, Epoch: p.epoch}, progress)
	if err != nil {
		return out, err
	}
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.BackedUp, Control: policy.ErasureBackups, Also: also}); err != nil {
		return out, err
	}
	return out, p.data.Commit(ctx, act)
}

func (p *Platform) epoch(ctx context.Context) (int64, error) {
	s, err := p.keys.Status(ctx)
	if err == nil && s.Rotating {
		err = fault.New(fault.Busy, "an epoch is being moved: back up when it is done")
	}
	return s.Epoch.Number, err
}
