package relational

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// Can implements [connector.System]. Rows can be marked as not to be used where
// the map says how.
func (s *System) Can(action gate.Action) bool {
	if action != gate.Restrict {
		return true
	}
	for _, c := range s.m.Collections {
		if c.Restrict != nil {
			return true
		}
	}
	return false
}

// Correct implements [connector.System].
func (s *System) Correct(ctx context.Context, w gate.Warrant, sub connector.Subject, targets []connector.Target, changes []connector.Change) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.m.System, gate.Correct, sub); err != nil {
		return nil, err
	}
	return s.change(ctx, "correct", sub, targets, func(e *edit, t connector.Target, n *node) error {
		return e.correct(ctx, t, n, changes)
	})
}

// Restrict implements [connector.System].
func (s *System) Restrict(ctx context.Context, w gate.Warrant, sub connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.m.System, gate.Restrict, sub); err != nil {
		return nil, err
	}
	return s.change(ctx, "restrict", sub, targets, func(e *edit, t connector.Target, n *node) error {
		return e.mark(ctx, t, n)
	})
}

// An edit changes rows of the person that stay, inside one transaction.
type edit struct {
	*erasure
	done connector.Done
}

// change walks to the person's rows and carries out one target after the other.
func (s *System) change(ctx context.Context, step string, sub connector.Subject, targets []connector.Target, do func(*edit, connector.Target, *node) error) (*connector.Outcome, error) {
	out := &connector.Outcome{System: s.m.System}
	var changed []*Table
	err := s.e.Change(ctx, func(ses Session) error {
		walk, err := s.walk(ctx, ses, step, sub)
		if err != nil {
			return err
		}
		e := &edit{erasure: &erasure{s: s, ses: ses, w: walk}}
		for _, t := range targets {
			n := walk.g.nodes[t.Collection]
			if n == nil || !n.personal() {
				return fault.New(fault.Conflict, "%s: the plan names %s, which the map does not describe any more: plan again", s.m.System, t.Collection)
			}
			e.done = connector.Done{Collection: t.Collection, Action: t.Action, Planned: len(t.Keys)}
			if err := do(e, t, n); err != nil {
				return err
			}
			out.Collections = append(out.Collections, e.done)
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

// own returns the rows of a table that the walk gives to the person, by key.
func (e *edit) own(n *node) map[string]*row {
	out := map[string]*row{}
	for _, r := range e.w.order[n] {
		if r.role != connector.Accessor && r.role != connector.Actor && !r.others {
			out[r.id] = r
		}
	}
	return out
}

// held calls found for each row of the target that is there, with what it holds
// in the columns.
func (e *edit) held(ctx context.Context, t connector.Target, n *node, cols []*Column, found func(id string, values []Value) error) error {
	exprs, own := e.reads(n.needed(), cols), e.own(n)
	for batch := range slices.Chunk(t.Keys, e.s.e.Batch()) {
		keys, err := decode(batch, len(n.t.Key))
		if err != nil {
			return err
		}
		cond, args := e.s.e.Among(n.t.Key, keys, 1)
		sql := "SELECT " + strings.Join(exprs, ", ") + " FROM " + n.t.Source + " WHERE " + cond + e.s.e.Lock()
		err = queryKeyed(ctx, e.ses, n, sql, args, func(id string, values []Value) error {
			values, err := e.settled(n, own[id], values)
			if err != nil {
				return err
			}
			return found(id, values)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// correct replaces old values by new ones, column by column.
func (e *edit) correct(ctx context.Context, t connector.Target, n *node, changes []connector.Change) error {
	cols, news, err := e.matched(t, n, changes)
	if err != nil {
		return err
	}
	own := e.own(n)
	todo := make([][]*row, len(cols))
	there := 0
	err = e.held(ctx, t, n, cols, func(id string, values []Value) error {
		there++
		wrong, right := false, false
		for i, v := range values {
			switch {
			case v.Kind == Null:
			case news[i].Done(v.Plain()):
				right = true
			case news[i].Holds(v.Plain()) && own[id] != nil:
				wrong = true
				todo[i] = append(todo[i], own[id])
			}
		}
		switch {
		case wrong:
			e.done.Done++
		case right:
			e.done.Already++
		default:
			e.done.Moved++
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.done.Moved += len(t.Keys) - there
	for i, c := range cols {
		if err := e.write(ctx, n, c, TextValue(news[i].Now.Reveal()), todo[i]); err != nil {
			return err
		}
	}
	return nil
}

// matched returns the columns of a target with the change of each.
func (e *edit) matched(t connector.Target, n *node, changes []connector.Change) (cols []*Column, news []connector.Change, err error) {
	for _, name := range t.Columns {
		c := n.t.Column(name)
		col, ok := n.c.Column(name)
		i := slices.IndexFunc(changes, func(x connector.Change) bool { return x.Item == col.Item })
		if c == nil || !ok || i < 0 {
			return nil, nil, fault.New(fault.Conflict, "%s: the plan corrects %s.%s, which the map does not describe so any more: plan again", e.s.m.System, t.Collection, name)
		}
		if over := len([]rune(changes[i].Now.Reveal())); c.MaxLen > 0 && over > c.MaxLen {
			return nil, nil, fault.New(fault.Conflict, "%s: the new value has %d characters and %s.%s takes %d: correct it there by hand, or shorten it", e.s.m.System, over, t.Collection, name, c.MaxLen)
		}
		cols, news = append(cols, c), append(news, changes[i])
	}
	return cols, news, nil
}

// write sets a column of rows to one value.
func (e *edit) write(ctx context.Context, n *node, c *Column, v Value, rows []*row) error {
	set := "UPDATE " + n.t.Target + " SET " + e.s.e.Quote(c.Name) + " = " + e.s.e.Bind(1, c)
	for batch := range slices.Chunk(rows, e.s.e.Batch()/2) {
		if err := e.exec(ctx, n, set, []Value{v}, batch); err != nil {
			return err
		}
		e.s.report("change", n.t.Name, len(batch), len(rows))
	}
	return nil
}

// mark sets or clears the mark of rows that are not to be used.
func (e *edit) mark(ctx context.Context, t connector.Target, n *node) error {
	rule := n.c.Restrict
	if rule == nil {
		return fault.New(fault.Conflict, "%s: the map does not say any more how rows of %s are marked: plan again", e.s.m.System, t.Collection)
	}
	c := n.t.Column(rule.Column)
	want := TextValue(rule.On)
	if t.Action == connector.Release {
		want = Value{}
		if rule.Off != nil {
			want = TextValue(*rule.Off)
		}
	}
	own := e.own(n)
	var todo []*row
	there := 0
	err := e.held(ctx, t, n, []*Column{c}, func(id string, values []Value) error {
		there++
		switch {
		case marked(c, values[0], want):
			e.done.Already++
		case own[id] == nil:
			e.done.Moved++
		default:
			e.done.Done++
			todo = append(todo, own[id])
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.done.Moved += len(t.Keys) - there
	return e.write(ctx, n, c, want, todo)
}

// marked compares a mark as the database reads it with what the map writes.
func marked(c *Column, held, want Value) bool {
	if held.Kind == Null || want.Kind == Null {
		return held.Kind == want.Kind
	}
	return connector.Marked(held.Plain(), want.Str)
}
