package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/world"
)

// The drill that docs/operations.md asks of an operator, with the real program:
// archives are written while work goes on, the machine is lost, and a new one goes on
// from archives, journal and the safe's copy of the keys directory. Everybody of whom
// something was acknowledged before the archive is there, and who was erased after it
// stays erased.
func TestARestoreDrillWhileWorkGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, build(t))
	serve := exec.CommandContext(t.Context(), s.binary, "serve", "--listen", "127.0.0.1:0")
	var log bytes.Buffer
	serve.Dir, serve.Stdout, serve.Stderr = s.dir, &log, &log
	s.must(serve.Start())
	ended := make(chan error, 1)
	go func() { ended <- serve.Wait() }()
	s.must(waitForSocket(filepath.Join(s.dir, "data", socketName)))
	leaving := s.run("subject", "add", "--accept", "--adult", "--at", "registration", "account.email=leaving@example.com")
	before := s.acknowledged(3, "before")
	stop, during := s.load()
	s.run("backup", "--data", "data.avow", "--keys", "keys.avow")
	stop()
	if during.Load() == 0 {
		t.Error("nothing was done while the archives were written")
	}
	s.run("erase", leaving, "--everything", "--yes")
	s.must(serve.Process.Kill()) // the machine is lost
	<-ended
	fresh := s.rebuilt()
	out := fresh.run("restore", "--data", "data.avow", "--keys", "keys.avow", "--json")
	var done struct {
		Again int `json:"erased_again"`
	}
	s.must(json.Unmarshal([]byte(out), &done))
	if done.Again != 1 {
		t.Errorf("%d erasures were carried out again, want 1: %s", done.Again, out)
	}
	for id, email := range before {
		if got := fresh.run("use", id, "--for", "account", "account.email"); !strings.Contains(got, email) {
			t.Errorf("a value that was acknowledged is not there: %s", got)
		}
	}
	if got := fresh.run("audit", "verify", "--state"); !strings.Contains(got, "verified") {
		t.Error(got)
	}
	for _, name := range []string{"data", "keys"} {
		b, err := os.ReadFile(filepath.Join(fresh.dir, name, "goscom-pro."+name+".db"))
		s.must(err)
		if found := world.Marks(b, "leaving@example"); len(found) > 0 {
			t.Errorf("%s holds %v", name, found)
		}
	}
}

// acknowledged adds people and returns their addresses by id.
func (s *stage) acknowledged(n int, word string) map[string]string {
	s.Helper()
	out := map[string]string{}
	for i := range n {
		email := fmt.Sprintf("%s%d@example.com", word, i)
		out[s.run("subject", "add", "--accept", "--adult", "--at", "registration", "account.email="+email)] = email
	}
	return out
}

// load adds people until it is stopped, and counts them.
func (s *stage) load() (stop func(), done *atomic.Int64) {
	done = &atomic.Int64{}
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			cmd := exec.Command(s.binary, "subject", "add", "--accept", "--adult", "--at", "registration", fmt.Sprintf("account.email=during%d@example.com", i))
			cmd.Dir = s.dir
			if out, err := cmd.CombinedOutput(); err != nil {
				s.Errorf("during the backup: %v: %s", err, out)
				break
			}
			done.Add(1)
			once.Do(func() { close(first) })
		}
		once.Do(func() { close(first) })
	})
	select {
	case <-first:
	case <-time.After(time.Minute):
		s.Error("no work goes on")
	}
	return func() { cancel(); wg.Wait() }, done
}

// rebuilt is a new machine: the configuration, the archives, the shipped journal, and
// what the safe has of the keys directory.
func (s *stage) rebuilt() *stage {
	s.Helper()
	c := *s
	c.dir = s.TempDir()
	copied := []string{"avow.yaml", "goscom-pro.yaml", "shop.yaml", "shop.db", "data.avow", "keys.avow", "journal/goscom-pro.journal"}
	for _, name := range []string{"goscom-pro.epoch", "master.json", "goscom-pro.signer", "staff.key", "web.key"} {
		copied = append(copied, "keys/"+name)
	}
	for _, name := range copied {
		b, err := os.ReadFile(filepath.Join(s.dir, name))
		if os.IsNotExist(err) {
			continue
		}
		s.must(err)
		s.must(os.MkdirAll(filepath.Dir(filepath.Join(c.dir, name)), 0o700))
		s.must(os.WriteFile(filepath.Join(c.dir, name), b, 0o600))
	}
	return &c
}
