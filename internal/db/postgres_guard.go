package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// A guardStep is the preconditions of a group on one kind of row.
type guardStep struct {
	v      Versioned
	ready  *postGuard
	change bool // some act changes its row
	rows   []guardRow
}

type guardRow struct {
	j *job
	g *guard
}

// guardSteps gathers the preconditions of jobs.
func guardSteps(jobs []*job) []guardStep {
	var out []guardStep
	for _, j := range jobs {
		for i := range j.load.guards {
			g := &j.load.guards[i]
			at := 0
			for at < len(out) && out[at].v != g.v {
				at++
			}
			if at == len(out) {
				out = append(out, guardStep{v: g.v, rows: make([]guardRow, 0, len(jobs))})
			}
			out[at].rows = append(out[at].rows, guardRow{j, g})
			out[at].change = out[at].change || g.change
		}
	}
	return out
}

// A postGuard is the prepared statements for one kind of row: to find the rows
// that still have their versions, or to insist on all of them, locked for
// reliance or for a change; and to change them. All versions of a group are compared
// as one list in the order of one scan of the index, which costs less than finding
// each of them.
type postGuard struct{ find, findLock, all, allLock, change *pgconn.StatementDescription }

// guard prepares them. Rows are locked in ascending order, so that nodes wait for
// each other in one direction. Foreign keys to a row need not wait for NO KEY
// UPDATE.
func (c *postConn) guard(ctx context.Context, v Versioned) (*postGuard, error) {
	if g := c.guards[v]; g != nil {
		return g, nil
	}
	const (
		find = `SELECT u_.n FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS u_(k, v, n)
			JOIN %s t_ ON t_.%s = u_.k AND t_.%s = u_.v ORDER BY u_.k FOR %s OF t_`
		all = `SELECT 1 / (COALESCE(array_agg(v_), '{}') = $2::bigint[])::int FROM
			(SELECT %[3]s AS v_ FROM %[1]s WHERE %[2]s = ANY ($1::bigint[]) ORDER BY %[2]s FOR %[4]s) AS found_`
		change = `UPDATE %s t_ SET %[3]s = t_.%[3]s + 1 FROM unnest($1::bigint[]) AS u_(k) WHERE t_.%[2]s = u_.k`
	)
	var g postGuard
	for _, s := range []struct {
		to     **pgconn.StatementDescription
		sql    string
		params int
	}{
		{&g.find, fmt.Sprintf(find, v.Table, v.Key, v.Version, "SHARE"), 2},
		{&g.findLock, fmt.Sprintf(find, v.Table, v.Key, v.Version, "NO KEY UPDATE"), 2},
		{&g.all, fmt.Sprintf(all, v.Table, v.Key, v.Version, "SHARE"), 2},
		{&g.allLock, fmt.Sprintf(all, v.Table, v.Key, v.Version, "NO KEY UPDATE"), 2},
		{&g.change, fmt.Sprintf(change, v.Table, v.Key, v.Version), 1},
	} {
		var err error
		if *s.to, err = c.prepare(ctx, s.sql, oids([]kind{integer, integer}[:s.params], true)); err != nil {
			return nil, err
		}
	}
	c.guards[v] = &g
	return &g, nil
}

// prepareGroup prepares what the group needs, before its transaction begins.
func (c *postConn) prepareGroup(ctx context.Context, jobs []*job) ([]guardStep, error) {
	if err := c.prepareWords(ctx); err != nil {
		return nil, err
	}
	guards := guardSteps(jobs)
	for i := range guards {
		ready, err := c.guard(ctx, guards[i].v)
		if err != nil {
			return nil, err
		}
		guards[i].ready = ready
	}
	for _, j := range jobs {
		for _, o := range j.load.ops {
			if _, err := c.statement(ctx, o.s); err != nil {
				return nil, err
			}
		}
	}
	return guards, c.prepareAsks(ctx, jobs)
}

// check finds the acts that have lost a precondition. The rows of the others are
// locked until the transaction ends.
func (p *pipe) check(guards []guardStep, jobs []*job) error {
	for i := range guards {
		p.sendGuard(&guards[i], false)
	}
	if err := p.flush(); err != nil {
		return err
	}
	if err := p.result(); err != nil { // BEGIN
		return postError(err)
	}
	p.sent = p.sent[1:]
	for _, j := range jobs {
		if len(j.load.guards) > 0 {
			j.err = ErrLost // until all its rows are found
		}
		j.held = 0
	}
	for i := range guards {
		if err := p.numbers(guards[i].found); err != nil {
			return err
		}
	}
	p.sent = p.sent[1:]
	return p.mark(nil)
}

// sendGuard sends the check of a kind of row: for those that hold their versions,
// or, to insist, for an error unless all do.
func (p *pipe) sendGuard(g *guardStep, insist bool) {
	rows := g.rows
	if insist {
		rows = g.distinct()
	}
	out := &p.c.out
	out.reset()
	out.beginArray(integer, len(rows))
	for _, r := range rows {
		out.number(r.g.key)
	}
	out.endParam()
	out.beginArray(integer, len(rows))
	for _, r := range rows {
		out.number(r.g.version)
	}
	out.endParam()
	switch {
	case insist && g.change:
		p.sendEncoded(g.ready.allLock, true)
	case insist:
		p.sendEncoded(g.ready.all, true)
	case g.change:
		p.sendEncoded(g.ready.findLock, false)
	default:
		p.sendEncoded(g.ready.find, false)
	}
}

// distinct sorts the preconditions by their rows and returns each once. Of a row that
// two acts rely on in two versions both are returned: then not all can hold.
func (g *guardStep) distinct() []guardRow {
	slices.SortFunc(g.rows, func(a, b guardRow) int {
		return cmp.Or(cmp.Compare(a.g.key, b.g.key), cmp.Compare(a.g.version, b.g.version))
	})
	once := append(make([]guardRow, 0, len(g.rows)), g.rows[0])
	for _, r := range g.rows[1:] {
		if last := once[len(once)-1].g; r.g.key != last.key || r.g.version != last.version {
			once = append(once, r)
		}
	}
	return once
}

// found counts a precondition that holds.
func (g *guardStep) found(n int64) {
	j := g.rows[n-1].j
	if j.held++; j.held == len(j.load.guards) {
		j.err = nil
	}
}

// sendChanges moves the versions that act one changes, or all acts when it is
// nil.
func (p *pipe) sendChanges(guards []guardStep, one *job) {
	for i := range guards {
		g := &guards[i]
		if !g.change {
			continue
		}
		n := 0
		for _, r := range g.rows {
			if r.moves(one) {
				n++
			}
		}
		if n == 0 {
			continue
		}
		out := &p.c.out
		out.reset()
		out.beginArray(integer, n)
		for _, r := range g.rows {
			if r.moves(one) {
				out.number(r.g.key)
			}
		}
		out.endParam()
		p.sendEncoded(g.ready.change, false)
	}
}

func (r guardRow) moves(one *job) bool {
	return r.g.change && r.j.err == nil && (one == nil || one == r.j)
}
