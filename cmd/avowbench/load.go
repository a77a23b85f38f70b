package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/api"
)

// many is the greater number of connections.
const many = 16

// A load calls a server over connections that stay open.
type load struct {
	server *server
	base   string
	key    string
	client *http.Client

	mu    sync.Mutex
	ids   []string // guarded by mu; those that are not erased
	made  atomic.Int64
	turns atomic.Int64
}

func newLoad(s *server, key string) *load {
	return &load{
		server: s, base: s.url + "/api/v1/platforms/" + platform, key: key,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
}

// send sends a request, and wants this status.
func (l *load) send(ctx context.Context, status int, method, path string, body any) ([]byte, error) {
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, l.base+path, in)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+l.key)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := l.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != status {
		err = fmt.Errorf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, out)
	}
	return out, err
}

// register registers somebody, with an address and a telephone number.
func (l *load) register(ctx context.Context) error {
	n := l.made.Add(1)
	out, err := l.send(ctx, http.StatusCreated, http.MethodPost, "/subjects", api.Register{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []api.Given{{Item: "account.email", Value: fmt.Sprintf("p%d@example.org", n), Voluntary: true}},
	})
	if err != nil {
		return err
	}
	var got api.Registered
	if err := json.Unmarshal(out, &got); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids = append(l.ids, got.ID)
	return nil
}

// next returns the subjects one after the other.
func (l *load) next() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ids[int(l.turns.Add(1))%len(l.ids)]
}

// held returns how many subjects there are.
func (l *load) held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.ids)
}

// last takes a subject out, for good.
func (l *load) last() (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ids) == 0 {
		return "", false
	}
	id := l.ids[len(l.ids)-1]
	l.ids = l.ids[:len(l.ids)-1]
	return id, true
}

// fill registers n more subjects.
func (l *load) fill(ctx context.Context, n int) error {
	var left atomic.Int64
	left.Store(int64(n))
	_, err := l.crowd(ctx, 32, func() (bool, error) {
		if left.Add(-1) < 0 {
			return false, nil
		}
		return true, l.register(ctx)
	})
	return err
}

// crowd runs fn on several connections until it reports false or fails, and
// returns how long each call took.
func (l *load) crowd(ctx context.Context, connections int, fn func() (bool, error)) ([]time.Duration, error) {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		times []time.Duration
		first error
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range connections {
		all.Go(func() {
			var own []time.Duration
			for ctx.Err() == nil {
				at := time.Now()
				more, err := fn()
				if err != nil || !more {
					mu.Lock()
					if first == nil && ctx.Err() == nil {
						first = err
					}
					mu.Unlock()
					break
				}
				own = append(own, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, own...)
		})
	}
	all.Wait()
	return times, first
}

// A figure is what one row showed at one number of connections.
type figure struct {
	Rate   float64 `json:"per_second"`
	P99    float64 `json:"p99_ms"`
	CPU    float64 `json:"server_cpu_us"`
	Target int     `json:"target,omitempty"`
}

// A row is one kind of request.
type row struct {
	Name string `json:"name"`
	One  figure `json:"one"`
	Many figure `json:"sixteen"`

	do     func(context.Context, *load) error
	spends bool // subjects: new ones are made before each turn
}

// rows returns what is measured. The targets are those of the design.
func rows() []row {
	choose := func(given bool) func(context.Context, *load) error {
		return func(ctx context.Context, l *load) error {
			_, err := l.send(ctx, http.StatusNoContent, http.MethodPost, "/subjects/"+l.next()+"/consents",
				api.Choice{Kind: "consent", Purpose: "push", Given: given, Channel: "settings"})
			return err
		}
	}
	return []row{
		{Name: "register", One: figure{Target: 1500}, Many: figure{Target: 5000}, do: func(ctx context.Context, l *load) error { return l.register(ctx) }},
		{Name: "read (a use, its entry durable)", One: figure{Target: 2500}, Many: figure{Target: 10000}, do: func(ctx context.Context, l *load) error {
			_, err := l.send(ctx, http.StatusOK, http.MethodPost, "/uses", api.Use{Subject: l.next(), Items: []string{"account.email"}, Purpose: "account"})
			return err
		}},
		{Name: "update", do: func(ctx context.Context, l *load) error {
			_, err := l.send(ctx, http.StatusNoContent, http.MethodPut, "/subjects/"+l.next()+"/values/account.email",
				api.Correct{Value: fmt.Sprintf("q%d@example.org", l.turns.Load())})
			return err
		}},
		{Name: "consent", One: figure{Target: 2000}, Many: figure{Target: 6000}, do: choose(true)},
		{Name: "withdraw", do: choose(false)},
		{Name: "ledger page, 100 entries", do: func(ctx context.Context, l *load) error {
			_, err := l.send(ctx, http.StatusOK, http.MethodGet, "/ledger/entries", nil)
			return err
		}},
		{Name: "erase", One: figure{Target: 1000}, Many: figure{Target: 4000}, spends: true, do: func(ctx context.Context, l *load) error {
			id, ok := l.last()
			if !ok {
				return nil
			}
			_, err := l.send(ctx, http.StatusOK, http.MethodPost, "/subjects/"+id+"/erasure", api.Erase{Everything: true})
			return err
		}},
	}
}

// measure runs every row at 1 and at 16 connections, round after round, so that a
// slow minute of the machine hits all of them.
func measure(ctx context.Context, l *load, o options) ([]row, error) {
	list := rows()
	seen := map[*figure][]figure{}
	for range o.rounds {
		for i := range list {
			r := &list[i]
			for _, at := range []struct {
				connections int
				to          *figure
			}{{1, &r.One}, {many, &r.Many}} {
				f, err := turn(ctx, l, r, at.connections, o)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", r.Name, err)
				}
				seen[at.to] = append(seen[at.to], f)
			}
		}
	}
	for to, list := range seen {
		slices.SortFunc(list, func(a, b figure) int { return int(a.Rate - b.Rate) })
		m := list[len(list)/2]
		m.Target = to.Target
		*to = m
	}
	return list, nil
}

// turn runs one row once.
func turn(ctx context.Context, l *load, r *row, connections int, o options) (figure, error) {
	before := l.held()
	if r.spends {
		if err := l.fill(ctx, int(o.each.Seconds()*float64(1000+350*connections))); err != nil {
			return figure{}, err
		}
	}
	cpu, begin := l.server.cpu(), time.Now()
	times, err := l.crowd(ctx, connections, func() (bool, error) {
		if time.Since(begin) >= o.each || r.spends && l.held() <= before/2 {
			return false, nil
		}
		return true, r.do(ctx, l)
	})
	took := time.Since(begin)
	if err != nil || len(times) == 0 {
		return figure{}, fmt.Errorf("%d answers: %w", len(times), err)
	}
	slices.Sort(times)
	return figure{
		Rate: float64(len(times)) / took.Seconds(), P99: float64(times[len(times)*99/100].Microseconds()) / 1000,
		CPU: float64((l.server.cpu() - cpu).Microseconds()) / float64(len(times)),
	}, nil
}
