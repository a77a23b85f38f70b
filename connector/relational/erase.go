package relational

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// An erasure carries targets out inside one transaction.
type erasure struct {
	s       *System
	ses     Session
	w       *walk
	work    []*work
	changed []*Table
	hash    func(string) string // of this erasure alone
}

// work is one target against the present state of its rows.
type work struct {
	t    connector.Target
	n    *node
	cols []*Column // to be emptied
	todo []*row    // rows to be changed
	now  now
	done connector.Done
}

// now is what a row holds in the columns to be emptied, by its key, where the
// blank depends on it.
type now map[string][]Value

// Erase implements [connector.System].
func (s *System) Erase(ctx context.Context, w gate.Warrant, sub connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.m.System, gate.Erase, sub); err != nil {
		return nil, err
	}
	out := &connector.Outcome{System: s.m.System}
	var changed []*Table
	err := s.e.Change(ctx, func(ses Session) error {
		walk, err := s.walk(ctx, ses, "erase", sub)
		if err != nil {
			return err
		}
		e := &erasure{s: s, ses: ses, w: walk, hash: hasher()}
		if err := e.run(ctx, targets, out); err != nil {
			return err
		}
		changed = e.changed
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Notes = append(out.Notes, s.e.Settle(ctx, changed)...)
	return out, nil
}

func (e *erasure) run(ctx context.Context, targets []connector.Target, out *connector.Outcome) error {
	detached, err := e.w.detachments(ctx)
	if err != nil {
		return err
	}
	for _, t := range targets {
		w, err := e.weigh(ctx, t, detached)
		if err != nil {
			return err
		}
		e.work = append(e.work, w)
	}
	for _, w := range e.work {
		if w.t.Action != connector.Delete {
			if err := e.empty(ctx, w.n, w.cols, w.todo, w.now, w.t.Action == connector.Detach); err != nil {
				return err
			}
		}
	}
	if err := e.delete(ctx); err != nil {
		return err
	}
	for _, w := range e.work {
		out.Collections = append(out.Collections, w.done)
	}
	out.Unplanned = e.unplanned(targets)
	return nil
}

// weigh compares a target with what is there now: what is still to do, what is
// done, and which rows are not the subject's any more.
func (e *erasure) weigh(ctx context.Context, t connector.Target, detached []detachment) (*work, error) {
	n := e.w.g.nodes[t.Collection]
	if n == nil || !n.personal() && t.Action != connector.Detach || n.t.Copy {
		return nil, fault.New(fault.Conflict, "%s: the plan names %s, which the map and the database do not know any more: plan again", e.s.m.System, t.Collection)
	}
	w := &work{t: t, n: n, done: connector.Done{Collection: t.Collection, Action: t.Action, Planned: len(t.Keys)}}
	for _, name := range t.Columns {
		c := n.t.Column(name)
		if c == nil {
			return nil, fault.New(fault.Conflict, "%s: table %s has no column %s any more: plan again", e.s.m.System, t.Collection, name)
		}
		w.cols = append(w.cols, c)
	}
	mine := e.mine(n, t.Action, detached)
	present, err := e.present(ctx, w, mine)
	if err != nil {
		return nil, err
	}
	for _, key := range unique(slices.Clone(t.Keys)) {
		state, there := present[key]
		switch {
		case !there, len(w.cols) > 0 && (state == empty || state == maybe && mine[key] == nil):
			w.done.Already++
		case t.Action == connector.Keep && len(w.cols) == 0:
			w.done.Done++
		case mine[key] == nil:
			w.done.Moved++
		default:
			w.done.Done++
			w.todo = append(w.todo, mine[key])
		}
	}
	w.done.Planned = w.done.Done + w.done.Already + w.done.Moved
	return w, nil
}

// mine returns the rows that the walk inside this transaction treats as the
// target says.
func (e *erasure) mine(n *node, action connector.Action, detached []detachment) map[string]*row {
	out := map[string]*row{}
	if action == connector.Detach {
		for _, d := range detached {
			if d.l.from == n {
				for _, r := range d.rows {
					out[r.id] = r
				}
			}
		}
		return out
	}
	for _, r := range e.w.order[n] {
		// A request for a part of a row's data empties columns of rows that an
		// erasure of everything deletes.
		if r.action == action || action == connector.Clear && r.action == connector.Delete {
			out[r.id] = r
		}
	}
	return out
}

// present reads which keys of the target are there, and whether their columns
// are empty already. The rows are locked where the engine can.
func (e *erasure) present(ctx context.Context, w *work, mine map[string]*row) (map[string]likeness, error) {
	out := map[string]likeness{}
	w.now = now{}
	derived := false
	exprs := e.reads(w.n.needed(), w.cols)
	blanks := make([]blank, len(w.cols))
	for i, c := range w.cols {
		blanks[i] = e.blank(w.n, c, w.t.Action == connector.Detach)
	}
	lock := e.s.e.Lock()
	if w.t.Action == connector.Keep && len(w.cols) == 0 {
		lock = ""
	}
	for batch := range slices.Chunk(w.t.Keys, e.s.e.Batch()) {
		keys, err := decode(batch, len(w.n.t.Key))
		if err != nil {
			return nil, err
		}
		cond, args := e.s.e.Among(w.n.t.Key, keys, 1)
		sql := "SELECT " + strings.Join(exprs, ", ") + " FROM " + w.n.t.Source + " WHERE " + cond + lock
		err = queryKeyed(ctx, e.ses, w.n, sql, args, func(id string, values []Value) error {
			values, err := e.settled(w.n, mine[id], values)
			if err != nil {
				return err
			}
			out[id] = empty
			for i, c := range w.cols {
				out[id] = min(out[id], blanks[i].like(c, values[i]))
				derived = derived || blanks[i].derive != nil
			}
			if derived {
				w.now[id] = values
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reads is what to select of rows: what the walk needs of them, the key first, then
// the columns.
func (e *erasure) reads(needed, cols []*Column) []string {
	var exprs []string
	for _, c := range slices.Concat(needed, cols) {
		exprs = append(exprs, e.s.e.Read(c))
	}
	return exprs
}

// settled takes what the walk needs off the values of a locked row, and refuses a
// row that somebody changed since the walk saw it: it may be another's now. Where
// locked rows are read as they were when the transaction began, the engine itself
// refuses it.
func (e *erasure) settled(n *node, r *row, values []Value) ([]Value, error) {
	needed := n.needed()[len(n.t.Key):]
	now, rest := values[:len(needed)], values[len(needed):]
	if r == nil || slices.Contains(e.changed, n.t) {
		return rest, nil
	}
	for i, c := range needed {
		if r.cols[c] != now[i] {
			return nil, fault.New(fault.Busy, "%s: rows of %s were changed meanwhile: try again", e.s.m.System, n.t.Name)
		}
	}
	return rest, nil
}

func decode(keys []string, parts int) ([][]Value, error) {
	out := make([][]Value, len(keys))
	for i, k := range keys {
		v, err := DecodeKey(k)
		if err != nil || len(v) != parts {
			return nil, fault.New(fault.Invalid, "a key of the plan does not fit its table: plan again")
		}
		out[i] = v
	}
	return out, nil
}

func (e *erasure) blank(n *node, c *Column, detach bool) blank {
	if detach {
		return blank{null: true}
	}
	b, _ := blankOf(n, c)
	if b.is == hashed {
		b.derive = e.hash
	}
	return b
}

// empty clears columns of rows. held is what they hold, where a blank depends on
// it.
func (e *erasure) empty(ctx context.Context, n *node, cols []*Column, rows []*row, held now, detach bool) error {
	if len(cols) == 0 || len(rows) == 0 {
		return nil
	}
	blanks := make([]blank, len(cols))
	size := e.s.e.Batch() / 2
	for i, c := range cols {
		if blanks[i] = e.blank(n, c, detach); blanks[i].perRow() {
			size = 1
		}
	}
	for batch := range slices.Chunk(rows, size) {
		var sets []string
		var args []Value
		for i, c := range cols {
			var was Value
			if blanks[i].derive != nil {
				was = held[batch[0].id][i]
			}
			args = append(args, blanks[i].fill(c, was))
			sets = append(sets, e.s.e.Quote(c.Name)+" = "+e.s.e.Bind(len(args), c))
		}
		if err := e.exec(ctx, n, "UPDATE "+n.t.Target+" SET "+strings.Join(sets, ", "), args, batch); err != nil {
			return err
		}
		e.s.report("erase", n.t.Name, len(batch), len(rows))
	}
	return nil
}

// delete removes rows in an order that satisfies the foreign keys.
func (e *erasure) delete(ctx context.Context) error {
	going := map[*node][]*row{}
	var tables []*node
	for _, w := range e.work {
		if w.t.Action == connector.Delete && len(w.todo) > 0 {
			if going[w.n] == nil {
				tables = append(tables, w.n)
			}
			going[w.n] = append(going[w.n], w.todo...)
		}
	}
	d := plan(tables, e.s.e.Deferred())
	for _, l := range d.broken {
		if err := e.empty(ctx, l.from, nullable(l), going[l.from], nil, true); err != nil {
			return err
		}
	}
	for _, n := range d.order {
		for _, wave := range waves(n, going[n]) {
			for batch := range slices.Chunk(wave, e.s.e.Batch()) {
				if err := e.exec(ctx, n, "DELETE FROM "+n.t.Target, nil, batch); err != nil {
					return err
				}
				e.s.report("erase", n.t.Name, len(batch), len(going[n]))
			}
		}
	}
	return nil
}

// exec runs a statement on rows and sees that it reached them all.
func (e *erasure) exec(ctx context.Context, n *node, sql string, args []Value, rows []*row) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	keys := make([][]Value, len(rows))
	for i, r := range rows {
		keys[i] = r.key
	}
	cond, more := e.s.e.Among(n.t.Key, keys, len(args)+1)
	changed, err := e.ses.Exec(ctx, sql+" WHERE "+cond, append(args, more...))
	if err != nil {
		return err
	}
	if changed < int64(len(rows)) {
		return fault.New(fault.Conflict, "%s: %d of %d rows of %s could not be changed; a rule or trigger of the database may prevent it. Nothing was done", e.s.m.System, int64(len(rows))-changed, len(rows), n.t.Name)
	}
	if !slices.Contains(e.changed, n.t) {
		e.changed = append(e.changed, n.t)
	}
	return nil
}
