package relational

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/gate"
)

const (
	hitKeys    = 100   // keys a hit names
	reportRows = 10000 // rows between two reports of progress
)

// Verify implements [connector.System]. It reads every table of the database,
// also those the map does not mention, and knows nothing of links.
func (s *System) Verify(ctx context.Context, w gate.Warrant, sub connector.Subject, needles []connector.Needle, targets []connector.Target) (*connector.Findings, error) {
	if err := connector.Allowed(w, s.m.System, gate.Verify, sub); err != nil {
		return nil, err
	}
	out := &connector.Findings{System: s.m.System}
	var m *connector.Matcher
	m, out.Skipped = connector.NewMatcher(needles, s.m.Region)
	if m.Empty() {
		return out, nil
	}
	err := s.e.View(ctx, func(ses Session) error {
		g, err := s.graph(ctx, ses)
		if err != nil {
			return err
		}
		sc := &scan{s: s, ses: ses, m: m, targets: byRow(targets), out: out}
		for _, n := range g.order {
			if err := sc.table(ctx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.Hits, func(a, b connector.Hit) int {
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.State, b.State))
	})
	return out, nil
}

// A scan reads tables and notes hits.
type scan struct {
	s       *System
	ses     Session
	m       *connector.Matcher
	targets map[string]map[string]*connector.Target
	out     *connector.Findings
}

// byRow gives the target of each row; one that keeps it wins over one that only
// cuts its key.
func byRow(targets []connector.Target) map[string]map[string]*connector.Target {
	out := map[string]map[string]*connector.Target{}
	for i := range targets {
		t := &targets[i]
		rows := out[t.Collection]
		if rows == nil {
			rows = map[string]*connector.Target{}
			out[t.Collection] = rows
		}
		for _, k := range t.Keys {
			if known := rows[k]; known == nil || known.Action == connector.Detach {
				rows[k] = t
			}
		}
	}
	return out
}

func (sc *scan) table(ctx context.Context, n *node) error {
	var cols []*Column
	var exprs []string
	for _, c := range n.t.Key {
		exprs = append(exprs, sc.s.e.Read(c))
	}
	for _, c := range n.t.Columns {
		if c.RowID || c.Class == ClassBoolean || c.Class == ClassEnum {
			continue
		}
		cols = append(cols, c)
		exprs = append(exprs, sc.s.e.Search(c))
	}
	sc.out.Tables++
	if len(cols) == 0 {
		return nil
	}
	personal := make([]bool, len(cols))
	for i, c := range cols {
		if n.personal() {
			_, personal[i] = n.c.Column(c.Name)
		}
	}
	hits := map[[3]string]*connector.Hit{}
	rows := 0
	var kinds []string
	sql := "SELECT " + strings.Join(exprs, ", ") + " FROM " + n.t.Source
	err := sc.ses.Query(ctx, sql, nil, func(values []Value) error {
		rows++
		if rows%reportRows == 0 {
			sc.s.report("verify", n.t.Name, rows, 0)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		for i, v := range values[len(n.t.Key):] {
			if v.Kind == Null || v.Kind == Int && v.Int > -1e6 && v.Int < 1e6 {
				continue // fewer digits than any needle has
			}
			if kinds = sc.m.Match(kinds[:0], v.Plain(), personal[i]); len(kinds) > 0 {
				sc.hit(hits, n, cols[i], personal[i], EncodeKey(values[:len(n.t.Key)]), kinds)
			}
		}
		return nil
	})
	sc.out.Rows += rows
	sc.s.report("verify", n.t.Name, rows, rows)
	for _, h := range hits {
		sc.out.Hits = append(sc.out.Hits, *h)
	}
	if err != nil {
		return fmt.Errorf("relational verify %s: %w", n.t.Name, err)
	}
	return nil
}

func (sc *scan) hit(hits map[[3]string]*connector.Hit, n *node, c *Column, personal bool, key string, kinds []string) {
	for _, kind := range kinds {
		state := sc.state(n, c, personal, sc.targets[n.t.Name][key], kind)
		id := [3]string{c.Name, kind, string(state)}
		h := hits[id]
		if h == nil {
			h = &connector.Hit{Collection: n.t.Name, Column: c.Name, Kind: kind, State: state}
			hits[id] = h
		}
		h.Rows++
		if len(h.Keys) < hitKeys {
			h.Keys = append(h.Keys, key)
		}
	}
}

// state says what a hit means. Outside the person's rows a value in a personal
// column is another person's who is alike, unless it is an identifier that only
// one person has.
func (sc *scan) state(n *node, c *Column, personal bool, t *connector.Target, kind string) connector.State {
	switch {
	case t == nil && personal && !connector.Exclusive(kind):
		return connector.Alike
	case t == nil, t.Action == connector.Delete:
		return connector.Residue
	case n.structural(c) && !slices.Contains(t.Columns, c.Name):
		return connector.Kept // the number by which rows hang together
	case t.Action == connector.Keep && !slices.Contains(t.Columns, c.Name):
		return connector.Kept
	case t.Action == connector.Detach:
		if personal && !connector.Exclusive(kind) {
			return connector.Alike
		}
	}
	return connector.Residue
}
