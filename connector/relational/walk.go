package relational

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
)

// A walk finds the rows of one person, from the rows that hold an identifier
// along the links, each row once.
type walk struct {
	g   *graph
	d   Dialect
	s   Session
	sub connector.Subject

	rows     map[*node]map[string]*row
	order    map[*node][]*row // in the order found
	queue    []*row
	warnings []string
	progress func(collection string, done int)
}

// A row of the person.
type row struct {
	n    *node
	id   string // canonical key
	key  []Value
	cols map[*Column]Value // what links and identifiers need
	role connector.Role
	why  string
	via  *link

	others bool // somebody else holds it too: it stays
	action connector.Action
}

func newWalk(g *graph, d Dialect, s Session, sub connector.Subject) *walk {
	return &walk{g: g, d: d, s: s, sub: sub, rows: map[*node]map[string]*row{}, order: map[*node][]*row{}, progress: func(string, int) {}}
}

// run finds all rows, then says who else holds them and what becomes of them.
func (w *walk) run(ctx context.Context) error {
	if err := w.seed(ctx); err != nil {
		return err
	}
	if err := w.expand(ctx); err != nil {
		return err
	}
	if err := w.holders(ctx); err != nil {
		return err
	}
	w.decide()
	return nil
}

// needed returns the columns the walk reads of a table: its key and what links,
// conditions and identifiers use.
func (n *node) needed() []*Column {
	cols := slices.Clone(n.t.Key)
	add := func(c *Column) {
		if c != nil && !slices.Contains(cols, c) {
			cols = append(cols, c)
		}
	}
	for _, l := range n.out {
		for _, c := range l.fromCols {
			add(c)
		}
		for _, c := range l.when {
			add(n.t.Column(c.Column))
		}
	}
	for _, l := range n.in {
		for _, c := range l.toCols {
			add(c)
		}
	}
	for _, id := range n.ids {
		add(id.col)
	}
	return cols
}

// read selects rows of n that meet a condition.
func (w *walk) read(ctx context.Context, n *node, cond string, args []Value, found func(*row) error) error {
	cols := n.needed()
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = w.d.Read(c)
	}
	sql := "SELECT " + strings.Join(list, ", ") + " FROM " + n.t.Source + " WHERE " + cond
	return w.s.Query(ctx, sql, args, func(values []Value) error {
		r := &row{n: n, key: values[:len(n.t.Key)], cols: make(map[*Column]Value, len(cols))}
		r.id = EncodeKey(r.key)
		for i, c := range cols {
			r.cols[c] = values[i]
		}
		return found(r)
	})
}

// among reads the rows of n whose columns have one of the tuples, in batches.
func (w *walk) among(ctx context.Context, n *node, cols []*Column, tuples [][]Value, when []datamap.Condition, found func(*row) error) error {
	for batch := range slices.Chunk(tuples, w.d.Batch()) {
		cond, args := w.d.Among(cols, batch, 1)
		for _, c := range when {
			sql, more := w.d.In(w.d.Text(n.t.Column(c.Column)), []string{c.Value}, len(args)+1)
			cond, args = cond+" AND "+sql, append(args, more...)
		}
		if err := w.read(ctx, n, cond, args, found); err != nil {
			return err
		}
	}
	return nil
}

// strength orders roles: a row reached twice has the stronger one.
func strength(r connector.Role) int {
	switch r {
	case connector.Self:
		return 5
	case connector.Owns:
		return 4
	case connector.Joint:
		return 3
	case connector.Shared:
		return 2
	case connector.Accessor:
		return 1
	}
	return 0
}

// take notes a row; a known row is visited again only in a stronger role.
func (w *walk) take(r *row, role connector.Role, via *link, why string) {
	known := w.rows[r.n][r.id]
	if known == nil {
		if w.rows[r.n] == nil {
			w.rows[r.n] = map[string]*row{}
		}
		w.rows[r.n][r.id] = r
		w.order[r.n] = append(w.order[r.n], r)
		known = r
	} else if strength(role) <= strength(known.role) {
		return
	}
	known.role, known.via, known.why = role, via, why
	w.queue = append(w.queue, known)
}

// expand follows links until nothing new is found.
func (w *walk) expand(ctx context.Context) error {
	for len(w.queue) > 0 {
		frontier := w.queue
		w.queue = nil
		for _, n := range w.g.order {
			var rows []*row
			for _, r := range frontier {
				if r.n == n {
					rows = append(rows, r)
				}
			}
			if len(rows) == 0 {
				continue
			}
			w.progress(n.t.Name, len(w.order[n]))
			if err := w.follow(ctx, n, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walk) follow(ctx context.Context, n *node, rows []*row) error {
	for _, l := range n.in {
		role := connector.Role(l.role)
		if l.role != datamap.Owns && l.role != datamap.Joint && l.role != datamap.Accessor || !l.from.personal() {
			continue
		}
		sources := filter(rows, func(r *row) bool {
			return r.role == connector.Self || r.role == connector.Owns || r.role == connector.Joint || r.role == connector.Shared && l.written
		})
		if err := w.down(ctx, l, sources, func(r *row) error { w.take(r, role, l, l.String()); return nil }); err != nil {
			return err
		}
	}
	for _, l := range n.out {
		if l.role != datamap.Shared || !l.to.personal() {
			continue
		}
		sources := filter(rows, func(r *row) bool { return r.role != connector.Accessor && l.applies(r) })
		if err := w.up(ctx, l, sources); err != nil {
			return err
		}
	}
	return nil
}

func filter(rows []*row, keep func(*row) bool) []*row {
	var out []*row
	for _, r := range rows {
		if keep(r) {
			out = append(out, r)
		}
	}
	return out
}

// applies reports whether a row meets the link's conditions.
func (l *link) applies(r *row) bool {
	for _, c := range l.when {
		if r.cols[l.from.t.Column(c.Column)].Plain() != c.Value {
			return false
		}
	}
	return true
}

// down reads the rows that point to the sources over l.
func (w *walk) down(ctx context.Context, l *link, sources []*row, found func(*row) error) error {
	values := tuples(sources, l.toCols)
	if len(values) == 0 {
		return nil
	}
	if l.match != datamap.Exact {
		return w.matching(ctx, l, l.from, l.fromCols[0], values, found)
	}
	return w.among(ctx, l.from, l.fromCols, values, l.when, found)
}

// up takes the rows that the sources point to over l.
func (w *walk) up(ctx context.Context, l *link, sources []*row) error {
	values := tuples(sources, l.fromCols)
	if len(values) == 0 {
		return nil
	}
	take := func(r *row) error { w.take(r, connector.Shared, l, l.String()); return nil }
	if l.match != datamap.Exact {
		return w.matching(ctx, l, l.to, l.toCols[0], values, take)
	}
	return w.among(ctx, l.to, l.toCols, values, nil, take)
}

// matching is among for links that compare e-mail addresses or numbers.
func (w *walk) matching(ctx context.Context, l *link, n *node, c *Column, values [][]Value, found func(*row) error) error {
	for batch := range slices.Chunk(values, w.d.Batch()/8+1) {
		var texts []string
		for _, v := range batch {
			texts = append(texts, variants(string(l.match), v[0].Plain(), w.g.m.Region)...)
		}
		if len(texts) == 0 {
			continue
		}
		expr := w.d.Fold(c)
		if l.match == datamap.Phone {
			expr = w.d.Digits(c)
		}
		cond, args := w.d.In(expr, texts, 1)
		err := w.read(ctx, n, cond, args, func(r *row) error {
			if n != l.from || l.applies(r) {
				return found(r)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
