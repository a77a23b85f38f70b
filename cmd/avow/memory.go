package main

import (
	"os"
	"runtime/debug"
)

// roomy lets garbage grow to four times what lives before it is collected. Little
// lives here, a dozen MB, and at Go's default of once that a busy server collects
// many times a second. An operator's GOGC wins.
func roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// giveBack returns to the system what starting took and nobody needs any more.
func giveBack() error {
	debug.FreeOSMemory()
	return nil
}
