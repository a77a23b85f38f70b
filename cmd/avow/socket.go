package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
)

// socketName is the socket of a running server, in its data directory. Who may
// open it (mode 0600) may do what the command line can do.
const socketName = "avow.sock"

// A call is one command line, as it travels through the socket. Stdin is the
// body behind it.
type call struct {
	Args     []string `json:"args"`
	Dir      string   `json:"dir"`
	Terminal bool     `json:"terminal"`
}

// errRemote is the exit code of a command that the server carried out and
// explained.
type errRemote struct{ code int }

func (e errRemote) Error() string {
	return fmt.Sprintf("the server's command ended with code %d", e.code)
}

func isRemote(err error) bool {
	_, ok := errors.AsType[errRemote](err)
	return ok
}

// A frame carries a piece of output: one byte that says where it goes, the
// length in four bytes, the bytes. The last frame carries the exit code.
const (
	frameStdout byte = 'o'
	frameStderr byte = 'e'
	frameExit   byte = 'x'
)

// frames writes frames of one stream.
type frames struct {
	mu   *sync.Mutex // owns w
	w    io.Writer
	kind byte
}

func (f frames) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := binary.BigEndian.AppendUint32([]byte{f.kind}, uint32(len(p)))
	if _, err := f.w.Write(append(head, p...)); err != nil {
		return 0, err
	}
	if flusher, ok := f.w.(http.Flusher); ok {
		flusher.Flush()
	}
	return len(p), nil
}

// listen serves the socket until ctx ends. Calls that have begun are finished.
func listen(ctx context.Context, s *avow.Server) error {
	path := filepath.Join(s.Config().DataDir(), socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(fault.Conflict, err, "%s is in the way of the server's socket: remove it", path)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the server's socket %s cannot be made", path)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	web := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(ctx, s, w, r) }),
		ReadHeaderTimeout: 10 * time.Second,
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		done <- web.Shutdown(drain)
	}()
	if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}

// answer carries out one call.
func answer(ctx context.Context, s *avow.Server, w http.ResponseWriter, r *http.Request) {
	var c call
	if err := json.Unmarshal([]byte(r.Header.Get("Avow-Call")), &c); err != nil {
		http.Error(w, "that is not a call", http.StatusBadRequest)
		return
	}
	var mu sync.Mutex
	a := &app{
		stdin: r.Body, stdout: frames{&mu, w, frameStdout}, stderr: frames{&mu, w, frameStderr},
		dir: c.Dir, terminal: c.Terminal, server: s, remote: true,
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.Context(), cancel)()
	code := a.run(ctx, c.Args)
	frames{&mu, w, frameExit}.Write(binary.BigEndian.AppendUint32(nil, uint32(code)))
}

// forward hands the command line to a running server, where there is one. Then
// it returns the server's exit code as an error, so that nothing is done here.
func (a *app) forward(cmd *cobra.Command, args []string) error {
	if a.remote || cmd.Annotations["here"] != "" {
		return nil
	}
	c, err := avow.ReadConfig(a.path(a.config))
	if err != nil {
		return nil // the command itself says what is wrong with it
	}
	ctx, path := cmd.Context(), filepath.Join(c.DataDir(), socketName)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil // no server: the command opens the stores
	}
	conn.Close()
	head, err := json.Marshal(call{Args: args, Dir: a.dir, Terminal: a.terminal})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://avow/run", a.stdinFor(args))
	if err != nil {
		return err
	}
	req.Header.Set("Avow-Call", string(head))
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	resp, err := client.Do(req)
	if err != nil {
		return fault.Wrap(fault.Busy, err, "the running server does not answer on %s", path)
	}
	defer resp.Body.Close()
	return a.replay(resp.Body)
}

// stdinFor sends standard input along only where a command reads it, so that
// a call from a terminal does not wait for the keyboard.
func (a *app) stdinFor(args []string) io.Reader {
	for _, s := range args {
		if s == "-" || len(s) > 2 && s[len(s)-2:] == "=-" {
			return a.stdin
		}
	}
	return http.NoBody
}

// replay writes a server's frames out and returns its exit code as an error.
func (a *app) replay(r io.Reader) error {
	in := bufio.NewReader(r)
	for {
		kind, err := in.ReadByte()
		if err != nil {
			return fault.Wrap(fault.Busy, err, "the server ended in the middle of the command: run it again; what was acknowledged is done")
		}
		var size uint32
		if err := binary.Read(in, binary.BigEndian, &size); err != nil {
			return err
		}
		to := a.stdout
		switch kind {
		case frameStderr:
			to = a.stderr
		case frameExit:
			var code uint32
			if err := binary.Read(in, binary.BigEndian, &code); err != nil {
				return err
			}
			return errRemote{int(code)}
		}
		if _, err := io.CopyN(to, in, int64(size)); err != nil {
			return err
		}
	}
}

// here marks a command that is never handed to a running server.
func here(c *cobra.Command) *cobra.Command {
	c.Annotations = map[string]string{"here": "yes"}
	return c
}
