package job

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/powerloss"
	"github.com/ncruces/go-sqlite3/vfs"
)

// A node whose disk has failed is started anew: what it tried in vain until then
// is not held against the job.
func TestAStoppedNodeUsesUpNoTries(t *testing.T) {
	each(t, func(b *bench) {
		stopped := stoppedError(b.T)
		var outcome error
		r := b.runner("one", func(Job) error { return outcome }, "close")
		b.enqueue(Job{Kind: "close", Ref: "r1", RunAt: b.clock.Now()})
		outcome = stopped
		for range 5 { // the runner gives up after three
			b.due(r, "close r1 1")
			b.clock.Add(time.Minute)
		}
		outcome = nil
		b.due(r, "close r1 1")
		b.due(r)
	})
}

// stoppedError returns what a database says whose disk has lost power.
func stoppedError(t *testing.T) error {
	t.Helper()
	dir, name := t.TempDir(), "power-"+rand.Text()
	disk := powerloss.New(1, filepath.Join(dir, "shared"))
	vfs.Register(name, disk)
	t.Cleanup(func() { vfs.Unregister(name) })
	d, err := db.Open(t.Context(), db.Config{Engine: db.SQLite, Store: db.Data, File: filepath.Join(dir, "a.db"), VFS: name})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	disk.Cut(1)
	a := d.NewAct()
	Enqueue(a, Job{Kind: "lost", Ref: "x"})
	err = d.Commit(t.Context(), a)
	if !db.Stopped(err) || db.Stopped(nil) {
		t.Fatalf("a commit on a dead disk: %v", err)
	}
	return err
}
