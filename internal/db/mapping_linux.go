//go:build amd64 || arm64

package db

import (
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const (
	leastWindow = 64 << 20 // bytes of addresses that a file is given at least
	piecemeal   = 64 << 10 // bytes of a file that are brought in at once
)

// A mapping is a file of SQLite that the connections of this process read through
// memory, all through the same: no call of the system and no copy from its cache a page,
// and pages that are in use count as used. What cannot be had so (behind the end, on
// a disk that fails) is read as files are, and the error is that of the file.
type mapping struct {
	file *os.File
	id   fileID
	refs int // guarded by mappings

	held atomic.Int64 // bytes that the file has at least
	view atomic.Pointer[view]

	growing sync.Mutex
	former  []*view // smaller ones; somebody may still be reading in them
}

// A view is the addresses at which a file is read.
type view struct {
	bytes []byte
	seen  []atomic.Uint32 // a bit for each piece of the file that was brought in
}

// bring has the system bring in what lies from off to end, where that was not done
// before. Whoever touches a page that is on the disk keeps a place to run until it is
// read; whoever asks the system for it lets others run. An error is that of the copy.
func (v *view) bring(off, end int64) {
	for n := off / piecemeal; n*piecemeal < end; n++ {
		seen, bit := &v.seen[n/32], uint32(1)<<(n%32)
		if seen.Load()&bit == 0 {
			unix.Madvise(v.bytes[n*piecemeal:(n+1)*piecemeal], unix.MADV_POPULATE_READ)
			seen.Or(bit)
		}
	}
}

// A fileID tells a file from one that has taken its name.
type fileID struct{ dev, ino uint64 }

// mappings are those of this process.
var mappings = struct {
	sync.Mutex
	of map[fileID]*mapping
}{of: map[fileID]*mapping{}}

// mapFile returns the mapping of a file, or nil where there is none to be had. Closing a
// file drops no lock of SQLite's: on Linux they are those of an open file description.
func mapFile(name string) *mapping {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		f.Close()
		return nil
	}
	id := fileID{uint64(st.Dev), st.Ino}
	mappings.Lock()
	defer mappings.Unlock()
	if m := mappings.of[id]; m != nil {
		f.Close()
		m.refs++
		return m
	}
	m := &mapping{file: f, id: id, refs: 1}
	m.held.Store(st.Size)
	mappings.of[id] = m
	return m
}

// release gives up one connection's use of m.
func (m *mapping) release() {
	if m == nil {
		return
	}
	mappings.Lock()
	defer mappings.Unlock()
	if m.refs--; m.refs > 0 {
		return
	}
	delete(mappings.of, m.id)
	if v := m.view.Swap(nil); v != nil {
		m.former = append(m.former, v)
	}
	for _, v := range m.former {
		unix.Munmap(v.bytes)
	}
	m.file.Close()
}

// read fills p from the file, and tells whether it could.
func (m *mapping) read(p []byte, off int64) bool {
	if m == nil {
		return false
	}
	end := off + int64(len(p))
	if end > m.held.Load() {
		return false
	}
	v := m.view.Load()
	if v == nil || end > int64(len(v.bytes)) {
		if v = m.widen(end); v == nil {
			return false
		}
	}
	v.bring(off, end)
	return copyMapped(p, v.bytes[off:end])
}

// copyMapped copies from a mapped file. A page that is not there any more, or that the
// disk does not give, is a signal.
func copyMapped(p, from []byte) (ok bool) {
	before := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(before)
		if !ok {
			recover()
		}
	}()
	copy(p, from)
	return true
}

// widen maps the file to at least end, with as much again to grow into.
func (m *mapping) widen(end int64) *view {
	m.growing.Lock()
	defer m.growing.Unlock()
	v := m.view.Load()
	if v != nil && end <= int64(len(v.bytes)) {
		return v
	}
	size := int64(leastWindow)
	for size < 2*max(end, m.held.Load()) {
		size *= 2
	}
	b, err := unix.Mmap(int(m.file.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	if v != nil {
		m.former = append(m.former, v)
		unix.Madvise(v.bytes, unix.MADV_DONTNEED)
	}
	v = &view{b, make([]atomic.Uint32, size/piecemeal/32)}
	m.view.Store(v)
	return v
}

// grown says that the file reaches to end at least.
func (m *mapping) grown(end int64) {
	if m == nil {
		return
	}
	for {
		n := m.held.Load()
		if end <= n || m.held.CompareAndSwap(n, end) {
			return
		}
	}
}

// cut says that the file is about to have so many bytes.
func (m *mapping) cut(size int64) {
	if m != nil {
		m.held.Store(size)
	}
}
