package loading

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/avow-dev/avow/internal/db"
)

// A Layer is a file layer that holds syncs back until it is settled.
type Layer struct {
	name string

	mu      sync.Mutex
	settled bool            // guarded by mu
	owed    map[string]bool // guarded by mu; paths whose syncs were held back
}

// New registers a layer above SQLite's own; its owner closes it after the databases
// on it.
func New() *Layer { return Above("") }

// Above registers a layer above a registered one.
func Above(layer string) *Layer {
	l := &Layer{name: "loading-" + rand.Text(), owed: map[string]bool{}}
	vfs.Register(l.name, files{vfs.Find(layer), l})
	return l
}

// Name is what the layer is registered as, for db.Config.VFS.
func (l *Layer) Name() string { return l.name }

// Close takes the layer out of the register. No database may be open on it.
func (l *Layer) Close() { vfs.Unregister(l.name) }

// Settle makes durable what was written so far, the entries of folders included, and
// ends the holding back.
func (l *Layer) Settle() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	folders := map[string]bool{}
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(l.owed)) {
		folders[filepath.Dir(path)] = true
		if err := syncFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(folders)) {
		errs = append(errs, syncFolder(path))
	}
	err := errors.Join(errs...)
	if err == nil {
		l.settled, l.owed = true, nil
	}
	return err
}

// syncFile syncs whatever anybody has written into a file. It is opened for writing,
// since not every system syncs what is open for reading.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncFolder syncs the entries of a folder, where the system has that.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// hold reports whether a sync of a file is held back, and remembers it then.
func (l *Layer) hold(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.settled {
		l.owed[path] = true
	}
	return !l.settled
}

// files is the layer below, with the files of databases in between.
type files struct {
	vfs.VFS
	layer *Layer
}

// OpenFilename implements vfs.VFSFilename.
func (v files) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := v.VFS.(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil || name == nil {
		return f, flags, err
	}
	return &file{f, v.layer, name.String()}, flags, nil
}

// Open implements vfs.VFS, for files that are no database.
func (v files) Open(path string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, err := db.OpenPlain(path)
	return f, flags, err
}

// Delete implements vfs.VFS. That a file is gone is durable when Settle has synced
// the folder.
func (v files) Delete(path string, dirSync bool) error {
	return v.VFS.Delete(path, dirSync && !v.layer.hold(path))
}

// file is a file of a database.
type file struct {
	vfs.File
	layer *Layer
	path  string
}

// SharedMemory implements vfs.FileSharedMemory.
func (f *file) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

// Sync implements vfs.File.
func (f *file) Sync(flags vfs.SyncFlag) error {
	if f.layer.hold(f.path) {
		return nil
	}
	return f.File.Sync(flags)
}
