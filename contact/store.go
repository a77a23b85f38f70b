package contact

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

var (
	insertCase = db.Declare(`INSERT INTO contact_case (num, id, kind, topic, channel, state, owner, subject, first, seal_key,
		class, language, turns, received, due, rule, cite, latest, reason, late, outcome)
		VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', 0, '')`,
		"int text text text text text int text int int text int int int text text int")
	updateCase = db.Declare(`UPDATE contact_case SET state = $1, owner = $2, turns = $3, due = $4, latest = $5, reason = $6, replied = $7,
		late = $8, ended = $9, outcome = $10, gone = $11 WHERE num = $12 AND turns = $13`,
		"text text int int int text int int int text int int int").Must()
	insertEvent = db.Declare(`INSERT INTO contact_event (num, turn, entry, at, kind, actor, note, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, "int int int int text text text bytes")
	clearEvents = db.Declare(`UPDATE contact_event SET sealed = NULL WHERE num = $1`, "int")
)

const (
	selectCase = `SELECT num, id, kind, topic, channel, state, owner, subject, first, seal_key, class, language, turns,
		received, due, rule, cite, latest, reason, replied, late, ended, outcome, gone FROM contact_case`
	selectByID   = selectCase + ` WHERE id = $1`
	selectPage   = selectCase + ` WHERE num > $1 ORDER BY num LIMIT $2`
	selectState  = selectCase + ` WHERE num > $1 AND state = $3 ORDER BY num LIMIT $2`
	selectOf     = selectCase + ` WHERE num > $1 AND subject = $3 ORDER BY num LIMIT $2`
	selectDue    = selectCase + ` WHERE state = 'open' AND due <= $1 ORDER BY due, num LIMIT $2`
	selectSilent = selectCase + ` WHERE state = 'answered' AND replied <= $1 ORDER BY num LIMIT $2`
	selectKept   = selectCase + ` WHERE gone IS NULL AND ended IS NOT NULL ORDER BY ended, num LIMIT $1`
	countState   = `SELECT COUNT(*) FROM contact_case WHERE state = $1`
	selectEvents = `SELECT turn, entry, at, kind, actor, note, sealed FROM contact_event WHERE num = $1 ORDER BY turn`
)

// An Event is one thing that happened to a case, with the log entry that proves it.
type Event struct {
	Turn   int64
	Entry  int64
	At     time.Time
	Kind   string // of the log entry
	Actor  string // person, staff, machine
	Note   string // a code; nothing personal
	Sealed []byte // what was written; nil: nothing, or gone
}

// Insert writes a new case.
func Insert(w db.Writer, c *Case) {
	w.Do(insertCase, c.Num, string(c.ID), string(c.Kind), string(c.Topic), c.Channel, c.Owner, c.Subject, string(c.First), int64(c.Key),
		int64(c.Class), c.Language, c.Turns, c.Received.UnixMicro(), micros(c.Due), c.Rule, c.Cite, micros(c.Latest))
}

// Save writes what changed of a case with its newest event. The act loses when
// somebody else added one.
func Save(w db.Writer, c *Case) {
	w.Do(updateCase, string(c.State), c.Owner, c.Turns, micros(c.Due), micros(c.Latest), c.Reason, micros(c.Replied),
		truth(c.Late), micros(c.Ended), c.Outcome, micros(c.Gone), c.Num, c.Turns-1)
}

// Note adds an event to a case.
func Note(w db.Writer, num int64, e Event) {
	var sealed any
	if e.Sealed != nil {
		sealed = e.Sealed
	}
	w.Do(insertEvent, num, e.Turn, e.Entry, w.Now().UnixMicro(), e.Kind, e.Actor, e.Note, sealed)
}

// Clear takes away what was written in a case whose key is dead.
func Clear(w db.Writer, num int64) { w.Do(clearEvents, num) }

// Get returns a case; fault.NotFound where there is none.
func Get(ctx context.Context, r db.Reader, want ID) (*Case, error) {
	c, err := scan(r.Row(ctx, selectByID, string(want)))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there is no such case")
	}
	if err != nil {
		return nil, fmt.Errorf("contact get: %w", err)
	}
	return c, nil
}

// A Filter chooses cases, oldest first. Its zero value is the first hundred.
type Filter struct {
	State   State // "": any
	Subject int64 // 0: anybody's
	After   int64 // number of the last case of the page before
	Limit   int   // 0: 100
}

// List returns cases in the order in which they came.
func List(ctx context.Context, r db.Reader, f Filter) ([]*Case, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	switch {
	case f.Subject != 0:
		return list(ctx, r, selectOf, f.After, f.Limit, f.Subject)
	case f.State != "":
		return list(ctx, r, selectState, f.After, f.Limit, string(f.State))
	}
	return list(ctx, r, selectPage, f.After, f.Limit)
}

// Count returns how many cases are in a state.
func Count(ctx context.Context, r db.Reader, state State) (n int, err error) {
	if err := r.Row(ctx, countState, string(state)).Scan(&n); err != nil {
		return 0, fmt.Errorf("contact count: %w", err)
	}
	return n, nil
}

// DueBy returns open cases whose answer is due by a moment, the most urgent first.
func DueBy(ctx context.Context, r db.Reader, by time.Time, limit int) ([]*Case, error) {
	return list(ctx, r, selectDue, by.UnixMicro(), limit)
}

// Silent returns answered cases to which nobody has said anything since a moment.
func Silent(ctx context.Context, r db.Reader, since time.Time, limit int) ([]*Case, error) {
	return list(ctx, r, selectSilent, since.UnixMicro(), limit)
}

// Kept returns closed cases that still have their key, those closed first before.
func Kept(ctx context.Context, r db.Reader, limit int) ([]*Case, error) {
	return list(ctx, r, selectKept, limit)
}

// Events returns what happened to a case, oldest first.
func Events(ctx context.Context, r db.Reader, num int64) ([]Event, error) {
	return db.List(ctx, r, "contact events", scanEvent, selectEvents, num)
}

func scanEvent(row db.Scanner) (e Event, err error) {
	var at int64
	if err := row.Scan(&e.Turn, &e.Entry, &at, &e.Kind, &e.Actor, &e.Note, &e.Sealed); err != nil {
		return e, err
	}
	e.At = time.UnixMicro(at).UTC()
	return e, nil
}

func list(ctx context.Context, r db.Reader, sql string, args ...any) ([]*Case, error) {
	return db.List(ctx, r, "contact list", scan, sql, args...)
}

func scan(r db.Scanner) (*Case, error) {
	var (
		c                                 Case
		key, class, received              int64
		due, latest, replied, ended, gone *int64
	)
	err := r.Scan(&c.Num, &c.ID, &c.Kind, &c.Topic, &c.Channel, &c.State, &c.Owner, &c.Subject, &c.First, &key, &class,
		&c.Language, &c.Turns, &received, &due, &c.Rule, &c.Cite, &latest, &c.Reason, &replied, &c.Late, &ended, &c.Outcome, &gone)
	if err != nil {
		return nil, err
	}
	c.Received = time.UnixMicro(received).UTC()
	c.Key, c.Class = seal.KeyID(key), policy.ClassNo(class)
	for from, to := range map[**time.Time]*int64{&c.Due: due, &c.Latest: latest, &c.Replied: replied, &c.Ended: ended, &c.Gone: gone} {
		if to != nil {
			at := time.UnixMicro(*to).UTC()
			*from = &at
		}
	}
	return &c, nil
}

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
