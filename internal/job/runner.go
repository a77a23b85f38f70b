package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
)

// Config says how a [Runner] works. Every zero value is a sensible one.
type Config struct {
	// Owner names this runner among those of all nodes. A name is used by one
	// living process at a time, which is the caller's promise (a locked data
	// directory keeps it); in return, a runner takes up at once what its earlier
	// life left behind. "" is a name of its own for every life: what it leaves
	// behind waits until its lease has run out.
	Owner string

	Workers int           // handlers at the same time in Run; 0 is 8
	Batch   int           // jobs taken in one transaction; 0 is 64
	Lease   time.Duration // real time without a sign of life after which others take over; 0 is 30 s
	Poll    time.Duration // real time between two looks of an idle Run; 0 is 500 ms

	Tries int           // tries before a job is dead; 0 is 20: half a day with the pauses below
	Pause time.Duration // business time before the second try; it doubles with each; 0 is 5 s
	Most  time.Duration // the longest pause; 0 is 1 h

	Log *slog.Logger // nil is slog.Default()
}

// A Handler does the work of one kind of job. It is idempotent, reads the facts
// when it runs, and stops when ctx ends. A nil error means done.
type Handler func(ctx context.Context, j Job) error

// A Runner runs the jobs of one database. It is safe for concurrent use once
// all kinds have their handlers.
type Runner struct {
	db     *db.DB
	config Config
	wake   chan struct{}

	handlers map[string]Handler
	kinds    string // ",a,b,"

	mu      sync.Mutex // guards what follows
	begun   bool       // what an earlier life left behind is free
	fence   int64      // of the runner's own lease; 0 while it has none
	unended []Job      // whose end could not be written down
}

// NewRunner returns a runner of the jobs in d.
func NewRunner(d *db.DB, c Config) *Runner {
	c.Owner = cmp.Or(c.Owner, id.Random("run"))
	c.Workers = cmp.Or(c.Workers, 8)
	c.Batch = cmp.Or(c.Batch, 64)
	c.Lease = cmp.Or(c.Lease, 30*time.Second)
	c.Poll = cmp.Or(c.Poll, 500*time.Millisecond)
	c.Tries = cmp.Or(c.Tries, 20)
	c.Pause = cmp.Or(c.Pause, 5*time.Second)
	c.Most = cmp.Or(c.Most, time.Hour)
	c.Log = cmp.Or(c.Log, slog.Default())
	return &Runner{db: d, config: c, wake: make(chan struct{}, 1), handlers: map[string]Handler{}, kinds: ","}
}

// Handle says who does the jobs of a kind. Call it before Run and RunDue. Jobs
// of a kind that no runner handles wait. It panics on a second handler.
func (r *Runner) Handle(kind string, h Handler) {
	if len(kind) > maxKind || !validKind.MatchString(kind) || h == nil || r.handlers[kind] != nil {
		panic(fmt.Sprintf("job: handle %q: one handler for each kind, in lower-case letters, digits, dots and dashes", kind))
	}
	r.handlers[kind] = h
	r.kinds = "," + strings.Join(slices.Sorted(maps.Keys(r.handlers)), ",") + ","
}

// Wake tells Run that something may have been enqueued. It never waits. It may
// be called shortly before the commit: Run then looks several times.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// RunDue runs everything that is due, one job after the other in the order of
// their times, and returns how many tries it made: also those that failed, which
// [List] shows. It ends when nothing is due. The error is that of the database,
// or of ctx.
func (r *Runner) RunDue(ctx context.Context) (n int, err error) {
	for {
		jobs, err := r.next(ctx, r.config.Batch)
		if err != nil || len(jobs) == 0 {
			return n, err
		}
		alive, rest := r.keepAlive(ctx, func() bool { return true })
		for i, j := range jobs {
			if err = alive.Err(); err != nil {
				err = errors.Join(context.Cause(alive), r.release(ctx, jobs[i:]))
				break
			}
			if err = r.try(alive, j); err != nil {
				break
			}
			n++
		}
		rest()
		if err != nil {
			return n, fmt.Errorf("job run: %w", err)
		}
	}
}

// next takes up to limit due jobs. An idle call writes nothing.
func (r *Runner) next(ctx context.Context, limit int) ([]Job, error) {
	if err := r.tidy(ctx); err != nil {
		return nil, fmt.Errorf("job tidy: %w", err)
	}
	now := r.db.Now().UnixMicro()
	found, others, err := due(ctx, r.db, now, r.kinds, r.config.Owner)
	if err != nil {
		return nil, fmt.Errorf("job look: %w", err)
	}
	for _, o := range others {
		freed, err := r.takeOver(ctx, o)
		if err != nil {
			return nil, fmt.Errorf("job take over: %w", err)
		}
		found = found || freed
	}
	if !found {
		return nil, nil
	}
	if err := r.sign(ctx); err != nil {
		return nil, err
	}
	jobs, err := take(ctx, r.db, now, r.kinds, r.config.Owner, limit)
	if err != nil {
		return nil, fmt.Errorf("job take: %w", err)
	}
	slices.SortFunc(jobs, func(a, b Job) int {
		return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.hold.num, b.hold.num))
	})
	return jobs, nil
}

// tidy frees, once, what an earlier life of this runner left behind, and gives
// back the jobs whose end could not be written down: as long as we live, nobody
// else would.
func (r *Runner) tidy(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.begun {
		if err := free(ctx, r.db, r.config.Owner, r.config.Tries); err != nil {
			return err
		}
		r.begun = true
	}
	for len(r.unended) > 0 {
		if err := r.giveBack(ctx, r.unended[0], 0); err != nil {
			return err
		}
		r.unended = r.unended[1:]
	}
	return nil
}

// takeOver frees the jobs of another runner if its lease has run out: then the
// lease can be had. If that runner still lives after all, it finds its lease
// taken and its fences outdated.
func (r *Runner) takeOver(ctx context.Context, owner string) (bool, error) {
	_, ok, err := r.db.Lease(ctx, leaseOf(owner), r.config.Owner, r.config.Lease)
	if err != nil || !ok {
		return false, err
	}
	if err := free(ctx, r.db, owner, r.config.Tries); err != nil {
		return false, err
	}
	r.config.Log.WarnContext(ctx, "jobs of a lost runner are free again", "runner", owner)
	return true, nil
}

// sign gives a sign of life. It fails when the runner was taken for lost since
// the last one: its jobs are others' now.
func (r *Runner) sign(ctx context.Context) error {
	fence, ok, err := r.db.Lease(ctx, leaseOf(r.config.Owner), r.config.Owner, r.config.Lease)
	if err != nil {
		return fmt.Errorf("job lease: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := r.fence != 0 && fence != r.fence
	r.fence = fence // 0 while it is lost
	if !ok || lost {
		return fault.New(fault.Busy, "the runner %s was taken for lost and its jobs were given to others; it goes on when it has its lease again", r.config.Owner)
	}
	return nil
}

func leaseOf(owner string) string { return "job/" + owner }

// keepAlive gives signs of life while there is work, until stop is called; also
// while interrupted handlers wind up. alive ends with ctx, and when the lease is
// lost: handlers are to stop then, others have their jobs.
func (r *Runner) keepAlive(ctx context.Context, busy func() bool) (alive context.Context, stop func()) {
	alive, cancel := context.WithCancelCause(ctx)
	steady, end := context.WithCancel(context.WithoutCancel(ctx))
	beat := time.NewTicker(max(r.config.Lease/3, time.Millisecond))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-steady.Done():
				return
			case <-beat.C:
				if !busy() {
					continue
				}
				if err := r.sign(steady); err != nil {
					cancel(err)
					return
				}
			}
		}
	}()
	return alive, func() {
		beat.Stop()
		end()
		<-ended
		cancel(nil)
	}
}
