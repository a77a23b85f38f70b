package job

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const noteMax = 200 // bytes of a note or of a failure that are kept

// A Job is one piece of work. Kind says which handler does it; Ref is the id of
// what it is about, with its prefix, such as req_…/step-3: never a personal
// value.
type Job struct {
	Kind  string
	Ref   string
	RunAt time.Time // business time before which it does not run; zero: as soon as possible

	Attempt int    // which try this is, from 1; set for handlers
	Note    string // the last [Job.Progress], of an earlier try too; set for handlers

	hold *hold // set for handlers
}

// A hold is a worker's claim on a row.
type hold struct {
	db         *db.DB
	num, fence int64
	finishing  *db.Act // of Finish
	finished   bool    // Finish was called with a Tx
}

// What kinds and refs are made of, and the most bytes that they may have. A length in the
// expression would make it as large as so many expressions.
const (
	maxKind = 60
	maxRef  = 200
)

var (
	validKind = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)
	validRef  = regexp.MustCompile(`^[a-z][a-z0-9_./:-]*$`)
)

// Enqueue promises the work in the act or transaction w: it is durable exactly
// when w is. The same kind and ref may be enqueued again at any time; the package
// comment says what that means. It panics when the kind or the ref cannot be
// one, which is an error of the program.
func Enqueue(w db.Writer, j Job) {
	if len(j.Kind) > maxKind || !validKind.MatchString(j.Kind) {
		panic(fmt.Sprintf("job: kind %q: lower-case letters, digits, dots and dashes", j.Kind))
	}
	if len(j.Ref) > maxRef || !validRef.MatchString(j.Ref) {
		// The ref itself is not shown: if somebody passes a value, this is where it shows.
		panic(fmt.Sprintf("job: the ref of a %s is not an id: want a prefix in lower-case letters, then letters, digits and _ . / : -", j.Kind))
	}
	now := w.Now()
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	w.Do(insertJob, j.Kind, j.Ref, now.UnixMicro(), j.RunAt.UnixMicro())
}

// Finish ends the job in the handler's own last act or transaction, so that its
// effects and its end are one commit. The act loses ([db.ErrLost]) when another
// runner has taken the job over in the meantime.
func (j Job) Finish(w db.Writer) {
	w.Do(deleteDone, j.hold.num, j.hold.fence)
	if a, ok := w.(*db.Act); ok {
		j.hold.finishing = a
	} else {
		j.hold.finished = true
	}
}

// Progress leaves a note of up to 200 bytes that [List] shows and that the next
// try finds: counts and names of systems, nothing personal. It is a durable
// write: once a stage, not once a row. It fails with [db.ErrLost] when another
// runner has taken the job over: stop then.
func (j Job) Progress(ctx context.Context, note string) error {
	a := j.hold.db.NewAct()
	a.Do(updateNote, j.hold.num, j.hold.fence, cut(note))
	if err := j.hold.db.Commit(ctx, a); err != nil {
		return fmt.Errorf("job progress: %w", err)
	}
	return nil
}

// A State says where a job stands. Jobs that are done have none: they are gone.
type State string

// The states of a job.
const (
	Ready   State = "ready"   // waits for its time or for a worker
	Running State = "running" // a worker has it
	Dead    State = "dead"    // failed for the last time; enqueue it again to try again
)

// An Info is what there is to know about a job without running it.
type Info struct {
	Num      int64 // orders jobs by when they were enqueued; for [Filter].After
	Kind     string
	Ref      string
	State    State
	MadeAt   time.Time // business time of the act that enqueued it
	RunAt    time.Time // not before this business time
	Attempts int       // tries begun
	Note     string    // the last Progress
	Failure  string    // the message of the last failure; holds nothing personal
}

// A Filter chooses jobs for [List].
type Filter struct {
	State State // "" is any
	After int64 // Num of the last job of the page before
	Limit int   // 0 is 100
}

// List returns jobs in the order in which they were enqueued.
func List(ctx context.Context, r db.Reader, f Filter) ([]Info, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	sql, args := selectAll, []any{f.After, f.Limit}
	if f.State != "" {
		sql, args = selectState, []any{string(f.State), f.After, f.Limit}
	}
	return db.List(ctx, r, "job list", scan, sql, args...)
}

func scan(row db.Scanner) (i Info, err error) {
	var made, run int64
	err = row.Scan(&i.Num, &i.Kind, &i.Ref, &i.State, &made, &run, &i.Attempts, &i.Note, &i.Failure)
	i.MadeAt, i.RunAt = fromMicro(made), fromMicro(run)
	return i, err
}

// Stop returns an error that says that trying again cannot help: a handler that
// returns it makes its job dead at once. Stop(nil) is nil.
func Stop(err error) error {
	if err == nil {
		return nil
	}
	return &stopError{err}
}

type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }
func (e *stopError) Unwrap() error { return e.err }

// failureOf is what may be kept of an error: the message for people.
func failureOf(err error) string { return cut(fault.Message(err)) }

// cut shortens s to what is kept, at the border of a character.
func cut(s string) string {
	if len(s) <= noteMax {
		return s
	}
	end := noteMax
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end]
}

func fromMicro(us int64) time.Time { return time.UnixMicro(us).UTC() }
