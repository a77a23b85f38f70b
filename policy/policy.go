package policy

import (
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/calendar"
)

// A Policy is a compiled policy: what one version says, ready to decide. It
// does not change and may be used by many goroutines. What its methods return
// is read-only.
type Policy struct {
	platform, version, label string
	title                    Text
	updated, effective       time.Time
	published                time.Time
	languages, surfaces      []string
	laws                     []*law
	lawsShown                []*Law // laws, as given out
	more                     more
	calendar                 *calendar.Calendar
	controller               Controller
	people                   People
	security                 Security
	points                   []Point
	items                    parts[Item]
	purposes                 parts[Purpose]
	classes                  parts[Class]
	recipients               parts[Recipient]
	roles                    parts[Role]
	rights                   []*Right
	clauses                  []*Clause
	never                    []*NeverRule
	types                    []valueType // by item number
	scenarios                uint16      // bit s: sharing case s is allowed
	needs                    [Sale + 1]Need
	numbers                  *Numbers
	rightsPurpose            PurposeNo
	about                    map[string][]*Clause // "items.account.email": the clauses about it
	spots                    spots

	hot hot
}

// spots are the places of parts that have no name of their own.
type spots struct {
	head, surfaces, people, sharing, residency Pos
}

// parts holds one kind of part, by name and by number.
type parts[T any] struct {
	what    string // "items"
	ordered []*T   // as in the file
	byName  map[string]*T
	byNo    []*T // index is the number; nil where this version has no such part
}

func (p *parts[T]) add(name string, no int, v *T) {
	if p.byName == nil {
		p.byName = map[string]*T{}
	}
	p.ordered = append(p.ordered, v)
	p.byName[name] = v
	for len(p.byNo) <= no {
		p.byNo = append(p.byNo, nil)
	}
	p.byNo[no] = v
}

func (p *parts[T]) at(no int) *T {
	if no >= len(p.byNo) {
		return nil
	}
	return p.byNo[no]
}

func (p *parts[T]) named(name string) (*T, error) {
	if v, ok := p.byName[name]; ok {
		return v, nil
	}
	known := make([]string, 0, len(p.byName))
	for n := range p.byName {
		known = append(known, n)
	}
	slices.Sort(known)
	if !validName(name) {
		name = "that name"
	}
	return nil, fault.New(fault.NotFound, "no %q is declared in %s; %s", name, p.what, suggest(name, known))
}

// Platform is the name of the platform.
func (p *Policy) Platform() string { return p.platform }

// Version is "sha256:" and the hash of the source with the rule packs and the
// calendar it pins.
func (p *Policy) Version() string { return p.version }

// Label is the owner's name for this version.
func (p *Policy) Label() string { return p.label }

// Title is what people call the product.
func (p *Policy) Title() Text { return p.title }

// Updated is the day the text was last changed, at midnight UTC.
func (p *Policy) Updated() time.Time { return p.updated }

// Effective is the day the text takes effect, at midnight UTC.
func (p *Policy) Effective() time.Time { return p.effective }

// Languages lists the languages every text is written in, the first first.
func (p *Policy) Languages() []string { return p.languages }

// Surfaces lists where the policy holds.
func (p *Policy) Surfaces() []string { return p.surfaces }

// Pins names the editions of rule packs and calendar, such as pipl@2025-05 and
// CN@2026.
func (p *Policy) Pins() []string {
	var pins []string
	for _, l := range p.laws {
		pins = append(pins, l.pin())
	}
	return append(pins, p.calendar.Pin())
}

// Calendar is whose working days count.
func (p *Policy) Calendar() *calendar.Calendar { return p.calendar }

// Controller is who answers for the data.
func (p *Policy) Controller() Controller { return p.controller }

// People says who the data is about.
func (p *Policy) People() People { return p.people }

// Security is what is promised about protection.
func (p *Policy) Security() Security { return p.security }

// Points lists the collection points.
func (p *Policy) Points() []Point { return p.points }

// Items lists the items in the order of the file.
func (p *Policy) Items() []*Item { return p.items.ordered }

// Item returns the item of a name, or fault.NotFound with what may have been
// meant.
func (p *Policy) Item(name string) (*Item, error) { return p.items.named(name) }

// ItemBy returns the item of a number, nil when this version has none.
func (p *Policy) ItemBy(no ItemNo) *Item { return p.items.at(int(no)) }

// Purposes lists the purposes in the order of the file.
func (p *Policy) Purposes() []*Purpose { return p.purposes.ordered }

// Purpose is as Item, for purposes.
func (p *Policy) Purpose(name string) (*Purpose, error) { return p.purposes.named(name) }

// PurposeBy is as ItemBy, for purposes.
func (p *Policy) PurposeBy(no PurposeNo) *Purpose { return p.purposes.at(int(no)) }

// Classes lists the retention classes in the order of the file.
func (p *Policy) Classes() []*Class { return p.classes.ordered }

// Class is as Item, for retention classes.
func (p *Policy) Class(name string) (*Class, error) { return p.classes.named(name) }

// ClassBy is as ItemBy, for retention classes.
func (p *Policy) ClassBy(no ClassNo) *Class { return p.classes.at(int(no)) }

// Recipients lists the recipients in the order of the file.
func (p *Policy) Recipients() []*Recipient { return p.recipients.ordered }

// Recipient is as Item, for recipients.
func (p *Policy) Recipient(name string) (*Recipient, error) { return p.recipients.named(name) }

// RecipientBy is as ItemBy, for recipients.
func (p *Policy) RecipientBy(no RecipientNo) *Recipient { return p.recipients.at(int(no)) }

// Roles lists the roles of staff in the order of the file.
func (p *Policy) Roles() []*Role { return p.roles.ordered }

// Role is as Item, for roles of staff.
func (p *Policy) Role(name string) (*Role, error) { return p.roles.named(name) }

// RoleBy is as ItemBy, for roles of staff.
func (p *Policy) RoleBy(no RoleNo) *Role { return p.roles.at(int(no)) }

// Rights lists the rights in the order of the file.
func (p *Policy) Rights() []*Right { return p.rights }

// Right returns what is promised about a right, or fault.NotFound.
func (p *Policy) Right(kind RightKind) (*Right, error) {
	for _, r := range p.rights {
		if r.Kind == kind {
			return r, nil
		}
	}
	var known []string
	for _, r := range p.rights {
		known = append(known, string(r.Kind))
	}
	name := string(kind)
	if !validName(name) {
		name = "that name"
	}
	return nil, fault.New(fault.NotFound, "no %q is declared in rights; %s", name, suggest(name, known))
}

// Clauses lists the clauses in the order of the file.
func (p *Policy) Clauses() []*Clause { return p.clauses }

// Clause returns the clause of an id; ok is false when there is none.
func (p *Policy) Clause(id string) (c *Clause, ok bool) {
	for _, c := range p.clauses {
		if c.ID == id {
			return c, true
		}
	}
	return nil, false
}

// ClausesKeeping lists the clauses that a control keeps.
func (p *Policy) ClausesKeeping(c Control) []*Clause {
	var out []*Clause
	for _, cl := range p.clauses {
		if slices.Contains(cl.Keeps, c) {
			out = append(out, cl)
		}
	}
	return out
}

// Numbers is the list of names to give to the next Compile.
func (p *Policy) Numbers() *Numbers { return p.numbers }

// RightsPurpose is the first purpose that serves the person's own rights, 0
// when the policy has none.
func (p *Policy) RightsPurpose() PurposeNo { return p.rightsPurpose }

// clauseFor names the clause that a control keeps about a part: the clause
// about both, else about the part, else any that the control keeps.
func (p *Policy) clauseFor(ref string, c Control) string {
	about := p.about[ref]
	for _, cl := range about {
		if slices.Contains(cl.Keeps, c) {
			return cl.ID
		}
	}
	if len(about) > 0 {
		return about[0].ID
	}
	for _, cl := range p.clauses {
		if slices.Contains(cl.Keeps, c) {
			return cl.ID
		}
	}
	return ""
}
