package dbtest

import (
	"crypto/rand"
	"os"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
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
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, flags, err
	}
	return &failingFile{plainFile{f}, l.fail}, flags, nil
}

// A plainFile is a file of the machine that SQLite knows nothing of: nobody locks
// it.
type plainFile struct{ *os.File }

func (f plainFile) Sync(vfs.SyncFlag) error { return f.File.Sync() }

func (f plainFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (plainFile) Lock(vfs.LockLevel) error                        { return nil }
func (plainFile) Unlock(vfs.LockLevel) error                      { return nil }
func (plainFile) CheckReservedLock() (bool, error)                { return false, nil }
func (plainFile) SectorSize() int                                 { return 0 }
func (plainFile) DeviceCharacteristics() vfs.DeviceCharacteristic { return 0 }

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
