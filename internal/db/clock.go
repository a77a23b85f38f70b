package db

import (
	"sync/atomic"
	"time"
)

// clock gives business time. It never returns the same microsecond twice and
// never goes back, whatever its source does.
type clock struct {
	source func() time.Time // nil: the machine's clock plus offset
	offset atomic.Int64     // microseconds from the machine's clock to the server's
	last   atomic.Int64
}

func (c *clock) now() time.Time {
	for {
		last := c.last.Load()
		next := max(c.read(), last+1)
		if c.last.CompareAndSwap(last, next) {
			return time.UnixMicro(next).UTC()
		}
	}
}

// notBefore makes every later time come after t.
func (c *clock) notBefore(t int64) {
	for {
		last := c.last.Load()
		if last >= t || c.last.CompareAndSwap(last, t) {
			return
		}
	}
}

func (c *clock) read() int64 {
	if c.source != nil {
		return c.source().UnixMicro()
	}
	return time.Now().UnixMicro() + c.offset.Load()
}
