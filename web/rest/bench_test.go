package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
)

// A load is a server, and programs that call it over connections kept open. The
// load generator shares the machine with it.
type load struct {
	server *avow.Server
	base   string
	key    string
	client *http.Client
	ids    []string
	next   atomic.Int64
}

func newLoad(b *testing.B, subjects int) *load {
	ctx := context.Background()
	s, err := avow.Open(ctx, configure(b, b.TempDir()), avow.Options{Logger: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	run, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); s.Run(run) }() // the sequencer works, as it does in service
	b.Cleanup(func() { stop(); <-done; s.Close() })
	h, err := s.Handler()
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(h)
	b.Cleanup(web.Close)
	_, key, err := s.Staff().CreateKey(ctx, staff.NewKey{Platform: "goscom-pro", Label: "load", Scopes: api.Scopes()})
	if err != nil {
		b.Fatal(err)
	}
	l := &load{
		server: s, base: web.URL + "/api/v1/platforms/goscom-pro", key: key.Reveal(),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}, ids: make([]string, subjects),
	}
	var all sync.WaitGroup
	for w := range 32 {
		all.Go(func() {
			for i := w; i < subjects; i += 32 {
				l.ids[i] = l.register(b)
			}
		})
	}
	all.Wait()
	return l
}

func (l *load) send(b *testing.B, status int, method, path string, body any) []byte {
	text, err := json.Marshal(body)
	if err != nil {
		b.Error(err)
	}
	r, err := http.NewRequest(method, l.base+path, bytes.NewReader(text))
	if err != nil {
		b.Error(err)
		return nil
	}
	r.Header.Set("Authorization", "Bearer "+l.key)
	r.Header.Set("Content-Type", "application/json")
	resp, err := l.client.Do(r)
	if err != nil {
		b.Error(err)
		return nil
	}
	out, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != status {
		b.Errorf("%s %s: %d %s", method, path, resp.StatusCode, out)
	}
	return out
}

func (l *load) register(b *testing.B) string {
	var out api.Registered
	json.Unmarshal(l.send(b, 201, "POST", "/subjects", api.Register{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []api.Given{{Item: "account.email", Value: fmt.Sprintf("p%d@example.org", l.next.Add(1)), Voluntary: true}},
	}), &out)
	return out.ID
}

// BenchmarkREST measures whole round trips, at 1 and at 16 connections. req/s and
// p99 are the figures of docs/benchmarks.md; a read is a use, with its durable log
// entry.
func BenchmarkREST(b *testing.B) {
	for _, work := range []struct {
		name string
		fn   func(b *testing.B, l *load, i int)
	}{
		{"register", func(b *testing.B, l *load, _ int) { l.register(b) }},
		{"read", func(b *testing.B, l *load, i int) {
			l.send(b, 200, "POST", "/uses", api.Use{Subject: l.ids[i%len(l.ids)], Items: []string{"account.email"}, Purpose: "account"})
		}},
		{"update", func(b *testing.B, l *load, i int) {
			l.send(b, 204, "PUT", "/subjects/"+l.ids[i%len(l.ids)]+"/values/account.email", api.Correct{Value: fmt.Sprintf("q%d@example.org", l.next.Add(1))})
		}},
		{"consent", func(b *testing.B, l *load, i int) { l.choose(b, i, true) }},
		{"withdraw", func(b *testing.B, l *load, i int) { l.choose(b, i, false) }},
		{"erase", func(b *testing.B, l *load, i int) {
			l.send(b, 200, "POST", "/subjects/"+l.ids[i%len(l.ids)]+"/erasure", api.Erase{Everything: true})
		}},
	} {
		for _, connections := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", work.name, connections), func(b *testing.B) { measure(b, connections, work.fn) })
		}
	}
}

// BenchmarkDoor measures what the door itself costs: a question that writes
// nothing, asked through the whole handler but without a connection, and asked of
// the platform directly. The difference is the door's.
func BenchmarkDoor(b *testing.B) {
	l := newLoad(b, 100)
	h, err := l.server.Handler()
	if err != nil {
		b.Fatal(err)
	}
	use := api.Use{Subject: l.ids[0], Items: []string{"account.email"}, Purpose: "account"}
	text, err := json.Marshal(api.Decide{Uses: []api.Use{use}})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("through the handler", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := httptest.NewRequest("POST", "/api/v1/platforms/goscom-pro/decisions", bytes.NewReader(text))
			r.Header.Set("Authorization", "Bearer "+l.key)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != http.StatusOK {
				b.Fatal(w.Code, w.Body)
			}
		}
	})
	b.Run("directly", func(b *testing.B) {
		p, err := l.server.Platform("goscom-pro")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Decide(b.Context(), platform.Use{Subject: subject.ID(use.Subject), Items: use.Items, Purpose: use.Purpose}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func (l *load) choose(b *testing.B, i int, given bool) {
	l.send(b, 204, "POST", "/subjects/"+l.ids[i%len(l.ids)]+"/consents", api.Choice{Kind: "consent", Purpose: "push", Given: given, Channel: "settings"})
}

func measure(b *testing.B, connections int, fn func(*testing.B, *load, int)) {
	l := newLoad(b, max(2000, b.N))
	var (
		all   sync.WaitGroup
		n     atomic.Int64
		mu    sync.Mutex
		times []time.Duration
	)
	b.ResetTimer()
	start := time.Now()
	for range connections {
		all.Go(func() {
			var own []time.Duration
			for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
				at := time.Now()
				fn(b, l, int(i))
				own = append(own, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, own...)
		})
	}
	all.Wait()
	took := time.Since(start)
	b.StopTimer()
	slices.Sort(times)
	b.ReportMetric(float64(b.N)/took.Seconds(), "req/s")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}
