package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// expire makes the lease of a runner run out, as real time would.
func (b *bench) expire(owner string) {
	b.Helper()
	if _, ok, err := b.db.Lease(b.Context(), leaseOf(owner), owner, 0); err != nil || !ok {
		b.Fatalf("the lease of %s could not be ended: %v, %v", owner, ok, err)
	}
}

// crash lets a runner take what is due and never speak again.
func (b *bench) crash(r *Runner, want int) []Job {
	b.Helper()
	jobs, err := r.next(b.Context(), 10)
	b.must(err)
	if len(jobs) != want {
		b.Fatalf("%d jobs taken, want %d", len(jobs), want)
	}
	return jobs
}

func TestTheJobsOfALostWorkerAreTakenOverOnceItsLeaseHasRunOut(t *testing.T) {
	each(t, func(b *bench) {
		lost, other := b.runner("lost", nil, "erase"), b.runner("other", nil, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"}, Job{Kind: "erase", Ref: "req-2"})
		b.clock.Add(time.Second)
		held := b.crash(lost, 2)
		b.clock.Add(1000 * time.Hour) // business time ends no lease
		b.due(other)
		b.states("req-1 running 1", "req-2 running 1")

		b.expire("lost")
		b.due(other, "erase req-1 2", "erase req-2 2")
		b.states()

		// It was only slow: whatever it says now comes too late.
		if err := lost.done(b.Context(), held[0]); !db.Lost(err) {
			b.Errorf("done = %v, want lost", err)
		}
		if err := held[0].Progress(b.Context(), "half"); !db.Lost(err) {
			b.Errorf("progress = %v, want lost", err)
		}
		if err := lost.sign(b.Context()); fault.Of(err) != fault.Busy {
			b.Errorf("sign of life = %v, want busy: it was taken for lost", err)
		}
	})
}

func TestALostWorkerCannotEndTheTryOfAnother(t *testing.T) {
	each(t, func(b *bench) {
		lost := b.runner("lost", nil, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		held := b.crash(lost, 1)[0]
		b.expire("lost")
		other := b.runner("other", func(Job) error {
			for name, err := range map[string]error{
				"done": lost.done(b.Context(), held), "failed": lost.failed(b.Context(), held, errors.New("x")),
			} {
				if !db.Lost(err) {
					b.Errorf("%s = %v, want lost", name, err)
				}
			}
			b.must(lost.release(b.Context(), []Job{held}))
			b.states("req-1 running 2")
			return nil
		}, "erase")
		b.due(other, "erase req-1 2")
		b.states()
	})
}

func TestANewLifeTakesUpItsOldJobsAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.crash(b.runner("node", nil, "erase"), 1)
		b.due(b.runner("node", nil, "erase"), "erase req-1 2")
		b.states()
	})
}

func TestAJobThatKillsItsProcessIsDeadInTheEnd(t *testing.T) {
	each(t, func(b *bench) {
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		for range 3 {
			b.crash(b.runner("node", nil, "erase"), 1)
		}
		b.due(b.runner("node", nil, "erase"))
		b.states("req-1 dead 3")
	})
}

func TestTheSameNameNeverRunsOnTwoRunners(t *testing.T) {
	each(t, func(b *bench) {
		one, two := b.runner("one", nil, "erase"), b.runner("two", nil, "erase")
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.crash(one, 1)
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		b.due(two)
		b.states("req-1 running 1", "req-1 ready 0")
	})
}

func TestAnInterruptedJobIsGivenBackAndTheTryDoesNotCount(t *testing.T) {
	each(t, func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		r := NewRunner(b.db, Config{Log: quiet()})
		r.Handle("erase", func(ctx context.Context, _ Job) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		b.enqueue(Job{Kind: "erase", Ref: "req-1"}, Job{Kind: "erase", Ref: "req-2"})
		b.clock.Add(time.Second)
		if n, err := r.RunDue(ctx); n != 1 || !errors.Is(err, context.Canceled) {
			b.Errorf("RunDue = %d, %v; want the one it began, and canceled", n, err)
		}
		b.states("req-1 ready 0", "req-2 ready 0")
	})
}

func TestHandlersStopWhenTheirLeaseIsLost(t *testing.T) {
	each(t, func(b *bench) {
		r := NewRunner(b.db, Config{Owner: "slow", Lease: 30 * time.Millisecond, Log: quiet()})
		r.Handle("erase", func(ctx context.Context, _ Job) error {
			for ok := false; !ok; { // between two signs of life
				b.expire("slow")
				var err error
				_, ok, err = b.db.Lease(b.Context(), leaseOf("slow"), "thief", time.Hour)
				b.must(err)
			}
			<-ctx.Done()
			return ctx.Err()
		})
		b.enqueue(Job{Kind: "erase", Ref: "req-1"}, Job{Kind: "erase", Ref: "req-2"})
		b.clock.Add(time.Second)
		if _, err := r.RunDue(b.Context()); fault.Of(err) != fault.Busy {
			b.Errorf("RunDue = %v, want busy: the lease was lost", err)
		}
		b.states("req-1 ready 0", "req-2 ready 0")
	})
}

func TestALostLeaseIsNoticedEvenWhenItCanBeHadAgain(t *testing.T) {
	each(t, func(b *bench) {
		r := b.runner("slow", nil, "erase")
		b.must(r.sign(b.Context()))
		b.must(r.sign(b.Context()))
		b.expire("slow")
		for _, d := range []time.Duration{time.Hour, 0} { // somebody had it in between
			if _, ok, err := b.db.Lease(b.Context(), leaseOf("slow"), "thief", d); err != nil || !ok {
				b.Fatal(ok, err)
			}
		}
		if err := r.sign(b.Context()); fault.Of(err) != fault.Busy {
			b.Errorf("sign of life = %v, want busy", err)
		}
		b.must(r.sign(b.Context()))
	})
}

func TestALivingWorkerKeepsItsJobsHoweverLongTheyTake(t *testing.T) {
	const lease = 400 * time.Millisecond
	each(t, func(b *bench) {
		other := b.runner("other", nil, "erase")
		r := NewRunner(b.db, Config{Owner: "long", Lease: lease, Log: quiet()})
		r.Handle("erase", func(ctx context.Context, j Job) error {
			long := time.After(2 * lease)
			look := time.NewTicker(lease / 4)
			defer look.Stop()
			for {
				select {
				case <-look.C:
					b.due(other)
				case <-long:
					return ctx.Err()
				}
			}
		})
		b.enqueue(Job{Kind: "erase", Ref: "req-1"})
		b.clock.Add(time.Second)
		if n, err := r.RunDue(b.Context()); n != 1 || err != nil {
			b.Errorf("RunDue = %d, %v", n, err)
		}
		b.states()
	})
}

func TestRunWakesUpForWhatIsCommittedShortlyAfterwards(t *testing.T) {
	each(t, func(b *bench) {
		did := make(chan string, 10)
		r := NewRunner(b.db, Config{Poll: time.Hour, Log: quiet()})
		r.Handle("mail", func(_ context.Context, j Job) error {
			did <- j.Ref
			return nil
		})
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		for i := range 5 {
			a := b.db.NewAct()
			Enqueue(a, Job{Kind: "mail", Ref: fmt.Sprintf("req-%d", i)})
			r.Wake()
			b.must(b.db.Commit(b.Context(), a))
			if got := <-did; got != fmt.Sprintf("req-%d", i) {
				b.Errorf("ran %s", got)
			}
		}
		cancel()
		b.must(<-ended)
		b.states()
	})
}

func TestRunGivesBackWhatItHasTakenWhenItEnds(t *testing.T) {
	each(t, func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		begun := make(chan struct{}, 1)
		r := NewRunner(b.db, Config{Workers: 1, Log: quiet()})
		r.Handle("erase", func(ctx context.Context, _ Job) error {
			begun <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		for i := range 3 {
			b.enqueue(Job{Kind: "erase", Ref: fmt.Sprintf("req-%d", i)})
		}
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		<-begun
		cancel()
		b.must(<-ended)
		b.states("req-0 ready 0", "req-1 ready 0", "req-2 ready 0")
	})
}

// TestSoakEffectsHappenOnce lets runners freeze at random with their jobs in
// hand, lose them to others, and wake up again. Each job has one effect, in the
// act that finishes it. AVOW_SOAK prolongs it.
func TestSoakEffectsHappenOnce(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("AVOW_SOAK"))
	each(t, func(b *bench) {
		end := time.After(long)
		for round := 0; ; round++ {
			b.freezeAndFinish(round, 60)
			select {
			case <-end:
				return
			default:
				if err != nil {
					return // one round unless asked for more
				}
			}
		}
	})
}

func (b *bench) freezeAndFinish(round, jobs int) {
	b.Helper()
	for i := range jobs {
		b.enqueue(Job{Kind: "step", Ref: fmt.Sprintf("r%d-%d", round, i)})
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var frozen, effects atomic.Int64
	var wait sync.WaitGroup
	seen := sync.Map{}
	for n := range 3 {
		r := NewRunner(b.db, Config{Owner: fmt.Sprint("node", n), Workers: 4, Batch: 8, Lease: 20 * time.Millisecond, Poll: time.Millisecond, Pause: 1, Tries: 1000, Log: quiet()})
		random := rand.New(rand.NewPCG(uint64(round), uint64(n)))
		var mu sync.Mutex
		r.Handle("step", func(ctx context.Context, j Job) error {
			mu.Lock()
			freeze := random.IntN(6) == 0
			mu.Unlock()
			if freeze { // everything of this node is somebody else's from now on
				frozen.Add(1)
				if _, _, err := b.db.Lease(ctx, leaseOf(r.config.Owner), r.config.Owner, 0); err != nil {
					return err
				}
				if _, err := NewRunner(b.db, Config{Owner: "thief", Lease: time.Millisecond, Log: quiet()}).takeOver(ctx, r.config.Owner); err != nil {
					return err
				}
				if _, _, err := b.db.Lease(ctx, leaseOf(r.config.Owner), "thief", 0); err != nil {
					return err
				}
			}
			a := b.db.NewAct()
			Enqueue(a, Job{Kind: "effect", Ref: j.Ref})
			j.Finish(a)
			if err := b.db.Commit(ctx, a); err != nil {
				return err
			}
			if effects.Add(1); int(effects.Load()) == jobs {
				cancel()
			}
			if _, twice := seen.LoadOrStore(j.Ref, true); twice {
				b.Errorf("%s happened twice", j.Ref)
			}
			return nil
		})
		wait.Go(func() {
			if err := r.Run(ctx); err != nil {
				b.Error(err)
			}
		})
	}
	wait.Wait()
	if frozen.Load() == 0 {
		b.Error("no runner froze: the test shows nothing")
	}
	if got := effects.Load(); got != int64(jobs) {
		b.Errorf("%d effects, want %d", got, jobs)
	}
	b.drain(jobs)
}

// drain counts the effects that are stored and removes them.
func (b *bench) drain(want int) {
	b.Helper()
	n := 0
	r := NewRunner(b.db, Config{Owner: "drain", Log: quiet()})
	r.Handle("effect", func(context.Context, Job) error { n++; return nil })
	_, err := r.RunDue(b.Context())
	b.must(err)
	if n != want {
		b.Errorf("%d effects stored, want %d", n, want)
	}
	b.states()
}
