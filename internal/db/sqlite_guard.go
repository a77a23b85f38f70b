package db

import (
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// together is how many preconditions one statement checks at once. Most of what a
// check costs is to begin and end a statement.
const together = 16

// liteGuard checks and moves the versions of one kind of row.
type liteGuard struct{ check, many, change *sqlite3.Stmt }

func (g *liteGuard) close() {
	g.check.Close()
	g.many.Close()
	g.change.Close()
}

func (c *liteConn) guard(v Versioned) (_ *liteGuard, err error) {
	if g := c.guards[v]; g != nil {
		return g, nil
	}
	var pairs []string
	for i := range together {
		pairs = append(pairs, fmt.Sprintf("(?%d,?%d)", 2*i+1, 2*i+2))
	}
	g := &liteGuard{}
	for _, s := range []struct {
		to  **sqlite3.Stmt
		sql string
	}{
		{&g.check, fmt.Sprintf("SELECT 1 FROM %s WHERE %s = ?1 AND %s = ?2", v.Table, v.Key, v.Version)},
		{&g.many, fmt.Sprintf("SELECT count(*) FROM (VALUES %s) AS u_ CROSS JOIN %s AS t_ ON t_.%s = u_.column1 AND t_.%s = u_.column2",
			strings.Join(pairs, ","), v.Table, v.Key, v.Version)},
		{&g.change, fmt.Sprintf("UPDATE %s SET %[3]s = %[3]s + 1 WHERE %[2]s = ?1 AND %[3]s = ?2", v.Table, v.Key, v.Version)},
	} {
		if *s.to, err = c.compile(s.sql); err != nil {
			g.close()
			return nil, err
		}
	}
	c.guards[v] = g
	return g, nil
}

// checkTogether looks at the preconditions of all acts of a group, where none of
// them changes a version: then they can be checked before the first act writes.
// It marks the acts whose preconditions hold; the others are looked at one by
// one.
func (c *liteConn) checkTogether(jobs []*job) error {
	var v Versioned
	held, changed := c.held[:0], false
	for _, j := range jobs {
		j.sure = false
		if j.load == nil || len(j.load.guards) == 0 {
			continue
		}
		changed = changed || changes(j.load)
		if len(held) == 0 {
			v = j.load.guards[0].v
		}
		if len(j.load.guards) == 1 && j.load.guards[0].v == v {
			held = append(held, j)
		}
	}
	c.held = held
	defer clear(c.held)
	if changed {
		return nil
	}
	for len(held) >= together/2 {
		n := min(together, len(held))
		all, err := c.checkMany(v, held[:n])
		if err != nil {
			return err
		}
		for _, j := range held[:n] {
			j.sure = all
		}
		held = held[n:]
	}
	return nil
}

func changes(l *load) bool {
	for i := range l.guards {
		if l.guards[i].change {
			return true
		}
	}
	return false
}

// checkMany reports whether the preconditions of all jobs hold.
func (c *liteConn) checkMany(v Versioned, jobs []*job) (bool, error) {
	s, err := c.guard(v)
	if err != nil {
		return false, err
	}
	for i := range together {
		g := &jobs[min(i, len(jobs)-1)].load.guards[0] // the last fills the rest
		s.many.BindInt64(2*i+1, g.key)
		s.many.BindInt64(2*i+2, g.version)
	}
	all := s.many.Step() && s.many.ColumnInt64(0) == together
	return all, c.fault(s.many.Reset())
}

// lost reports whether a precondition of l does not hold.
func (c *liteConn) lost(l *load) (bool, error) {
	for i := range l.guards {
		g := &l.guards[i]
		s, err := c.guard(g.v)
		if err != nil {
			return false, err
		}
		s.check.BindInt64(1, g.key)
		s.check.BindInt64(2, g.version)
		found := s.check.Step()
		if err := s.check.Reset(); err != nil {
			return false, c.fault(err)
		}
		if !found {
			return true, nil
		}
	}
	return false, nil
}

// change moves the versions that l changes. It returns how many it has moved.
func (c *liteConn) change(l *load) (n int, err error) {
	for i := range l.guards {
		g := &l.guards[i]
		if !g.change {
			continue
		}
		s, err := c.guard(g.v)
		if err != nil {
			return n, err
		}
		s.change.BindInt64(1, g.key)
		s.change.BindInt64(2, g.version)
		if err := s.change.Exec(); err != nil {
			return n, c.fault(err)
		}
		if c.c.Changes() != 1 {
			return n, ErrLost // the act changes one row twice
		}
		n++
	}
	return n, nil
}
