package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// roomy lets garbage grow to four times what lives before it is collected. Little
// lives here, a dozen MB, and at Go's default of once that a busy server collects
// many times a second. And it lets two more goroutines run than there are processors:
// whoever waits for a disk to sync keeps one of those places for a while, and a server
// syncs its data, its keys and the journal at once. An operator's GOGC and GOMAXPROCS
// win.
func roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2)
	}
}

const (
	settled  = 2 * time.Second // after which a server has started, and the work that begins with it is done
	quietFor = time.Minute     // how long little may be made before memory is given back
	little   = 1 << 20         // bytes: what a server that nobody calls makes in a minute, several times over
)

// giveBack returns to the system what starting took and nobody needs any more,
// and after busy times, when it has become quiet, what they took: memory, and the
// places of the program file that were last read then.
func giveBack(ctx context.Context) error {
	var b busy
	for look := time.NewTimer(settled); ; look.Reset(quietFor) {
		select {
		case <-ctx.Done():
			look.Stop()
			return nil
		case <-look.C:
			if b.seen == 0 || b.over(made()) {
				debug.FreeOSMemory()
				leaveProgram()
				b.seen = made()
			}
		}
	}
}

// made returns the bytes this program has ever allocated.
func made() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// busy tells quiet times from others by what is allocated.
type busy struct {
	seen uint64 // bytes made until the last look
	was  bool   // since memory was given back
}

// over reports whether a busy time has ended: since the last look little was made.
func (b *busy) over(made uint64) bool {
	quiet := made-b.seen < little
	b.seen = made
	ended := b.was && quiet
	b.was = !quiet
	return ended
}
