package db

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A Query is a declared read: what many callers ask at the same time is answered
// together.
type Query struct {
	sql    string // as declared, and for one row of PostgreSQL
	merged string // for PostgreSQL: many at once, each row with the number of its asker
	types  []kind
}

// DeclareQuery describes a SELECT for [DB.Ask]. sql has the parameters $1 … $n;
// types names the type of each: int, text or bytes. It panics where the text
// cannot be used, at start, because that is an error of the program.
func DeclareQuery(sql, types string) *Query {
	q, err := newQuery(sql, types)
	if err != nil {
		panic(fmt.Sprintf("db: declare %q: %v", sql, err))
	}
	return q
}

func newQuery(sql, types string) (*Query, error) {
	q := &Query{sql: sql}
	if verb, _, _ := strings.Cut(strings.TrimSpace(sql), " "); !strings.EqualFold(verb, "SELECT") {
		return nil, fmt.Errorf("want SELECT, not %s", verb)
	}
	var err error
	if q.types, err = kindsOf(types); err != nil {
		return nil, err
	}
	parts, err := split(sql)
	if err != nil {
		return nil, err
	}
	if n := parts.params(); n != len(q.types) || n == 0 {
		return nil, fmt.Errorf("%d parameters and %d types", n, len(q.types))
	}
	arrays, names := unnested(q.types)
	each := parts.join(func(n int) string { return fmt.Sprintf("u_.p%d", n) })
	// OFFSET 0 keeps the query whole: each asker is answered by its index, where the
	// planner might rather read a table of some thousand rows from end to end.
	q.merged = fmt.Sprintf("SELECT u_.n_, q_.* FROM unnest(%s) WITH ORDINALITY AS u_(%s, n_) CROSS JOIN LATERAL (SELECT * FROM (%s) AS s_ OFFSET 0) AS q_", arrays, names, each)
	return q, nil
}

// Merged returns the text that PostgreSQL runs for many askers at once.
func (q *Query) Merged() string { return q.merged }

// Ask answers q as of some moment between its call and its return. Callers who
// ask at the same time share a snapshot, and on PostgreSQL a statement and its
// round trip. The rows are in memory: nobody waits for them to be closed.
func (d *DB) Ask(ctx context.Context, q *Query, args ...any) (*Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, err := newAsking(q, args)
	if err != nil {
		return nil, err
	}
	if err := d.answer(ctx, []*asking{a}); err != nil {
		return nil, err
	}
	if err := d.engine.durable(ctx); err != nil {
		return nil, err
	}
	return &Rows{cur: &a.reply}, nil
}

// answer has askers answered, and returns when all are: perhaps by what is not on the
// disk yet.
func (d *DB) answer(ctx context.Context, asks []*asking) error {
	for _, a := range asks {
		a.done = make(chan error, 1)
	}
	d.askers.put(d.engine, asks...)
	for _, a := range asks {
		select {
		case err := <-a.done:
			if err != nil {
				return report(err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func newAsking(q *Query, args []any) (*asking, error) {
	vals, err := toValues(args)
	if err != nil {
		return nil, err
	}
	if len(vals) != len(q.types) {
		return nil, fmt.Errorf("db: %d arguments for %d parameters of %q", len(vals), len(q.types), q.sql)
	}
	for i, v := range vals {
		if v.kind != q.types[i] {
			return nil, fmt.Errorf("db: argument $%d is %s, declared %s, in %q", i+1, v.kind, q.types[i], q.sql)
		}
	}
	return &asking{q: q, args: vals}, nil
}

// An asking is one call of Ask.
type asking struct {
	q     *Query
	args  []value
	reply reply
	twins []*asking  // who ask the very same in its group: they get its answer (PostgreSQL)
	done  chan error // has room for the outcome, whether or not somebody waits
}

const (
	askGroups = 2                // groups that may be on their way at once
	askTime   = 20 * time.Second // after which a group is given up, and its connection
)

// askers forms groups: who comes while as many are on their way as may be, waits
// for the next.
type askers struct {
	dear    bool // a group costs a round trip; set before the first comes
	mu      sync.Mutex
	waiting []*asking
	running int
	busy    int // askers on their way, but for those others have waited for too long
}

func (s *askers) put(e engine, more ...*asking) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(more) == 0 {
		return
	}
	s.waiting = append(s.waiting, more...)
	if !s.dear || worthwhile(s.busy, len(s.waiting)) {
		s.begin(e)
	} else if len(s.waiting) == len(more) {
		time.AfterFunc(longWait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.waiting) > 0 {
				s.busy = 0
				s.begin(e)
			}
		})
	}
}

// begin has a group asked for beside those on their way, if another may be. It is
// called with mu held.
func (s *askers) begin(e engine) {
	if s.running < askGroups {
		s.running++
		go s.run(e)
	}
}

// run asks for one group after the other until nobody waits.
func (s *askers) run(e engine) {
	for answered := 0; ; {
		runtime.Gosched() // others who are about to ask come along
		group := s.take(answered)
		answered = len(group)
		if group == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), askTime)
		err := e.ask(ctx, group)
		cancel()
		for _, a := range group {
			a.done <- err
		}
	}
}

// take returns the next group of a caller who has answered some, nil when nobody
// waits: then the caller ends.
func (s *askers) take(answered int) []*asking {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.waiting), maxGroup)
	s.busy = max(0, s.busy-answered) + n
	if n == 0 {
		s.running--
		return nil
	}
	group := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	return group
}
