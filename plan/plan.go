package plan

import (
	"cmp"
	"slices"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Vault is the kind of the system that holds avow's own values. Its steps come
// after those of every other system.
const Vault = "vault"

// A Plan is what a request will do. Its row keys may be personal.
type Plan struct {
	Format  int              `json:"avow_plan"` // 1
	Request string           `json:"request"`
	Right   policy.RightKind `json:"right"`
	Scope   Scope            `json:"scope"`
	Policy  string           `json:"policy"` // version that set the rules
	Systems []System         `json:"systems"`
	Steps   []Step           `json:"steps"`
}

// A System is what will happen in one system.
type System struct {
	Name        string       `json:"name"`
	Kind        string       `json:"kind"`
	Map         string       `json:"map,omitempty"` // hash of the data map the survey was made with
	Collections []Collection `json:"collections"`
	Warnings    []string     `json:"warnings,omitempty"`
}

// Copy is the action of an access request: the rows are read and stay.
const Copy connector.Action = "copy"

// A Collection is what will happen to some rows of one collection.
type Collection struct {
	Name    string               `json:"name"`
	Action  connector.Action     `json:"action"`
	Role    connector.Role       `json:"role"`
	Why     string               `json:"why"`               // how the rows are the person's, without a value
	Count   int                  `json:"count"`             // rows
	Keys    []string             `json:"keys,omitempty"`    // canonical keys, sorted; may be personal
	Columns []string             `json:"columns,omitempty"` // that are cleared or detached
	Items   []string             `json:"items,omitempty"`   // of the policy, that the rows hold
	Keep    *connector.Retention `json:"keep,omitempty"`    // why rows stay, and until when
}

// A Step is one durable piece of work. Steps run in order.
type Step struct {
	Number int      `json:"number"` // from 1
	Kind   StepKind `json:"kind"`
	System string   `json:"system,omitempty"`
}

// In is what a plan is a function of.
type In struct {
	Request string
	Right   policy.RightKind
	Scope   Scope
	Policy  *policy.Policy
	Systems []Surveyed // in any order
}

// Surveyed is one system and what was found in it. Map is nil for a system
// without a data map (the vault): a part of a collection is then named by items
// in place of columns.
type Surveyed struct {
	Name   string
	Kind   string
	Map    *datamap.Map
	Survey *connector.Survey
}

// Make returns the plan of a request. The error is a fault.Invalid that names
// the system and collection for which there is no rule, or the right, class or
// item that the policy does not know.
func Make(in In) (*Plan, error) {
	procedure, err := ProcedureOf(in.Right)
	if err != nil {
		return nil, err
	}
	items, err := in.Scope.items(in.Policy)
	if err != nil {
		return nil, err
	}
	p := &Plan{Format: 1, Request: in.Request, Right: in.Right, Scope: in.Scope, Policy: in.Policy.Version()}
	systems := slices.Clone(in.Systems)
	slices.SortFunc(systems, func(a, b Surveyed) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	for i, s := range systems {
		if i > 0 && systems[i-1].Name == s.Name {
			return nil, fault.New(fault.Invalid, "two systems are called %s: give one another name in its data map", s.Name)
		}
		system, err := rules{procedure, in.Scope, items, s}.system()
		if err != nil {
			return nil, err
		}
		p.Systems = append(p.Systems, system)
	}
	p.Steps = steps(procedure, p.Systems)
	return p, nil
}

func rank(s Surveyed) int {
	if s.Kind == Vault {
		return 1
	}
	return 0
}

func steps(p Procedure, systems []System) []Step {
	var out []Step
	for _, kind := range p.PerSystem {
		for _, s := range systems {
			out = append(out, Step{len(out) + 1, kind, s.Name})
		}
	}
	for _, kind := range p.Once {
		out = append(out, Step{Number: len(out) + 1, Kind: kind})
	}
	return out
}

// Step returns the step with this number.
func (p *Plan) Step(number int) (Step, bool) {
	if number < 1 || number > len(p.Steps) {
		return Step{}, false
	}
	return p.Steps[number-1], true
}

// System returns what is planned for one system.
func (p *Plan) System(name string) (*System, bool) {
	for i := range p.Systems {
		if p.Systems[i].Name == name {
			return &p.Systems[i], true
		}
	}
	return nil, false
}

// Targets returns what the plan does to the rows of a system, in the words of a
// connector.
func (s *System) Targets() []connector.Target {
	out := make([]connector.Target, 0, len(s.Collections))
	for _, c := range s.Collections {
		t := connector.Target{Collection: c.Name, Keys: c.Keys, Action: c.Action, Columns: c.Columns}
		if c.Keep != nil {
			t.Keep = *c.Keep
		}
		out = append(out, t)
	}
	return out
}

// Rows counts the rows of a system that the plan names, those that are kept
// among them.
func (s *System) Rows() (n int) {
	for _, c := range s.Collections {
		n += c.Count
	}
	return n
}
