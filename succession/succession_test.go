package succession_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/succession"
)

func pack(t *testing.T, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestATransferMovesWhatThePolicyListsAndNoMore(t *testing.T) {
	p := pack(t, "go-soft")
	to, err := p.Recipient("successor")
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := p.Recipient("cloud")
	if err != nil {
		t.Fatal(err)
	}
	support, err := p.Purpose("support")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := p.Item("account.password")
	if err != nil {
		t.Fatal(err)
	}
	good := succession.Case{Kind: succession.Merger, Recipient: to.No, Items: to.Items[:2], Purposes: to.Purposes[:1], Document: "c.pdf"}
	if err := succession.New(p, good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*succession.Case)
		want   fault.Kind
	}{
		"no kind":       {func(c *succession.Case) { c.Kind = "gift" }, fault.Invalid},
		"no successor":  {func(c *succession.Case) { c.Recipient = cloud.No }, fault.Invalid},
		"nobody":        {func(c *succession.Case) { c.Recipient = 0 }, fault.Invalid},
		"no document":   {func(c *succession.Case) { c.Document = " " }, fault.Invalid},
		"no items":      {func(c *succession.Case) { c.Items = nil }, fault.Invalid},
		"no purposes":   {func(c *succession.Case) { c.Purposes = nil }, fault.Invalid},
		"other item":    {func(c *succession.Case) { c.Items = []policy.ItemNo{secret.No} }, fault.Denied},
		"other purpose": {func(c *succession.Case) { c.Purposes = []policy.PurposeNo{support.No} }, fault.Denied},
		"new purpose":   {func(c *succession.Case) { c.Changed = []policy.PurposeNo{support.No} }, fault.Denied},
	} {
		x := good
		if c.change(&x); fault.Of(succession.New(p, x)) != c.want {
			t.Errorf("%s: %v", name, succession.New(p, x))
		}
	}
	if err := succession.New(pack(t, "goscom-pro"), good); fault.Of(err) != fault.Denied {
		t.Errorf("a policy without the case: %v", err)
	}
	if !good.Covers(to.Items[:1], to.Purposes[0]) || good.Covers(to.Items[:3], to.Purposes[0]) || good.Covers(to.Items[:1], support.No) {
		t.Error("what a transfer covers is not what it lists")
	}
}

func TestThirtyDaysAreOverOnTheThirtiethDay(t *testing.T) {
	p := pack(t, "go-soft")
	told := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]bool{0: false, 29 * 24 * time.Hour: false, 30*24*time.Hour - 1: false, 30 * 24 * time.Hour: true} {
		if got := succession.InTime(p, told, told.Add(after)); got != want {
			t.Errorf("after %v: %v", after, got)
		}
	}
	if succession.InTime(p, time.Time{}, told) {
		t.Error("who was never told was told in time")
	}
}

func TestACaseEndsOnceAndPeopleLeaveItWithTheirErasure(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		do := func(fn func(*db.Act)) error {
			act := d.NewAct()
			fn(act)
			return d.Commit(t.Context(), act)
		}
		c := succession.Case{
			Num: 5, ID: succession.NewID(d.Now()), Kind: succession.Sale, Recipient: 3, Items: []policy.ItemNo{1, 300}, Purposes: []policy.PurposeNo{2},
			Document: "c.pdf", By: "stf_1", People: 2,
		}
		err := do(func(a *db.Act) {
			succession.Insert(a, &c)
			succession.Tell(a, 5, 77)
			succession.Accept(a, 5, 1, "X-1", "d.pdf", "stf_1")
			succession.Accept(a, 5, 1, "X-1", "again.pdf", "stf_1")
			succession.Told(a, 5, 9, "post")
			succession.Object(a, 5, 9, "settings")
		})
		if err != nil {
			t.Fatal(err)
		}
		look := func(fn func(*db.Snapshot) error) {
			t.Helper()
			if err := d.Read(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		look(func(r *db.Snapshot) error {
			got, err := succession.Current(t.Context(), r, 3)
			if err != nil || got == nil || got.ID != c.ID || got.State != succession.Open || len(got.Items) != 2 || got.Items[1] != 300 || len(got.Changed) != 0 {
				t.Fatalf("%+v %v", got, err)
			}
			if other, err := succession.Current(t.Context(), r, 4); other != nil || err != nil {
				t.Errorf("of another recipient: %+v %v", other, err)
			}
			told, objected, err := succession.Words(t.Context(), r, 5, 9)
			if err != nil || told.IsZero() || objected.IsZero() {
				t.Errorf("%v %v %v", told, objected, err)
			}
			notices, err := succession.Notices(t.Context(), r, 5)
			if err != nil || len(notices) != 1 || notices[0] != 77 {
				t.Errorf("%v %v", notices, err)
			}
			for version, want := range map[int64]int{1: 1, 2: 0} {
				have, err := succession.Accepted(t.Context(), r, 5, version)
				if err != nil || len(have) != want {
					t.Errorf("version %d: %v %v", version, have, err)
				}
			}
			return nil
		})
		if err := do(func(a *db.Act) { succession.MakeReady(a, 5, 1); succession.EraseAll(a, 9) }); err != nil {
			t.Fatal(err)
		}
		if err := do(func(a *db.Act) { succession.MakeReady(a, 5, 1) }); !db.Lost(err) {
			t.Errorf("ready twice: %v", err)
		}
		if err := do(func(a *db.Act) { succession.End(a, 5, succession.Done, 1, []byte{1}) }); err != nil {
			t.Fatal(err)
		}
		if err := do(func(a *db.Act) { succession.End(a, 5, succession.Cancelled, 0, nil) }); !db.Lost(err) {
			t.Errorf("ended twice: %v", err)
		}
		look(func(r *db.Snapshot) error {
			got, err := succession.Get(t.Context(), r, c.ID)
			if err != nil || got.State != succession.Done || got.Moved != 1 || got.Ended == nil {
				t.Errorf("%+v %v", got, err)
			}
			if open, err := succession.Current(t.Context(), r, 3); open != nil || err != nil {
				t.Errorf("an ended transfer is current: %+v %v", open, err)
			}
			told, objected, err := succession.Words(t.Context(), r, 5, 9)
			if !told.IsZero() || !objected.IsZero() {
				t.Error("an erased person is still in it")
			}
			return err
		})
	})
}
