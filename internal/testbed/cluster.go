//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startTries = 3                // another program may take the port between our look and the server's bind
	startLimit = 60 * time.Second // of one try, on a busy machine
	stopLimit  = 20 * time.Second
	socketMax  = 100 // bytes of a unix socket's path that every system takes
)

// An account is whom the servers run as: PostgreSQL refuses root.
type account struct{ credential *syscall.Credential } // nil: ourselves

func serverUser() (*account, error) {
	if os.Geteuid() != 0 {
		return &account{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root and there is no account named postgres: add it (useradd --system postgres) or run the tests as another user: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account postgres: %w", err)
	}
	return &account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func (a *account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// command prepares a program of PostgreSQL that runs under the account, in a
// process group of its own: a Ctrl-C in the terminal is for the tests, the
// servers outlive them.
func (a *account) command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC", "HOME=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: a.credential}
	return cmd
}

// A cluster is one PostgreSQL server with a directory of its own.
type cluster struct {
	bin, dir, password string
	who                *account
	port               int
	server             *exec.Cmd  // nil: not running
	ended              chan error // receives once, when the server has ended
}

func newCluster(bin, dir, password string, who *account) *cluster {
	return &cluster{bin: bin, dir: dir, password: password, who: who}
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
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return err
	}
	if err := c.who.own(secret); err != nil {
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

// start starts the server on a free port and returns when it takes connections.
func (c *cluster) start(ctx context.Context) (err error) {
	for range startTries {
		if err = c.tryStart(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (c *cluster) tryStart(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	log, err := os.Create(c.dir + ".log")
	if err != nil {
		return err
	}
	defer log.Close() // the server has its own copy
	sockets := filepath.Dir(c.dir)
	if len(sockets) > socketMax {
		sockets = "" // reachable over the loopback all the same
	}
	c.port = port
	cmd := c.who.command(context.Background(), c.dir, filepath.Join(c.bin, "postgres"), "-D", c.dir, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+sockets, "-c", "max_connections=300", "-c", "fsync=on")
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd.SysProcAttr)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	c.server, c.ended = cmd, make(chan error, 1)
	go func() { c.ended <- cmd.Wait() }()
	return c.waitReady(ctx)
}

// waitReady follows the server's own status file, as pg_ctl does.
func (c *cluster) waitReady(ctx context.Context) error {
	limit := time.After(startLimit)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-c.ended:
			c.server = nil
			return fmt.Errorf("PostgreSQL ended while it started: %v\n%s", err, c.lastWords())
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-limit:
			c.stop()
			return fmt.Errorf("PostgreSQL did not start within %s\n%s", startLimit, c.lastWords())
		case <-look.C:
			if b, err := os.ReadFile(filepath.Join(c.dir, "postmaster.pid")); err == nil {
				if lines := strings.Split(string(b), "\n"); len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready" {
					return nil
				}
			}
		}
	}
}

// stop ends the server at once: its files are thrown away anyway. The signal
// is that of "pg_ctl stop -m immediate", sent to our own child, so it cannot
// meet a stranger who was given the number.
func (c *cluster) stop() {
	if c.server == nil {
		return
	}
	_ = c.server.Process.Signal(syscall.SIGQUIT)
	select {
	case <-c.ended:
	case <-time.After(stopLimit):
		_ = c.server.Process.Kill()
		<-c.ended
	}
	c.server = nil
}

func (c *cluster) lastWords() string {
	b, err := os.ReadFile(c.dir + ".log")
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("a loopback port is needed: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
