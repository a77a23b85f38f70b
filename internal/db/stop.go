package db

import (
	"errors"
	"fmt"
	"sync"

	"github.com/avow-dev/avow/fault"
)

// errStopped is the first of what every write is told after a failure.
var errStopped = errors.New("the database has stopped writing")

// Stopped reports whether err comes from a database that has stopped writing
// since its disk or server failed: nothing becomes of a second try before this
// node is started anew.
func Stopped(err error) bool { return errors.Is(err, errStopped) }

// stop remembers the first error after which nothing may be written.
type stop struct {
	failed chan struct{}
	mu     sync.Mutex
	cause  error // owned by mu
}

func (s *stop) init() { s.failed = make(chan struct{}) }

// fail records cause, the first time, and returns what writers are told.
func (s *stop) fail(cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil {
		s.cause = fmt.Errorf("%w: %w", errStopped, cause)
		close(s.failed)
	}
	return s.refusal()
}

func (s *stop) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause
}

// check returns the refusal of every write after a failure.
func (s *stop) check() error {
	select {
	case <-s.failed:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.refusal()
	default:
		return nil
	}
}

// refusal is called with mu held.
func (s *stop) refusal() error {
	return fault.Wrap(fault.Busy, s.cause, "this node has stopped writing because its database failed; it must be started anew once the disk or server is well")
}
