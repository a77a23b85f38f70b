package dbtest

import (
	"crypto/rand"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/avow-dev/avow/internal/db"
)

// FailingFiles registers SQLite's own file layer with faults, and returns its
// name for db.Config.VFS. fail is asked before every write and truncation, and with
// sync before every sync; its error is the operation's. The layer is gone when the test ends.
func FailingFiles(t testing.TB, fail func(sync bool) error) (name string) {
	t.Helper()
	name = "failing-" + rand.Text()
	vfs.Register(name, &failingFiles{vfs.Find(""), fail})
	t.Cleanup(func() { vfs.Unregister(name) })
	return name
}

type failingFiles struct {
	vfs.VFS
	fail func(sync bool) error
}

// OpenFilename implements vfs.VFSFilename.
func (l *failingFiles) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := l.VFS.(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &failingFile{f, l.fail}, flags, nil
}

// Open implements vfs.VFS, for files that are no database.
func (l *failingFiles) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, err := db.OpenPlain(name)
	if err != nil {
		return nil, flags, err
	}
	return &failingFile{f, l.fail}, flags, nil
}

type failingFile struct {
	vfs.File
	fail func(sync bool) error
}

func (f *failingFile) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

func (f *failingFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.fail(false); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, off)
}

func (f *failingFile) Truncate(size int64) error {
	if err := f.fail(false); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

func (f *failingFile) Sync(flags vfs.SyncFlag) error {
	if err := f.fail(true); err != nil {
		return err
	}
	return f.File.Sync(flags)
}
