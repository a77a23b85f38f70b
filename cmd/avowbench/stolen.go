package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticks is processor time of the whole machine since it started, as /proc/stat
// counts it.
type ticks struct{ all, stolen int }

// counted reads how the machine's processors spent their time. Where there is no
// /proc/stat, nothing seems to be stolen.
func counted() (t ticks) {
	b, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(b), "\n")
	// cpu user nice system idle iowait irq softirq steal guest guest_nice (proc(5)).
	for i, word := range strings.Fields(line) {
		n, err := strconv.Atoi(word)
		if err != nil || i > 8 {
			continue // "cpu", and the guests, who are in user and nice already
		}
		if t.all += n; i == 8 {
			t.stolen = n
		}
	}
	return t
}

// since returns which share of the processors' time was taken away since then by
// others on the same hardware, from 0 to 1.
func (t ticks) since(before ticks) float64 {
	if t.all <= before.all {
		return 0
	}
	return float64(t.stolen-before.stolen) / float64(t.all-before.all)
}

// calmly takes one turn, and takes it again while more of the processors was
// stolen than o.calm, o.patience times at most: a figure says something of the
// program only when the machine was the program's.
func calmly(o options, take func() (figure, error)) (best figure, err error) {
	for try := 0; ; try++ {
		f, err := take()
		if err != nil {
			return f, err
		}
		if try == 0 || f.Stolen < best.Stolen {
			best = f
		}
		if best.Stolen <= o.calm || try >= o.patience {
			return best, nil
		}
	}
}

// rest lets a machine that is lent by credits get them back.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
