package policy

import (
	"regexp"
	"sync"
)

// pattern returns an expression that is compiled when it is first asked for: all of
// them would take a program longer than the rest of its own start, and few commands
// need one.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
