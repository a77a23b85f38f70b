package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// many is the greater number of connections.
const many = 16

// A figure is what one row showed at one number of connections.
type figure struct {
	Rate   float64 `json:"per_second"`
	P99    float64 `json:"p99_ms"`
	CPU    float64 `json:"server_cpu_us"`
	Own    float64 `json:"generator_cpu_us"`
	Stolen float64 `json:"stolen_percent"`        // of the processors' time, by others on the same hardware
	Syncs  float64 `json:"bare_syncs_per_second"` // of one caller, just before: the machine's speed moves
	Target int     `json:"target,omitempty"`
}

// A row is one kind of request.
type row struct {
	Name string `json:"name"`
	One  figure `json:"one"`
	Many figure `json:"sixteen"`

	do     func(*load, *wire) error
	spends bool // subjects: new ones are made before each turn
}

// rows returns what is measured. The targets are those of the design.
func rows() []row {
	return []row{
		{Name: "register", One: figure{Target: 1500}, Many: figure{Target: 5000}, do: (*load).register},
		{Name: "read (a use, its entry durable)", One: figure{Target: 2500}, Many: figure{Target: 10000}, do: (*load).read},
		{Name: "update", do: (*load).update},
		{Name: "consent", One: figure{Target: 2000}, Many: figure{Target: 6000}, do: func(l *load, w *wire) error { return l.choose(w, true) }},
		{Name: "withdraw", do: func(l *load, w *wire) error { return l.choose(w, false) }},
		{Name: "ledger page, 100 entries", do: (*load).page},
		{Name: "erase", One: figure{Target: 1000}, Many: figure{Target: 4000}, spends: true, do: (*load).erase},
	}
}

// read uses an address, and looks whether it came.
func (l *load) read(w *wire) error {
	id := l.next()
	out, err := w.send(http.StatusOK, "POST", "/uses", `{"subject":"%s","items":["account.email"],"purpose":"account"}`, id)
	if err == nil && (between(out, `"subject":"`, `"`) != id || !strings.HasSuffix(between(out, `"value":"`, `"`), "@example.org")) {
		err = fmt.Errorf("a use was answered by %s", out)
	}
	return err
}

func (l *load) update(w *wire) error {
	_, err := w.send(http.StatusNoContent, "PUT", "/subjects/"+l.next()+"/values/account.email", `{"value":"q%d@example.org"}`, l.turns.Load())
	return err
}

func (l *load) choose(w *wire, given bool) error {
	_, err := w.send(http.StatusNoContent, "POST", "/subjects/"+l.next()+"/consents", `{"kind":"consent","purpose":"push","given":%t,"channel":"settings"}`, given)
	return err
}

func (l *load) page(w *wire) error {
	out, err := w.send(http.StatusOK, "GET", "/ledger/entries", "")
	if err == nil && bytes.Count(out, []byte(`"kind":`)) != 100 {
		err = fmt.Errorf("a page of the log was answered by %.200s", out)
	}
	return err
}

// erase erases the last who was registered. A use finds nothing of them then,
// which is looked at now and again.
func (l *load) erase(w *wire) error {
	id, ok := l.last()
	if !ok {
		return nil
	}
	out, err := w.send(http.StatusOK, "POST", "/subjects/"+id+"/erasure", `{"everything":true}`)
	if err != nil {
		return err
	}
	if between(out, `"destroyed":"`, `"`) == "" {
		return fmt.Errorf("an erasure was answered by %s", out)
	}
	if l.turns.Add(1)%100 == 0 {
		_, err = w.send(http.StatusForbidden, "POST", "/uses", `{"subject":"%s","items":["account.email"],"purpose":"account"}`, id)
	}
	return err
}

// measure runs every row at 1 and at 16 connections, round after round, so that a
// slow minute of the machine hits all of them.
func measure(ctx context.Context, l *load, o options) ([]row, error) {
	list := slices.DeleteFunc(rows(), func(r row) bool { return !strings.HasPrefix(r.Name, o.only) })
	seen := map[*figure][]figure{}
	for range o.rounds {
		for i := range list {
			r := &list[i]
			for _, at := range []struct {
				connections int
				to          *figure
			}{{1, &r.One}, {many, &r.Many}} {
				f, err := calmly(o, func() (figure, error) { return turn(ctx, l, r, at.connections, o) })
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
	if err := rest(ctx, o.rest); err != nil {
		return figure{}, err
	}
	bare, err := syncs(l.dir, o.each/8)
	if err != nil {
		return figure{}, err
	}
	machine, cpu, own, begin := counted(), l.server.cpu(), ownCPU(), time.Now()
	times, err := l.crowd(ctx, connections, o.each, func(w *wire) (bool, error) {
		if time.Since(begin) >= o.each || r.spends && l.held() <= before/2 {
			return false, nil
		}
		return true, r.do(l, w)
	})
	took := time.Since(begin)
	if err != nil || len(times) == 0 {
		return figure{}, fmt.Errorf("%d answers: %w", len(times), err)
	}
	slices.Sort(times)
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(len(times)) }
	return figure{
		Rate: float64(len(times)) / took.Seconds(), P99: float64(times[len(times)*99/100].Microseconds()) / 1000,
		CPU: each(l.server.cpu() - cpu), Own: each(ownCPU() - own), Stolen: 100 * counted().since(machine), Syncs: bare,
	}, nil
}
