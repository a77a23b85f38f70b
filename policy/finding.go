package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
)

// A Severity says how much a finding matters.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // the policy cannot be put in force
	SeverityWarning Severity = "warning" // it can, but somebody should look
)

// A Finding is one thing that is wrong with a policy file: where, what, and
// what to do about it. Codes are stable.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Pos      Pos      `json:"pos"`
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy,omitempty"`
}

// String gives the finding on one line.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s: %s", f.Pos, f.Severity, f.Message)
	if f.Remedy != "" {
		s += "; " + f.Remedy
	}
	return s + " [" + f.Code + "]"
}

// Problems is every error of a policy file, in the order of the file. As a
// fault it is Invalid.
type Problems []Finding

// Error gives one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, f := range p {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// As lets the fault package see an Invalid fault with all problems as its
// message.
func (p Problems) As(target any) bool {
	e, ok := target.(**fault.Error)
	if ok {
		*e = &fault.Error{Kind: fault.Invalid, Message: p.Error()}
	}
	return ok
}

// findings gathers what is wrong while a file is read and checked.
type findings struct {
	all  []Finding
	home Pos // where to point for what is not there at all
}

func (fs *findings) errorf(code string, pos Pos, remedy, format string, args ...any) {
	fs.all = append(fs.all, Finding{code, SeverityError, pos, fmt.Sprintf(format, args...), remedy})
}

func (fs *findings) warnf(code string, pos Pos, remedy, format string, args ...any) {
	fs.all = append(fs.all, Finding{code, SeverityWarning, pos, fmt.Sprintf(format, args...), remedy})
}

// sorted returns the findings in the order of the file, each once.
func (fs *findings) sorted() []Finding {
	for i := range fs.all {
		if fs.all[i].Pos.Line == 0 {
			fs.all[i].Pos = fs.home
		}
	}
	slices.SortStableFunc(fs.all, func(a, b Finding) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Column - b.Pos.Column
	})
	return slices.Compact(fs.all)
}

// problems returns the errors among the findings as an error, or nil.
func problems(all []Finding) error {
	var p Problems
	for _, f := range all {
		if f.Severity == SeverityError {
			p = append(p, f)
		}
	}
	if len(p) == 0 {
		return nil
	}
	return p
}

// suggest says which of names somebody may have meant by got, as a remedy.
func suggest(got string, names []string) string {
	if best := nearest(got, names); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(names) == 0 {
		return "none is declared"
	}
	if len(names) > 16 {
		return fmt.Sprintf("%d names are declared, none is near", len(names))
	}
	return "known are " + strings.Join(names, ", ")
}

// nearest returns the name that takes the fewest edits from got, or "" when
// none is near.
func nearest(got string, names []string) string {
	if len(got) > 64 {
		return ""
	}
	best, fewest := "", max(1, len(got)/3)+1
	for _, n := range names {
		d := distance(strings.ToLower(got), strings.ToLower(n))
		if d < fewest || d == fewest && best != "" && begins(n, got) > begins(best, got) {
			best, fewest = n, d
		}
	}
	return best
}

// begins counts the bytes that a and b begin with in common.
func begins(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between a and b (optimal string alignment).
func distance(a, b string) int {
	if len(a)-len(b) > 24 || len(b)-len(a) > 24 {
		return 25
	}
	two, one, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(one[j]+1, now[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], two[j-2]+1)
			}
		}
		two, one, now = one, now, two
	}
	return one[len(b)]
}
