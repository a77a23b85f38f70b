package db_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/internal/db"
)

func TestAnInquiryTellsWhomARowIsAbout(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 12)
		in := d.NewInquiry()
		nums := []int64{3, 9, 1, 3}
		children := in.Ask(askChildren, nums, int64(4), int64(2)) // the two newest after child 4
		names := in.Ask(askName, []string{"child 1", "nobody", "child 2"})
		one := in.Ask(askChildren, int64(2), int64(0), int64(1))
		must(t, in.Run(t.Context()))
		var got []string
		for children.Next() {
			var num, parent int64
			var name *string
			var body []byte
			must(t, children.Scan(&num, &parent, &name, &body))
			if parent != nums[children.Asker()] || (name == nil) != (num%3 == 0) || (body == nil) != (num%3 == 0) {
				t.Errorf("asker %d got child %d of %d, %v, %x", children.Asker(), num, parent, name, body)
			}
			got = append(got, fmt.Sprintf("%d: %d", children.Asker(), num))
		}
		// Child i is of parent 1 + i mod 4.
		if diff := cmp.Diff([]string{"0: 10", "0: 6", "2: 12", "2: 8", "3: 10", "3: 6"}, got); diff != "" {
			t.Error(diff)
		}
		got = nil
		for names.Next() {
			var num, n int64
			must(t, names.Scan(&num, &n))
			got = append(got, fmt.Sprintf("%d: %d %d", names.Asker(), num, n))
		}
		if diff := cmp.Diff([]string{"0: 1 1", "2: 2 1"}, got); diff != "" {
			t.Error(diff)
		}
		if !one.Next() || one.Asker() != 0 || one.Next() {
			t.Error("a question about one has not one answer")
		}
	})
}

// move has a child leave its parent for another, again and again, until what it returns
// is called.
func move(t *testing.T, d *db.DB, child int64) (stop func() error) {
	done, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := child + 1; ; i++ {
			select {
			case <-done:
				ended <- nil
				return
			default:
			}
			a := d.NewAct()
			a.Do(dropChild, i-1)
			a.Do(addChild, i, 1+i%4, fmt.Sprint("child ", i), []byte{1})
			if err := d.Commit(t.Context(), a); err != nil {
				ended <- err
				return
			}
		}
	}()
	return func() error {
		close(done)
		return <-ended
	}
}

// All questions of an inquiry are answered as of one moment: a row that leaves a
// parent for another is never seen with both, and never with none.
func TestAnInquiryIsOneSnapshot(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 1)
		stop := move(t, d, 1)
		for range 100 {
			in := d.NewInquiry()
			rows := []*db.Rows{
				in.Ask(askChildren, []int64{1, 2}, int64(0), int64(9)), in.Ask(askChildren, []int64{3, 4}, int64(0), int64(9)),
			}
			must(t, in.Run(t.Context()))
			n := 0
			for _, r := range rows {
				for r.Next() {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d rows are seen of the one that there is", n)
				break
			}
		}
		must(t, stop())
	})
}

func TestAnInquiryRefusesWhatDoesNotFit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for name, args := range map[string][]any{
			"lists of two lengths": {[]int64{1, 2}, []int64{1}, int64(1)},
			"another type":         {[]string{"a"}, int64(1), int64(1)},
			"too few":              {[]int64{1}},
			"no type":              {[]int64{1}, 1.5, int64(1)},
		} {
			in := d.NewInquiry()
			in.Ask(askChildren, args...)
			if in.Run(t.Context()) == nil {
				t.Errorf("%s: no error", name)
			}
		}
		in := d.NewInquiry()
		none := in.Ask(askName, []string{})
		must(t, in.Run(t.Context()))
		if none.Next() {
			t.Error("nobody is asked about, and there is a row")
		}
	})
}

// What an act inquires is there with its commit, and is one snapshot; where the act
// loses, nothing is.
func TestAnInquiryComesWithACommit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 12)
		stop := move(t, d, 12)
		for i := range int64(40) {
			a := d.NewAct()
			a.Require(parent, 1, 1)
			in := a.Inquire()
			rows := []*db.Rows{in.Ask(askChildren, []int64{1, 2}, int64(0), int64(90)), in.Ask(askChildren, []int64{3, 4}, int64(0), int64(90))}
			must(t, d.Commit(t.Context(), a))
			must(t, in.Err())
			n := 0
			for _, r := range rows {
				for r.Next() {
					n++
				}
				must(t, r.Err())
			}
			if n != 12 {
				t.Errorf("%d rows are seen of the 12 that there are", n)
				break
			}
			one := d.NewAct()
			one.Require(parent, 1, 1)
			of := one.Inquire().Ask(askChildren, i%2, int64(0), int64(90))
			must(t, d.Commit(t.Context(), one))
			n = 0
			for ; of.Next(); n++ {
				if of.Asker() != 0 {
					t.Errorf("row %d is of asker %d", n, of.Asker())
				}
			}
			if n == 0 != (i%2 == 0) {
				t.Errorf("parent %d has %d children", i%2, n)
			}
		}
		must(t, stop())
		lost := d.NewAct()
		lost.Require(parent, 1, 99)
		lost.Inquire().Ask(askName, "child 1")
		if err := d.Commit(t.Context(), lost); !db.Lost(err) {
			t.Errorf("committed: %v", err)
		}
		bad := d.NewAct()
		bad.Do(addChild, 200_000, 1, "never", nil)
		bad.Inquire().Ask(askName, int64(1))
		if err := d.Commit(t.Context(), bad); err == nil {
			t.Error("a question that does not fit was committed")
		}
		rows, err := d.Ask(t.Context(), askName, "never")
		must(t, err)
		if rows.Next() {
			t.Error("the act of a question that does not fit was written")
		}
	})
}

// An inquiry that goes with what others ask is answered as one that goes alone.
func TestAnInquiryIsAnsweredTogetherWithOthers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		family(t, d, 12)
		var all errgroup.Group
		for k := range int64(40) {
			all.Go(func() error {
				in := d.NewInquiry()
				of, name := in.Ask(askChildren, k%6, int64(0), int64(9)), in.Ask(askName, fmt.Sprint("child ", k))
				if err := in.RunAhead(t.Context()); err != nil {
					return err
				}
				n, named := 0, name.Next()
				for ; of.Next(); n++ {
					if of.Asker() != 0 {
						return fmt.Errorf("row %d is of asker %d", n, of.Asker())
					}
				}
				if want := k%6 != 0 && k%6 != 5; n == 3 != want || named != (k >= 1 && k <= 12 && k%3 != 0) {
					return fmt.Errorf("%d: %d children, named %t", k, n, named)
				}
				return errors.Join(of.Err(), name.Err())
			})
		}
		must(t, all.Wait())
		in := d.NewInquiry()
		in.Ask(askChildren, []int64{1, 2}, int64(0), int64(9))
		if in.RunAhead(t.Context()) == nil {
			t.Error("several were asked about together")
		}
		in = d.NewInquiry()
		in.Ask(askName, int64(1))
		if in.RunAhead(t.Context()) == nil {
			t.Error("a question that does not fit was asked")
		}
	})
}
