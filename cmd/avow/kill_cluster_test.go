package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow"
)

// A testCluster is a PostgreSQL server of one test, to be killed.
type testCluster struct {
	testing.TB
	bin, dir, password string
	port               int
	as                 *syscall.Credential // nil: ourselves
	server             *exec.Cmd
	ended              chan struct{}
}

// newCluster makes and starts a cluster with the programs of the server that
// the tests have.
func newCluster(t *testing.T) *testCluster {
	t.Helper()
	c := &testCluster{TB: t, password: rand.Text()}
	server := os.Getenv("AVOW_TEST_POSTGRES")
	if server == "" && testing.Short() {
		t.Skip("-short leaves PostgreSQL out: AVOW_TEST_POSTGRES is not set")
	}
	if server == "" {
		t.Fatal("AVOW_TEST_POSTGRES is not set: run `make test`, which starts the PostgreSQL servers for tests")
	}
	c.must(query(server, "SELECT setting FROM pg_config WHERE name = 'BINDIR'", &c.bin))
	dir, err := os.MkdirTemp("", "avow-cluster-")
	c.must(err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		c.must(err)
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		c.must(err)
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		c.must(err)
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		c.must(os.Chown(dir, int(uid), int(gid)))
	}
	c.dir = filepath.Join(dir, "data")
	secret := filepath.Join(dir, "password")
	c.must(os.WriteFile(secret, []byte(c.password), 0o644)) // the folder is its owner's alone
	out, err := c.command("initdb", "--pgdata", c.dir, "--username", "postgres", "--pwfile", secret, "--auth", "md5", "--encoding", "UTF8", "--no-locale", "--no-sync").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	c.must(err)
	c.port = l.Addr().(*net.TCPAddr).Port
	c.must(l.Close())
	c.start()
	t.Cleanup(func() { c.kill(true) })
	return c
}

func (c *testCluster) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *testCluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.bin, name), args...)
	cmd.Dir = filepath.Dir(c.dir)
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.as}
	return cmd
}

func (c *testCluster) dsn() string {
	return fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres", c.password, c.port)
}

// start starts the server and returns when it answers: after a kill it has
// recovered then.
func (c *testCluster) start() {
	c.Helper()
	c.launch()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(2 * time.Minute); ; {
		var one int
		err := query(c.dsn(), "SELECT 1", &one)
		if err == nil {
			return
		}
		select {
		case <-limit:
			c.Fatalf("PostgreSQL does not start: %v", err)
		case <-c.ended: // processes of the life before are not gone yet
			c.launch()
		case <-tick.C:
		}
	}
}

func (c *testCluster) launch() {
	c.Helper()
	c.server = c.command("postgres", "-D", c.dir, "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
	c.must(c.server.Start())
	server, ended := c.server, make(chan struct{})
	go func() {
		_ = server.Wait()
		close(ended)
	}()
	c.ended = ended
}

// kill ends the server at once: with SIGKILL, whereupon its processes end by
// themselves, or as "pg_ctl stop -m immediate" does. Neither writes anything down.
func (c *testCluster) kill(hard bool) {
	if c.server == nil {
		return
	}
	if hard {
		_ = c.server.Process.Kill()
	} else {
		_ = c.server.Process.Signal(syscall.SIGQUIT)
	}
	<-c.ended
	c.server = nil
}

// clusters are the connection strings of a stage.
type clusters struct{ Data, Keys string }

func (s *stage) config() (clusters, error) {
	c, err := avow.ReadConfig(filepath.Join(s.dir, "avow.yaml"))
	if err != nil {
		return clusters{}, err
	}
	if c.PostgreSQL == nil {
		return clusters{}, errNoPostgres
	}
	return clusters{c.PostgreSQL.Data, c.PostgreSQL.Keys}, nil
}

func query(dsn, sql string, to any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.QueryRow(ctx, sql).Scan(to)
}

func execute(dsn, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
