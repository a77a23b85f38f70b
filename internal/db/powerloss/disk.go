package powerloss

import (
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// sector is the unit that a real disk writes or does not.
const sector = 512

// A Disk is a file layer of SQLite in memory. Register it under a name with
// [vfs.Register].
type Disk struct {
	// Lies makes syncing keep nothing: an engine on such a disk must be seen to
	// lose acknowledged writes, or the simulation has no teeth.
	Lies bool

	// Stirred, when it is there, hears of operations that change the disk, as they begin.
	// It has room for one: who is told has the last of them still before it.
	Stirred chan struct{}

	mu    sync.Mutex
	files map[string]*file // owned by mu
	gone  map[string]*file // deleted, and the folder not synced; owned by mu
	rng   *rand.Rand       // owned by mu
	left  int64            // operations until the power goes; owned by mu
	ops   int64            // owned by mu
	off   bool             // owned by mu
	shm   string
}

// never is a number of operations that no test reaches.
const never = 1 << 60

// New returns an empty disk. shm begins the real paths of the memory that
// connections share; it holds nothing that outlives the power.
func New(seed uint64, shm string) *Disk {
	return &Disk{files: map[string]*file{}, gone: map[string]*file{}, rng: rand.New(rand.NewPCG(seed, 1)), left: never, shm: shm}
}

// Clone returns a copy of a disk on which everything is synced.
func (d *Disk) Clone(seed uint64, shm string) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := New(seed, shm)
	for name, f := range d.files {
		c.files[name] = newFile(slices.Clone(f.now), true)
	}
	return c
}

// Put lays a file down, synced.
func (d *Disk) Put(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[name] = newFile(slices.Clone(content), true)
}

// Files returns what the files hold, for a program to read.
func (d *Disk) Files() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string][]byte{}
	for name, f := range d.files {
		out[name] = slices.Clone(f.now)
	}
	return out
}

// Cut takes the power away at the n-th write, sync, truncation or deletion from
// now; that operation and all later ones fail.
func (d *Disk) Cut(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left = n
}

// Off reports whether the power has gone.
func (d *Disk) Off() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.off
}

// Operations returns how many operations were counted.
func (d *Disk) Operations() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// Restart takes the power away now, if it has not gone yet, and returns the disk
// that is found when it comes back.
func (d *Disk) Restart(seed uint64, shm string) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
	for _, name := range slices.Sorted(maps.Keys(d.gone)) {
		if f := d.gone[name]; d.files[name] == nil && d.rng.IntN(2) == 0 {
			d.files[name] = f
		}
	}
	next := New(seed, shm)
	next.Lies = d.Lies
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		f := d.files[name]
		if !f.known && d.rng.IntN(2) == 0 {
			continue // the folder never heard of it
		}
		next.files[name] = newFile(f.afterLoss(d.rng), true)
	}
	return next
}

// step counts one operation that changes the disk. d.mu is held.
func (d *Disk) step() error {
	d.ops++
	d.left--
	select {
	case d.Stirred <- struct{}{}:
	default:
	}
	if d.left <= 0 {
		d.off = true
	}
	return d.power()
}

// power fails when there is none. d.mu is held.
func (d *Disk) power() error {
	if d.off {
		return sqlite3.IOERR
	}
	return nil
}

// Open implements vfs.VFS.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.power(); err != nil {
		return nil, flags, err
	}
	f := d.files[name]
	if f == nil {
		// The program makes the database's own file itself, with its mode.
		if flags&(vfs.OPEN_CREATE|vfs.OPEN_MAIN_DB) == 0 {
			return nil, flags, sqlite3.CANTOPEN
		}
		f = newFile(nil, false)
		if name != "" {
			d.files[name] = f
		}
	}
	h := &handle{disk: d, file: f}
	if flags&vfs.OPEN_MAIN_DB != 0 {
		h.shm = vfs.NewSharedMemory(d.shm+"-"+filepath.Base(name)+"-shm", flags)
	}
	return h, flags, nil
}

// Delete implements vfs.VFS.
func (d *Disk) Delete(name string, syncDir bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[name]
	if f == nil {
		return sqlite3.IOERR_DELETE_NOENT
	}
	if err := d.step(); err != nil {
		return err
	}
	delete(d.files, name)
	if !syncDir && f.known {
		d.gone[name] = f
	}
	return nil
}

// Access implements vfs.VFS.
func (d *Disk) Access(name string, _ vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[name] != nil, d.power()
}

// FullPathname implements vfs.VFS.
func (*Disk) FullPathname(name string) (string, error) { return name, nil }
