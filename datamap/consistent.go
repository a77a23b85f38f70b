package datamap

import (
	"strings"
)

// consistent checks what one part of the map says about another.
func (r *reader) consistent(m *Map) {
	var names []string
	for _, c := range m.Collections {
		names = append(names, c.Name)
	}
	described := func(ref Ref, what string) {
		c, ok := m.Lookup(ref.Collection)
		switch {
		case !ok:
			r.problem(ref.Pos, "%s names %s, but the map does not describe the collection %s%s", what, ref, ref.Collection, DidYouMean(ref.Collection, names))
		case c.Erase == None && what == "an identifier":
			r.problem(ref.Pos, "%s identifies a person, but %s is mapped as nobody's data (none)", ref, ref.Collection)
		}
	}
	for _, s := range m.Subjects {
		if c, ok := m.Lookup(s.Collection); !ok {
			r.problem(s.Pos, "subject %s lives in %s, which the map does not describe%s", s.Name, s.Collection, DidYouMean(s.Collection, names))
		} else if c.Erase == None {
			r.problem(s.Pos, "subject %s lives in %s, which is mapped as nobody's data (none)", s.Name, s.Collection)
		}
		for _, id := range s.Identifiers {
			for _, ref := range id.Columns {
				described(ref, "an identifier")
			}
		}
	}
	for _, l := range m.Links {
		described(l.From[0], "a link")
		described(l.To[0], "a link")
	}
}

// CheckItems compares the items that the map names with those of the policy. A
// name beginning with "user." that is no item is a category and passes. The
// error is a fault.Invalid that lists every unknown item with its place.
func (m *Map) CheckItems(known []string) error {
	r := &reader{file: m.File}
	has := make(map[string]bool, len(known))
	for _, k := range known {
		has[k] = true
	}
	for _, c := range m.Collections {
		for _, col := range c.Columns {
			if !has[col.Item] && !strings.HasPrefix(col.Item, "user.") {
				r.problem(col.Pos, "%s.%s holds %s, which the policy does not declare%s: declare the item in the policy or correct the name", c.Name, col.Name, col.Item, DidYouMean(col.Item, known))
			}
		}
	}
	return r.err()
}

// Items returns the items and categories the map names, each once, in order.
func (m *Map) Items() []string {
	seen, out := map[string]bool{}, []string(nil)
	for _, c := range m.Collections {
		for _, col := range c.Columns {
			if !seen[col.Item] {
				seen[col.Item] = true
				out = append(out, col.Item)
			}
		}
	}
	return out
}
