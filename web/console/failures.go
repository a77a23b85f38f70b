package console

import (
	"sync"
	"time"
)

// gathered is how long failed sign-ins are gathered into one entry of the log, so
// that who guesses passwords cannot fill it.
const gathered = time.Minute

// failures are sign-ins that failed. The first one is told at once; those of the
// minute after it stand together in the next entry, which a failure or a good
// sign-in brings. What is not told yet is lost with the process.
type failures struct {
	mu    sync.Mutex
	since time.Time // of the newest entry
	count int64     // after it
}

// add counts one, and returns how many are to be told now.
func (f *failures) add(now time.Time) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if now.Sub(f.since) < gathered {
		return 0
	}
	n := f.count
	f.since, f.count = now, 0
	return n
}

// rest returns those that nothing told of yet.
func (f *failures) rest() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.count
	f.count = 0
	return n
}
