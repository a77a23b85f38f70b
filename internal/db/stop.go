package db

import (
	"fmt"
	"sync"

	"github.com/avow-dev/avow/fault"
)

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
		s.cause = fmt.Errorf("the database has stopped writing: %w", cause)
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
