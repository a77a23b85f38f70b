package demo

import (
	"sync"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// Days is how much history a demo has.
const Days = 90

// A clock moves business time through the history, in the hours in which people
// are awake, and then is that of the machine. Every reading is a little later than the one before, and none leaves
// the days that are played.
type clock struct {
	now time.Time // when history ends

	mu      sync.Mutex
	first   int           // guarded by mu; day that is played first
	elapsed time.Duration // guarded by mu; waking hours since its morning
	step    time.Duration // guarded by mu
	limit   time.Duration // guarded by mu
	keys    time.Time     // guarded by mu
	present bool          // guarded by mu; history is over
}

func newClock(now time.Time) *clock {
	c := &clock{now: now.Truncate(time.Microsecond)}
	c.to(0, 1, 1)
	return c
}

// morning is when a day of history begins. The last ends at the present.
func (c *clock) morning(n int) time.Time { return c.now.Add(-time.Duration(Days-n)*day - hours) }

const (
	hours   = 9 * time.Hour // that are played of a day
	keyDays = 45            // a step of the key stores' clock
)

// to begins some days in which about so many acts happen.
func (c *clock) to(n, days, acts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.first, c.elapsed = n, 0
	c.limit = time.Duration(days)*hours - 1
	c.step = c.limit / time.Duration(4*acts+8) // an act asks a few times
	if at := c.morning(n - n%keyDays); at.After(c.keys) {
		c.keys = at
	}
}

// reach has a day begin, of those that are played.
func (c *clock) reach(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.elapsed = max(c.elapsed, time.Duration(n-c.first)*hours)
}

// arrive ends history: from here on the clock is that of the machine.
func (c *clock) arrive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.present = true
}

// Now is business time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.present {
		return db.Wall()
	}
	c.elapsed = min(c.elapsed+c.step, c.limit)
	return c.morning(c.first + int(c.elapsed/hours)).Add(c.elapsed % hours)
}

// Keys is the time of the key stores: a pooled key that is half an hour old is
// thrown away, so it stands still for days.
func (c *clock) Keys() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.present {
		return db.Wall()
	}
	return c.keys
}
