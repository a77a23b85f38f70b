package world

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
)

// Elsewhere makes a fresh place with a copy of everything current that lies
// beside the stores: the keys folder and the journal. Its data store is empty; so
// is its key store with freshKeys, and otherwise it is the current one. The
// world's server must be closed. Nothing is open in the new place.
func (w *World) Elsewhere(name string, freshKeys bool) *World {
	w.Helper()
	r := &World{
		TB: w.TB, Engine: w.Engine, Dir: filepath.Join(w.Dir, name), Clock: w.Clock, People: w.People, options: Options{People: len(w.People)},
		dsn: maps.Clone(w.dsn), canary: w.canary, answered: map[audit.Kind]int{}, kept: maps.Clone(w.kept),
	}
	r.Must(os.MkdirAll(filepath.Join(r.Dir, "data"), 0o700))
	for _, dir := range []string{"keys", "journal"} {
		r.copyDir(filepath.Join(w.Dir, dir), filepath.Join(r.Dir, dir))
	}
	pack, err := os.ReadFile(filepath.Join(w.Dir, "goscom-pro.yaml"))
	r.Must(err)
	r.File("goscom-pro.yaml", pack)
	config := "platforms: [{id: goscom-pro, policy: goscom-pro.yaml}]\n"
	switch {
	case w.Engine == db.Postgres:
		r.dsn[db.Data] = Database(r, "AVOW_TEST_POSTGRES")
		if freshKeys {
			r.dsn[db.Keys] = Database(r, "AVOW_TEST_POSTGRES_KEYS")
		}
		config += fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", r.dsn[db.Data], r.dsn[db.Keys])
	case freshKeys:
		old, err := filepath.Glob(filepath.Join(r.Dir, "keys", "*.keys.db*"))
		r.Must(err)
		for _, file := range old {
			r.Must(os.Remove(file))
		}
	}
	r.File("avow.yaml", []byte(config))
	r.Cleanup(r.Close)
	return r
}

// Restore loads archives into the place's stores.
func (w *World) Restore(from avow.Restoring) (avow.Restored, error) {
	w.Helper()
	w.Clock.Add(time.Second)
	from.Platform = ID
	done, err := avow.Restore(context.Background(), w.Config("avow.yaml"), from, avow.Options{Clock: w.Clock.Now}, func(int64, int64) {})
	return done, w.heard(err)
}

// CheckRestored is Check for a place whose answers were not counted.
func (w *World) CheckRestored() {
	w.Helper()
	w.checkLog()
	w.checkStates()
	w.checkBytes("restored")
	w.Close()
	w.carve()
}

// Journal returns the file of the erasure journal.
func (w *World) Journal() string { return filepath.Join(w.Dir, "journal", ID+".journal") }

// copyDir copies the files of a folder; they stay their owner's alone.
func (w *World) copyDir(from, to string) {
	w.Helper()
	w.Must(os.MkdirAll(to, 0o700))
	entries, err := os.ReadDir(from)
	w.Must(err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(from, e.Name()))
		w.Must(err)
		w.Must(os.WriteFile(filepath.Join(to, e.Name()), b, 0o600))
	}
}
