package retention_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/retention"
)

// People's data end side by side; what the report says is the sum all the same.
func TestASweepOfManyPeopleAddsUpWhatItDid(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		const people = 20
		begin := b.clock.Now()
		var nums []int64
		for i := range people {
			p := b.person(fmt.Sprintf("p%d@example.org", i), "net.ip", "203.0.113.7", "net.ip", "203.0.113.8")
			nums = append(nums, p.Num)
		}
		b.clock.Add(31 * day)
		var (
			mu   sync.Mutex
			seen []int
		)
		r, err := b.retention.Sweep(context.Background(), retention.Options{}, func(done, total int) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, done)
			if total != 2*people {
				t.Errorf("progress counts to %d, want %d", total, 2*people)
			}
		})
		b.must(err)
		if r.Rows() != 2*people || len(r.Classes) != 1 || r.Classes[0].Subjects != people {
			t.Fatalf("the report says %+v, want %d rows of %d people", r, 2*people, people)
		}
		if o := r.Classes[0].Oldest; o == nil || o.Before(begin.Add(29*day)) || o.After(begin.Add(31*day)) {
			t.Errorf("the oldest was due at %v, want the end of the day thirty days after %v", o, begin)
		}
		for i := range seen {
			if i > 0 && seen[i] < seen[i-1] || i == len(seen)-1 && seen[i] != 2*people {
				t.Fatalf("progress goes %v", seen)
			}
		}
		for _, num := range nums {
			if b.held(num) != "account.email" || b.entries(num, audit.ClassEnded) != 1 {
				t.Errorf("%d holds %q and has %d entries of an end, want account.email and one", num, b.held(num), b.entries(num, audit.ClassEnded))
			}
		}
	})
}
