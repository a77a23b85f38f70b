//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A cluster is one PostgreSQL server.
type cluster struct {
	server
	bin, password string
}

func newCluster(bin, dir, password string, who *account) *cluster {
	c := &cluster{bin: bin, password: password}
	c.server = server{name: "PostgreSQL", dir: dir, who: who, quit: syscall.SIGQUIT, program: c.postgres, ready: c.listens}
	return c
}

// dsn is the address of the cluster, for its superuser.
func (c *cluster) dsn() string {
	return fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres", c.password, c.port)
}

// create makes the cluster's files. Over the loopback a password is asked for,
// because everybody on the machine can reach the port; md5 keeps thousands of
// short test connections cheap, and the password dies with the run.
func (c *cluster) create(ctx context.Context) error {
	secret := c.dir + ".password"
	if err := c.who.secret(secret, c.password); err != nil {
		return err
	}
	cmd := c.who.command(ctx, filepath.Dir(c.dir), filepath.Join(c.bin, "initdb"),
		"--pgdata", c.dir, "--username", "postgres", "--pwfile", secret, "--auth-local", "trust", "--auth-host", "md5",
		"--encoding", "UTF8", "--no-locale", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w\n%s(the account that runs PostgreSQL must be able to enter TMPDIR)", c.dir, err, out)
	}
	return nil
}

func (c *cluster) postgres(port int) *exec.Cmd {
	sockets := filepath.Dir(c.dir)
	if len(sockets) > socketMax {
		sockets = "" // reachable over the loopback all the same
	}
	return c.who.command(context.Background(), c.dir, filepath.Join(c.bin, "postgres"), "-D", c.dir, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+sockets, "-c", "max_connections=300", "-c", "fsync=on")
}

// listens follows the server's own status file, as pg_ctl does.
func (c *cluster) listens(context.Context) bool {
	b, err := os.ReadFile(filepath.Join(c.dir, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	return len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}
