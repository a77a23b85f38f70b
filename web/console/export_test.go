package console

import "github.com/avow-dev/avow/platform"

// Patterns are the paths of the console with what it takes to be let in: nobody,
// anybody, requests, subjects, ledger, systems, working, admin.
func Patterns() map[string]string {
	names := []string{"nobody", "anybody", "requests", "subjects", "ledger", "systems", "working", "admin"}
	out := map[string]string{}
	for _, r := range (&Console{on: &platform.Platform{}}).routes() {
		out[r.pattern] = names[r.need]
	}
	return out
}
