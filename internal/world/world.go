package world

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
)

// The platforms of a world. Sister has the same policy under another name.
const (
	ID     = "goscom-pro"
	Sister = "goscom-sister"
)

// Options say what a world has besides the platform.
type Options struct {
	People int  // registered in the vault, and customers of the shop
	Shop   bool // a web shop's database beside the vault, of the engine's own kind
	Sister bool // a second platform on the same server
	Faults bool // between the stores and what keeps them stands a Fault, to be armed
}

// A World is one server with its platform and everything around it.
type World struct {
	testing.TB
	Engine db.Engine
	Dir    string        // of the configuration, data, keys, journal and archives
	Clock  *dbtest.Clock // business time
	Server *avow.Server
	P      *avow.Platform // replaced by Reopen
	People []*Person

	options Options
	dsn     map[db.Store]string // PostgreSQL: the databases of this world
	shopDSN string
	canary  *canary
	fault   *Fault

	mu       sync.Mutex         // owns what follows
	answered map[audit.Kind]int // what the platform has answered, by the entry it must have left
	doubtful map[audit.Kind]int // what failed, and may have left an entry all the same
	said     strings.Builder    // every error text
	kept     map[string]blob    // sealed bytes as they once were stored
}

// Engines lists the engines that a scenario runs on.
func Engines() []db.Engine { return []db.Engine{db.SQLite, db.Postgres} }

// Each runs fn on a world of its own for each engine, and checks it afterwards.
func Each(t *testing.T, o Options, fn func(w *World)) {
	t.Helper()
	t.Parallel()
	for _, e := range Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := With(t, e, o)
			fn(w)
			w.check()
		})
	}
}

// New returns a world with three people in vault and shop.
func New(t testing.TB, e db.Engine) *World { return With(t, e, Options{People: 3, Shop: true}) }

// With returns a world as the options say. It is closed when the test ends.
func With(t testing.TB, e db.Engine, o Options) *World {
	t.Helper()
	w := &World{
		TB: t, Engine: e, Dir: t.TempDir(), Clock: dbtest.NewClock(), options: o, dsn: map[db.Store]string{},
		answered: map[audit.Kind]int{}, doubtful: map[audit.Kind]int{}, kept: map[string]blob{}, canary: newCanary(),
	}
	pack, err := policies.Files.ReadFile("goscom-pro.yaml")
	w.Must(err)
	w.File("goscom-pro.yaml", pack)
	w.File("sister.yaml", []byte(strings.Replace(string(pack), "platform: goscom-pro", "platform: "+Sister, 1)))
	if o.Faults {
		w.fault = newFault(t)
	}
	var customers []shop.Customer
	config := w.engine()
	if customers, err = w.shop(); err != nil {
		t.Fatal(err)
	}
	config += "platforms:\n  - id: " + ID + "\n    policy: goscom-pro.yaml\n"
	if o.Shop {
		config += "    systems:\n      - " + w.shopSystem() + "\n"
	}
	if o.Sister {
		config += "  - {id: " + Sister + ", policy: sister.yaml}\n"
	}
	w.File("avow.yaml", []byte(config))
	w.Open()
	t.Cleanup(w.Close)
	for i := range o.People {
		c := customers[i]
		if !o.Shop {
			c = nowhere(c)
		}
		w.Enter(w.person(c))
	}
	return w
}

// File writes a file into the world's folder and returns its path.
func (w *World) File(name string, b []byte) string {
	w.Helper()
	path := filepath.Join(w.Dir, name)
	w.Must(os.WriteFile(path, b, 0o600))
	return path
}

// Config reads a configuration of the world's folder.
func (w *World) Config(name string) *avow.Config {
	w.Helper()
	c, err := avow.ReadConfig(filepath.Join(w.Dir, name))
	w.Must(err)
	return c
}

// Open opens the server.
func (w *World) Open() {
	w.Helper()
	var err error
	w.Server, err = avow.Open(context.Background(), w.Config("avow.yaml"), avow.Options{Clock: w.Clock.Now, VFS: w.fault.layer()})
	w.Must(err)
	w.P, err = w.Server.Platform(ID)
	w.Must(err)
}

// Node opens another server on the same stores: a second node. PostgreSQL only.
func (w *World) Node(name string) *avow.Platform {
	w.Helper()
	if w.Engine != db.Postgres {
		w.Fatal("the embedded engine has one node")
	}
	src, err := os.ReadFile(filepath.Join(w.Dir, "avow.yaml"))
	w.Must(err)
	w.File(name+".yaml", fmt.Appendf(src, "data: %s-data\njournal: %s-journal\n", name, name))
	s, err := avow.Open(context.Background(), w.Config(name+".yaml"), avow.Options{Clock: w.Clock.Now})
	w.Must(err)
	w.Cleanup(func() { s.Close() })
	p, err := s.Platform(ID)
	w.Must(err)
	return p
}

// Close closes the server, if it is open.
func (w *World) Close() {
	if w.Server == nil {
		return
	}
	if err := w.Server.Close(); err != nil {
		w.Errorf("the server does not close cleanly: %v", err)
	}
	w.Server, w.P = nil, nil
}

// Reopen is the next life of the process.
func (w *World) Reopen() {
	w.Helper()
	w.Close()
	w.Clock.Add(time.Second) // business time never stands where it stood before
	w.Open()
}

// Must ends the test when err is not nil.
func (w *World) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// heard keeps the text of an error for the canary.
func (w *World) heard(err error) error {
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		fmt.Fprintf(&w.said, "%v\n%+v\n%#v\n", err, err, err)
	}
	return err
}

// count notes that the platform has answered what must have left n entries of a
// kind.
func (w *World) count(k audit.Kind, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered[k] += n
}
