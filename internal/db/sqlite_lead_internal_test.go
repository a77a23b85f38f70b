package db

import (
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// whoRuns has the writer run a function, and reports whether the caller did.
func whoRuns(t *testing.T, w *liteWriter) (caller bool) {
	t.Helper()
	j := &job{done: make(chan error, 1)}
	j.alone = func() error {
		caller = strings.Contains(string(debug.Stack()), "whoRuns(")
		return nil
	}
	if err := w.do(t.Context(), j, false, nil); err != nil {
		t.Fatal(err)
	}
	return caller
}

func openWriter(t *testing.T) *liteWriter {
	t.Helper()
	d, err := Open(t.Context(), Config{Engine: SQLite, Store: Data, File: filepath.Join(t.TempDir(), "data.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d.engine.(*lite).writer
}

func TestACallerWhoIsAloneNeedsNobodyElse(t *testing.T) {
	w := openWriter(t)
	led := false
	for range 10_000 { // the goroutine of a writer that was just opened may still look
		if led = whoRuns(t, w); led {
			break
		}
		runtime.Gosched()
	}
	if !led {
		t.Error("another goroutine runs what the caller could")
	}
	w.turn.Lock()
	w.crowd.size = 12
	w.turn.Unlock()
	if whoRuns(t, w) {
		t.Error("one of many ran a group for the others")
	}
}

// TestNobodyIsLeftInTheQueue: who finds the turn taken relies on whoever has it.
func TestNobodyIsLeftInTheQueue(t *testing.T) {
	w := openWriter(t)
	for callers := 1; callers <= 4; callers++ {
		var all sync.WaitGroup
		ran := make([]int, callers)
		for c := range callers {
			all.Go(func() {
				for range 500 {
					j := &job{done: make(chan error, 1), alone: func() error { ran[c]++; return nil }}
					if err := w.do(t.Context(), j, false, nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for c, n := range ran {
			if n != 500 {
				t.Errorf("caller %d of %d: ran %d times, want 500", c, callers, n)
			}
		}
	}
}
