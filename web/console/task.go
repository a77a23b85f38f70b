package console

import (
	"context"
	"sync"
	"time"

	"github.com/avow-dev/avow/fault"
)

// A task is work that may outlast the request that began it; one runs at a time.
// It ends with its process, and can be begun again.
type task[T any] struct {
	mu  sync.Mutex
	now state[T]
}

// A state is how far a task is, or what came of the last one.
type state[T any] struct {
	Running     bool
	Done, Total int64
	Ended       time.Time // zero: none has ended
	Result      T
	Problem     string
}

// A work is what a task is given.
type work struct {
	ctx      context.Context
	progress func(done, total int64)
}

// begin starts fn unless one is running.
func (t *task[T]) begin(ctx context.Context, now func() time.Time, fn func(work) (T, error)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now.Running {
		return
	}
	t.now = state[T]{Running: true}
	go func() {
		result, err := fn(work{context.WithoutCancel(ctx), t.progress})
		end := state[T]{Ended: now(), Result: result}
		if err != nil {
			end.Problem = fault.Message(err)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.now = end
	}()
}

func (t *task[T]) progress(done, total int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Done, t.now.Total = done, total
}

func (t *task[T]) state() state[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}
