package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
)

// The codes of refusals at the door of collection. Those of state and age are
// shared with uses.
const (
	PointUndeclared Code = "point.undeclared"
	ItemPoint       Code = "item.point"
	ItemOrigin      Code = "item.origin"
	ItemTwice       Code = "item.twice"
	ItemKind        Code = "item.kind"
	NotVoluntary    Code = "item.not-voluntary"
	NoGround        Code = "ground.none"
	WrongType       Code = "value.type"
	NeverCollected  Code = "value.never"
	IsSuppressed    Code = "person.suppressed"
)

// Collect is the door of collection: it says why values may not come in at a
// point, all reasons for all values, and nil when everything may. A value that
// may come in has the type its item declares, is nothing the policy never
// collects, and serves a purpose whose ground stands on these facts. Refusals
// never hold a value. A nil f is the zero Facts.
func (p *Policy) Collect(point string, values []Given, f *Facts) []Refusal {
	if f == nil {
		f = new(Facts)
	}
	d := door{p: p, point: point, f: f}
	d.person()
	known := slices.ContainsFunc(p.points, func(at Point) bool { return at.Name == point })
	if !known {
		d.refuse("", PointUndeclared, CollectDeclared, "points", Pos{}, "this collection point is not declared; name one of %s", d.pointNames())
	}
	for i, v := range values {
		it, ok := p.items.byName[v.Item]
		if !ok {
			d.undeclared(v.Item)
			continue
		}
		if !it.List && slices.ContainsFunc(values[:i], func(w Given) bool { return w.Item == v.Item }) {
			d.refuse(it.Name, ItemTwice, CollectDeclared, "items."+it.Name, it.Pos, "a person has one %s, and it is given twice; send one", it.Name)
		}
		if known {
			d.place(it)
		}
		d.kind(it)
		d.origin(it, v)
		d.ofMinor(it, v)
		d.beside(it, v, values)
		d.value(it, v.Value)
		d.fine(it, v.Value)
		d.observed(it, v)
		d.stays(it)
		d.ground(it)
		d.others(it, v)
		d.reminds(it, v)
	}
	d.shown()
	return d.refusals
}

type door struct {
	p        *Policy
	point    string
	f        *Facts
	refusals []Refusal
}

func (d *door) refuse(item string, code Code, c Control, ref string, pos Pos, format string, args ...any) {
	if pos.Line == 0 {
		pos = d.p.spots.head
	}
	d.refusals = append(d.refusals, Refusal{Item: item, Code: code, Control: c, Clause: d.p.clauseFor(ref, c), Pos: pos, Text: fmt.Sprintf(format, args...)})
}

func (d *door) pointNames() string {
	var names []string
	for _, at := range d.p.points {
		names = append(names, at.Name)
	}
	return strings.Join(names, ", ")
}

// person refuses everything where the person's state forbids collecting.
func (d *door) person() {
	e := explanation{p: d.p, f: d.f, u: &Use{}}
	e.minor()
	e.restricted()
	e.declined()
	for _, r := range e.reasons {
		control := r.Control
		if control == UseMinor {
			control = CollectMinor
		}
		d.refusals = append(d.refusals, Refusal{Code: r.Code, Control: control, Clause: r.Clause, Pos: r.Pos, Text: r.Text})
	}
	if d.f.Suppressed {
		d.refuse("", IsSuppressed, CollectSuppressed, "rights.erasure", Pos{}, "this person asked not to be collected again; they can take that back themselves")
	}
	if d.f.Account > AccountOpen {
		d.refuse("", AccountEnded, AccountClosing, "rights.closing", Pos{}, "the account is %s, and nothing more is collected for it", d.f.Account)
	}
}

// undeclared refuses an item the policy does not know. Its name comes from the
// caller and is only repeated when it has the form of a name.
func (d *door) undeclared(name string) {
	known := itemNames(d.p.items.ordered)
	shown := name
	if !validName(name) {
		shown = ""
	}
	hint := "declare it, or do not collect it"
	if best := nearest(shown, known); best != "" {
		hint = fmt.Sprintf("did you mean %q?", best)
	}
	if shown == "" {
		name = "an ill-formed name"
	}
	d.refuse(shown, ItemUndeclared, CollectDeclared, "items", Pos{}, "%s is not declared in the policy; %s", name, hint)
}

func itemNames(items []*Item) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = it.Name
	}
	return out
}

func (d *door) place(it *Item) {
	if !slices.Contains(it.At, d.point) {
		where := "nowhere"
		if len(it.At) > 0 {
			where = "at " + strings.Join(it.At, ", ")
		}
		d.refuse(it.Name, ItemPoint, CollectDeclared, "items."+it.Name, it.Pos, "%s is not collected at %s, but %s", it.Name, d.point, where)
	}
}

// kind refuses what is asked of organisations alone, or of people alone.
func (d *door) kind(it *Item) {
	kind := "natural"
	if d.f.Enterprise {
		kind = "enterprise"
	}
	if len(it.Kinds) > 0 && !slices.Contains(it.Kinds, kind) {
		d.refuse(it.Name, ItemKind, CollectDeclared, "items."+it.Name, it.Pos, "%s is asked only of a subject of the kind %s, and this one is %s", it.Name, strings.Join(it.Kinds, " or "), kind)
	}
}

func (d *door) origin(it *Item, v Given) {
	if v.Origin != "" && v.Origin != it.Origin {
		d.refuse(it.Name, ItemOrigin, CollectDeclared, "items."+it.Name, it.Pos, "%s is declared as %s, and came another way; collect it as declared", it.Name, it.Origin)
	}
	if it.Sensitive && !v.Voluntary {
		d.refuse(it.Name, NotVoluntary, CollectSensitive, "items."+it.Name, it.Pos, "%s is sensitive and comes in only by an act of the person's own; ask for it and say that they gave it", it.Name)
	}
}

func (d *door) value(it *Item, value string) {
	if _, err := d.p.types[it.No].check(value, d.p.controller.Country.String()); err != nil {
		d.refuse(it.Name, WrongType, CollectType, "items."+it.Name, it.Pos, "%s: %s", it.Name, fault.Message(err))
	}
	for _, n := range d.p.never {
		if len(value) > MaxValue || n.Pattern == "" || slices.Contains(n.Except, it.Name) || slices.Contains(n.ExceptAt, d.point) {
			continue
		}
		if contains(n.Pattern, value) {
			d.refuse(it.Name, NeverCollected, CollectNever, "never", n.Pos, "the value given for %s holds a %s, which is never collected; take it out", it.Name, strings.ReplaceAll(n.Pattern, "-", " "))
		}
	}
}

// ground refuses what no purpose may use yet: consent comes before collection.
func (d *door) ground(it *Item) {
	h := &d.p.hot
	for _, no := range it.Purposes {
		r := &h.rules[no]
		if d.f.Agreed != nil && d.f.Agreed.unknown(no, []ItemNo{it.No}, r) >= 0 {
			continue // new since the version that the person accepted
		}
		if r.stands(no, d.f, it.Sensitive) && (d.f.Account <= AccountOpen || r.is&evenClosed != 0) {
			return
		}
	}
	var asks []string
	for _, no := range it.Purposes {
		asks = append(asks, d.lacks(it, no))
	}
	d.refuse(it.Name, NoGround, CollectConsent, "items."+it.Name, it.Pos, "there is no ground yet to collect %s: %s", it.Name, strings.Join(asks, "; "))
}

// lacks says what a purpose waits for.
func (d *door) lacks(it *Item, no PurposeNo) string {
	r, name := &d.p.hot.rules[no], d.p.PurposeBy(no).Name
	switch {
	case d.f.Account > AccountOpen && r.is&evenClosed == 0:
		return name + " ended with the account"
	case r.is&asksAccount != 0:
		return name + " needs an open account and the accepted policy"
	case r.is&yields != 0 && d.f.Objected.Has(no):
		return name + " was objected to"
	case it.Sensitive || r.is&asksExplicit != 0:
		return name + " needs an explicit consent of its own"
	}
	return name + " needs consent"
}
