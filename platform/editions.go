package platform

import (
	"context"
	"slices"
	"sync"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// compared is how many versions are compared with the one before them.
const compared = 30

// An Edition is a version of the policy with what it changed.
type Edition struct {
	publication.Past
	Since policy.Difference // from the version before
	First bool              // there was none before
	Mute  bool              // this program cannot read one of the two any more
}

// Editions remembers the comparisons of a platform's versions: versions never
// change. Its zero value is ready; it may be used by many goroutines.
type Editions struct {
	mu   sync.Mutex
	last int64 // number of the newest version compared
	list []Edition
}

// Of returns the versions of a platform, newest first.
func (e *Editions) Of(ctx context.Context, p *Platform) ([]Edition, error) {
	past, err := p.Versions(ctx)
	if err != nil || len(past) == 0 {
		return nil, err
	}
	newest := past[len(past)-1].Num
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last == newest {
		return e.list, nil
	}
	list, err := p.compare(ctx, past)
	if err == nil {
		e.last, e.list = newest, list
	}
	return list, err
}

// compare returns versions with what each changed, newest first.
func (p *Platform) compare(ctx context.Context, past []publication.Past) ([]Edition, error) {
	from := max(0, len(past)-compared)
	out := make([]Edition, 0, len(past)-from)
	var before *policy.Policy
	for i, v := range past {
		if i < from-1 {
			continue // nothing is compared with it
		}
		x := Edition{Past: v, First: i == 0}
		var src []byte
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			src, err = publication.Source(ctx, r, v.Num)
			return err
		})
		if err != nil {
			return nil, err
		}
		now, _, err := policy.Load(p.id+".yaml", src, nil)
		switch {
		case err != nil:
			x.Mute, now = true, nil
		case before != nil:
			x.Since = policy.Diff(before, now)
		default:
			x.Mute = i > 0
		}
		if before = now; i >= from {
			out = append(out, x)
		}
	}
	slices.Reverse(out)
	return out, nil
}

// Past returns a version of the policy by its number in the log, as it was in
// force. One that this program cannot read any more is
// fault.Conflict.
func (p *Platform) Past(ctx context.Context, num int64) (*policy.Policy, error) {
	var src []byte
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		src, err = publication.Source(ctx, r, num)
		return err
	})
	if err != nil {
		return nil, err
	}
	old, _, err := policy.Load(p.id+".yaml", src, nil)
	if err != nil {
		return nil, fault.Wrap(fault.Conflict, err, "this program cannot read that version any more: its source is kept, with its hash")
	}
	return old, nil
}
