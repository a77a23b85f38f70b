package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// rooms returns what a server would run with here, and puts back what there was.
func rooms() (percent, procs int) {
	was := runtime.GOMAXPROCS(0)
	collect := debug.SetGCPercent(100)
	roomy()
	return debug.SetGCPercent(collect), runtime.GOMAXPROCS(was)
}

func TestAServerHasRoomUnlessItsOperatorSaysHowMuch(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMAXPROCS", "")
	if percent, procs := rooms(); percent != 400 || procs != runtime.GOMAXPROCS(0)+2 {
		t.Errorf("GOGC %d, GOMAXPROCS %d of %d", percent, procs, runtime.GOMAXPROCS(0))
	}
	t.Setenv("GOGC", "100")
	t.Setenv("GOMAXPROCS", "1")
	if percent, procs := rooms(); percent != 100 || procs != runtime.GOMAXPROCS(0) {
		t.Errorf("with GOGC and GOMAXPROCS set: GOGC %d, GOMAXPROCS %d of %d", percent, procs, runtime.GOMAXPROCS(0))
	}
}

func TestMemoryIsGivenBackOnceWhenABusyTimeIsOver(t *testing.T) {
	const mb = 1 << 20
	var b busy
	for i, at := range []struct {
		made  uint64
		after bool
	}{
		{mb / 2, false},       // a server that nobody has called
		{mb, false},           // still
		{200 * mb, false},     // busy
		{900 * mb, false},     // busy
		{900*mb + 99, true},   // over
		{900*mb + 999, false}, // quiet still: once is enough
		{950 * mb, false},     // busy again
		{950 * mb, true},
	} {
		if got := b.over(at.made); got != at.after {
			t.Errorf("look %d, with %d bytes made: over is %v", i, at.made, got)
		}
	}
}

func TestWhatIsMadeIsCounted(t *testing.T) {
	before := made()
	kept := make([]byte, 1<<20)
	if after := made(); after-before < uint64(len(kept)) {
		t.Errorf("%d bytes after a megabyte was made", after-before)
	}
}
