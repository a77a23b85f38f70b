package cookie_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/cookie"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func pack(t testing.TB, change ...string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile("example-company.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(change...).Replace(string(src))
	p, _, err := policy.Load("example-company.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNothingIsLetInBeforeAYesButWhatIsEssential(t *testing.T) {
	p := pack(t)
	s := cookie.Standing(p, nil, false, false, dbtest.Start())
	want := map[string]bool{
		"cookies.session": true, "cookies.statistics": false, "cookies.preferences": false, "cookies.preferences-store": false, "cookies.adverts": false,
	}
	if diff := cmp.Diff(want, s.Allowed); diff != "" || s.Asked || s.Honoured {
		t.Errorf("a new browser stands as %+v\n%s", s, diff)
	}
	if s := cookie.Standing(p, nil, true, false, dbtest.Start()); !s.Asked || s.Allowed["cookies.adverts"] {
		t.Errorf("a browser that refused is asked again, or let in: %+v", s)
	}
}

func TestAnAnswerEndsAndHoldsForWhatWasDeclaredThen(t *testing.T) {
	p, now := pack(t), dbtest.Start()
	c := cookie.Answer(p, []string{"cookies.statistics", "cookies.session", "cookies.nothing"}, false, now)
	if diff := cmp.Diff([]string{"cookies.statistics"}, c.Yes); diff != "" || len(c.Marks) != 4 {
		t.Fatalf("the answer is %v, of %d\n%s", c.Yes, len(c.Marks), diff)
	}
	if s := cookie.Standing(p, c, false, false, now); !s.Allowed["cookies.statistics"] || s.Allowed["cookies.adverts"] || !s.Asked {
		t.Errorf("after the answer: %+v", s)
	}
	if s := cookie.Standing(p, c, false, false, now.AddDate(1, 0, 1)); s.Allowed["cookies.statistics"] || s.Asked {
		t.Errorf("the policy has answers end after a year, and this one stands: %+v", s)
	}
	longer := pack(t, "class: performance, purpose: analytics, lifetime: P90D", "class: performance, purpose: analytics, lifetime: P900D")
	if s := cookie.Standing(longer, c, false, false, now); s.Allowed["cookies.statistics"] || s.Asked {
		t.Errorf("a yes to 90 days holds for 900: %+v", s)
	}
	reworded := pack(t, "Statistics, zh-CN: 统计", "Figures, zh-CN: 统计")
	if s := cookie.Standing(reworded, c, false, false, now); !s.Allowed["cookies.statistics"] || !s.Asked {
		t.Errorf("another word asks everybody again: %+v", s)
	}
}

func TestASignalIsANoToMarketingAndToOthersUnlessAYesCameAfterIt(t *testing.T) {
	p, now := pack(t), dbtest.Start()
	all := []string{"cookies.statistics", "cookies.adverts", "cookies.preferences"}
	before := cookie.Standing(p, cookie.Answer(p, all, false, now), false, true, now)
	if before.Allowed["cookies.adverts"] || before.Allowed["cookies.statistics"] || !before.Allowed["cookies.preferences"] || !before.Honoured {
		t.Errorf("an earlier yes stands against the signal, or a setting falls with it: %+v", before)
	}
	if after := cookie.Standing(p, cookie.Answer(p, all, true, now), false, true, now); !after.Allowed["cookies.adverts"] || after.Honoured {
		t.Errorf("a yes that was said under the signal does not stand: %+v", after)
	}
	if fresh := cookie.Standing(p, nil, false, true, now); fresh.Allowed["cookies.adverts"] || !fresh.Honoured {
		t.Errorf("a new browser with the signal: %+v", fresh)
	}
}

func TestARefusalHasNoNumber(t *testing.T) {
	if text := (cookie.Said{}).String(); text != "1~0" {
		t.Errorf("a no is %q", text)
	}
	if s, ok := cookie.Parse("1~0"); !ok || s.Browser != (cookie.ID{}) {
		t.Errorf("a no is read as %+v", s)
	}
	for _, bad := range []string{"", "1", "2~0", "1~0~cookies.a", "1~AAAA", "1~AAAAAAAAAAAAAAAAAAAAAA", "1~" + strings.Repeat("A", 5000), "1~0~x", "1~0~cookies.A"} {
		if s, ok := cookie.Parse(bad); ok {
			t.Errorf("%q is read as %+v", bad, s)
		}
	}
}

func FuzzAChoiceIsReadAsItWasWritten(f *testing.F) {
	f.Add("1~0")
	f.Add(cookie.Said{Browser: cookie.NewID(), Yes: []string{"cookies.a", "beacons.b-c"}}.String())
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := cookie.Parse(text)
		if ok && s.String() != text {
			t.Errorf("%q is written as %q", text, s.String())
		}
	})
}

func TestABrowserIsForgottenWithItsRow(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		p, ctx := pack(t), t.Context()
		one, other := cookie.NewID(), cookie.NewID()
		commit := func(fn func(act *db.Act)) {
			t.Helper()
			act := d.NewAct()
			fn(act)
			if err := d.Commit(ctx, act); err != nil {
				t.Fatal(err)
			}
		}
		get := func(id cookie.ID) (c *cookie.Choice) {
			t.Helper()
			err := d.Read(ctx, func(r *db.Snapshot) (err error) {
				c, err = cookie.Get(ctx, r, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := cookie.Answer(p, []string{"cookies.adverts"}, true, dbtest.Start())
		c.Policy, c.Entry = 3, 9
		put := func(act *db.Act) {
			for _, id := range []cookie.ID{one, other} {
				if err := cookie.Put(act, id, c); err != nil {
					t.Fatal(err)
				}
			}
		}
		commit(put)
		commit(put) // a second time, in the place of the first
		if diff := cmp.Diff(c, get(one)); diff != "" {
			t.Error(diff)
		}
		commit(func(act *db.Act) { cookie.Forget(act, one) })
		if get(one) != nil || get(other) == nil {
			t.Error("the wrong browser was forgotten")
		}
		n := 0
		commit(func(act *db.Act) {
			err := d.Read(ctx, func(r *db.Snapshot) (err error) {
				n, err = cookie.Sweep(ctx, r, act, c.Until, 10)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
		if n != 1 || get(other) != nil {
			t.Errorf("%d browsers lapsed", n)
		}
	})
}

func TestVisitsAreCountedByPageAndDayAndNothingElse(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), dbtest.Start()
		errs := make(chan error)
		for i := range 6 { // at once: none is lost
			go func() {
				act := d.NewAct()
				cookie.Count(act, "pixel", "home", now, i%3 == 0)
				errs <- d.Commit(ctx, act)
			}()
		}
		for range 6 {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
		act := d.NewAct()
		cookie.Count(act, "pixel", "home", now.Add(24*time.Hour), false)
		cookie.Count(act, "other", "home", now, false)
		if err := d.Commit(ctx, act); err != nil {
			t.Fatal(err)
		}
		var got []cookie.Visit
		err := d.Read(ctx, func(r *db.Snapshot) (err error) {
			got, err = cookie.Visits(ctx, r, "pixel", now, now.AddDate(0, 0, 2))
			return err
		})
		day := now.Truncate(24 * time.Hour)
		want := []cookie.Visit{{"pixel", "home", day, 6, 2}, {"pixel", "home", day.AddDate(0, 0, 1), 1, 0}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}
