package db

import (
	"io"
	"os"

	"github.com/ncruces/go-sqlite3/vfs"
)

// A File is an open file that is no database: the erasure journal, the epoch
// file. What was written is durable when Sync has returned nil.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

// OpenFile opens a file that is there for reading and writing. layer names a
// registered SQLite file layer, for tests that fail the disk; it is empty
// otherwise.
func OpenFile(layer, path string) (File, error) {
	if layer == "" {
		f, err := OpenPlain(path)
		if err != nil {
			return nil, err
		}
		return layered{f}, nil
	}
	f, _, err := vfs.Find(layer).Open(path, vfs.OPEN_READWRITE|vfs.OPEN_SUPER_JOURNAL)
	if err != nil {
		return nil, err
	}
	return layered{f}, nil
}

// OpenPlain opens a file that is there and no database, as a file layer of SQLite
// hands files out: nobody locks it by SQLite's locks.
func OpenPlain(path string) (vfs.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return plain{f}, nil
}

// plain is a file of the machine.
type plain struct{ *os.File }

func (f plain) Sync(vfs.SyncFlag) error { return syncData(f.File) }

func (f plain) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (plain) Lock(vfs.LockLevel) error                        { return nil }
func (plain) Unlock(vfs.LockLevel) error                      { return nil }
func (plain) CheckReservedLock() (bool, error)                { return false, nil }
func (plain) SectorSize() int                                 { return 0 }
func (plain) DeviceCharacteristics() vfs.DeviceCharacteristic { return 0 }

// layered is a file of a layer.
type layered struct{ vfs.File }

// Sync implements File.
func (f layered) Sync() error { return f.File.Sync(vfs.SYNC_FULL) }
