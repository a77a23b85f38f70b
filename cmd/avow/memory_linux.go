package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// leaveProgram lets go of the pages of the program file, code and constants, that are
// mapped here: most of them were read once, to start. They stay in the system's page
// cache, where who comes next finds them with a fault for each sixteen, a microsecond
// or so; a server at rest needs a few megabytes of them. What cannot be let go stays.
func leaveProgram() {
	file, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return
	}
	for _, m := range unwritten(string(maps), file) {
		unix.Syscall(unix.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
	}
}

// A mapping is a span of addresses.
type mapping struct{ from, to uintptr }

// unwritten returns where a file is mapped, cannot be written to and, as the system
// counts, was not: what a linker or a debugger has written would be lost with its page.
func unwritten(smaps, file string) (out []mapping) {
	var at *mapping // of the file and not to be written to
	for line := range strings.Lines(smaps) {
		var m mapping
		var rights string
		if n, _ := fmt.Sscanf(line, "%x-%x %4s", &m.from, &m.to, &rights); n == 3 {
			at = nil
			if strings.HasSuffix(line, " "+file+"\n") && (rights == "r-xp" || rights == "r--p") {
				at = &m
			}
		} else if at != nil && strings.Join(strings.Fields(line), " ") == "Anonymous: 0 kB" {
			out = append(out, *at)
		}
	}
	return out
}
