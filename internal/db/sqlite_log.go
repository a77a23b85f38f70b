package db

import (
	"sync"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

const (
	logRoom   = 256 << 10 // by how much a write-ahead log grows at least
	logKept   = 4 << 20   // of an emptied one, at most
	logSector = 512       // what a disk writes whole or not at all
	logBuffer = 128 << 10 // of one transaction, before it is written
)

// steadyLogs is a file layer of SQLite over another, whose write-ahead logs keep
// their place on the disk. Syncing bytes that lie where others lay costs half of
// what it costs to sync a file that has grown, because the file system has nothing
// of its own to write. So a log grows by large pieces, and is emptied by zeros
// instead of being cut off, which also leaves nothing of it in free blocks.
//
// The frames of a transaction are written together when it is synced, instead of
// two writes a page. Nobody reads them before: every commit asks for a sync
// (liteConn.settle sees to that), and only then does the index say that they are
// there. The sync itself may come a little later ([debt]).
type steadyLogs struct{ base string }

// steady returns the name of the layer over the layer base, "" for SQLite's own.
func steady(base string) string {
	name := "avow-steady"
	if base != "" {
		name += "-" + base
	}
	if vfs.Find(name) == nil {
		vfs.Register(name, steadyLogs{base})
	}
	return name
}

func (l steadyLogs) under() vfs.VFS { return vfs.Find(l.base) }

// Open implements vfs.VFS.
func (l steadyLogs) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, out, err := vfsutil.WrapOpen(l.under(), name, flags)
	return l.hold(name, f, flags, out, err)
}

// OpenFilename implements vfs.VFSFilename.
func (l steadyLogs) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, out, err := vfsutil.WrapOpenFilename(l.under(), name, flags)
	return l.hold(name.String(), f, flags, out, err)
}

// Delete implements vfs.VFS.
func (l steadyLogs) Delete(name string, syncDir bool) error { return l.under().Delete(name, syncDir) }

// Access implements vfs.VFS.
func (l steadyLogs) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return l.under().Access(name, flags)
}

// FullPathname implements vfs.VFS.
func (l steadyLogs) FullPathname(name string) (string, error) { return l.under().FullPathname(name) }

// hold makes a steadyLog of an opened file that is a write-ahead log, and has it and the
// database read through memory where that is a file of the system's.
func (l steadyLogs) hold(name string, f vfs.File, asked, flags vfs.OpenFlag, err error) (vfs.File, vfs.OpenFlag, error) {
	if err != nil {
		return f, flags, err
	}
	var m *mapping
	if l.base == "" && asked&(vfs.OPEN_MAIN_DB|vfs.OPEN_WAL) != 0 {
		m = mapFile(name)
	}
	if asked&vfs.OPEN_WAL == 0 {
		if m != nil {
			return &mappedFile{f, m}, flags, nil
		}
		return f, flags, nil
	}
	size, err := f.Size()
	if err != nil {
		f.Close()
		return nil, flags, err
	}
	return &steadyLog{File: f, m: m, size: size, used: size}, flags, nil
}

// A steadyLog is a write-ahead log as one connection has it open. Only the
// connection that writes changes the file, and only one process has one ([LockDir]);
// SQLite uses it from one goroutine at a time.
type steadyLog struct {
	vfs.File
	m    *mapping // nil: it is read as a file
	size int64    // of the file
	used int64    // behind it are zeros
	buf  []byte   // not yet written …
	at   int64    // … to here

	header bool  // the header was written, and is not synced
	debt   *debt // nil: every sync is made at once
	later  bool  // the next sync is that of a commit, and may be owed

	syncing sync.Mutex
	lost    error // guarded by syncing; the first failed sync
}

// WriteAt implements vfs.File. An error is perhaps that of an earlier write.
func (f *steadyLog) WriteAt(p []byte, off int64) (int, error) {
	if len(f.buf) > 0 && (off != f.at+int64(len(f.buf)) || len(f.buf)+len(p) > logBuffer) {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	if len(f.buf) == 0 {
		f.at = off
	}
	f.header = f.header || off == 0
	f.buf = append(f.buf, p...)
	return len(p), nil
}

// flush writes what is buffered, and more room behind it where it was the last.
func (f *steadyLog) flush() error {
	if len(f.buf) == 0 {
		return nil
	}
	b, end := f.buf, f.at+int64(len(f.buf))
	f.buf = f.buf[:0]
	if _, err := f.File.WriteAt(b, f.at); err != nil {
		return err
	}
	f.m.grown(end)
	f.used = max(f.used, end)
	if end <= f.size {
		return nil
	}
	room := (end + logRoom - 1) / logRoom * logRoom
	if err := f.zeros(end, room); err != nil {
		return err
	}
	f.size = room
	return nil
}

// zeros writes zeros over a range.
func (f *steadyLog) zeros(from, to int64) error {
	none := make([]byte, min(to-from, logRoom))
	for ; from < to; from += int64(len(none)) {
		none = none[:min(int64(len(none)), to-from)]
		if _, err := f.File.WriteAt(none, from); err != nil {
			return err
		}
	}
	return nil
}

// ReadAt implements vfs.File.
func (f *steadyLog) ReadAt(p []byte, off int64) (int, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	if f.m.read(p, off) {
		return len(p), nil
	}
	return f.File.ReadAt(p, off)
}

// Size implements vfs.File.
func (f *steadyLog) Size() (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.Size()
}

// Sync implements vfs.File. A commit whose sync is left to [liteWriter.settle] is
// written and counted as owed before it returns, and so before anybody can see it.
// The header is always synced at once: frames must not come before it.
func (f *steadyLog) Sync(flags vfs.SyncFlag) error {
	if err := f.flush(); err != nil {
		return err
	}
	if f.later && !f.header {
		f.later = false
		f.debt.owed.Add(1)
		return nil
	}
	f.header = false
	return f.sync(flags)
}

// syncOwed syncs what is owed. It may be called beside the connection that writes.
func (f *steadyLog) syncOwed() error { return f.sync(vfs.SYNC_NORMAL) }

// sync makes one sync at a time, and none after one that failed: a system says once
// that it could not write, to whoever asks first, and then that all is well. That may
// be a checkpoint behind a commit, of which SQLite passes the error over.
func (f *steadyLog) sync(flags vfs.SyncFlag) error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	if f.lost == nil {
		f.lost = f.File.Sync(flags)
	}
	return f.lost
}

// Close implements vfs.File.
func (f *steadyLog) Close() error {
	err := f.flush()
	f.m.release()
	if e := f.File.Close(); err == nil {
		err = e
	}
	return err
}

// Truncate implements vfs.File. SQLite empties a log so when all of it is in the
// database, durably. The zeros begin with the sector of the header, which is synced
// before the others: a log with a header and without some of its frames would bring
// old pages back, one without a header is empty
// (https://sqlite.org/fileformat2.html, section 4).
func (f *steadyLog) Truncate(size int64) error {
	f.buf = f.buf[:0]
	if size != 0 {
		f.m.cut(size)
		err := f.File.Truncate(size)
		if err == nil {
			f.size, f.used = size, min(f.used, size)
		}
		return err
	}
	if f.used == 0 {
		return nil
	}
	first := min(f.used, logSector)
	if err := f.zeros(0, first); err != nil {
		return err
	}
	if err := f.sync(vfs.SYNC_NORMAL); err != nil {
		return err
	}
	if f.size > logKept {
		f.m.cut(logKept)
		if err := f.File.Truncate(logKept); err != nil {
			return err
		}
		f.size, f.used = logKept, min(f.used, logKept)
	}
	if err := f.zeros(first, f.used); err != nil {
		return err
	}
	f.used = 0
	return nil
}
