//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

const (
	parentWatch = time.Second      // how often we look whether our parent is still there
	grace       = 15 * time.Second // from the forwarded signal to SIGKILL
)

// A stopped says why the run is to end: the signal to hand on.
type stopped struct{ signal syscall.Signal }

func (s stopped) Error() string { return "interrupted by " + s.signal.String() }

// interrupted returns a context that ends, with the signal as its cause, when
// we are asked to stop or our parent is gone ("go run" hands on no SIGTERM, so
// an ended parent is the only word we get).
func interrupted(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	began := os.Getppid()
	look := time.NewTicker(parentWatch)
	go func() {
		for {
			select {
			case s := <-signals:
				cancel(stopped{s.(syscall.Signal)})
				return
			case <-look.C:
				if os.Getppid() != began {
					cancel(stopped{syscall.SIGTERM})
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		look.Stop()
		cancel(nil)
	}
}

// command runs args in a process group of its own, so that a signal reaches
// everything it started, and without standard input, because a background
// group must not read from a terminal. It returns the exit code; 128+n where
// signal n ended it.
func command(ctx context.Context, args, environ []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = environ
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("the command cannot be started: %w", err)
	}
	group := -cmd.Process.Pid
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return exitCode(cmd, err)
	case <-ctx.Done():
	}
	s := stopped{syscall.SIGTERM}
	errors.As(context.Cause(ctx), &s)
	_ = syscall.Kill(group, s.signal)
	var err error
	select {
	case err = <-ended:
	case <-time.After(grace):
		_ = syscall.Kill(group, syscall.SIGKILL)
		err = <-ended
	}
	_ = syscall.Kill(group, syscall.SIGKILL) // grandchildren that ignored the signal; usually nobody
	return exitCode(cmd, err)
}

func exitCode(cmd *exec.Cmd, err error) (int, error) {
	if err == nil {
		return 0, nil
	}
	if _, ok := errors.AsType[*exec.ExitError](err); !ok {
		return 0, fmt.Errorf("the command cannot be waited for: %w", err)
	}
	if w, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
