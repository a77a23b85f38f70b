package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// errClosed says that the journal was closed.
var errClosed = errors.New("journal: closed")

const (
	maxPlatform = 255
	growth      = 32 << 10 // bytes of zeros at a time
)

// A Journal is an open erasure journal, the only one on its file. It is safe
// for concurrent use.
type Journal struct {
	path     string
	platform string
	layer    string // of the file; see db.OpenFile
	file     db.File
	lock     *flock.Flock
	torn     int64

	mu      sync.Mutex
	head    Head  // guarded by mu; durable
	size    int64 // guarded by mu; of the durable part
	room    int64 // of the file; owned by the goroutine of write
	failed  error // guarded by mu; the first failed write, after which nothing is written
	broken  chan struct{}
	writing bool     // guarded by mu
	waiting *pending // guarded by mu; the group that those who come now join
}

// pending is a group of records waiting for one sync.
type pending struct {
	records []Record
	bytes   int
	done    chan struct{}
	err     error // set before done is closed
}

// Open opens a platform's journal, makes it (mode 0600) when there is none, and
// cuts off a frame that was being written when the power went. It returns
// fault.Busy when another process has it open and fault.Invalid when it is
// damaged or another platform's.
func Open(path, platform string) (*Journal, error) { return OpenOn("", path, platform) }

// OpenOn is Open on a registered file layer of SQLite, for tests that fail the
// disk; the file itself is there already.
func OpenOn(layer, path, platform string) (*Journal, error) {
	if platform == "" || len(platform) > maxPlatform {
		return nil, fault.New(fault.Invalid, "a journal names its platform with 1 to %d bytes", maxPlatform)
	}
	j := &Journal{layer: layer, path: path, platform: platform, broken: make(chan struct{})}
	if err := j.open(); err != nil {
		return nil, fmt.Errorf("journal open: %w", err)
	}
	return j, nil
}

func (j *Journal) open() (err error) {
	if err := create(j.path, header(j.platform)); err != nil {
		return err
	}
	j.lock = flock.New(j.path, flock.SetFlag(os.O_RDWR))
	ok, err := j.lock.TryLock()
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Busy, "%s: another process has this erasure journal open; one server at a time may", j.path)
	}
	defer func() {
		if err != nil {
			j.lock.Close()
		}
	}()
	j.file, err = db.OpenFile(j.layer, j.path)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.NewSectionReader(j.file, 0, math.MaxInt64))
	if err != nil {
		j.file.Close()
		return err
	}
	c, err := parse(j.path, j.platform, b)
	if err != nil {
		j.file.Close()
		return err
	}
	j.head, j.size, j.room = c.heads[len(c.heads)-1], int64(c.length), int64(len(b))
	if j.torn = c.torn(b); j.torn > 0 {
		j.room = j.size
		err = errors.Join(j.file.Truncate(j.size), j.file.Sync())
	}
	if err != nil {
		j.file.Close()
	}
	return err
}

// create makes the file with its header, whole or not at all, unless it is there.
func create(path string, header []byte) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(header)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		if err = os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil // another process was first
		}
	}
	if err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Append writes records, durably when it returns nil; all or none of one call.
// Callers that come while a sync is under way share the next. After a failed
// write or sync every later call fails too: what the disk holds is then not
// known, and only opening again can tell.
//
// When ctx ends first, the records may still be written.
func (j *Journal) Append(ctx context.Context, records ...Record) error {
	wait, err := j.Begin(records...)
	if err != nil {
		return err
	}
	return wait(ctx)
}

// Begin is the first half of [Journal.Append]: the records are on their way to the
// disk. They are durable when wait returns nil.
func (j *Journal) Begin(records ...Record) (wait func(context.Context) error, err error) {
	size := 0
	for _, r := range records {
		if err := r.check(); err != nil {
			return nil, err
		}
		size += fixedLen + len(r.Subject) + 32*len(r.Digests) + 4
	}
	if size > maxBody/2 {
		return nil, fault.New(fault.Invalid, "%d erasure records are too many at once; append them in smaller groups", len(records))
	}
	if len(records) == 0 {
		return func(context.Context) error { return nil }, nil
	}
	group, err := j.join(records, size)
	if err != nil {
		return nil, err
	}
	return group.wait, nil
}

// wait returns when the group is written, or ctx ends.
func (g *pending) wait(ctx context.Context) error {
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join adds records to the group that waits, and starts the writer when none runs.
func (j *Journal) join(records []Record, size int) (*pending, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return nil, j.failed
	}
	if j.waiting != nil && j.waiting.bytes+size > maxBody/2 {
		return nil, fault.New(fault.Busy, "too many erasures wait for the erasure journal; try again")
	}
	if j.waiting == nil {
		j.waiting = &pending{done: make(chan struct{})}
	}
	group := j.waiting
	for _, r := range records {
		r.Digests = slices.Clone(r.Digests)
		group.records = append(group.records, r)
	}
	group.bytes += size
	if !j.writing {
		j.writing = true
		go j.write()
	}
	return group, nil
}

// write writes group after group until none waits.
func (j *Journal) write() {
	for {
		j.mu.Lock()
		group := j.waiting
		j.waiting = nil
		j.writing = group != nil
		head, size, err := j.head, j.size, j.failed
		j.mu.Unlock()
		if group == nil {
			return
		}
		var b []byte
		if err == nil {
			b, head = frame(head, group.records)
			err = j.put(b, size)
		}
		j.mu.Lock()
		if err == nil {
			j.head, j.size = head, size+int64(len(b))
		} else if j.failed == nil {
			j.failed = fmt.Errorf("journal append: %w", err)
			close(j.broken)
		}
		group.err = j.failed
		j.mu.Unlock()
		close(group.done)
	}
}

// put writes a frame, durably. The file grows by zeros, many frames at once: to sync
// bytes in a file that has not grown costs half as much.
func (j *Journal) put(b []byte, at int64) error {
	if _, err := j.file.WriteAt(b, at); err != nil {
		return err
	}
	if end := at + int64(len(b)); end > j.room {
		if _, err := j.file.WriteAt(make([]byte, growth), end); err != nil {
			return err
		}
		j.room = end + growth
	}
	return j.file.Sync()
}

// Failed is closed at the first failed write or sync. The node must stop: no
// erasure can be acknowledged any more.
func (j *Journal) Failed() <-chan struct{} { return j.broken }

// Err returns why nothing can be appended any more; nil while it can.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// Head returns where the journal ends.
func (j *Journal) Head() Head {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.head
}

// Torn returns how many bytes of an unfinished write were cut off at open.
func (j *Journal) Torn() int64 { return j.torn }

// All returns every durable record, oldest first.
func (j *Journal) All() ([]Record, error) { return j.Since(time.Time{}) }

// Since returns the durable records of erasures at t or later, in the order they
// were written.
func (j *Journal) Since(t time.Time) ([]Record, error) {
	j.mu.Lock()
	size := j.size
	j.mu.Unlock()
	b := make([]byte, size)
	if _, err := j.file.ReadAt(b, 0); err != nil {
		return nil, fmt.Errorf("journal read: %w", err)
	}
	c, err := parse(j.path, j.platform, b)
	if err != nil {
		return nil, fmt.Errorf("journal read: %w", err)
	}
	return slices.DeleteFunc(c.records, func(r Record) bool { return r.At.Before(t) }), nil
}

// Close ends the journal. Records that wait are given up with an error.
func (j *Journal) Close() error {
	j.mu.Lock()
	if errors.Is(j.failed, errClosed) {
		j.mu.Unlock()
		return nil
	}
	if j.failed == nil {
		j.failed = errClosed
	}
	j.mu.Unlock()
	return errors.Join(j.file.Close(), j.lock.Close())
}
