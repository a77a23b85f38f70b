package demo_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/demo"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// filled is a demo of n people, opened.
func filled(t *testing.T, dir string, n int) *avow.Server {
	t.Helper()
	d, err := demo.Open(t.Context(), demo.Config{
		Dir: dir, People: n, Seed: 2026, URL: "http://localhost", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d.Server()
}

func TestAFilledFolderHasRequestsInEveryState(t *testing.T) {
	s := filled(t, t.TempDir(), 30)
	for _, p := range s.Platforms() {
		list, err := p.Requests().List(t.Context(), rights.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		states := map[rights.State]int{}
		for _, q := range list {
			states[q.State]++
			if q.Paused {
				states["paused"]++
			}
		}
		for _, want := range []rights.State{
			rights.Received, rights.Verified, rights.Planned, rights.Approved, rights.VerifiedAfter, rights.Delivered,
			rights.Refused, rights.Withdrawn, rights.Expired, "paused",
		} {
			if states[want] == 0 {
				t.Errorf("%s has no request that is %s: %v", p.ID(), want, states)
			}
		}
		late, err := p.Requests().Overdue(t.Context())
		if err != nil || len(late) > 0 {
			t.Errorf("%s is late with %d requests, %v", p.ID(), len(late), err)
		}
		soon, err := p.Requests().DueSoon(t.Context(), 72*time.Hour)
		if err != nil || len(soon) == 0 {
			t.Errorf("nothing is due soon on %s, %v", p.ID(), err)
		}
	}
}

func TestWhatWasPlayedIsWhatAServerWouldHaveWritten(t *testing.T) {
	s := filled(t, t.TempDir(), 20)
	for _, p := range s.Platforms() {
		v, err := p.VerifyLog(t.Context(), audit.Verify{}, true)
		if err != nil || len(v.Wrong) > 0 || len(v.Differs) > 0 || v.Size < 200 {
			t.Errorf("%s: %+v, %v", p.ID(), v, err)
		}
		now := p.Now()
		counts, err := p.Log().Counts(t.Context(), policy.UseDecision, now.AddDate(0, 0, -demo.Days-1), now)
		if err != nil || len(counts) < 30 {
			t.Errorf("%s: uses were decided on %d days, %v", p.ID(), len(counts), err)
		}
		if len(counts) > 0 && now.Sub(counts[0].Day) < 80*24*time.Hour {
			t.Errorf("%s: history begins on %v", p.ID(), counts[0].Day)
		}
		id, err := p.Find(t.Context(), "email", avow.NewPersonal("lin.wei@example.com"))
		if err != nil || len(id) != 1 {
			t.Errorf("%s: %v, %v", p.ID(), id, err)
		}
	}
	a, _ := s.Platforms()[0].Find(t.Context(), "email", avow.NewPersonal("lin.wei@example.com"))
	b, _ := s.Platforms()[1].Find(t.Context(), "email", avow.NewPersonal("lin.wei@example.com"))
	if len(a) == 1 && len(b) == 1 && a[0] == b[0] {
		t.Error("one person has one id on two platforms")
	}
}

func TestAFillingThatIsInterruptedLeavesTheFolderEmpty(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	_, err := demo.Open(ctx, demo.Config{Dir: dir, People: 10, Seed: 1, Progress: func(done, _ int) {
		if done >= 10 {
			stop()
		}
	}})
	if err == nil {
		t.Fatal("it was not interrupted")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestAFolderOfAnotherVersionIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "demo.json"), []byte(`{"version":0}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Open(t.Context(), demo.Config{Dir: dir, People: 1}); fault.Of(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
}
