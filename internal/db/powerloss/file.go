package powerloss

import (
	"io"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// file is one file of a Disk; the disk's mu owns it.
type file struct {
	now    []byte
	synced int64           // its size when it was last synced
	known  bool            // the folder's entry for it is synced
	shrunk bool            // truncated since
	dirty  map[int64]*loss // sectors changed since

	readers  int // handles that hold a shared lock or more
	reserved *handle
	pending  *handle
}

func newFile(content []byte, known bool) *file {
	return &file{now: content, synced: int64(len(content)), known: known, dirty: map[int64]*loss{}}
}

// loss is a sector that was changed and not synced.
type loss struct {
	old []byte // as it was when it was synced
	cut bool   // truncated away, and not written since
}

// change keeps what the sectors of a range held when they were synced.
func (f *file) change(from, to int64, cut bool) {
	for s := from / sector; s*sector < to; s++ {
		l := f.dirty[s]
		if l == nil {
			l = &loss{old: make([]byte, sector)}
			if at := s * sector; at < int64(len(f.now)) {
				copy(l.old, f.now[at:])
			}
			f.dirty[s] = l
		}
		l.cut = cut && s*sector >= from
	}
}

func (f *file) resize(size int64) {
	have := int64(len(f.now))
	if size < have {
		f.change(size, have, true)
		f.shrunk = true
		clear(f.now[size:])
		f.now = f.now[:size]
		return
	}
	f.now = append(f.now, make([]byte, size-have)...)
}

// afterLoss returns the content that is found after the power was lost. A
// truncation is undone as a whole, as a file system's journal does it; what was
// written comes through sector by sector.
func (f *file) afterLoss(rng *rand.Rand) []byte {
	size, coin := int64(len(f.now)), rng.IntN(2) == 0
	undone := f.shrunk && coin
	if size != f.synced && coin {
		size = f.synced
	}
	out := make([]byte, size)
	copy(out, f.now)
	for _, s := range slices.Sorted(maps.Keys(f.dirty)) {
		fate, at := rng.IntN(3), rng.IntN(sector)
		if s*sector >= size {
			continue
		}
		have, l := out[s*sector:min(size, (s+1)*sector)], f.dirty[s]
		old := l.old
		if f.shrunk && !undone {
			old = make([]byte, sector)
		}
		switch {
		case l.cut: // comes back with the size, or not
			copy(have, old)
		case fate == 0: // all new
		case fate == 1: // all old
			copy(have, old)
		case at < len(have): // torn
			copy(have[at:], old[at:])
		}
	}
	return out
}

// handle is an open file.
type handle struct {
	disk *Disk
	file *file
	lock vfs.LockLevel
	shm  vfs.SharedMemory
}

// SharedMemory implements vfs.FileSharedMemory.
func (h *handle) SharedMemory() vfs.SharedMemory { return h.shm }

func (h *handle) Close() error {
	return h.Unlock(vfs.LOCK_NONE)
}

func (h *handle) ReadAt(p []byte, off int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.power(); err != nil {
		return 0, err
	}
	if off >= int64(len(h.file.now)) {
		return 0, io.EOF
	}
	n := copy(p, h.file.now[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (h *handle) WriteAt(p []byte, off int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(); err != nil {
		return 0, err
	}
	end := off + int64(len(p))
	h.file.change(off, end, false)
	if end > int64(len(h.file.now)) {
		h.file.resize(end)
	}
	return copy(h.file.now[off:], p), nil
}

func (h *handle) Truncate(size int64) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(); err != nil {
		return err
	}
	h.file.resize(size)
	return nil
}

func (h *handle) Sync(vfs.SyncFlag) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(); err != nil || h.disk.Lies {
		return err
	}
	clear(h.file.dirty)
	h.file.synced, h.file.known, h.file.shrunk = int64(len(h.file.now)), true, false
	return nil
}

func (h *handle) Size() (int64, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	return int64(len(h.file.now)), h.disk.power()
}

// SectorSize implements vfs.File.
func (*handle) SectorSize() int { return sector }

// DeviceCharacteristics implements vfs.File: this disk promises nothing but that
// a write leaves the bytes beside it alone, which SQLite supposes of all disks.
func (*handle) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_POWERSAFE_OVERWRITE
}

// Lock implements vfs.File: https://sqlite.org/lockingv3.html, section 3.
func (h *handle) Lock(level vfs.LockLevel) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	f := h.file
	if h.lock >= level {
		return nil
	}
	switch level {
	case vfs.LOCK_SHARED:
		if f.pending != nil {
			return sqlite3.BUSY
		}
		f.readers++
	case vfs.LOCK_RESERVED:
		if f.reserved != nil {
			return sqlite3.BUSY
		}
		f.reserved = h
	default:
		if f.pending != nil && f.pending != h || f.reserved != nil && f.reserved != h {
			return sqlite3.BUSY
		}
		f.reserved, f.pending = h, h
		if f.readers > 1 {
			h.lock = vfs.LOCK_PENDING
			return sqlite3.BUSY
		}
	}
	h.lock = level
	return nil
}

// Unlock implements vfs.File.
func (h *handle) Unlock(level vfs.LockLevel) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	f := h.file
	if h.lock <= level {
		return nil
	}
	if f.reserved == h {
		f.reserved = nil
	}
	if f.pending == h {
		f.pending = nil
	}
	if level == vfs.LOCK_NONE {
		f.readers--
	}
	h.lock = level
	return nil
}

// CheckReservedLock implements vfs.File.
func (h *handle) CheckReservedLock() (bool, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	return h.file.reserved != nil, nil
}
