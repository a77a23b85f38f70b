package relational

import (
	"context"
	"fmt"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
)

// holders finds out who else holds the rows of the walk.
func (w *walk) holders(ctx context.Context) error {
	if err := w.twoOwners(ctx); err != nil {
		return err
	}
	if err := w.jointOwners(ctx); err != nil {
		return err
	}
	return w.sharedHolders(ctx)
}

// index returns the rows of the walk by the values of columns.
func (w *walk) index(n *node, cols []*Column) map[string][]*row {
	out := map[string][]*row{}
	for _, r := range w.order[n] {
		if _, id, ok := tuple(r, cols); ok {
			out[id] = append(out[id], r)
		}
	}
	return out
}

// twoOwners refuses rows that two keys give to two owners while the map says
// nothing about it: showing or erasing them would touch somebody else's data.
func (w *walk) twoOwners(ctx context.Context) error {
	for _, l := range w.g.links {
		if l.role != datamap.Owns || l.written || !l.to.personal() {
			continue
		}
		index := w.index(l.to, l.toCols)
		var loose []*row
		for _, r := range w.order[l.from] {
			_, id, ok := tuple(r, l.fromCols)
			if ok && r.role == connector.Owns && r.via != l && len(index[id]) == 0 {
				loose = append(loose, r)
			}
		}
		stray := 0 // keys may also point to nothing, where nobody enforces them
		err := w.among(ctx, l.to, l.toCols, tuples(loose, l.fromCols), nil, func(owner *row) error {
			if w.rows[l.to][owner.id] == nil { // not the person's own, in another spelling
				stray++
			}
			return nil
		})
		if err != nil {
			return err
		}
		if stray > 0 {
			return fault.New(fault.Conflict, "rows of %s are the person's by %s and belong to %d other rows by %s: write the role of both under links (joint, accessor, actor or owns)", l.from.t.Name, loose[0].via, stray, l)
		}
	}
	return nil
}

// jointOwners marks rows that another owner still holds.
func (w *walk) jointOwners(ctx context.Context) error {
	for _, l := range w.g.links {
		if l.role != datamap.Joint {
			continue
		}
		mine := w.index(l.to, l.toCols)
		waiting := map[string][]*row{}
		var values []*row
		for _, r := range w.order[l.from] {
			_, id, ok := tuple(r, l.fromCols)
			if r.role != connector.Joint || !ok || len(mine[id]) > 0 || !l.applies(r) {
				continue
			}
			waiting[id] = append(waiting[id], r)
			values = append(values, r)
		}
		respelled := false
		err := w.among(ctx, l.to, l.toCols, tuples(values, l.fromCols), nil, func(owner *row) error {
			_, id, _ := tuple(owner, l.toCols)
			respelled = respelled || waiting[id] == nil
			for _, r := range waiting[id] {
				r.others = true
			}
			return nil
		})
		if err == nil && respelled {
			err = w.respelled(ctx, l, waiting)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// respelled looks for the owners one by one, where the engine finds rows whose
// values are spelled in another way than those that point to them.
func (w *walk) respelled(ctx context.Context, l *link, waiting map[string][]*row) error {
	for _, rows := range waiting {
		err := w.among(ctx, l.to, l.toCols, tuples(rows[:1], l.fromCols), nil, func(owner *row) error {
			for _, r := range rows {
				r.others = r.others || w.rows[l.to][owner.id] == nil // not the person's own
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sharedHolders marks shared rows to which a row points that is not the
// person's, or that itself stays for others.
func (w *walk) sharedHolders(ctx context.Context) error {
	pointers := map[*row][]*row{} // shared row → shared rows of the walk that point to it
	for _, n := range w.g.order {
		shared := filter(w.order[n], func(r *row) bool { return r.role == connector.Shared })
		if len(shared) == 0 {
			continue
		}
		for _, l := range n.in {
			index := w.index(n, l.toCols)
			err := w.down(ctx, l, shared, func(p *row) error {
				known := w.rows[l.from][p.id]
				_, id, ok := tuple(p, l.fromCols)
				if !ok || l.match != datamap.Exact || len(index[id]) == 0 {
					id = "" // compared by form, or by a collation: any of the shared rows may be meant
				}
				for _, r := range shared {
					if id == "" || contains(index[id], r) {
						switch {
						case known == nil || known.role == connector.Accessor || known.others:
							r.others = true
						case known.role == connector.Shared && known != r:
							pointers[r] = append(pointers[r], known)
						}
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for r, from := range pointers {
			for _, p := range from {
				if p.others && !r.others {
					r.others, changed = true, true
				}
			}
		}
	}
	w.unowned()
	return nil
}

// unowned marks what was reached from a shared row that others hold: it belongs
// to that row, and stays with it.
func (w *walk) unowned() {
	for changed := true; changed; {
		changed = false
		for _, l := range w.g.links {
			if l.role != datamap.Owns && l.role != datamap.Joint || l.match != datamap.Exact {
				continue
			}
			held, free, any := map[string]bool{}, map[string]bool{}, false
			for _, o := range w.order[l.to] {
				if _, id, ok := tuple(o, l.toCols); ok {
					held[id], free[id], any = held[id] || o.others, free[id] || !o.others, any || o.others
				}
			}
			for _, r := range w.order[l.from] {
				_, id, ok := tuple(r, l.fromCols)
				if ok && !r.others && r.via == l && (held[id] || any && !free[id]) { // !free: spelled in another way
					r.others, changed = true, true
				}
			}
		}
	}
}

func contains(rows []*row, r *row) bool {
	for _, x := range rows {
		if x == r {
			return true
		}
	}
	return false
}

// decide says what an erasure does to each row.
func (w *walk) decide() {
	for _, n := range w.g.order {
		for _, r := range w.order[n] {
			switch {
			case r.others || r.role == connector.Accessor:
				r.action = connector.Keep
			case n.c.Erase == datamap.Delete:
				r.action = connector.Delete
			case n.c.Erase == datamap.Clear:
				r.action = connector.Clear
			default:
				r.action = connector.Keep
			}
		}
	}
}

// A detachment is a row that stays and points to rows that go.
type detachment struct {
	l    *link
	rows []*row
}

// detachments finds the rows that stay although a row they point to goes. It is
// a conflict, told before anything is done, unless the map allows the key to be
// emptied.
func (w *walk) detachments(ctx context.Context) ([]detachment, error) {
	var out []detachment
	var conflicts []string
	for _, l := range w.g.links {
		if !l.declared && !l.detach && l.role != datamap.Joint {
			continue
		}
		going := filter(w.order[l.to], func(r *row) bool { return r.action == connector.Delete })
		var staying []*row
		err := w.down(ctx, l, going, func(p *row) error {
			if known := w.rows[l.from][p.id]; known == nil || known.action != connector.Delete {
				staying = append(staying, p)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(staying) == 0 {
			continue
		}
		switch {
		case !l.detach && l.role != datamap.Joint || len(nullable(l)) == 0 && l.declared:
			conflicts = append(conflicts, conflict(l, len(staying)))
		case len(nullable(l)) > 0:
			out = append(out, detachment{l, staying})
		}
	}
	if len(conflicts) > 0 {
		return nil, fault.New(fault.Conflict, "%s", strings.Join(conflicts, "\n"))
	}
	return out, nil
}

// nullable returns the columns of a link's key that may be emptied.
func nullable(l *link) []*Column {
	var out []*Column
	for _, c := range l.fromCols {
		if !c.NotNull && !l.from.t.isKey(c) && !c.Generated {
			out = append(out, c)
		}
	}
	return out
}

func conflict(l *link, rows int) string {
	what := fmt.Sprintf("%d rows of %s stay but point to rows of %s that would be deleted (%s)", rows, l.from.t.Name, l.to.t.Name, l)
	if l.fk.OnDelete == "CASCADE" {
		what += ", and the database would delete them too"
	}
	if len(nullable(l)) == 0 {
		return what + fmt.Sprintf(": the key may not be NULL, so write erase: clear for %s, or erase: delete for %s", l.to.t.Name, l.from.t.Name)
	}
	return what + fmt.Sprintf(": write detach: true on that link, or erase: clear for %s", l.to.t.Name)
}
