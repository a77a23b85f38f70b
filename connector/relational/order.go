package relational

import (
	"slices"
	"strings"
)

// deletion says in which order the rows of tables can be deleted: rows that point
// before rows that are pointed to.
type deletion struct {
	order []*node
	// broken are the keys that must be emptied first because they close a circle.
	broken []*link
	stuck  []*link // keys that close a circle and cannot be emptied
}

// plan orders the tables. deferred means that the engine checks all keys at
// commit, so that any order will do.
func plan(tables []*node, deferred bool) deletion {
	in := map[*node]bool{}
	for _, n := range tables {
		in[n] = true
	}
	d := deletion{}
	done := map[*node]bool{}
	cut := map[*link]bool{}
	holds := func(l *link) bool { // l.from must be deleted before l.to
		return l.declared && in[l.from] && in[l.to] && l.from != l.to && !done[l.from] && !cut[l] && (!l.fk.Deferrable || l.fk.OnDelete == "RESTRICT")
	}
	free := func(n *node) bool {
		for _, l := range n.in {
			if holds(l) {
				return false
			}
		}
		return true
	}
	for len(d.order) < len(tables) {
		var next *node
		for _, n := range tables {
			if !done[n] && free(n) {
				next = n
				break
			}
		}
		if next != nil {
			done[next] = true
			d.order = append(d.order, next)
			continue
		}
		l := weakest(tables, holds, deferred)
		cut[l] = true
		switch {
		case len(nullable(l)) > 0:
			d.broken = append(d.broken, l)
		case !deferred || l.fk.OnDelete == "RESTRICT":
			d.stuck = append(d.stuck, l)
		}
	}
	for _, n := range tables {
		for _, l := range n.out {
			if l.declared && l.to == n && !deferred && !l.fk.Deferrable && len(nullable(l)) > 0 {
				d.broken = append(d.broken, l) // rows of one table that point to one another
			}
		}
	}
	return d
}

// waves splits rows of one table that go, where they point to one another by keys
// that may not be emptied: those that point before those that are pointed to. Rows
// that close a circle go last, together.
func waves(n *node, rows []*row) [][]*row {
	var own []*link
	for _, l := range n.out {
		if l.declared && l.to == n && len(nullable(l)) == 0 && !l.fk.Deferrable {
			own = append(own, l)
		}
	}
	var out [][]*row
	for rest := rows; len(own) > 0 && len(rest) > 0; {
		pointed := map[*link]map[string]bool{}
		for _, l := range own {
			pointed[l] = map[string]bool{}
			for _, r := range rest {
				_, id, ok := tuple(r, l.fromCols)
				if _, self, _ := tuple(r, l.toCols); ok && id != self {
					pointed[l][id] = true
				}
			}
		}
		free := func(r *row) bool {
			return !slices.ContainsFunc(own, func(l *link) bool { _, id, _ := tuple(r, l.toCols); return pointed[l][id] })
		}
		wave := filter(rest, free)
		if len(wave) == 0 {
			return append(out, rest)
		}
		out, rest = append(out, wave), filter(rest, func(r *row) bool { return !free(r) })
	}
	if len(own) == 0 {
		return [][]*row{rows}
	}
	return out
}

// weakest picks the key to cut in a circle: one that can be emptied, if any.
func weakest(tables []*node, holds func(*link) bool, deferred bool) *link {
	var last *link
	for _, n := range tables {
		for _, l := range n.in {
			if !holds(l) {
				continue
			}
			if len(nullable(l)) > 0 || deferred && l.fk.OnDelete != "RESTRICT" {
				return l
			}
			last = l
		}
	}
	return last
}

// checkOrder names circles of keys among the tables whose rows the map deletes
// that nothing can open.
func (g *graph) checkOrder(deferred bool) {
	var deleted []*node
	for _, n := range g.order {
		if n.personal() && string(n.c.Erase) == "delete" {
			deleted = append(deleted, n)
		}
	}
	d := plan(deleted, deferred)
	if len(d.stuck) == 0 {
		return
	}
	var text []string
	for _, l := range d.stuck {
		text = append(text, l.String())
	}
	g.problem("the keys %s close a circle of tables whose rows are deleted, and may not be NULL: make one deferrable or write erase: clear for one of the tables", strings.Join(text, ", "))
}
