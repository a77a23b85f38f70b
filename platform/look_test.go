package platform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/platform"
)

// Who looks at a record gets what is on it, and its person finds the look in the log:
// also of somebody of whom something was erased a moment ago.
func TestALookGivesTheRecordAndLeavesItsEntry(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		lin := b.register("lin@look.test", "Lin", true)
		by := platform.Actor{Role: "support", ID: "stf_1"}
		looks := func() (n int) {
			list, err := b.OwnEntries(b.Context(), lin, audit.Filter{Kind: audit.StaffAction})
			b.must(err)
			for _, e := range list {
				if e.Public.Text(audit.TagAction) == "look" && e.Private.Text(audit.TagActor) == by.ID {
					n++
				}
			}
			return n
		}
		for i := range 2 {
			got, err := b.Look(b.Context(), lin, platform.Ground{}, by)
			b.must(err)
			want, err := b.Profile(b.Context(), lin)
			b.must(err)
			if diff := cmp.Diff(want, got); diff != "" {
				b.Errorf("look %d: %s", i, diff)
			}
			held, err := b.LookForValues(b.Context(), lin, platform.Ground{}, by)
			b.must(err)
			if diff := cmp.Diff(want.Holdings, held); diff != "" {
				b.Errorf("look %d: %s", i, diff)
			}
			if n := looks(); n != 2 {
				b.Errorf("%d looks stand in the log after %d", n, 2)
			}
			_, err = b.Erase(b.Context(), lin, platform.Erasure{Everything: true, By: platform.Self(lin)})
			b.must(err)
			if i == 0 && len(want.Holdings) == 0 {
				b.Error("nothing is held of who has just registered")
			}
			if i == 0 {
				lin = b.register("lin@again.test", "Lin", true)
				_, err := b.Erase(b.Context(), lin, platform.Erasure{Item: "account.email", By: platform.Self(lin)})
				b.must(err)
			}
		}
		if _, err := b.Look(b.Context(), "sub_nobody", platform.Ground{}, by); err == nil {
			b.Error("nobody was looked at")
		}
		b.must(b.Settle(b.Context())) // the erasure has its last entry
		list, err := b.ReadLog(b.Context(), audit.Filter{Newest: true, Limit: 5}, by)
		b.must(err)
		if len(list) != 5 {
			b.Errorf("%d entries are read, want 5", len(list))
		}
		newest, err := b.Entries(b.Context(), audit.Filter{Newest: true, Limit: 1})
		b.must(err)
		if newest[0].Public.Text(audit.TagAction) != "log" {
			b.Errorf("that the log was read is not its newest entry, which is %s", newest[0].Kind)
		}
	})
}
