package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Correct replaces the value of an item. The old value is unreadable for ever
// when it returns.
func (p *Platform) Correct(ctx context.Context, sub subject.ID, item string, value Personal, by Actor) error {
	ctx, span := trace.Start(ctx, "correct")
	defer span.End()
	f, a, err := p.who(ctx, sub, by)
	if err != nil {
		return err
	}
	i, err := p.Policy().Item(item)
	if err != nil {
		return err
	}
	return p.correct(ctx, vault.Correction{Subject: f.Num, Item: i.No, Value: value, By: a})
}

// An Erasure says what to erase of a subject in the vault: one item, one
// retention class, or everything but what the law keeps. Outside systems are
// erased by a request ([Platform.Requests]).
type Erasure struct {
	Item       string
	Class      string
	Everything bool
	By         Actor
}

// Erase erases in the vault, for good. When it returns, the keys are dead; the last
// entry in the log follows within moments ([Platform.Settle]).
func (p *Platform) Erase(ctx context.Context, sub subject.ID, e Erasure) (vault.Erased, error) {
	ctx, span := trace.Start(ctx, "erase")
	defer span.End()
	f, a, err := p.who(ctx, sub, e.By)
	if err != nil {
		return vault.Erased{}, err
	}
	out := vault.Erasure{Subject: f.Num, Everything: e.Everything, KeepLawful: e.Everything, By: a}
	if e.Item != "" {
		i, err := p.Policy().Item(e.Item)
		if err != nil {
			return vault.Erased{}, err
		}
		out.Item = i.No
	}
	if out.Class, err = p.classNo(e.Class); err != nil {
		return vault.Erased{}, err
	}
	done, err := p.vault.Erase(ctx, out)
	if err != nil {
		return done, p.tooSoon(ctx, sub, out, err)
	}
	return done, nil
}

// Holders are the requests that hold something of what is erased in the vault. They are
// there as soon as the platform has its rights.
func (p *Parts) Holders() vault.Holders {
	return vault.Holders{
		Ask: func(act *db.Act, num int64) func() (bool, error) {
			if p.Rights == nil {
				return func() (bool, error) { return false, nil }
			}
			return p.Rights.Unclosed(act, num)
		},
		End: func(ctx context.Context, num int64) error {
			if p.Rights == nil {
				return nil
			}
			return p.Rights.EndOf(ctx, num)
		},
	}
}

// takeUp ends what was given up, as far as it can be now: the rest is tried again the
// next time.
func (p *Platform) takeUp(ctx context.Context) error {
	if _, err := p.vault.TakeUp(ctx); db.Stopped(err) {
		return err
	}
	return nil
}

// Settle waits until every erasure and correction that was acknowledged here has its
// end in the tables and in the log. [Platform.Close] does it too.
func (p *Platform) Settle(ctx context.Context) error { return p.vault.Settle(ctx) }

// ended waits for the end of what was acknowledged about a subject here a moment ago:
// who reads the record next finds it whole.
func (p *Platform) ended(ctx context.Context, sub subject.ID) error {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return err
	}
	return p.vault.Await(ctx, num)
}

// KeyStatus says how keys stand.
func (p *Platform) KeyStatus(ctx context.Context) (seal.Status, error) { return p.keys.Status(ctx) }

// SilentFrom returns from when on no copy of a value destroyed at t can be
// read. ok is false while no epoch has begun and ended since.
func (p *Platform) SilentFrom(ctx context.Context, t time.Time) (at time.Time, ok bool, err error) {
	return p.keys.SilentFrom(ctx, t)
}
