package device_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/device"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policy"
)

func do(t *testing.T, d *db.DB, fn func(*db.Act)) {
	t.Helper()
	act := d.NewAct()
	fn(act)
	if err := d.Commit(t.Context(), act); err != nil {
		t.Fatal(err)
	}
}

func standing(t *testing.T, d *db.DB, at time.Time, sessions ...string) (out device.Observed) {
	t.Helper()
	var given []policy.Given
	for _, s := range sessions {
		given = append(given, policy.Given{Seen: policy.Seen{Session: s}})
	}
	err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
		out, err = device.Standing(t.Context(), r, 7, given, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readings(t *testing.T, d *db.DB, subject int64) (out []device.Reading) {
	t.Helper()
	err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
		out, err = device.Readings(t.Context(), r, subject)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheLastWordOnAPermissionCountsForItsDeviceAlone(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		say := func(id int64, of string, said device.Said) {
			do(t, d, func(a *db.Act) {
				device.Say(a, 7, device.Record{ID: id, Device: of, Permission: "camera", Said: said, Function: "add-device"})
			})
		}
		say(1, "p1", device.Refused)
		say(2, "p2", device.Granted)
		say(3, "p1", device.Granted)
		do(t, d, func(a *db.Act) {
			device.Open(a, 7, device.Reading{Device: "p1", Permission: "camera", Function: "add-device"})
			device.Open(a, 7, device.Reading{Device: "p2", Permission: "camera", Function: "add-device"})
			device.Open(a, 8, device.Reading{Device: "p1", Permission: "camera", Function: "add-device"})
		})
		say(4, "p1", device.Off)
		want := []policy.Permit{{Permission: "camera", Device: "p1", State: policy.TurnedOff}, {Permission: "camera", Device: "p2", State: policy.Granted}}
		if diff := cmp.Diff(want, standing(t, d, d.Now()).Permits); diff != "" {
			t.Error(diff)
		}
		if open := readings(t, d, 7); len(open) != 1 || open[0].Device != "p2" {
			t.Errorf("what was turned off is still open, or something else was closed: %+v", open)
		}
		do(t, d, func(a *db.Act) { device.Close(a, 7, "p2", "camera") })
		if open := readings(t, d, 7); len(open) != 0 {
			t.Errorf("what was closed is open: %+v", open)
		}
		do(t, d, func(a *db.Act) { device.EraseAll(a, 7) })
		if left := standing(t, d, d.Now()).Permits; left != nil {
			t.Errorf("left after an erasure: %+v", left)
		}
		if open := readings(t, d, 8); len(open) != 1 {
			t.Error("an erasure took what is somebody else's")
		}
	})
}

func TestASessionBeginsOnceAndIsOverForGood(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		over := func(at time.Time, sessions ...string) []string { return standing(t, d, at, sessions...).Over }
		now := d.Now()
		if got := over(now, "s1", ""); got != nil {
			t.Errorf("a session that never was is over: %v", got)
		}
		begin := standing(t, d, now, "s1")
		do(t, d, func(a *db.Act) { begin.Begin(a, 7) })
		do(t, d, func(a *db.Act) { begin.Begin(a, 7) }) // two values at once
		if got := over(d.Now(), "s1"); got != nil {
			t.Errorf("over as soon as it begins: %v", got)
		}
		if got := over(d.Now().Add(device.Longest), "s1"); len(got) != 1 {
			t.Error("a session goes on after a day")
		}
		do(t, d, func(a *db.Act) { device.Leave(a, 7, "s1"); device.Leave(a, 7, "s2") })
		if diff := cmp.Diff([]string{"s1", "s2"}, over(d.Now(), "s1", "s2", "s1")); diff != "" {
			t.Error(diff)
		}
		again := standing(t, d, d.Now(), "s1")
		do(t, d, func(a *db.Act) { again.Begin(a, 7) })
		if got := over(d.Now(), "s1"); len(got) != 1 {
			t.Error("a session that is over begins again")
		}
	})
}

func TestANameOfADeviceIsMadeUp(t *testing.T) {
	for _, good := range []string{"p1", "Phone-of-Lin_2", "9f3c2a"} {
		if err := device.CheckName("device", good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "490154203237518", "+8613912345678", "lin@mail.example", "00:1B:44:11:3A:B7", "a b", "手机", string(make([]byte, 65))} {
		if device.CheckName("device", bad) == nil {
			t.Errorf("%q is taken for a name", bad)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("p1")
	f.Add("490154203237518")
	f.Fuzz(func(t *testing.T, s string) {
		if device.CheckName("device", s) != nil {
			return
		}
		letter := false
		for _, r := range s {
			if r > 'z' || r == '@' || r == '+' || r == ':' {
				t.Errorf("%q is taken for a name", s)
			}
			letter = letter || r >= 'A'
		}
		if !letter || len(s) > 64 {
			t.Errorf("%q is taken for a name", s)
		}
	})
}
