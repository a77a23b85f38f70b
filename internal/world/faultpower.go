package world

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/db/powerloss"
)

// A Powered world lives on a disk that loses power: its stores, its erasure
// journal and its epoch file.
type Powered struct {
	*World
	Disk  *powerloss.Disk
	seed  uint64
	lives int
}

// Powered returns a copy, open, on a simulated disk. The embedded engine only.
func (p *Prepared) Powered(t testing.TB, seed uint64) *Powered {
	t.Helper()
	w := &Powered{World: p.still(t), seed: seed}
	w.Disk = powerloss.New(seed, w.memory())
	for _, name := range w.files() {
		b, err := os.ReadFile(name)
		w.Must(err)
		w.Disk.Put(name, b)
	}
	w.mount()
	w.Open()
	t.Cleanup(w.Close)
	return w
}

// memory begins the paths of what the connections of one life share.
func (w *Powered) memory() string {
	w.lives++
	dir := filepath.Join(w.Dir, "shared", string(rune('a'+w.lives)))
	w.Must(os.MkdirAll(dir, 0o700))
	return filepath.Join(dir, "life")
}

// mount puts the disk under everything that is opened from now on.
func (w *Powered) mount() {
	name := "power-" + rand.Text()
	vfs.Register(name, w.Disk)
	w.Cleanup(func() { vfs.Unregister(name) })
	w.fault = &Fault{t: w.TB, name: name}
}

// files lists the files that the disk has in its care.
func (w *World) files() (out []string) {
	w.Helper()
	for _, dir := range []string{"data", "keys", "journal"} {
		err := filepath.WalkDir(filepath.Join(w.Dir, dir), func(path string, e fs.DirEntry, err error) error {
			switch filepath.Ext(path) {
			case ".db", ".epoch", ".journal":
				out = append(out, path)
			}
			return err
		})
		w.Must(err)
	}
	return out
}

// Lose takes the power away, where it has not gone yet. The world stands on the
// disk that is found when it comes back, and its server is closed.
func (w *Powered) Lose() {
	w.Helper()
	w.seed++
	next := w.Disk.Restart(w.seed, w.memory())
	if w.Server != nil {
		w.Server.Close() // may fail: its disk has gone
	}
	w.Server, w.P = nil, nil
	w.Disk = next
	w.Clock.Add(time.Second)
}

// LoseAgain begins a start, and takes the power away at its n-th operation.
func (w *Powered) LoseAgain(n int64) {
	w.Helper()
	w.mount()
	w.Disk.Cut(n)
	s, err := avow.Open(w.Context(), w.Config("avow.yaml"), avow.Options{Clock: w.Clock.Now, VFS: w.fault.layer()})
	if err == nil {
		w.Server = s
	}
	w.Lose()
}

// Land lays what the disk holds into real files and opens the platform there, so
// that it can be looked at with every tool.
func (w *Powered) Land() {
	w.Helper()
	w.fault = nil
	for _, dir := range []string{"data", "keys"} {
		rest, err := filepath.Glob(filepath.Join(w.Dir, dir, "*.db*"))
		w.Must(err)
		for _, name := range rest {
			w.Must(os.Remove(name))
		}
	}
	for name, b := range w.Disk.Files() {
		w.Must(os.WriteFile(name, b, 0o600))
	}
	w.Open()
}

// Seen is End without trying every living key on everything that was ever sealed.
func (w *World) Seen() {
	w.Helper()
	w.Look()
	w.Close()
	w.checkBytes("closed")
}
