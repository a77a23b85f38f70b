package db_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/ncruces/go-sqlite3"
)

// A sync that is under way is held up while another group is committed and read. What
// becomes of it decides what all of them hear.
func TestAGroupIsCommittedBesideASyncAndNobodyHearsOfItBefore(t *testing.T) {
	for _, outcome := range []error{nil, sqlite3.IOERR_FSYNC} {
		t.Run(name(outcome), func(t *testing.T) {
			h := newHeld(t)
			d := h.open(t)
			waiting, begun := make(chan error), make(chan struct{})
			first := make(chan error, 1)
			go func() {
				first <- d.Tx(t.Context(), func(tx *db.Tx) error {
					tx.Do(addParent, 20, 1)
					close(begun)
					return <-waiting
				})
			}()
			<-begun
			second := make(chan error, 3)
			for num := range cap(second) { // they wait, and so the sync of the first goes on beside them
				a := d.NewAct()
				a.Do(addParent, num+1, 1)
				go func() { second <- d.Commit(t.Context(), a) }()
			}
			third := make(chan error, 1)
			go func() {
				third <- d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 10, 1); return nil })
			}()
			until(t, "the others wait", func() bool { return db.Waiting(d) == 4 })

			h.on.Store(true)
			waiting <- nil
			until(t, "the others are committed and can be seen", func() bool { return h.rows(t) == 5 })
			read := make(chan error, 1)
			seen := make(chan int64, 1)
			go func() {
				read <- d.Read(t.Context(), func(s *db.Snapshot) error {
					var n int64
					err := s.Row(t.Context(), `SELECT count(*) FROM t_parent`).Scan(&n)
					seen <- n
					return err
				})
			}()
			if n := <-seen; n != 5 {
				t.Fatalf("the reader sees %d rows of 5", n)
			}
			ahead := 0
			must(t, d.Ahead(t.Context(), func(s *db.Snapshot) error { // waits for nobody
				return s.Row(t.Context(), `SELECT count(*) FROM t_parent`).Scan(&ahead)
			}))
			if ahead != 5 {
				t.Errorf("ahead of the disk %d rows of 5 are seen", ahead)
			}
			durable := make(chan error, 1)
			go func() { durable <- d.Durable(t.Context()) }()
			select {
			case err := <-durable:
				t.Errorf("all is on the disk before the sync: %v", err)
				durable <- err
			default:
			}
			h.release <- outcome
			for _, c := range []chan error{first, second, second, second, third, read, durable} {
				err := <-c
				switch {
				case outcome == nil && err != nil:
					t.Errorf("the sync was done, and somebody heard: %v", err)
				case outcome != nil && (fault.Of(err) != fault.Busy || !errors.Is(err, d.Err())):
					t.Errorf("the sync failed, and somebody heard: %v", err)
				}
			}
		})
	}
}

// A reader's own error rests on what was read, as "there is no such row" does.
func TestNobodyHearsInAnErrorOfWhatIsNotOnTheDisk(t *testing.T) {
	errSeen := errors.New("it is there already")
	for what, read := range map[string]func(*db.DB, context.Context, func(*db.Snapshot) error) error{
		"Read": (*db.DB).Read, "Look": (*db.DB).Look,
	} {
		t.Run(what, func(t *testing.T) {
			h := newHeld(t)
			d := h.open(t)
			h.on.Store(true)
			written := make(chan error, 1)
			go func() {
				written <- d.Tx(t.Context(), func(tx *db.Tx) error { tx.Do(addParent, 1, 1); return nil })
			}()
			until(t, "the row is committed and can be seen", func() bool { return h.rows(t) == 1 })
			heard, seen := make(chan error, 1), make(chan bool)
			go func() {
				heard <- read(d, t.Context(), func(s *db.Snapshot) error {
					var n int64
					err := s.Row(t.Context(), `SELECT count(*) FROM t_parent`).Scan(&n)
					seen <- n == 1
					return errors.Join(err, errSeen)
				})
			}()
			if !<-seen {
				t.Error("the reader does not see the row")
			}
			h.release <- sqlite3.IOERR_FSYNC
			if err := <-heard; !db.Stopped(err) || errors.Is(err, errSeen) {
				t.Errorf("of a row that was not synced was heard: %v", err)
			}
			if err := <-written; !db.Stopped(err) {
				t.Errorf("the writer heard %v", err)
			}
		})
	}
}

func name(err error) string {
	if err == nil {
		return "synced"
	}
	return "failed"
}

// A held is a disk whose next sync waits to be told how it ends.
type held struct {
	file, vfs string
	on        atomic.Bool
	release   chan error
}

func newHeld(t *testing.T) *held {
	h := &held{release: make(chan error)}
	h.vfs = dbtest.FailingFiles(t, func(sync bool) error {
		if sync && h.on.CompareAndSwap(true, false) {
			return <-h.release
		}
		return nil
	})
	return h
}

func (h *held) open(t *testing.T) *db.DB {
	t.Helper()
	c := dbtest.Config(t, db.SQLite, db.Keys)
	c.VFS, h.file = h.vfs, c.File
	d, err := db.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	makeTables(t, d)
	return d
}

// rows counts what another connection sees, which waits for nothing.
func (h *held) rows(t *testing.T) (n int) {
	t.Helper()
	c, err := sqlite3.OpenFlags(h.file, sqlite3.OPEN_READONLY)
	must(t, err)
	defer c.Close()
	s, _, err := c.Prepare(`SELECT count(*) FROM t_parent`)
	must(t, err)
	defer s.Close()
	if s.Step() {
		n = s.ColumnInt(0)
	}
	return n
}
