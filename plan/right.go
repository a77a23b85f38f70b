package plan

import (
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// A Scope is how much of a person's data a request is about. The zero Scope is
// everything.
type Scope struct {
	Kind ScopeKind `json:"kind"`
	Name string    `json:"name,omitempty"` // of the retention class or item
}

// A ScopeKind says what a Scope names.
type ScopeKind string

// The kinds of scope.
const (
	Everything ScopeKind = ""
	OneClass   ScopeKind = "class" // one retention class of the policy
	OneItem    ScopeKind = "item"  // one item of the policy
	SomeItems  ScopeKind = "items" // several, separated by commas: what a rectification corrects
	Lifting    ScopeKind = "lift"  // of a restriction: it ends
)

// Lifted is the scope of a request that ends a restriction (GDPR Art. 18(3)).
func Lifted() Scope { return Scope{Kind: Lifting} }

// Items is the scope of these items.
func Items(names []string) Scope {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	if len(names) == 1 {
		return Scope{OneItem, names[0]}
	}
	return Scope{SomeItems, strings.Join(names, ",")}
}

// String gives "everything", "class:books" or "item:account.phone".
func (s Scope) String() string {
	if s.Kind == Everything {
		return "everything"
	}
	if s.Kind == Lifting {
		return string(Lifting)
	}
	return string(s.Kind) + ":" + s.Name
}

// ParseScope reads the form of [Scope.String]; "" is everything. The error is a
// fault.Invalid.
func ParseScope(s string) (Scope, error) {
	kind, name, named := strings.Cut(s, ":")
	switch {
	case s == "" || s == "everything":
		return Scope{}, nil
	case s == string(Lifting):
		return Lifted(), nil
	case named && name != "" && (ScopeKind(kind) == OneClass || ScopeKind(kind) == OneItem || ScopeKind(kind) == SomeItems):
		return Scope{ScopeKind(kind), name}, nil
	}
	return Scope{}, fault.New(fault.Invalid, "that is not a scope: write everything, class:NAME or item:NAME with a name of the policy")
}

// Check reports, as a fault, a scope that names what the policy does not know.
func (s Scope) Check(p *policy.Policy) error {
	_, err := s.items(p)
	return err
}

// Holds reports whether an item of the policy is in the scope. Everything holds
// categories too.
func (s Scope) Holds(p *policy.Policy, item string) bool {
	items, err := s.items(p)
	return err == nil && (items == nil || slices.Contains(items, item))
}

// items returns the policy's item names in the scope, nil for everything.
func (s Scope) items(p *policy.Policy) ([]string, error) {
	switch s.Kind {
	case Everything, Lifting:
		return nil, nil
	case OneItem, SomeItems:
		var names []string
		for _, name := range strings.Split(s.Name, ",") {
			i, err := p.Item(name)
			if err != nil {
				return nil, err
			}
			names = append(names, i.Name)
		}
		return names, nil
	case OneClass:
		c, err := p.Class(s.Name)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, i := range p.Items() {
			if i.Class == c.No {
				names = append(names, i.Name)
			}
		}
		return names, nil
	}
	return nil, fault.New(fault.Invalid, "a scope is everything, a class or an item, not %q", s.Kind)
}

// A StepKind is what a step of a run does.
type StepKind string

// The kinds of step, in the order they can come in.
const (
	Check  StepKind = "check"  // survey again, compare with the plan, note what to search for afterwards
	Export StepKind = "export" // read every value of the person in one system into the sealed package
	Pack   StepKind = "pack"   // make the package and check that it is complete
	Erase  StepKind = "erase"  // delete, clear or detach the person's rows in one system
	Search StepKind = "search" // search one system for what may be left

	Correct  StepKind = "correct"  // write the new values in one system
	Restrict StepKind = "restrict" // mark the person's rows in one system as not to be used, or end it
	Manual   StepKind = "manual"   // people do in one system what it cannot do by itself, and say so
	Reread   StepKind = "reread"   // read one system again: is what was written there, is the old value gone
	Tell     StepKind = "tell"     // recipients of the old data are told (GDPR Art. 19)
	Inform   StepKind = "inform"   // the person is told

	Deliver StepKind = "deliver" // make the receipt and say what was done
	Close   StepKind = "close"   // the request's own key dies
)

// An Effect is what a right does to the rows it is about.
type Effect string

// The effects.
const (
	Reads     Effect = "read"     // all of them are copied
	Takes     Effect = "take"     // those that the person may take along are copied
	Erases    Effect = "erase"    // they go, as the map says
	Corrects  Effect = "correct"  // some columns get a new value
	Restricts Effect = "restrict" // they are kept and not used
)

// A Procedure is what carrying out a right takes. New rights are new
// procedures; the machine that runs them is the same.
type Procedure struct {
	Right       policy.RightKind
	PerSystem   []StepKind // each over all systems, outside ones first, before the next
	Once        []StepKind // then these
	Effect      Effect     // on rows
	Destructive bool       // some step cannot be undone
	Fetched     bool       // the person fetches a package, so delivery waits for them
}

// Procedures returns the procedure of every right that can be carried out.
func Procedures() []Procedure {
	return []Procedure{
		{Right: policy.Access, PerSystem: []StepKind{Export}, Once: []StepKind{Pack, Inform, Deliver, Close}, Effect: Reads, Fetched: true},
		{Right: policy.Portability, PerSystem: []StepKind{Export}, Once: []StepKind{Pack, Inform, Deliver, Close}, Effect: Takes, Fetched: true},
		{
			Right: policy.Rectification, PerSystem: []StepKind{Check, Correct, Manual, Reread},
			Once: []StepKind{Tell, Deliver, Inform, Close}, Effect: Corrects, Destructive: true,
		},
		{
			Right: policy.Restriction, PerSystem: []StepKind{Restrict, Manual, Reread},
			Once: []StepKind{Tell, Deliver, Inform, Close}, Effect: Restricts,
		},
		{
			Right: policy.Erasure, PerSystem: []StepKind{Check, Erase, Search},
			Once: []StepKind{Tell, Deliver, Inform, Close}, Effect: Erases, Destructive: true,
		},
		{ // what an account leaves behind goes as in an erasure, by the clock of the closing
			Right: policy.Closing, PerSystem: []StepKind{Check, Erase, Search},
			Once: []StepKind{Tell, Deliver, Inform, Close}, Effect: Erases, Destructive: true,
		},
		{ // an account that is a child's: as an erasure, by the clock of the report
			Right: policy.GuardianSays, PerSystem: []StepKind{Check, Erase, Search},
			Once: []StepKind{Tell, Deliver, Inform, Close}, Effect: Erases, Destructive: true,
		},
	}
}

// ProcedureOf returns the procedure of a right, and fault.Invalid for a right
// that cannot be carried out as a request.
func ProcedureOf(r policy.RightKind) (Procedure, error) {
	all := Procedures()
	i := slices.IndexFunc(all, func(p Procedure) bool { return p.Right == r })
	if i < 0 {
		return Procedure{}, fault.New(fault.Invalid, "requests for %q cannot be carried out: ask for access, portability, rectification, restriction, erasure, closing or guardian-report", r)
	}
	return all[i], nil
}
