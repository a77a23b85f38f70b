package relational

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
)

// Export implements [connector.System]. It looks again whose the rows are, and
// shows those that the survey found and that still are the person's.
func (s *System) Export(ctx context.Context, w gate.Warrant, sub connector.Subject, sv *connector.Survey, emit func(connector.Row) error) error {
	if err := connector.Allowed(w, s.m.System, gate.Export, sub); err != nil {
		return err
	}
	if sv.Subject != sub.ID || sv.System != s.m.System {
		return fault.New(fault.Invalid, "%s: the survey is of another subject or system", s.m.System)
	}
	return s.e.View(ctx, func(ses Session) error {
		walk, err := s.walk(ctx, ses, "export", sub)
		if err != nil {
			return err
		}
		wanted := map[string]map[string]bool{}
		for _, f := range sv.Found {
			if wanted[f.Collection] == nil {
				wanted[f.Collection] = map[string]bool{}
			}
			for _, k := range f.Keys {
				wanted[f.Collection][k] = true
			}
		}
		for _, n := range walk.g.order {
			rows := filter(walk.order[n], func(r *row) bool { return wanted[n.t.Name][r.id] })
			if err := s.exportTable(ctx, walk, n, rows, emit); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *System) exportTable(ctx context.Context, w *walk, n *node, rows []*row, emit func(connector.Row) error) error {
	if len(rows) == 0 {
		return nil
	}
	cols, exprs := n.exported(s.e)
	done := 0
	for batch := range slices.Chunk(rows, s.e.Batch()) {
		keys := make([][]Value, len(batch))
		for i, r := range batch {
			keys[i] = r.key
		}
		cond, args := s.e.Among(n.t.Key, keys, 1)
		sql := "SELECT " + strings.Join(exprs, ", ") + " FROM " + n.t.Source + " WHERE " + cond
		err := queryKeyed(ctx, w.s, n, sql, args, func(id string, values []Value) error {
			out := connector.Row{Collection: n.t.Name, Key: id, Role: w.rows[n][id].role, Values: make([]connector.Value, len(cols))}
			for i, c := range cols {
				out.Values[i] = n.value(c, values[i])
			}
			return emit(out)
		})
		if err != nil {
			return err
		}
		done += len(batch)
		s.report("export", n.t.Name, done, len(rows))
	}
	return nil
}

// exported returns the columns of a row in order, and what to select: the key
// first. Secrets and blobs are not read, only their presence and size.
func (n *node) exported(d Dialect) ([]*Column, []string) {
	var cols []*Column
	var exprs []string
	for _, c := range n.t.Key {
		exprs = append(exprs, d.Read(c))
	}
	for _, c := range n.t.Columns {
		if c.RowID {
			continue
		}
		cols = append(cols, c)
		if col, _ := n.c.Column(c.Name); col.Secret || c.Class == ClassBlob {
			exprs = append(exprs, d.Size(c))
		} else {
			exprs = append(exprs, d.Read(c))
		}
	}
	return cols, exprs
}

func (n *node) value(c *Column, v Value) connector.Value {
	col, _ := n.c.Column(c.Name)
	out := connector.Value{Column: c.Name, Item: col.Item, Type: typeName(c.Class), Null: v.Kind == Null}
	switch {
	case out.Null:
	case col.Secret:
		out.Secret = true
	case c.Class == ClassBlob && v.Kind == Int:
		out.Size = int(v.Int)
	case v.Kind == Blob: // SQLite: a blob in a column of another type
		out.Type, out.Size = "blob", len(v.Str)
	default:
		out.Text = seal.NewPersonal(v.Plain())
	}
	return out
}

func typeName(c Class) string {
	switch c {
	case ClassInteger, ClassNumber, ClassBoolean, ClassDate, ClassTime, ClassJSON, ClassBlob:
		return string(c)
	}
	return string(ClassText)
}

// queryKeyed runs a query whose first columns are the key of n.
func queryKeyed(ctx context.Context, ses Session, n *node, sql string, args []Value, row func(id string, values []Value) error) error {
	k := len(n.t.Key)
	return ses.Query(ctx, sql, args, func(values []Value) error { return row(EncodeKey(values[:k]), values[k:]) })
}
