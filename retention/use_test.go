package retention_test

import (
	"context"
	"testing"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
)

// Between the end of a retention and the sweep that takes the rows away lie
// minutes: nothing is used in them.
func TestNothingIsUsedPastItsRetentionBeforeTheSweepComes(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "survey.answer", "warm light")
		asked := func() int {
			item, err := b.version.Policy.Item("survey.answer")
			b.must(err)
			purpose, err := b.version.Policy.Purpose("orders")
			b.must(err)
			a, err := b.vault.Use(context.Background(), &policy.Use{
				Subject: mia.Num, Purpose: purpose.No, Items: []policy.ItemNo{item.No}, Ref: policy.Ref{Kind: policy.RefOrder, ID: "ord_1"},
			}, gate.Actor{})
			b.must(err)
			if !a.Decision.Allowed {
				t.Fatalf("denied: %v", a.Decision.Reasons)
			}
			return len(a.Values)
		}
		if n := asked(); n != 1 {
			t.Errorf("%d values while they are kept, want 1", n)
		}
		b.clock.Add(120 * day)
		if n := asked(); n != 0 {
			t.Errorf("%d values used past their retention", n)
		}
	})
}
