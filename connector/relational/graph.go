package relational

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/datamap"
)

// A graph is a map laid over a schema: what is where, and how it hangs together.
type graph struct {
	m      *datamap.Map
	schema *Schema
	nodes  map[string]*node // by table name; every table has one
	order  []*node          // mapped tables in the map's order, then the others
	links  []*link

	problems, warnings []string
}

// A node is a table with its description.
type node struct {
	t       *Table
	c       *datamap.Collection // nil: the map does not mention it
	of      *node               // the table from which n inherits its description, or nil
	subject bool                // one row is one person
	ids     []idColumn
	in, out []*link // links to and from the table
	owned   bool    // its rows belong to people: reached by owning links, or by identifiers
	reached bool    // the walk can come here
}

// An idColumn is a column that holds an identifier.
type idColumn struct {
	kind string
	col  *Column
}

// A link is a declared foreign key, a link of the map, or both.
type link struct {
	from, to         *node
	fromCols, toCols []*Column
	role             datamap.Role // "" while not settled
	written          bool         // the map says it
	declared         bool         // the schema enforces it
	fk               ForeignKey
	detach           bool
	match            datamap.Match
	when             []datamap.Condition
}

// String names the link without values: "orders.customer_id → customers.id".
func (l *link) String() string {
	return side(l.from, l.fromCols) + " → " + side(l.to, l.toCols)
}

func side(n *node, cols []*Column) string {
	if len(cols) == 1 {
		return n.t.Name + "." + cols[0].Name
	}
	return n.t.Name + ".(" + strings.Join(names(cols), ", ") + ")"
}

// personal reports whether the node is mapped and not nobody's data.
func (n *node) personal() bool { return n.c != nil && n.c.Erase != datamap.None }

func (g *graph) problem(format string, args ...any) {
	g.problems = append(g.problems, fmt.Sprintf(format, args...))
}

// newGraph lays m over s. What does not fit is gathered in problems.
func newGraph(m *datamap.Map, s *Schema) *graph {
	g := &graph{m: m, schema: s, nodes: map[string]*node{}}
	for _, t := range s.Tables {
		g.nodes[t.Name] = &node{t: t}
	}
	g.describe()
	g.identify()
	g.declaredLinks()
	g.writtenLinks()
	if len(g.problems) > 0 {
		return g // the rest would only repeat them
	}
	g.settleRoles()
	g.checkReach()
	g.checkColumns()
	return g
}

// describe ties the map's collections to tables.
func (g *graph) describe() {
	var all []string
	for _, t := range g.schema.Tables {
		all = append(all, t.Name)
	}
	for i := range g.m.Collections {
		c := &g.m.Collections[i]
		n := g.nodes[c.Name]
		if n == nil {
			g.problem("%s: there is no table %s%s", g.m.At(c.Pos), c.Name, datamap.DidYouMean(c.Name, all))
			continue
		}
		n.c = c
		g.order = append(g.order, n)
		if n.personal() && n.t.Unfit != "" {
			g.problem("%s: %s", g.m.At(c.Pos), n.t.Unfit)
		}
		for _, col := range c.Columns {
			g.column(n, col.Name, col.Pos)
		}
		for _, name := range c.Plain {
			g.column(n, name, c.Pos)
		}
	}
	for _, t := range g.schema.Tables {
		n := g.nodes[t.Name]
		if n.c != nil {
			continue
		}
		// An inheriting table is described by the nearest that is.
		for p := t.Parent; p != "" && n.c == nil; p = g.nodes[p].t.Parent {
			if n.c = g.nodes[p].c; n.c != nil {
				n.of = g.nodes[p]
			}
		}
		g.order = append(g.order, n)
	}
}

// column finds a column or says that it is missing.
func (g *graph) column(n *node, name string, pos datamap.Pos) *Column {
	c := n.t.Column(name)
	if c == nil {
		g.problem("%s: table %s has no column %s%s", g.m.At(pos), n.t.Name, name, datamap.DidYouMean(name, n.t.columnNames()))
	}
	return c
}

func (g *graph) identify() {
	for _, s := range g.m.Subjects {
		if n := g.nodes[s.Collection]; n != nil {
			n.subject, n.owned, n.reached = true, true, true
		}
		for _, id := range s.Identifiers {
			for _, ref := range id.Columns {
				n := g.nodes[ref.Collection]
				if n == nil {
					continue // told by describe
				}
				if c := g.column(n, ref.Column, ref.Pos); c != nil && !slices.Contains(n.ids, idColumn{id.Kind, c}) {
					n.ids = append(n.ids, idColumn{id.Kind, c})
				}
				n.owned, n.reached = true, true
			}
		}
	}
	for _, n := range g.order {
		if p := n.of; p != nil {
			n.subject, n.owned, n.reached = p.subject, p.owned, p.reached
			for _, id := range p.ids {
				n.ids = append(n.ids, idColumn{id.kind, n.t.Column(id.col.Name)})
			}
		}
	}
}

func (g *graph) declaredLinks() {
	for _, t := range g.schema.Tables {
		for _, fk := range t.Foreign {
			if l := g.declare(g.nodes[t.Name], fk); l != nil {
				l.declared, l.fk = true, fk
			}
		}
	}
	// What a parent declares also ties the rows of tables that inherit from it,
	// although the engine does not enforce it there.
	for _, n := range g.order {
		if p := n.of; p != nil {
			for _, fk := range p.t.Foreign {
				g.declare(n, fk)
			}
		}
	}
}

func (g *graph) declare(from *node, fk ForeignKey) *link {
	to := g.nodes[fk.Table]
	if to == nil {
		return nil // points to a table that does not exist: SQLite allows it
	}
	l := &link{from: from, to: to, match: datamap.Exact}
	for i := range fk.Columns {
		a, b := from.t.Column(fk.Columns[i]), to.t.Column(fk.Refs[i])
		if a == nil || b == nil {
			return nil
		}
		l.fromCols, l.toCols = append(l.fromCols, a), append(l.toCols, b)
	}
	if g.find(l) != nil {
		return nil
	}
	g.add(l)
	return l
}

func (g *graph) add(l *link) {
	g.links = append(g.links, l)
	l.from.out = append(l.from.out, l)
	l.to.in = append(l.to.in, l)
}

// find returns the link between the same columns, in whatever order.
func (g *graph) find(l *link) *link {
	for _, k := range l.from.out {
		if k.to != l.to || len(k.fromCols) != len(l.fromCols) {
			continue
		}
		same := true
		for i, c := range l.fromCols {
			j := slices.Index(k.fromCols, c)
			same = same && j >= 0 && k.toCols[j] == l.toCols[i]
		}
		if same {
			return k
		}
	}
	return nil
}

func (g *graph) writtenLinks() {
	for _, w := range g.m.Links {
		from, to := g.nodes[w.From[0].Collection], g.nodes[w.To[0].Collection]
		if from == nil || to == nil {
			continue // told by describe
		}
		for _, n := range g.order {
			if n == from || n.of == from {
				g.write(w, n, to)
			}
		}
	}
}

func (g *graph) write(w datamap.Link, from, to *node) {
	l := &link{from: from, to: to, match: w.Match}
	for i := range w.From {
		a, b := g.column(from, w.From[i].Column, w.From[i].Pos), g.column(to, w.To[i].Column, w.To[i].Pos)
		if a == nil || b == nil {
			return
		}
		l.fromCols, l.toCols = append(l.fromCols, a), append(l.toCols, b)
	}
	for _, c := range w.When {
		g.column(from, c.Column, w.Pos)
	}
	known := g.find(l)
	if known == nil || len(w.When) > 0 && known.written {
		g.add(l)
		known = l
	}
	known.written, known.role, known.detach, known.when = true, w.Role, w.Detach, w.When
}
