package message

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
	insertMessage = db.Declare(`INSERT INTO message (num, id, class, purpose, channel, reason, version, ref, language, seal_key, sealed, spread, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, "int text text int text text int text text int bytes int int")
	updateSpread = db.Declare(`UPDATE message SET spread = 1 WHERE num = $1`, "int")
	updateGone   = db.Declare(`UPDATE message SET sealed = NULL, gone = $1 WHERE num = $2 AND gone IS NULL`, "int int").Must()
	insertCopy   = db.Declare(`INSERT INTO message_copy (message, subject, surface, state, why, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (message, subject, surface) DO NOTHING`, "int int text text text int")
	updateCopy = db.Declare(`UPDATE message_copy SET state = $1, why = $2, at = $3 WHERE message = $4 AND subject = $5 AND surface = $6 AND state = $7`,
		"text text int int int text text").Must()
)

const (
	selectMessage = `SELECT num, id, class, purpose, channel, reason, version, ref, language, seal_key, sealed, spread, made, gone FROM message`
	selectByID    = selectMessage + ` WHERE id = $1`
	selectPage    = selectMessage + ` WHERE num > $1 ORDER BY num LIMIT $2`
	selectVersion = selectMessage + ` WHERE version = $1 ORDER BY num`
	selectKept    = selectMessage + ` WHERE seal_key > 0 AND gone IS NULL AND spread = 1 AND NOT EXISTS
		(SELECT 1 FROM message_copy c WHERE c.message = message.num AND c.state = 'waiting') ORDER BY num LIMIT $1`
	selectNotices = selectMessage + ` WHERE version > 0 AND channel = 'popup' ORDER BY version, num`
	selectCopies  = `SELECT subject, surface, state, why, at FROM message_copy WHERE message = $1 AND subject > $2 ORDER BY subject, surface LIMIT $3`
	selectOf      = `SELECT message, surface, state, why, at FROM message_copy WHERE subject = $1 ORDER BY message, surface`
	countCopies   = `SELECT state, COUNT(*) FROM message_copy WHERE message = $1 GROUP BY state`
)

// A Copy is what became of a message for one person.
type Copy struct {
	Message int64
	Subject int64
	Surface string // where a notice was shown; else ""
	State   State
	Why     string
	At      time.Time
}

// Insert writes a new message.
func Insert(w db.Writer, m *Message) {
	var sealed any
	if m.Sealed != nil {
		sealed = m.Sealed
	}
	w.Do(insertMessage, m.Num, string(m.ID), string(m.Class), int64(m.Purpose), m.Channel, m.Reason, m.Version, m.Ref, m.Language, int64(m.Key), sealed,
		truth(m.Spread), m.Made.UnixMicro())
}

// Spread says that every copy of a message is there.
func Spread(w db.Writer, num int64) { w.Do(updateSpread, num) }

// Clear takes away what was written in a message whose key is dead.
func Clear(w db.Writer, num int64) { w.Do(updateGone, w.Now().UnixMicro(), num) }

// Add adds a copy. One that is there stays as it is.
func Add(w db.Writer, c Copy) {
	w.Do(insertCopy, c.Message, c.Subject, c.Surface, string(c.State), c.Why, w.Now().UnixMicro())
}

// Move says what became of a copy. The act loses when somebody else was first.
func Move(w db.Writer, c Copy, to State, why string) {
	w.Do(updateCopy, string(to), why, w.Now().UnixMicro(), c.Message, c.Subject, c.Surface, string(c.State))
}

// Get returns a message; fault.NotFound where there is none.
func Get(ctx context.Context, r db.Reader, want ID) (*Message, error) {
	m, err := scan(r.Row(ctx, selectByID, string(want)))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there is no such message")
	}
	if err != nil {
		return nil, fmt.Errorf("message get: %w", err)
	}
	return m, nil
}

// List returns messages in the order in which they were made, after the one with a
// number.
func List(ctx context.Context, r db.Reader, after int64, limit int) ([]*Message, error) {
	return list(ctx, r, selectPage, after, limit)
}

// OfVersion returns the notices of the change that led to a version.
func OfVersion(ctx context.Context, r db.Reader, version int64) ([]*Message, error) {
	return list(ctx, r, selectVersion, version)
}

// Notices returns the notices of changes that are shown to who comes, oldest first.
func Notices(ctx context.Context, r db.Reader) ([]*Message, error) {
	return list(ctx, r, selectNotices)
}

// Out returns messages of which every copy is out and whose key is still there.
func Out(ctx context.Context, r db.Reader, limit int) ([]*Message, error) {
	return list(ctx, r, selectKept, limit)
}

func list(ctx context.Context, r db.Reader, sql string, args ...any) ([]*Message, error) {
	return db.List(ctx, r, "message list", scan, sql, args...)
}

func scan(row db.Scanner) (*Message, error) {
	var (
		m                  Message
		name, class        string
		purpose, key, made int64
		gone               *int64
	)
	err := row.Scan(&m.Num, &name, &class, &purpose, &m.Channel, &m.Reason, &m.Version, &m.Ref, &m.Language, &key, &m.Sealed, &m.Spread, &made, &gone)
	if err != nil {
		return nil, err
	}
	m.ID, m.Class, m.Purpose, m.Key, m.Made = ID(name), Class(class), policy.PurposeNo(purpose), seal.KeyID(key), time.UnixMicro(made).UTC()
	if gone != nil {
		at := time.UnixMicro(*gone).UTC()
		m.Gone = &at
	}
	return &m, nil
}

// Copies pages through the copies of a message by the number of the person.
func Copies(ctx context.Context, r db.Reader, num, after int64, limit int) ([]Copy, error) {
	return copies(ctx, r, func(c *Copy) any { c.Message = num; return &c.Subject }, selectCopies, num, after, limit)
}

// Of returns the copies of a person, in the order in which the messages were made.
func Of(ctx context.Context, r db.Reader, subject int64) ([]Copy, error) {
	return copies(ctx, r, func(c *Copy) any { c.Subject = subject; return &c.Message }, selectOf, subject)
}

func copies(ctx context.Context, r db.Reader, first func(*Copy) any, sql string, args ...any) ([]Copy, error) {
	return db.List(ctx, r, "message copies", func(row db.Scanner) (c Copy, err error) {
		var at int64
		if err := row.Scan(first(&c), &c.Surface, &c.State, &c.Why, &at); err != nil {
			return c, err
		}
		c.At = time.UnixMicro(at).UTC()
		return c, nil
	}, sql, args...)
}

// Counts returns how many copies of a message are in each state.
func Counts(ctx context.Context, r db.Reader, num int64) (map[State]int64, error) {
	return db.Map[State, int64](ctx, r, "message counts", countCopies, num)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
