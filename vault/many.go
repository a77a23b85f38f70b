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
	state *gate.State
	grant gate.Grant
	owe   policy.Obligation
	held  []row
}

func (v *Vault) useAll(ctx context.Context, states []*gate.State, b Batch) ([]*Answer, error) {
	logKeys := make([]seal.KeyID, len(states))
	for i, s := range states {
		logKeys[i] = s.Subject.LogKey
	}
	if _, err := v.keys.Warm(ctx, logKeys); err != nil {
		return nil, err
	}
	act := v.data.NewAct()
	answers, granted := make([]*Answer, len(states)), make([]*granting, len(states))
	for i, s := range states {
		g := &granting{use: b.Use, state: s}
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
			granted[i] = g
		}
	}
	values, err := v.readAll(ctx, act, granted)
	if err != nil {
		return nil, err
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return nil, err
	}
	for i, g := range granted {
		if g != nil && !g.grant.Settled() {
			return nil, errNoGrant
		}
		answers[i].Values = values[i]
	}
	return answers, nil
}

// readAll opens the values of a batch under its Grants; nil stands for who has none.
// They stay in this package until the act is durable.
func (v *Vault) readAll(ctx context.Context, act *db.Act, granted []*granting) ([][]Value, error) {
	out := make([][]Value, len(granted))
	var wanted policy.ItemSet
	for _, g := range granted {
		if g == nil {
			continue
		}
		for _, n := range g.use.Items {
			if !g.grant.Covers(act, g.use.Subject, n) {
				return nil, errNoGrant
			}
			wanted.Add(n)
		}
	}
	if err := v.reachAll(ctx, granted, &wanted, act.Now()); err != nil {
		return nil, err
	}
	var keys []seal.KeyID
	for _, g := range granted {
		if g == nil {
			continue
		}
		for _, h := range g.held {
			if h.holds(&wanted) {
				keys = append(keys, h.key)
			}
		}
	}
	if _, err := v.keys.Warm(ctx, keys); err != nil {
		return nil, err
	}
	for i, g := range granted {
		if g == nil {
			continue
		}
		var err error
		if out[i], err = v.values(ctx, g.use.Subject, g.held, &wanted, g.owe); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reachAll finds the rows that a batch reaches, as [Vault.reached] does for one: in
// one read, but for the few whom it reaches past the end of a retention.
func (v *Vault) reachAll(ctx context.Context, granted []*granting, wanted *policy.ItemSet, now time.Time) (err error) {
	var plain []*granting
	var nums []int64
	for _, g := range granted {
		if g == nil {
			continue
		}
		held, all := v.gate.InForce().Policy.Reach(g.use.Purpose)
		if all || held && g.state.Facts.Held != (policy.ClassSet{}) {
			if g.held, err = v.reached(ctx, g.state, &g.use, wanted, now); err != nil {
				return err
			}
			continue
		}
		plain, nums = append(plain, g), append(nums, g.use.Subject)
	}
	if len(plain) == 0 {
		return nil
	}
	in := v.data.NewInquiry()
	rows := in.Ask(askUsed, nums, int64(0), now.UnixMicro(), int64(page))
	if err := in.Run(ctx); err != nil {
		return fmt.Errorf("vault rows: %w", err)
	}
	seen := make([]int, len(plain))
	for rows.Next() {
		i := rows.Asker()
		x, err := scanUsed(rows)
		if err != nil {
			return err
		}
		if seen[i]++; x.holds(wanted) {
			plain[i].held = append(plain[i].held, x)
		}
	}
	for i, n := range seen { // who has more than a page has the rest read by itself
		if n < page {
			continue
		}
		if plain[i].held, err = v.usedOf(ctx, nums[i], now, wanted); err != nil {
			return err
		}
	}
	return rows.Err()
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
