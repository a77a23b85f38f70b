package db

import (
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// A mappedFile is a database file as one connection has it open, read through a
// [mapping].
type mappedFile struct {
	vfs.File
	m *mapping
}

// ReadAt implements vfs.File.
func (f *mappedFile) ReadAt(p []byte, off int64) (int, error) {
	if f.m.read(p, off) {
		return len(p), nil
	}
	return f.File.ReadAt(p, off)
}

// WriteAt implements vfs.File.
func (f *mappedFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(p, off)
	if err == nil {
		f.m.grown(off + int64(n))
	}
	return n, err
}

// Truncate implements vfs.File.
func (f *mappedFile) Truncate(size int64) error {
	f.m.cut(size)
	return f.File.Truncate(size)
}

// Close implements vfs.File.
func (f *mappedFile) Close() error {
	f.m.release()
	return f.File.Close()
}

// Unwrap implements vfs.FileUnwrap.
func (f *mappedFile) Unwrap() vfs.File { return f.File }

// SharedMemory implements vfs.FileSharedMemory.
func (f *mappedFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

// LockState implements vfs.FileLockState.
func (f *mappedFile) LockState() vfs.LockLevel { return vfsutil.WrapLockState(f.File) }

// HasMoved implements vfs.FileHasMoved.
func (f *mappedFile) HasMoved() (bool, error) { return vfsutil.WrapHasMoved(f.File) }

// SizeHint implements vfs.FileSizeHint.
func (f *mappedFile) SizeHint(size int64) error { return vfsutil.WrapSizeHint(f.File, size) }
