package world

import (
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/internal/db/dbtest"
)

// A Fault stands between a world's stores and what keeps them: below the
// embedded engine a file layer, before PostgreSQL a connection of its own. Once
// armed it lets the n-th operation fail.
type Fault struct {
	t    testing.TB
	name string // of the file layer

	left   atomic.Int64 // operations until one fails
	passed atomic.Int64
	fired  atomic.Bool
}

// never is a number of operations that no test reaches.
const never = 1 << 60

func newFault(t testing.TB) *Fault {
	f := &Fault{t: t}
	f.Heal()
	f.name = dbtest.FailingFiles(t, func(sync bool) error {
		switch {
		case !f.strike():
			return nil
		case sync:
			return sqlite3.IOERR_FSYNC
		}
		return sqlite3.IOERR_WRITE
	})
	return f
}

// layer names the file layer; none without a fault.
func (f *Fault) layer() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Fault returns the world's fault, of a world that has one.
func (w *World) Fault() *Fault { return w.fault }

// Arm lets the n-th operation from now fail: a write or sync of a file, or a
// message that makes PostgreSQL act.
func (f *Fault) Arm(n int64) {
	f.fired.Store(false)
	f.passed.Store(0)
	f.left.Store(n)
}

// Heal lets everything pass again.
func (f *Fault) Heal() { f.left.Store(never) }

// Fired reports whether an operation has failed since it was armed.
func (f *Fault) Fired() bool { return f.fired.Load() }

// Passed returns how many operations came by since it was armed.
func (f *Fault) Passed() int64 { return f.passed.Load() }

// strike counts one operation and reports whether it is the one.
func (f *Fault) strike() bool {
	f.passed.Add(1)
	if f.left.Add(-1) != 0 {
		return false
	}
	f.fired.Store(true)
	return true
}

// through returns a connection string that leads to the same database by way of
// the fault.
func (f *Fault) through(dsn string) string {
	if f == nil {
		return dsn
	}
	c, err := pgconn.ParseConfig(dsn)
	if err != nil {
		f.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { l.Close() })
	network, address := pgconn.NetworkAddress(c.Host, c.Port)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go f.relay(conn, network, address)
		}
	}()
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: l.Addr().String(),
		Path: "/" + c.Database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// relay carries one connection. The message that is struck never arrives, or
// its answer does not come back: by turns.
func (f *Fault) relay(client net.Conn, network, address string) {
	server, err := net.Dial(network, address)
	if err != nil {
		client.Close()
		return
	}
	end := sync.OnceFunc(func() { client.Close(); server.Close() })
	var deaf atomic.Bool // the answer does not come back
	go func() {
		defer end()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil || deaf.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	defer end()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if f.strike() {
			if f.passed.Load()%2 == 0 {
				return
			}
			deaf.Store(true)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}
