package relational

import "github.com/avow-dev/avow/connector"

// unplanned counts the person's rows that no target names.
func (e *erasure) unplanned(targets []connector.Target) []connector.Count {
	named := map[string]map[string]bool{}
	for _, t := range targets {
		if named[t.Collection] == nil {
			named[t.Collection] = map[string]bool{}
		}
		for _, k := range t.Keys {
			named[t.Collection][k] = true
		}
	}
	var out []connector.Count
	for _, n := range e.w.g.order {
		if fresh := filter(e.w.order[n], func(r *row) bool { return !named[n.t.Name][r.id] }); len(fresh) > 0 {
			out = append(out, connector.Count{Collection: n.t.Name, Rows: len(fresh)})
		}
	}
	return out
}
