package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/google/go-cmp/cmp"
)

// A bench is a database whose business time the test moves.
type bench struct {
	*testing.T
	db    *db.DB
	clock *dbtest.Clock
	ran   []string // kind, ref and try of every call of a handler
}

func each(t *testing.T, fn func(*bench)) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		clock := dbtest.NewClock()
		c.Clock = clock.Now
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		fn(&bench{T: t, db: d, clock: clock})
	})
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// runner returns a runner whose handlers note their calls and return what
// outcome says.
func (b *bench) runner(owner string, outcome func(Job) error, kinds ...string) *Runner {
	r := NewRunner(b.db, Config{Owner: owner, Log: quiet(), Tries: 3})
	for _, kind := range kinds {
		r.Handle(kind, func(_ context.Context, j Job) error {
			b.ran = append(b.ran, fmt.Sprintf("%s %s %d", j.Kind, j.Ref, j.Attempt))
			if outcome == nil {
				return nil
			}
			return outcome(j)
		})
	}
	return r
}

func (b *bench) enqueue(jobs ...Job) {
	b.Helper()
	a := b.db.NewAct()
	for _, j := range jobs {
		Enqueue(a, j)
	}
	b.must(b.db.Commit(b.Context(), a))
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// due runs everything that is due and checks which calls that made.
func (b *bench) due(r *Runner, want ...string) {
	b.Helper()
	b.ran = nil
	n, err := r.RunDue(b.Context())
	b.must(err)
	if diff := cmp.Diff(want, b.ran); diff != "" {
		b.Fatalf("calls (-want +got):\n%s", diff)
	}
	if n != len(want) {
		b.Fatalf("RunDue counted %d tries, want %d", n, len(want))
	}
}

// states lists all jobs as "ref state attempts".
func (b *bench) states(want ...string) {
	b.Helper()
	var got []string
	b.must(b.db.Read(b.Context(), func(s *db.Snapshot) error {
		got = nil
		infos, err := List(b.Context(), s, Filter{})
		for _, i := range infos {
			got = append(got, fmt.Sprintf("%s %s %d", i.Ref, i.State, i.Attempts))
		}
		return err
	}))
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("jobs (-want +got):\n%s", diff)
	}
}

func TestJobsRunInTheOrderOfTheirTimesAndLeave(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", nil, "mail", "erase")
		now := dbtest.Start()
		b.enqueue(
			Job{Kind: "mail", Ref: "req-3", RunAt: now.Add(3 * time.Hour)},
			Job{Kind: "erase", Ref: "req-2", RunAt: now.Add(2 * time.Hour)},
			Job{Kind: "mail", Ref: "req-1", RunAt: now.Add(-time.Hour)},
			Job{Kind: "mail", Ref: "req-0"},
		)
		b.clock.Add(time.Second)
		b.due(r, "mail req-1 1", "mail req-0 1")
		b.states("req-3 ready 0", "req-2 ready 0")
		b.clock.Add(4 * time.Hour)
		b.due(r, "erase req-2 1", "mail req-3 1")
		b.states()
		b.due(r)
	})
}

func TestWorkIsPromisedExactlyWhenTheActIs(t *testing.T) {
	each(t, func(b *bench) {
		lost := b.db.NewAct()
		Enqueue(lost, Job{Kind: "mail", Ref: "lost"})
		lost.Do(deleteDone, 1, 1) // finds no row, so the act is lost
		if err := b.db.Commit(b.Context(), lost); !db.Lost(err) {
			b.Fatalf("commit = %v, want lost", err)
		}
		undone := errors.New("undone")
		if err := b.db.Tx(b.Context(), func(tx *db.Tx) error {
			Enqueue(tx, Job{Kind: "mail", Ref: "undone"})
			return undone
		}); !errors.Is(err, undone) {
			b.Fatal(err)
		}
		b.must(b.db.Tx(b.Context(), func(tx *db.Tx) error {
			Enqueue(tx, Job{Kind: "mail", Ref: "kept"})
			return nil
		}))
		b.states("kept ready 0")
	})
}

func TestTheSameNameWaitingIsOneRun(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", nil, "mail", "erase")
		b.enqueue(Job{Kind: "mail", Ref: "req-1"}, Job{Kind: "mail", Ref: "req-1"}, Job{Kind: "erase", Ref: "req-1"})
		b.enqueue(Job{Kind: "mail", Ref: "req-1"})
		b.enqueue(Job{Kind: "mail", Ref: "req-1", RunAt: dbtest.Start().Add(time.Hour)}) // another occasion
		b.clock.Add(time.Second)
		b.due(r, "mail req-1 1", "erase req-1 1")
		b.clock.Add(time.Hour)
		b.due(r, "mail req-1 1")
		b.states()
	})
}

func TestAWakeUpDuringTheRunIsNotLost(t *testing.T) {
	each(t, func(b *bench) {
		runs := 0
		r := b.runner("n", func(j Job) error {
			if runs++; runs == 1 {
				b.enqueue(Job{Kind: "mail", Ref: "req-1"})
				b.clock.Add(time.Second)
				b.states("req-1 running 1", "req-1 ready 0")
			}
			return nil
		}, "mail")
		b.enqueue(Job{Kind: "mail", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "mail req-1 1", "mail req-1 1")
		b.states()
	})
}

func TestAFailureIsTriedAgainAfterDoublingPausesAndThenDead(t *testing.T) {
	each(t, func(b *bench) {
		broken := true
		r := b.runner("n", func(Job) error {
			if broken {
				return fault.Wrap(fault.Busy, errors.New("dial 10.0.0.7: refused"), "the shop database cannot be reached")
			}
			return nil
		}, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states("req-1 ready 1")
		b.clock.Add(4 * time.Second)
		b.due(r)
		b.clock.Add(2 * time.Second) // 5 s after the first failure
		b.due(r, "erase req-1 2")
		b.clock.Add(9 * time.Second)
		b.due(r)
		b.clock.Add(2 * time.Second)
		b.due(r, "erase req-1 3")
		b.states("req-1 dead 3")
		b.clock.Add(1000 * time.Hour)
		b.due(r)
		b.must(b.db.Read(b.Context(), func(s *db.Snapshot) error {
			dead, err := List(b.Context(), s, Filter{State: Dead})
			if len(dead) != 1 || dead[0].Failure != "the shop database cannot be reached" {
				b.Errorf("dead = %+v, want the message for people and nothing of its cause", dead)
			}
			return err
		}))

		broken = false
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states()
	})
}

func TestStopMakesAJobDeadAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", func(Job) error { return Stop(fault.New(fault.Invalid, "the map names no such table")) }, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states("req-1 dead 1")
	})
	if Stop(nil) != nil {
		t.Error("Stop(nil) is an error")
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", func(Job) error { panic("out of range") }, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states("req-1 ready 1")
	})
}

func TestJobsOfAKindThatNobodyHandlesWait(t *testing.T) {
	each(t, func(b *bench) {
		b.enqueue(Job{Kind: "new.kind", Ref: "req-1"}, Job{Kind: "mail", Ref: "req-2"})
		b.clock.Add(time.Second)
		b.due(b.runner("old", nil, "mail"), "mail req-2 1")
		b.states("req-1 ready 0")
		b.due(b.runner("new", nil, "new.kind"), "new.kind req-1 1")
	})
}

func TestFinishEndsTheJobInTheHandlersOwnAct(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", func(j Job) error {
			a := b.db.NewAct()
			Enqueue(a, Job{Kind: "next", Ref: j.Ref}) // stands for an effect
			j.Finish(a)
			b.must(b.db.Commit(b.Context(), a))
			return errors.New("after the end nothing can fail any more")
		}, "erase")
		tx := b.runner("t", func(j Job) error {
			return b.db.Tx(b.Context(), func(tx *db.Tx) error {
				j.Finish(tx)
				return nil
			})
		}, "next")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states("req-1 ready 0")
		b.due(tx, "next req-1 1")
		b.states()
	})
}

func TestAnActThatIsLostDoesNotFinish(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("n", func(j Job) error {
			a := b.db.NewAct()
			j.Finish(a)
			a.Do(deleteDone, 77, 77) // loses
			return b.db.Commit(b.Context(), a)
		}, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.states("req-1 ready 1")
	})
}

func TestProgressIsSeenByListAndByTheNextTry(t *testing.T) {
	each(t, func(b *bench) {
		var notes []string
		r := b.runner("n", func(j Job) error {
			notes = append(notes, j.Note)
			b.must(j.Progress(b.Context(), strings.Repeat("é", 200)))
			b.must(j.Progress(b.Context(), "2 of 5 tables"))
			return errors.New("later")
		}, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(r, "erase req-1 1")
		b.must(b.db.Read(b.Context(), func(s *db.Snapshot) error {
			all, err := List(b.Context(), s, Filter{State: Ready})
			if len(all) != 1 || all[0].Note != "2 of 5 tables" {
				b.Errorf("jobs = %+v, want the note", all)
			}
			return err
		}))
		b.clock.Add(time.Minute)
		b.due(r, "erase req-1 2")
		if diff := cmp.Diff([]string{"", "2 of 5 tables"}, notes); diff != "" {
			b.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}

func TestListPagesByNumber(t *testing.T) {
	each(t, func(b *bench) {
		for i := range 5 {
			b.enqueue(Job{Kind: "mail", Ref: fmt.Sprintf("req-%d", i)})
		}
		var got []string
		b.must(b.db.Read(b.Context(), func(s *db.Snapshot) error {
			got = nil
			for f := (Filter{State: Ready, Limit: 2}); ; {
				page, err := List(b.Context(), s, f)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, i := range page {
					got = append(got, i.Ref)
				}
				f.After = page[len(page)-1].Num
			}
		}))
		if diff := cmp.Diff([]string{"req-0", "req-1", "req-2", "req-3", "req-4"}, got); diff != "" {
			b.Errorf("refs (-want +got):\n%s", diff)
		}
	})
}

func TestARefMustBeAnID(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, db.Data)
	for _, bad := range []Job{
		{Kind: "mail", Ref: "someone@example.org"},
		{Kind: "mail", Ref: "+8613800138000"},
		{Kind: "mail", Ref: "13800138000"},
		{Kind: "mail", Ref: "Jane Doe"},
		{Kind: "mail", Ref: ""},
		{Kind: "mail", Ref: strings.Repeat("a", 201)},
		{Kind: "Mail me", Ref: "req-1"},
		{Kind: "a,b", Ref: "req-1"},
		{Kind: "a%", Ref: "req-1"},
	} {
		func() {
			defer func() {
				p := recover()
				if p == nil {
					t.Errorf("a job %q about %q was taken", bad.Kind, bad.Ref)
				} else if bad.Ref != "" && bad.Kind == "mail" && strings.Contains(fmt.Sprint(p), bad.Ref) {
					t.Errorf("the message repeats the ref: %v", p)
				}
			}()
			Enqueue(d.NewAct(), bad)
		}()
	}
	Enqueue(d.NewAct(), Job{Kind: "mail.again", Ref: "req_0c9v8a1b2c3d4e5f6g7h8j9k0m/step-3"})
}

func TestPausesDoubleUpToTheLongest(t *testing.T) {
	r := NewRunner(nil, Config{Pause: time.Second, Most: 10 * time.Second})
	for n, want := range map[int]time.Duration{1: 1, 2: 2, 3: 4, 4: 8, 5: 10, 6: 10, 1000: 10} {
		if got := r.pause(n); got != want*time.Second {
			t.Errorf("pause after try %d = %v, want %v", n, got, want*time.Second)
		}
	}
}
