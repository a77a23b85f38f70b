//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"time"
)

const (
	startTries = 3                // another program may take the port between our look and the server's bind
	startLimit = 60 * time.Second // of one try, on a busy machine
	stopLimit  = 20 * time.Second
	socketMax  = 100 // bytes of a unix socket's path that every system takes
)

// An account is whom the servers run as: they refuse root.
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

// secret writes a file that the account alone reads.
func (a *account) secret(path, content string) error {
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return err
	}
	return a.own(path)
}

// command prepares a program of a server that runs under the account, in a
// process group of its own: a Ctrl-C in the terminal is for the tests, the
// servers outlive them.
func (a *account) command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC", "HOME=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: a.credential}
	return cmd
}

// A server is a database server with a directory of its own.
type server struct {
	name    string
	dir     string
	who     *account
	quit    syscall.Signal // ends it at once: its files are thrown away anyway
	program func(port int) *exec.Cmd
	ready   func(ctx context.Context) bool
	port    int
	process *exec.Cmd  // nil: not running
	ended   chan error // receives once, when the process has ended
}

// start starts the server on a free port and returns when it takes connections.
func (s *server) start(ctx context.Context) (err error) {
	for range startTries {
		if err = s.tryStart(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (s *server) tryStart(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	log, err := os.Create(s.dir + ".log")
	if err != nil {
		return err
	}
	defer log.Close() // the server has its own copy
	s.port = port
	cmd := s.program(port)
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd.SysProcAttr)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	s.process, s.ended = cmd, make(chan error, 1)
	go func() { s.ended <- cmd.Wait() }()
	return s.waitReady(ctx)
}

func (s *server) waitReady(ctx context.Context) error {
	limit := time.After(startLimit)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-s.ended:
			s.process = nil
			return fmt.Errorf("%s ended while it started: %v\n%s", s.name, err, s.lastWords())
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-limit:
			s.stop()
			return fmt.Errorf("%s did not start within %s\n%s", s.name, startLimit, s.lastWords())
		case <-look.C:
			if s.ready(ctx) {
				return nil
			}
		}
	}
}

// stop ends the server. The signal is sent to our own child, so it cannot meet a
// stranger who was given the number.
func (s *server) stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(s.quit)
	select {
	case <-s.ended:
	case <-time.After(stopLimit):
		_ = s.process.Process.Kill()
		<-s.ended
	}
	s.process = nil
}

func (s *server) lastWords() string {
	b, err := os.ReadFile(s.dir + ".log")
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
