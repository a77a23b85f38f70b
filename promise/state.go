package promise

import (
	"slices"

	"github.com/avow-dev/avow/fault"
)

// A State says how a promise, or one of its controls, stands.
type State string

// The states. The package's documentation says what each means.
const (
	Broken   State = "broken"
	Overdue  State = "attestation-overdue"
	AtRisk   State = "at-risk"
	NotBuilt State = "not-built"
	Unproven State = "unproven"
	Attested State = "attested"
	Kept     State = "kept"
)

// States lists every state, the worst first.
func States() []State {
	return []State{Broken, Overdue, AtRisk, NotBuilt, Unproven, Attested, Kept}
}

// ParseState returns the state of this name; fault.Invalid for another word.
func ParseState(name string) (State, error) {
	if s := State(name); slices.Contains(States(), s) {
		return s, nil
	}
	return "", fault.New(fault.Invalid, "there is no such state: use one of %v", States())
}

// worse reports whether s is worse than t. The zero State is better than any.
func (s State) worse(t State) bool {
	return t == "" || slices.Index(States(), s) < slices.Index(States(), t)
}
