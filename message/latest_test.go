package message_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/message"
)

// The newest message stands first, a page begins where the one before ended, and why
// copies did not go is counted by reason.
func TestTheNewestMessagesComeFirstAndCausesAreCounted(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		act, ids := d.NewAct(), []message.ID{}
		for i, class := range []message.Class{message.Service, message.Marketing, message.Service} {
			ids = append(ids, message.NewID(d.Now()))
			message.Insert(act, &message.Message{Num: int64(i + 1), ID: ids[i], Class: class, Channel: "push", Reason: "care", Language: "en", Spread: true, Made: d.Now()})
		}
		for i, c := range []message.Copy{
			{State: message.Withheld, Why: "consent.missing"},
			{State: message.Withheld, Why: "objection.stands"},
			{State: message.Withheld, Why: "consent.missing"},
			{State: message.Failed, Why: "no-address"},
			{State: message.Shown, Why: "login"},
			{State: message.Sent},
		} {
			c.Message, c.Subject = 1, int64(i+1)
			message.Add(act, c)
		}
		if err := d.Commit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		slices.Sort(ids)
		err := d.Read(t.Context(), func(r *db.Snapshot) error {
			for _, want := range []struct {
				before message.ID
				class  message.Class
				limit  int
				n      int
			}{{"", "", 10, 3}, {"", "", 2, 2}, {ids[2], "", 10, 2}, {"", message.Service, 10, 2}, {ids[0], "", 10, 0}} {
				list, err := message.Latest(t.Context(), r, want.before, want.class, want.limit)
				if err != nil {
					return err
				}
				if len(list) != want.n || !slices.IsSortedFunc(list, func(a, b *message.Message) int { return cmp.Compare(b.ID, a.ID) }) {
					t.Errorf("%+v: %d messages", want, len(list))
				}
			}
			causes, err := message.Causes(t.Context(), r, 1)
			want := []message.Cause{{State: message.Withheld, Why: "consent.missing", Copies: 2}, {State: message.Failed, Why: "no-address", Copies: 1}, {State: message.Withheld, Why: "objection.stands", Copies: 1}}
			if diff := gocmp.Diff(want, causes); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
