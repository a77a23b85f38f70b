package gate

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
)

// Numbers returns the internal numbers of subjects, in their order: those that are
// not remembered in one read.
func (g *Gate) Numbers(ctx context.Context, ids []subject.ID) ([]int64, error) {
	out := make([]int64, len(ids))
	var missing []subject.ID
	var places []int
	for i, sub := range ids {
		n, ok := g.numbers.Peek(sub)
		if !ok {
			missing, places = append(missing, sub), append(places, i)
		}
		out[i] = n
	}
	if len(missing) == 0 {
		return out, nil
	}
	in := g.data.NewInquiry()
	answer, err := subject.NumsOf(in, missing)
	if err != nil {
		return nil, err
	}
	if err := in.Run(ctx); err != nil {
		return nil, fmt.Errorf("gate numbers: %w", err)
	}
	nums, err := answer()
	if err != nil {
		return nil, err
	}
	for i, num := range nums {
		out[places[i]] = num
		if g.numbers.Len() < numbered { // who reads many once leaves to others what is remembered
			g.numbers.Add(missing[i], num)
		}
	}
	return out, nil
}

// States returns what is known about subjects, in their order: from the cache where
// it can, all others in one read. It does not crowd out of the cache whom others ask
// about.
func (g *Gate) States(ctx context.Context, nums []int64) ([]*State, error) {
	out := make([]*State, len(nums))
	var missing []int64
	var places []int
	for i, num := range nums {
		s, ok := g.states.Peek(num)
		if !ok {
			s = g.recall(num)
		}
		if s == nil || !g.holds(s) {
			missing, places = append(missing, num), append(places, i)
			continue
		}
		out[i] = s
	}
	fresh, err := g.FreshStates(ctx, missing)
	if err != nil {
		return nil, err
	}
	for i, s := range fresh {
		out[places[i]] = s
	}
	return out, nil
}

// FreshStates reads what is known about subjects from the ledgers, in one read.
func (g *Gate) FreshStates(ctx context.Context, nums []int64) ([]*State, error) {
	if len(nums) == 0 {
		return nil, nil
	}
	out, err := g.readMany(ctx, nums)
	if err != nil {
		return nil, err
	}
	for _, s := range out {
		if err := g.agree(ctx, s); err != nil {
			return nil, err
		}
		if g.states.Contains(s.Subject.Num) || g.states.Len() < unpacked {
			g.keep(s)
		} else if st := g.stands(); st != nil {
			g.memory.keep(s, st, false)
		}
	}
	return out, nil
}

// readMany reads what is known about subjects in one read: on PostgreSQL with the
// version of the recipients' ledger, which another node may have moved on.
func (g *Gate) readMany(ctx context.Context, nums []int64) ([]*State, error) {
	epoch, now := g.recipients.Load(), g.data.Now()
	in := g.data.NewInquiry()
	askFacts, askHolds := subject.FactsOf(in, nums), subject.HoldsOf(in, nums)
	askKeys, askSaid := g.keys.BoundOf(in, nums), consent.HistoriesOf(in, nums)
	askLedger := func() (int64, error) { return 0, nil }
	if g.data.Engine() != db.SQLite {
		askLedger = recipient.VersionOf(in)
	}
	if err := in.Run(ctx); err != nil {
		return nil, fmt.Errorf("gate facts: %w", err)
	}
	people, err := askFacts()
	if err != nil {
		return nil, err
	}
	holds, err := askHolds()
	if err != nil {
		return nil, err
	}
	keys, err := askKeys()
	if err != nil {
		return nil, fmt.Errorf("gate facts: %w", err)
	}
	said, err := askSaid()
	if err != nil {
		return nil, err
	}
	ledger, err := askLedger()
	if err != nil {
		return nil, err
	}
	stand, err := g.standing(ctx, epoch, ledger, now)
	if err != nil {
		return nil, err
	}
	out := make([]*State, len(nums))
	for i := range nums {
		out[i] = g.stateOf(people[i], holds[i], keys[i], said[i], stand)
	}
	return out, nil
}
