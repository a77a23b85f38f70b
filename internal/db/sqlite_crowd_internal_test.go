package db

import (
	"testing"
	"time"
)

func TestALargeCrowdGoesInTwoGroups(t *testing.T) {
	const sync = 150 * time.Microsecond
	acts := make([]*job, 64)
	for i := range acts {
		acts[i] = new(load).own()
	}
	var c crowd
	if n := c.room(64, sync); n != maxGroup {
		t.Errorf("room for %d before anything is known of acts, want %d", n, maxGroup)
	}
	for range 50 {
		c.wrote(acts, 64*10*time.Microsecond)
	}
	if n := c.room(64, sync); n != 32 {
		t.Errorf("room for %d of 64 whose acts take 10 µs, want half of them", n)
	}
	if n := c.room(40, sync); n != 30 {
		t.Errorf("room for %d where 24 are on their way back, want half of nearly all", n)
	}
	if n := c.room(1<<20, sync); n != maxGroup {
		t.Errorf("room for %d of a million", n)
	}
	if n := c.room(64, time.Millisecond); n != maxGroup {
		t.Errorf("room for %d of 64, half of whom are done before a sync is: want all", n)
	}
	for range 400 {
		c.room(2*fewHalf-2, sync)
	}
	if n := c.room(2*fewHalf-2, sync); n != maxGroup {
		t.Errorf("room for %d of few: want all", n)
	}
	c.wrote([]*job{acts[0], {}}, time.Hour)
	for range 400 {
		c.room(64, sync)
	}
	if n := c.room(64, 500*time.Microsecond); n != maxGroup {
		t.Error("a long transaction counted as acts")
	}
}

// own returns the job of l.
func (l *load) own() *job {
	l.job.load = l
	return &l.job
}
