package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/policies"
)

const platform = "goscom-pro"

// prepare makes a server's folder with one platform, and returns an API key that
// has every scope.
func prepare(ctx context.Context, avow, dir string) (key string, err error) {
	pack, err := policies.Files.ReadFile(platform + ".yaml")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, platform+".yaml"), pack, 0o600); err != nil {
		return "", err
	}
	if _, err := call(ctx, avow, dir, "platform", "add", platform, "--policy", platform+".yaml"); err != nil {
		return "", err
	}
	out, err := call(ctx, avow, dir, "apikey", "create", "--json", "--label", "load", "--scope", strings.Join(api.Scopes(), ","))
	if err != nil {
		return "", err
	}
	var made struct{ Token string }
	return made.Token, errors.Join(json.Unmarshal(out, &made))
}

func call(ctx context.Context, avow, dir string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, avow, args...)
	c.Dir, c.Stderr = dir, os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("avow %s: %w", strings.Join(args[:2], " "), err)
	}
	return out, nil
}

// A server is a running avow serve.
type server struct {
	cmd  *exec.Cmd
	url  string
	took time.Duration // from exec to ready
}

func start(ctx context.Context, avow, dir string) (*server, error) {
	s := &server{cmd: exec.CommandContext(ctx, avow, "serve", "--listen", "127.0.0.1:0")}
	s.cmd.Dir = dir
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "avow: ready "); ok {
			s.took, s.url = time.Since(begin), strings.TrimSuffix(url, "/")
			go io.Copy(io.Discard, pipe)
			return s, nil
		}
	}
	return nil, errors.Join(errors.New("avow serve ended before it was ready"), s.cmd.Wait())
}

// stop ends the server as an operator does.
func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
}

// cpu returns the processor time that the server has used.
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * time.Second / 100 // USER_HZ
}

// rss returns the server's resident memory in MB.
func (s *server) rss() float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1000
		}
	}
	return 0
}

// standing is what a server costs that nobody calls.
type standing struct {
	Subjects int     `json:"subjects"`
	Start    float64 `json:"start_ms"`
	RSS      float64 `json:"rss_mb"`
}

// stand starts the server five times, and looks at the last when it has come to
// rest. Start is the median.
func stand(ctx context.Context, avow, dir string) (out standing, s *server, err error) {
	var took []float64
	for i := range 5 {
		if i > 0 {
			s.stop()
		}
		if s, err = start(ctx, avow, dir); err != nil {
			return out, nil, err
		}
		took = append(took, float64(s.took.Microseconds())/1000)
	}
	slices.Sort(took)
	out.Start = took[len(took)/2]
	select {
	case <-time.After(5 * time.Second):
	case <-ctx.Done():
		return out, s, ctx.Err()
	}
	out.RSS = s.rss()
	return out, s, nil
}
