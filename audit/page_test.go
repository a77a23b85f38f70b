package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

// A page reads its keys together and its fields into one piece of memory. Every
// record of it is the one that is read by itself: placed and pending, with a sealed
// part, without one, and with one whose key died; and none reaches into another.
func TestAPageHasTheEntriesThatAreReadOneByOne(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := newWorld(t, d)
		keys := realKeys(t, d)
		w.cfg.Keys = keys
		w.Log = w.reopen()
		dead := seal.KeyID(0)
		for i := range int64(30) {
			a := d.NewAct()
			e := used(1 + i)
			if e.Key, err = keys.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			if i == 7 {
				dead = e.Key
			}
			if i%5 == 4 {
				e.Subject, e.SubjectID, e.Key, e.Private = 0, "", 0, nil
			} else {
				keys.Bind(a, e.Subject, seal.LogClass, 0, e.Key)
			}
			if _, err := w.Append(t.Context(), a, e); err != nil {
				t.Fatal(err)
			}
			if err := d.Commit(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if i == 19 {
				w.sequence()
			}
		}
		if err := keys.Destroy(t.Context(), dead); err != nil {
			t.Fatal(err)
		}
		for _, f := range []Filter{{Limit: 100}, {Limit: 100, Newest: true}, {Limit: 7, Newest: true}, {Subject: 3}, {Subject: 8}} {
			err := d.Read(t.Context(), func(r *db.Snapshot) error {
				list, err := w.Entries(t.Context(), r, f)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					t.Errorf("%+v: nothing", f)
				}
				for i := range list {
					list[i].Public = append(list[i].Public, Num(TagCount, 1))[:len(list[i].Public)] // its own memory ends here
					list[i].Private = append(list[i].Private, Num(TagCount, 1))[:len(list[i].Private)]
				}
				for _, got := range list {
					one, err := w.Entry(t.Context(), r, got.ID)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(one, got, cmp.AllowUnexported(Record{}, Field{}), cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("%+v, entry %d: %s", f, got.ID, diff)
					}
					if got.Subject == 8 && got.Sealed != KeyDestroyed || got.Subject == 3 && got.Sealed != Opened {
						t.Errorf("of %d it is %q", got.Subject, got.Sealed)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
