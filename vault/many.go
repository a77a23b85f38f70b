package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// A Batch is one use for many subjects, at most [MaxBatch], in one act.
type Batch struct {
	Subjects []int64
	Use      policy.Use // Subject is set for each
	By       gate.Actor
}

// MaxBatch is the largest number of subjects in a [Batch].
const MaxBatch = 500

// UseMany answers a use for many subjects. Everybody has their own decision
// and their own log entry; all are durable together before anything is
// returned. Answers stand in the order of the subjects; who is named twice is
// answered twice.
//
// Facts, rows and keys of all are read together: what a batch costs beside its
// entries does not grow with its size by a round trip.
func (v *Vault) UseMany(ctx context.Context, b Batch) ([]*Answer, error) {
	if len(b.Subjects) > MaxBatch {
		return nil, fault.New(fault.Invalid, "a batch has at most %d subjects: send the rest in another", MaxBatch)
	}
	if len(b.Subjects) == 0 {
		return []*Answer{}, nil
	}
	states, err := v.gate.States(ctx, b.Subjects)
	if err == nil {
		err = v.denials(ctx, states, b)
	}
	for range tries {
		if err != nil {
			return nil, err
		}
		answers, err := v.useAll(ctx, states, b)
		if !db.Lost(err) {
			return answers, err
		}
		if states, err = v.gate.FreshStates(ctx, b.Subjects); err != nil {
			return nil, err
		}
	}
	return nil, errContended("use many")
}

// denials reads anew the facts of those whom the policy would deny: a denial never
// rests on old facts.
func (v *Vault) denials(ctx context.Context, states []*gate.State, b Batch) error {
	var nums []int64
	var places []int
	p := v.gate.InForce().Policy
	for i, s := range states {
		u := b.Use
		u.Subject = s.Subject.Num
		if d := p.Decide(&u, &s.Facts); !d.Allowed {
			nums, places = append(nums, u.Subject), append(places, i)
		}
	}
	fresh, err := v.gate.FreshStates(ctx, nums)
	for i, s := range fresh {
		states[places[i]] = s
	}
	return err
}

// A granting is one subject's part of a batch.
type granting struct {
	use   policy.Use
	grant gate.Grant
	owe   policy.Obligation
	read  reading
	held  []row
}

func (v *Vault) useAll(ctx context.Context, states []*gate.State, b Batch) ([]*Answer, error) {
	if err := v.warmAll(ctx, states, b.Use.Items); err != nil {
		return nil, err
	}
	act := v.data.NewAct()
	answers, granted := make([]*Answer, len(states)), make([]*granting, len(states))
	for i, s := range states {
		g := &granting{use: b.Use}
		g.use.Subject = s.Subject.Num
		if err := v.found(ctx, &g.use); err != nil {
			return nil, err
		}
		var d policy.Decision
		var err error
		if g.grant, d, err = v.gate.Open(ctx, act, s, &g.use, b.By); err != nil {
			return nil, err
		}
		answers[i] = &Answer{Decision: d, Entry: g.grant.Entry()}
		if g.owe = d.Obligations; d.Allowed {
			if g.read, err = v.read(ctx, act, s, g.grant, &g.use); err != nil {
				return nil, err
			}
			granted[i] = g
		}
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return nil, err
	}
	return answers, v.openAll(ctx, granted, answers)
}

// openAll opens the values of a batch, whose act is durable; nil stands for who has
// no Grant.
func (v *Vault) openAll(ctx context.Context, granted []*granting, answers []*Answer) (err error) {
	var keys []seal.KeyID
	for _, g := range granted {
		if g == nil {
			continue
		}
		if !g.grant.Settled() {
			return errNoGrant
		}
		if g.held, err = g.read.rows(ctx); err != nil {
			return err
		}
		for _, h := range g.held {
			if h.holds(&g.read.wanted) {
				keys = append(keys, h.key)
			}
		}
	}
	if _, err := v.keys.Warm(ctx, keys); err != nil { // most are: those under which rows came since the facts were read
		return err
	}
	for i, g := range granted {
		if g == nil {
			continue
		}
		if answers[i].Values, err = v.values(ctx, g.use.Subject, g.held, &g.read.wanted, g.owe); err != nil {
			return err
		}
	}
	return nil
}

// scanUsed reads a row of askUsed.
func scanUsed(rows *db.Rows) (row, error) {
	var (
		x             row
		key, at       int64
		packed, bytes []byte
	)
	if err := rows.Scan(&x.id, &key, &packed, &at, &bytes); err != nil {
		return x, fmt.Errorf("vault rows: %w", err)
	}
	x.key, x.items, x.at, x.sealed = seal.KeyID(key), disclosure.UnpackItems(packed), time.UnixMicro(at).UTC(), bytes
	return x, nil
}
