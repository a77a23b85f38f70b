package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
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

	Corrects   []string    `json:"corrects,omitempty"`   // items that get a new value
	Manual     []Task      `json:"manual,omitempty"`     // what people do by hand
	Recipients []Recipient `json:"recipients,omitempty"` // who received what is erased, corrected or restricted
}

// A Task is what a system cannot do by itself.
type Task struct {
	System     string   `json:"system"`
	Collection string   `json:"collection,omitempty"` // "": the system as a whole
	Columns    []string `json:"columns,omitempty"`
	Items      []string `json:"items,omitempty"`
	Rows       int      `json:"rows"`
	Why        Text     `json:"why"` // why it takes a hand
}

// A Recipient received some of the data before (GDPR Art. 19).
type Recipient struct {
	Name  string    `json:"name"` // in the policy
	Title Text      `json:"title"`
	Items []string  `json:"items"`
	Last  time.Time `json:"last"` // when it received them last
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
	Leaves  []Left               `json:"leaves,omitempty"`  // what emptied columns hold afterwards, where that is not nothing
}

// A Left is what stands in a column in place of a value.
type Left struct {
	Column   string           `json:"column"`
	Strategy datamap.Strategy `json:"strategy"`
	Why      Text             `json:"why"`
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

	// Recipients are those who received data of the person, with all items they
	// received.
	Recipients []Recipient
}

// Surveyed is one system and what was found in it. Map is nil for a system
// without a data map (the vault): a part of a collection is then named by items
// in place of columns.
type Surveyed struct {
	Name   string
	Kind   string
	Map    *datamap.Map
	Survey *connector.Survey
	Can    func(gate.Action) bool // what the system does by itself; nil: everything
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
		r := &rules{procedure: procedure, scope: in.Scope, items: items, in: s, policy: in.Policy}
		system, err := r.system()
		if err != nil {
			return nil, err
		}
		p.Systems, p.Manual = append(p.Systems, system), append(p.Manual, r.tasks...)
	}
	if procedure.Effect == Corrects {
		p.Corrects = items
	}
	if procedure.Effect != Reads && procedure.Effect != Takes {
		p.Recipients = concerned(in.Recipients, items)
	}
	p.Steps = p.steps(procedure)
	return p, nil
}

// concerned returns the recipients of one of the items, with those alone; nil
// items are all.
func concerned(list []Recipient, items []string) []Recipient {
	var out []Recipient
	for _, r := range list {
		r.Items = slices.DeleteFunc(slices.Clone(r.Items), func(i string) bool { return items != nil && !slices.Contains(items, i) })
		if len(r.Items) > 0 {
			out = append(out, r)
		}
	}
	return out
}

func rank(s Surveyed) int {
	if s.Kind == Vault {
		return 1
	}
	return 0
}

func (p *Plan) steps(by Procedure) []Step {
	var out []Step
	for _, kind := range by.PerSystem {
		for _, s := range p.Systems {
			if p.needs(kind, &s) {
				out = append(out, Step{len(out) + 1, kind, s.Name})
			}
		}
	}
	for _, kind := range by.Once {
		if kind != Tell || len(p.Recipients) > 0 {
			out = append(out, Step{Number: len(out) + 1, Kind: kind})
		}
	}
	return out
}

// needs reports whether a kind of step has something to do in a system. What is
// read again, searched or exported is so in every system.
func (p *Plan) needs(kind StepKind, s *System) bool {
	switch kind {
	case Correct, Restrict:
		return slices.ContainsFunc(s.Collections, Collection.changes)
	case Manual:
		return len(p.Tasks(s.Name)) > 0
	}
	return true
}

// Acts reports whether the plan does anything but read.
func (p *Plan) Acts() bool {
	return len(p.Manual) > 0 || slices.ContainsFunc(p.Systems, func(s System) bool { return slices.ContainsFunc(s.Collections, Collection.changes) })
}

// changes reports whether rows get a new value or a mark.
func (c Collection) changes() bool {
	return c.Action == connector.Rewrite || c.Action == connector.Freeze || c.Action == connector.Release
}

// Tasks returns what people do by hand in one system.
func (p *Plan) Tasks(system string) []Task {
	var out []Task
	for _, t := range p.Manual {
		if t.System == system {
			out = append(out, t)
		}
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

// Changing returns the targets whose rows get a new value or a mark.
func (s *System) Changing() []connector.Target {
	var out []connector.Target
	for i, t := range s.Targets() {
		if s.Collections[i].changes() {
			out = append(out, t)
		}
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
