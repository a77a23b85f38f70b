package connector

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
)

// A System is one store that holds personal data. Its methods may be called from
// several goroutines.
//
// Errors are faults: Denied (the warrant does not cover the call), Invalid (map
// and schema do not fit), Conflict (the rows cannot be treated as mapped, or have
// changed), Busy (unreachable or locked: try again). None holds a value or a key.
type System interface {
	// Name returns the name by which warrants and receipts know the system.
	Name() string
	// Kind returns the kind of connector: sqlite, postgres, vault.
	Kind() string

	// Check compares the map with the schema. The error says that the system
	// cannot be reached; what is wrong with the map is in the Checkup.
	Check(ctx context.Context) (*Checkup, error)

	// Survey finds the subject's rows: which, why, and what the map does with
	// them. It only reads, in one snapshot.
	Survey(ctx context.Context, w gate.Warrant, s Subject) (*Survey, error)

	// Export gives every value of the rows a survey found to emit, row by row. An
	// error of emit ends the export and is returned. Rows gone since are left out.
	Export(ctx context.Context, w gate.Warrant, s Subject, sv *Survey, emit func(Row) error) error

	// Erase carries out the targets in one transaction. Rows that are no longer
	// the subject's are left alone and counted as moved. It may be repeated: what
	// is done already is counted as such.
	Erase(ctx context.Context, w gate.Warrant, s Subject, targets []Target) (*Outcome, error)

	// Verify searches everything for the needles. targets are those of the plan:
	// they tell what is kept on a ground from what should be gone.
	Verify(ctx context.Context, w gate.Warrant, s Subject, needles []Needle, targets []Target) (*Findings, error)

	// Can reports whether the system carries out this action by itself. What it
	// cannot is work for people, which the plan names.
	Can(action gate.Action) bool

	// Correct writes new values into the columns of the targets, in one
	// transaction, where they hold an old value. What holds another value is left
	// alone and counted as moved. It may be repeated.
	Correct(ctx context.Context, w gate.Warrant, s Subject, targets []Target, changes []Change) (*Outcome, error)

	// Restrict marks the rows of the targets as not to be used, or, with the
	// action release, takes the mark away, in one transaction. It may be repeated.
	Restrict(ctx context.Context, w gate.Warrant, s Subject, targets []Target) (*Outcome, error)

	// Close releases connections.
	Close() error
}

// A Change is the new value of an item.
type Change struct {
	Item string
	Was  []seal.Personal // what it was, in every spelling known; none: whatever stands there
	Now  seal.Personal
}

// Holds reports whether a stored value is one of the old ones.
func (c Change) Holds(value string) bool {
	if len(c.Was) == 0 {
		return value != ""
	}
	return slices.ContainsFunc(c.Was, func(w seal.Personal) bool { return alike(w.Reveal(), value) })
}

// Done reports whether a stored value is the new one already.
func (c Change) Done(value string) bool { return value == c.Now.Reveal() }

// Marked compares a mark that a system reads with the one that a data map
// writes: databases spell truth in several ways.
func Marked(held, written string) bool {
	plain := func(s string) string {
		switch strings.ToLower(s) {
		case "t", "true", "yes", "on":
			return "1"
		case "f", "false", "no", "off":
			return "0"
		}
		return s
	}
	return plain(held) == plain(written)
}

// alike compares two spellings of a value: without regard to case and outer
// blanks, and numbers by their digits.
func alike(a, b string) bool {
	if Fold(a) == Fold(b) {
		return true
	}
	return isNumber(a) && isNumber(b) && strings.TrimLeft(Digits(a), "0") == strings.TrimLeft(Digits(b), "0")
}

// A Subject is the person, by what finds them.
type Subject struct {
	ID          string // public id of the subject, which the warrant names
	Identifiers []Identifier
}

// Values returns the subject's identifiers of one kind.
func (s Subject) Values(kind string) []seal.Personal {
	var out []seal.Personal
	for _, id := range s.Identifiers {
		if id.Kind == kind && !id.Value.IsZero() {
			out = append(out, id.Value)
		}
	}
	return out
}

// An Identifier finds a person: an e-mail address, a telephone number.
type Identifier struct {
	Kind  string // as in the policy: email, phone, account-id, …
	Value seal.Personal
}

// A Checkup is what comparing a map with a system's schema found.
type Checkup struct {
	Problems []string // the system must not be used before they are solved; each says what to write
	Warnings []string // slow or doubtful, but correct
}

// Progress says how far a long call has come.
type Progress struct {
	System     string
	Step       string // survey, export, erase, verify
	Collection string
	Done       int
	Total      int // 0: not known
}

// Allowed returns nil when w covers action in system about s, and otherwise the
// fault.Denied that every method of a System returns before it does anything.
func Allowed(w gate.Warrant, system string, action gate.Action, s Subject) error {
	if s.ID != "" && w.Covers(system, action, s.ID) {
		return nil
	}
	return fault.New(fault.Denied, "%s: there is no warrant to %s for this subject", system, action)
}
