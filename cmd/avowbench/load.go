package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A load calls a server over connections that stay open.
type load struct {
	server *server
	host   string
	key    string
	dir    string // of the server's files

	mu    sync.Mutex
	ids   []string // guarded by mu; those that are not erased
	made  atomic.Int64
	turns atomic.Int64
}

func newLoad(s *server, key, dir string) *load {
	return &load{server: s, dir: dir, host: strings.TrimPrefix(s.url, "http://"), key: key}
}

// register registers somebody, with an address.
func (l *load) register(w *wire) error {
	out, err := w.send(http.StatusCreated, "POST", "/subjects",
		`{"accepted":true,"adult":true,"verified":true,"point":"registration","given":[{"item":"account.email","value":"p%d@example.org","voluntary":true}]}`,
		l.made.Add(1))
	if err != nil {
		return err
	}
	id := between(out, `"id":"`, `"`)
	if !strings.HasPrefix(id, "sub_") {
		return fmt.Errorf("registering was answered by %s", out)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids = append(l.ids, id)
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
	_, err := l.crowd(ctx, 32, 10*time.Minute, func(w *wire) (bool, error) {
		if left.Add(-1) < 0 {
			return false, nil
		}
		return true, l.register(w)
	})
	return err
}

// crowd runs fn on several connections until it reports false or fails, and
// returns how long each call took.
func (l *load) crowd(ctx context.Context, connections int, within time.Duration, fn func(*wire) (bool, error)) ([]time.Duration, error) {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		times []time.Duration
		first error
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range connections {
		w, err := dial(l.host, "/api/v1/platforms/"+platform, l.key, within)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { w.conn.Close() })
		all.Go(func() {
			defer func() { stop(); w.conn.Close() }()
			own, err := repeat(w, fn)
			mu.Lock()
			defer mu.Unlock()
			if times = append(times, own...); first == nil && err != nil {
				first = err
				cancel() // what the others say then comes of this
			}
		})
	}
	all.Wait()
	return times, first
}

// repeat calls fn until it reports false or fails.
func repeat(w *wire, fn func(*wire) (bool, error)) (times []time.Duration, err error) {
	for {
		at := time.Now()
		more, err := fn(w)
		if err != nil || !more {
			return times, err
		}
		times = append(times, time.Since(at))
	}
}
