package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	cmd   *exec.Cmd
	url   string
	took  time.Duration // from exec to ready
	ended chan struct{} // closed when it has ended
	why   error         // what it ended with; read it after ended
}

// start starts a server. Its log goes to a file, as in service, and is looked at
// only until the server is ready.
func start(ctx context.Context, avow, dir string, flags ...string) (*server, error) {
	log, err := os.Create(filepath.Join(dir, "serve.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s := &server{cmd: exec.CommandContext(ctx, avow, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)...), ended: make(chan struct{})}
	s.cmd.Dir, s.cmd.Stderr = dir, log
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		s.why = s.cmd.Wait()
	}()
	for tick := time.Tick(time.Millisecond); ; {
		select {
		case <-s.ended:
			text, _ := os.ReadFile(log.Name())
			return nil, fmt.Errorf("avow serve ended before it was ready: %w: %s", s.why, text)
		case <-tick:
		}
		text, err := os.ReadFile(log.Name())
		if err != nil {
			return nil, err
		}
		if url := between(text, "avow: ready ", "\n"); url != "" {
			s.took, s.url = time.Since(begin), strings.TrimSuffix(url, "/")
			return s, nil
		}
	}
}

// stop ends the server as an operator does. There may be none.
func (s *server) stop() {
	if s == nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.ended
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

// ownCPU returns the processor time that this program has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory returns a line of the server's memory in MB: VmRSS is all that is
// resident, RssAnon is what of it is not the program file's own pages.
func (s *server) memory(name string) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
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
	Anon     float64 `json:"rss_anon_mb"` // without the program file's pages, which the system can drop
}

// stand starts the server five times, and looks at the last when it has come to
// rest. Start is the median.
func stand(ctx context.Context, o options, dir string) (out standing, s *server, err error) {
	var took []float64
	for i := range 5 {
		if i > 0 {
			s.stop()
		}
		if err = rest(ctx, o.rest); err != nil {
			return out, nil, err
		}
		if s, err = start(ctx, o.avow, dir); err != nil {
			return out, nil, err
		}
		took = append(took, float64(s.took.Microseconds())/1000)
	}
	slices.Sort(took)
	out.Start = took[len(took)/2]
	if err = rest(ctx, 5*time.Second); err != nil {
		return out, s, err
	}
	out.RSS, out.Anon = s.memory("VmRSS"), s.memory("RssAnon")
	return out, s, nil
}
