package policy

import (
	"fmt"
	"strings"
)

// ParseRegion reads a two-letter country code, such as CN.
func ParseRegion(code string) (Region, error) {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return 0, fmt.Errorf("a country is two capital letters, such as CN")
	}
	return Region(code[0])<<8 | Region(code[1]), nil
}

// String gives the two letters, "" for no region.
func (r Region) String() string {
	if r == 0 {
		return ""
	}
	return string([]byte{byte(r >> 8), byte(r)})
}

// regionSet is a set of regions: one bit for each pair of letters.
type regionSet [(26*26 + 63) / 64]uint64

// bit is the place of r in a regionSet; ok is false for what is no region.
func (r Region) bit() (n uint, ok bool) {
	a, b := uint(r>>8)-'A', uint(r&0xff)-'A'
	return a*26 + b, a < 26 && b < 26
}

func (s *regionSet) has(r Region) bool {
	n, ok := r.bit()
	return ok && s[n>>6]>>(n&63)&1 != 0
}

func (s *regionSet) add(r Region) {
	if n, ok := r.bit(); ok {
		s[n>>6] |= 1 << (n & 63)
	}
}

var errScenario = fmt.Errorf("no such sharing case")

func scenarioNames() []string {
	return []string{"", "entrusted", "consent", "contract", "affiliates", "legal", "protection", "succession", "public", "statistics", "sale"}
}

// String gives the name used in the policy file.
func (s Scenario) String() string {
	if n := scenarioNames(); int(s) < len(n) {
		return n[s]
	}
	return "unknown"
}

// ParseScenario reads the name of a sharing case.
func ParseScenario(name string) (Scenario, error) {
	for i, n := range scenarioNames() {
		if n == name && i > 0 {
			return Scenario(i), nil
		}
	}
	return NoScenario, fmt.Errorf("%w; known are %s", errScenario, strings.Join(scenarioNames()[1:], ", "))
}

// CaseOf returns the case in which u lets data leave: the one it names, or the one
// that follows from what its recipient is; [NoScenario] where nothing leaves.
func (p *Policy) CaseOf(u *Use) Scenario {
	if r := p.RecipientBy(u.Recipient); u.Scenario == NoScenario && r != nil {
		return p.hot.gives[r.No].scenario
	}
	return u.Scenario
}

// scenarioOf is the case that follows from what a recipient is.
func scenarioOf(r RecipientRole) Scenario {
	switch r {
	case Processor, SDK:
		return Entrusted
	case Partner:
		return Consented
	case Affiliate:
		return Affiliated
	case Authority:
		return Legal
	case Successor:
		return Succession
	}
	return NoScenario
}

func refNames() []string {
	return []string{"", "order", "ticket", "case", "contract", "request", "device"}
}

// String gives the name used in the policy file.
func (k RefKind) String() string {
	if n := refNames(); int(k) < len(n) {
		return n[k]
	}
	return "unknown"
}

// ParseRef reads kind:id, such as order:A-17.
func ParseRef(s string) (Ref, error) {
	kind, id, ok := strings.Cut(s, ":")
	for i, n := range refNames() {
		if ok && id != "" && i > 0 && n == kind {
			return Ref{RefKind(i), id}, nil
		}
	}
	return Ref{}, fmt.Errorf("a reference is kind:id, and the kind one of %s", strings.Join(refNames()[1:], ", "))
}

// String gives the names of the obligations, such as mask+notify.
func (o Obligation) String() string {
	var names []string
	for i, n := range obligationNames() {
		if o&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, "+")
}

func obligationNames() []string {
	return []string{"mask", "hash", "generalise", "notify", "last-digits", "seal", "anonymise"}
}

func obligation(name string) Obligation {
	for i, n := range obligationNames() {
		if n == name {
			return 1 << i
		}
	}
	return 0
}

// String gives the state's name.
func (a AccountState) String() string {
	names := []string{"none", "open", "cooling-off", "closed", "erasing", "erased"}
	if int(a) < len(names) {
		return names[a]
	}
	return "unknown"
}
