package relational

import (
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
)

// settleRoles gives each foreign key that the map does not mention the role that
// its place in the schema makes plain, and asks for the others:
//
//   - a key to a row that belongs to people: the row that holds it belongs to
//     them too (owns);
//   - a key from such a row to anything else: shared.
//
// A key from people to what people own (the preferred address) is not followed:
// what is theirs is found by its own key. A key from people to people, from a row to its own table, and one of several
// keys to people could mean anything: they must be written.
func (g *graph) settleRoles() {
	for changed := true; changed; {
		changed = false
		for _, l := range g.links {
			owning := l.role == "" && !l.to.shareOnly() || l.role == datamap.Owns || l.role == datamap.Joint
			if owning && l.from != l.to && !l.from.subject && l.to.owned && l.to.personal() && l.from.personal() && !l.from.owned {
				l.from.owned, changed = true, true
			}
		}
	}
	for _, l := range g.links {
		if l.role == "" {
			g.settle(l)
		}
	}
}

// shareOnly is true for a table into which the map writes a shared link: it does
// not own what points to it unless the map says so.
func (n *node) shareOnly() bool {
	return slices.ContainsFunc(n.in, func(l *link) bool { return l.role == datamap.Shared })
}

func (g *graph) settle(l *link) {
	from, to := l.from, l.to
	switch {
	case from.c != nil && !from.personal(), to.c != nil && !to.personal():
		l.role = datamap.Reference // one side is nobody's data
	case from == to && from.owned:
		g.problem("%s points to its own table: write under links: {from: %s, to: %s, role: …}; owns if the rows belong to whoever owns the row pointed to, actor if not",
			l, side(from, l.fromCols), side(to, l.toCols))
	case from.subject && to.subject:
		g.problem("%s leads from people to people: write its role under links: actor if one only works for the other", l)
	case to.subject && len(from.toPeople()) > 1:
		g.problem("%s: %s has %d keys to people: write the role of each under links (owns, joint, accessor, actor)", l, from.t.Name, len(from.toPeople()))
	case from.subject && to.owned:
		l.role = datamap.Reference // people belong to nobody; what they own is found by its own key
	case to.owned && !to.shareOnly():
		l.role = datamap.Owns
	case from.owned:
		l.role = datamap.Shared
	default:
		l.role = "" // settled by checkReach, if the walk comes near
	}
}

// toPeople returns the links to people whose role the map does not write.
func (n *node) toPeople() []*link {
	var out []*link
	for _, l := range n.out {
		if l.to.subject && !l.written && l.to.personal() {
			out = append(out, l)
		}
	}
	return out
}

// checkReach walks over tables instead of rows, and names what the walk over
// rows could reach and the map does not mention.
func (g *graph) checkReach() {
	for changed := true; changed; {
		changed = false
		for _, l := range g.links {
			for _, n := range []*node{g.next(l, l.from), g.next(l, l.to)} {
				if n != nil && !n.reached {
					n.reached, changed = true, true
					if n.c == nil {
						g.problem("%s is reached by %s, and the map does not mention it: write under collections either %s: {columns: {…}, erase: …} or, if it is nobody's data, %s: none", n.t.Name, l, n.t.Name, n.t.Name)
					}
				}
			}
		}
	}
	for _, l := range g.links {
		// Rows that hang on a shared row could hold more about the person.
		if l.role == "" && l.to.reached && l.to.personal() && !l.from.reached {
			g.problem("%s points to %s, which holds personal data (%s): write under collections what %s is, or %s: none, or the link's role", l.from.t.Name, l.to.t.Name, l, l.from.t.Name, l.from.t.Name)
		}
	}
	for _, n := range g.order {
		if n.personal() && !n.reached {
			g.problem("%s: nothing leads to %s: write a link to it under links, or an identifier in it under subjects", g.m.At(n.c.Pos), n.t.Name)
		}
	}
}

// next returns the node that the walk reaches over l from n, or nil.
func (g *graph) next(l *link, n *node) *node {
	if !n.reached || !n.personal() {
		return nil
	}
	switch l.role {
	case datamap.Owns, datamap.Joint, datamap.Accessor:
		if n == l.to {
			return l.from
		}
	case datamap.Shared:
		if n == l.from {
			return l.to
		}
	}
	return nil
}

// checkColumns looks at the columns of mapped tables: what is not classified
// where rows stay, what cannot be emptied, what is slow to find.
func (g *graph) checkColumns() {
	for _, n := range g.order {
		if !n.personal() {
			continue
		}
		var loose []string
		for _, c := range n.t.Columns {
			if _, personal := n.c.Column(c.Name); !personal && !c.RowID && !slices.Contains(n.c.Plain, c.Name) && !n.structural(c) {
				loose = append(loose, c.Name)
			}
		}
		switch {
		case len(loose) > 0 && n.c.Erase != datamap.Delete:
			g.problem("%s: rows of %s stay after an erasure, and the map does not say what %s hold: name the item of each under columns, or list it under plain", g.m.At(n.c.Pos), n.t.Name, strings.Join(loose, ", "))
		case len(loose) > 0:
			g.warnings = append(g.warnings, n.t.Name+": the map does not say which items "+strings.Join(loose, ", ")+" hold; they are exported without")
		}
		g.checkClear(n)
		g.checkRestrict(n)
		for _, id := range n.ids {
			if id.kind == "email" && !n.t.folds(id.col.Name) {
				g.warnings = append(g.warnings, n.t.Name+"."+id.col.Name+" has no index on lower(trim("+id.col.Name+")): every request reads the whole table")
			}
		}
	}
}

func (g *graph) checkClear(n *node) {
	for _, name := range n.c.Clear {
		c := n.t.Column(name)
		switch {
		case c == nil:
			g.problem("table %s has no column %s, which the map clears", n.t.Name, name)
		case n.t.isKey(c) && !n.t.Whole:
			g.problem("%s.%s is part of the key and cannot be cleared: erase the rows (delete) or keep them with a reason", n.t.Name, name)
		case c.Generated:
			g.problem("%s.%s is computed by the database: list it under plain and clear what it is computed from", n.t.Name, name)
		default:
			if _, ok := blankOf(n, c); !ok {
				if col, _ := n.c.Column(name); col.Strategy != "" {
					g.problem("%s: %s.%s cannot be erased with %s: %s", g.m.At(col.Pos), n.t.Name, name, col.Strategy, limits(col.Strategy))
					continue
				}
				g.problem("%s.%s may not be NULL and avow has no placeholder for its type %s: write columns: %s: {item: …, clear: …}", n.t.Name, name, c.Type, name)
			}
		}
	}
}

// limits says what a strategy asks of a column.
func limits(s datamap.Strategy) string {
	switch s {
	case datamap.Null:
		return "it may not be NULL: use fixed, mask or hash"
	case datamap.Mask:
		return "a mask is for text that need not be unique, of 8 characters or more: use hash or fixed"
	}
	return "a hash is for text of 29 characters or more: use fixed or null"
}

// checkRestrict looks at the column that marks rows as not to be used.
func (g *graph) checkRestrict(n *node) {
	rule := n.c.Restrict
	if rule == nil || n.of != nil {
		return
	}
	c := g.column(n, rule.Column, rule.Pos)
	switch {
	case c == nil:
	case n.t.isKey(c), c.Generated, c.Unique, n.structural(c):
		g.problem("%s: %s.%s cannot mark rows as not to be used: it is a key, unique or computed", g.m.At(rule.Pos), n.t.Name, c.Name)
	case c.NotNull && rule.Off == nil:
		g.problem("%s: %s.%s may not be NULL: write what rows hold that are not restricted, off: …", g.m.At(rule.Pos), n.t.Name, c.Name)
	}
}

// structural reports whether a column only holds the table together.
func (n *node) structural(c *Column) bool {
	if n.t.isKey(c) && !n.t.Whole {
		return true
	}
	if n.of != nil && n.of.t.Column(c.Name) != nil && n.of.structural(n.of.t.Column(c.Name)) {
		return true
	}
	for _, l := range n.out {
		if slices.Contains(l.fromCols, c) && l.match == datamap.Exact {
			return true
		}
	}
	return false
}

// idKind returns the kind of identifier a column holds, or "".
func (n *node) idKind(c *Column) string {
	for _, id := range n.ids {
		if id.col == c {
			return id.kind
		}
	}
	return ""
}

// checkup returns what was found, for connector.System.Check.
func (g *graph) checkup() *connector.Checkup {
	return &connector.Checkup{Problems: g.problems, Warnings: g.warnings}
}
