//go:build failpoint

package failpoint

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// Enabled reports whether this build has failpoints.
const Enabled = true

// A counter is how often the chosen point was passed. It is of the process,
// because the kill is.
type counter struct{ atomic.Int64 }

var passed counter

// Hit kills the process with SIGKILL when AVOW_FAILPOINT names this point and
// its count is reached.
func Hit(name string) {
	if !slices.Contains(Names(), name) {
		panic("failpoint: " + name + " is not in Names")
	}
	chosen, count, _ := strings.Cut(os.Getenv("AVOW_FAILPOINT"), ":")
	if chosen != name {
		return
	}
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil {
		n = 1
	}
	if passed.Add(1) == n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way; nothing more may happen
	}
}
