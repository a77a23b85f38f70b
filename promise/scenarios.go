package promise

import (
	_ "embed"
	"strings"
)

//go:embed scenarios.txt
var scenarios string

// Scenarios returns, by promise, the names of the scenarios that prove it.
func Scenarios() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(scenarios) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			out[f[0]] = f[1:]
		}
	}
	return out
}
