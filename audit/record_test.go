package audit

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// pages reads a list to its end, limit records at a time, and returns their numbers.
func (w *world) pages(f Filter) (seqs []int64) {
	w.t.Helper()
	for {
		var list []Record
		err := w.data.Read(w.t.Context(), func(r *db.Snapshot) (err error) {
			list, err = w.Entries(w.t.Context(), r, f)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range list {
			seqs = append(seqs, e.Seq)
			if f.Subject != 0 && e.SubjectID != fmt.Sprintf("sub_%026d", f.Subject) {
				w.t.Errorf("entry %d of subject %d is about %q", e.Seq, f.Subject, e.SubjectID)
			}
		}
		if len(list) < f.Limit || f.Limit == 0 {
			return seqs
		}
		f.After = list[len(list)-1].Cursor(f.Subject != 0)
	}
}

func TestPeopleSeeTheirOwnEntriesPageByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(30) // subjects 1 … 5 in turn, from number 1 on
		lost := w.data.NewAct()
		if _, err := w.Append(t.Context(), lost, used(1)); err != nil { // its id is never used
			t.Fatal(err)
		}
		w.fill(2) // 31 and 32, of subjects 1 and 2
		w.append(used(2))
		w.append(used(3))
		w.append(Entry{Kind: Denied, Subject: 2, SubjectID: fmt.Sprintf("sub_%026d", 2), Key: 1002})
		if n := w.number(`SELECT count(*) FROM audit_run`); n != 2 {
			t.Errorf("%d runs, want 2", n)
		}
		all := make([]int64, 0, 40)
		for i := range int64(33) {
			all = append(all, i)
		}
		all = append(all, -1, -1, -1)
		for _, x := range []struct {
			name string
			f    Filter
			want []int64
		}{
			{"own", Filter{Subject: 2}, []int64{2, 7, 12, 17, 22, 27, 32, -1, -1}},
			{"own, of a kind", Filter{Subject: 2, Kind: Denied}, []int64{-1}},
			{"of a kind", Filter{Kind: LogKeyAdded}, []int64{0}},
			{"of a kind that waits", Filter{Kind: Denied}, []int64{-1}},
			{"of nobody", Filter{Subject: 77}, nil},
			{"all", Filter{}, all},
		} {
			for _, limit := range []int{0, 1, 2, 3, 4, 7, 33, 34, 35, 36, 37} {
				f := x.f
				f.Limit = limit
				if got := w.pages(f); !slices.Equal(got, x.want) {
					t.Errorf("%s, pages of %d: %v, want %v", x.name, limit, got, x.want)
				}
				f.Newest = true
				want := slices.Clone(x.want)
				slices.Reverse(want)
				if got := w.pages(f); !slices.Equal(got, want) {
					t.Errorf("%s, newest first, pages of %d: %v, want %v", x.name, limit, got, want)
				}
			}
		}
	})
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	for _, f := range []Filter{{After: "x"}, {After: "t1.1"}, {After: "s1"}, {After: "s1.x"}, {Subject: 1, After: "s1.1"}} {
		err := w.data.Read(t.Context(), func(r *db.Snapshot) error {
			_, err := w.Entries(t.Context(), r, f)
			return err
		})
		if fault.Of(err) != fault.Invalid {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestEachGoesThroughTheWholeLogInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(2300)
		w.append(used(1)) // pending: not seen
		var next int64
		err := w.Each(t.Context(), 0, func(e Record) error {
			if e.Seq != next || e.Seq > 0 && e.Sealed != Opened {
				return fmt.Errorf("entry %d (%s) where %d was due", e.Seq, e.Sealed, next)
			}
			next++
			return nil
		})
		if err != nil || next != 2301 {
			t.Errorf("saw %d, %v", next, err)
		}
		stop := errors.New("enough")
		n := 0
		err = w.Each(t.Context(), 1500, func(e Record) error {
			if e.Seq < 1500 {
				t.Errorf("saw %d", e.Seq)
			}
			if n++; n == 3 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || n != 3 {
			t.Errorf("stopped after %d: %v", n, err)
		}
	})
}

func TestARecordWhoseSealedPartWasChangedIsAnError(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.append(used(1))
		w.sequence()
		w.exec(`UPDATE audit_entry SET sealed = $1 WHERE id = $2`, []byte("0123456789abcdef0123456789abcdef"), id)
		err := w.data.Read(t.Context(), func(r *db.Snapshot) error {
			_, err := w.Entry(t.Context(), r, id)
			return err
		})
		if err == nil {
			t.Error("no error")
		}
		w.exec(`UPDATE audit_entry SET public = $1 WHERE id = $2`, []byte("x"), id)
		if err := w.Each(t.Context(), 0, func(Record) error { return nil }); err == nil {
			t.Error("no error")
		}
	})
}
