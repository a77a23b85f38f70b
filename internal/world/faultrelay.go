package world

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

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
			r := &relay{fault: f, client: conn, dsn: dsn}
			go r.run(network, address)
		}
	}()
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: l.Addr().String(),
		Path: "/" + c.Database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// A relay carries one connection.
type relay struct {
	fault          *Fault
	client, server net.Conn
	dsn            string
	deaf           atomic.Bool  // no answer comes back any more
	pid            atomic.Int64 // of the server's process
}

func (r *relay) run(network, address string) {
	var err error
	if r.server, err = net.Dial(network, address); err != nil {
		r.client.Close()
		return
	}
	end := sync.OnceFunc(func() { r.client.Close(); r.server.Close() })
	go func() {
		defer end()
		r.answers()
	}()
	defer end()
	r.messages()
}

// messages carries what the client says.
func (r *relay) messages() {
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.client.Read(buffer)
		if err != nil {
			return
		}
		if struck, way := r.fault.strike(); struck {
			switch way {
			case Deaf:
				r.deaf.Store(true)
			case Ended:
				r.terminate()
			default:
				return
			}
		}
		if _, err := r.server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// answers carries what the server says.
func (r *relay) answers() {
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.server.Read(buffer)
		if err != nil || r.deaf.Load() {
			return
		}
		if r.pid.Load() == 0 {
			// BackendKeyData: 'K', its length, the process, a secret.
			if at := bytes.Index(buffer[:n], []byte{'K', 0, 0, 0, 12}); at >= 0 && at+9 <= n {
				r.pid.Store(int64(binary.BigEndian.Uint32(buffer[at+5:])))
			}
		}
		if _, err := r.client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// terminate ends the server's process, and waits for that.
func (r *relay) terminate() {
	pid := r.pid.Load()
	if pid == 0 {
		r.client.Close() // it has not begun
		return
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, r.dsn)
	if err != nil {
		r.fault.t.Error(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
		r.fault.t.Error(err)
	}
}
