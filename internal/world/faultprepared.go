package world

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// Prepared is a world as it stood when its server was closed, to be copied: a
// copy costs a fraction of a new world.
type Prepared struct{ from *World }

// Prepare makes a world as the options say, and closes its server.
func Prepare(t testing.TB, e db.Engine, o Options) *Prepared {
	t.Helper()
	w := With(t, e, o)
	w.remember()
	w.Close()
	return &Prepared{w}
}

// World returns a copy of its own, open, with a Fault. It lives in memory where
// the system has that: what is durable is not the question here.
func (p *Prepared) World(t testing.TB) *World {
	t.Helper()
	w := p.still(t)
	w.fault = newFault(t)
	w.place(p.from)
	w.Open()
	t.Cleanup(w.Close)
	return w
}

// still returns a copy that nobody has opened.
func (p *Prepared) still(t testing.TB) *World {
	t.Helper()
	from := p.from
	w := &World{
		TB: t, Engine: from.Engine, Dir: memoryDir(t), Clock: dbtest.NewClock(), options: from.options, dsn: map[db.Store]string{},
		canary: from.canary, answered: maps.Clone(from.answered), doubtful: map[audit.Kind]int{}, kept: maps.Clone(from.kept),
	}
	w.Clock.Set(from.Clock.Now().Add(time.Second))
	for _, person := range from.People {
		c := &Person{ID: person.ID, Shop: person.Shop}
		for _, m := range person.Markers {
			marker := *m
			c.Markers = append(c.Markers, &marker)
		}
		w.People = append(w.People, c)
	}
	w.copyTree(from.Dir)
	return w
}

// place gives a copy databases of its own, and a configuration that names them.
func (w *World) place(from *World) {
	w.Helper()
	if w.Engine == db.SQLite {
		return
	}
	var names []string
	for store, dsn := range from.dsn {
		w.dsn[store] = w.cloneDatabase(dsn)
		names = append(names, dsn, w.fault.through(w.dsn[store]))
	}
	if from.shopDSN != "" {
		w.shopDSN = w.cloneDatabase(from.shopDSN)
		names = append(names, base(from.shopDSN), base(w.shopDSN))
	}
	replace := strings.NewReplacer(names...)
	for _, file := range []string{"avow.yaml", "shop.dsn"} {
		b, err := os.ReadFile(filepath.Join(w.Dir, file))
		if os.IsNotExist(err) {
			continue
		}
		w.Must(err)
		w.File(file, []byte(replace.Replace(string(b))))
	}
}

// base returns the name of a connection string's database.
func base(dsn string) string { return dsn[strings.LastIndexByte(dsn, '/')+1:] }

// cloneDatabase returns the connection string of a copy of a database that
// nobody is connected to. It is dropped when the test ends.
func (w *World) cloneDatabase(dsn string) string {
	w.Helper()
	c, err := pgconn.ParseConfig(dsn)
	w.Must(err)
	server := strings.TrimSuffix(dsn, c.Database) + "postgres"
	name := "avow_copy_" + strings.ToLower(rand.Text()[:12])
	w.Must(admin(server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, c.Database)))
	w.Cleanup(func() {
		if err := admin(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			w.Error(err)
		}
	})
	return strings.TrimSuffix(dsn, c.Database) + name
}

// memoryDir returns a folder of the test's own, in memory where the system has
// that.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "avow-world-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// copyTree copies all that lies below a folder into the world's own.
func (w *World) copyTree(from string) {
	w.Helper()
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		to := filepath.Join(w.Dir, rel)
		switch {
		case e.IsDir():
			return os.MkdirAll(to, 0o700)
		case !e.Type().IsRegular():
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o600)
	})
	w.Must(err)
}

// Gone is Crash, with something that happens before the next life.
func (w *World) Gone(meanwhile func()) {
	w.Helper()
	w.Server.Close()
	w.Server, w.P = nil, nil
	meanwhile()
	w.Clock.Add(time.Second)
	w.Open()
}

// Look is Check for a server that goes on: it is not closed, and what is closed
// is not searched.
func (w *World) Look() {
	w.Helper()
	w.checkLog()
	w.checkCounts()
	w.checkStates()
	w.remember()
	w.checkBytes("open")
}

// End is Check for the last time: the server stays closed.
func (w *World) End() {
	w.Helper()
	w.check()
}
