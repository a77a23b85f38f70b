package succession

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var (
	insertCase = db.Declare(`INSERT INTO succession (num, id, kind, recipient, items, purposes, changed, document, state, version, people, moved, recorded_by, opened)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 0, $9, 0, $10, $11)`, "int text text int bytes bytes bytes text int text int")
	updateState  = db.Declare(`UPDATE succession SET state = $1, version = $2 WHERE num = $3 AND state = 'open'`, "text int int").Must()
	updateEnd    = db.Declare(`UPDATE succession SET state = $1, moved = $2, hash = $3, ended = $4 WHERE num = $5 AND ended IS NULL`, "text int bytes int int").Must()
	insertNotice = db.Declare(`INSERT INTO succession_notice (succession, message) VALUES ($1, $2)`, "int int")
	insertDuty   = db.Declare(`INSERT INTO succession_duty (succession, version, clause, document, recorded_by, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (succession, version, clause) DO NOTHING`, "int int text text text int")
	insertWord = db.Declare(`INSERT INTO succession_word (succession, subject, kind, how, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject, succession, kind) DO NOTHING`, "int int text text int")
	deleteWords = db.Declare(`DELETE FROM succession_word WHERE subject = $1`, "int")
)

const (
	selectCase = `SELECT num, id, kind, recipient, items, purposes, changed, document, state, version, people, moved, hash, recorded_by, opened, ended FROM succession`
	selectByID = selectCase + ` WHERE id = $1`
	selectAll  = selectCase + ` ORDER BY num`
	selectOpen = selectCase + ` WHERE recipient = $1 AND ended IS NULL ORDER BY num DESC LIMIT 1`

	selectNotices = `SELECT message FROM succession_notice WHERE succession = $1 ORDER BY message`
	selectDuties  = `SELECT clause FROM succession_duty WHERE succession = $1 AND version = $2 ORDER BY clause`
	selectWords   = `SELECT kind, at FROM succession_word WHERE subject = $1 AND succession = $2`
)

// Insert writes a new case.
func Insert(w db.Writer, c *Case) {
	w.Do(insertCase, c.Num, string(c.ID), string(c.Kind), int64(c.Recipient), pack(c.Items), pack(c.Purposes), pack(c.Changed), c.Document,
		c.People, c.By, w.Now().UnixMicro())
}

// MakeReady says that nothing stands against a case under a version of the policy.
// The act loses where the case is not open any more.
func MakeReady(w db.Writer, num, version int64) { w.Do(updateState, string(Ready), version, num) }

// End ends a case. The act loses where it has ended before.
func End(w db.Writer, num int64, state State, moved int64, hash []byte) {
	var sum any
	if hash != nil {
		sum = hash
	}
	w.Do(updateEnd, string(state), moved, sum, w.Now().UnixMicro(), num)
}

// Tell says that a message tells people of a case.
func Tell(w db.Writer, num, message int64) { w.Do(insertNotice, num, message) }

// Accept says that who takes over accepted a duty of a version.
func Accept(w db.Writer, num, version int64, clause, document, by string) {
	w.Do(insertDuty, num, version, clause, document, by, w.Now().UnixMicro())
}

// Told says that a person was told otherwise than by a message.
func Told(w db.Writer, num, subject int64, how string) {
	w.Do(insertWord, num, subject, "told", how, w.Now().UnixMicro())
}

// Object says that a person does not want to go along.
func Object(w db.Writer, num, subject int64, how string) {
	w.Do(insertWord, num, subject, "objected", how, w.Now().UnixMicro())
}

// EraseAll removes what stands here about a subject.
func EraseAll(w db.Writer, subject int64) { w.Do(deleteWords, subject) }

// Get returns a case; fault.NotFound where there is none.
func Get(ctx context.Context, r db.Reader, want ID) (*Case, error) {
	c, err := scan(r.Row(ctx, selectByID, string(want)))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there is no such transfer")
	}
	if err != nil {
		return nil, fmt.Errorf("succession get: %w", err)
	}
	return c, nil
}

// Current returns the newest case with a recipient that has not ended; nil where
// there is none.
func Current(ctx context.Context, r db.Reader, to policy.RecipientNo) (*Case, error) {
	c, err := scan(r.Row(ctx, selectOpen, int64(to)))
	if db.None(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("succession current: %w", err)
	}
	return c, nil
}

// List returns every case, oldest first.
func List(ctx context.Context, r db.Reader) ([]*Case, error) {
	return db.List(ctx, r, "succession list", scan, selectAll)
}

func scan(row db.Scanner) (*Case, error) {
	var (
		c                        Case
		recipient, opened        int64
		items, purposes, changed []byte
		ended                    *int64
	)
	err := row.Scan(&c.Num, &c.ID, &c.Kind, &recipient, &items, &purposes, &changed, &c.Document, &c.State, &c.Version, &c.People, &c.Moved, &c.Hash,
		&c.By, &opened, &ended)
	if err != nil {
		return nil, err
	}
	c.Recipient, c.Opened = policy.RecipientNo(recipient), time.UnixMicro(opened).UTC()
	c.Items, c.Purposes, c.Changed = unpack[policy.ItemNo](items), unpack[policy.PurposeNo](purposes), unpack[policy.PurposeNo](changed)
	if ended != nil {
		at := time.UnixMicro(*ended).UTC()
		c.Ended = &at
	}
	return &c, nil
}

// Notices returns the numbers of the messages that tell of a case.
func Notices(ctx context.Context, r db.Reader, num int64) (out []int64, err error) {
	return db.Values[int64](ctx, r, "succession notices", selectNotices, num)
}

// Accepted returns the duties of a version that were accepted.
func Accepted(ctx context.Context, r db.Reader, num, version int64) (out []string, err error) {
	return db.Values[string](ctx, r, "succession duties", selectDuties, num, version)
}

// Words returns when a person was told otherwise than by a message, and when they
// said that they do not want to go along; zero times: never.
func Words(ctx context.Context, r db.Reader, num, subject int64) (told, objected time.Time, err error) {
	at, err := db.Map[string, int64](ctx, r, "succession words", selectWords, subject, num)
	if us, ok := at["told"]; ok {
		told = time.UnixMicro(us).UTC()
	}
	if us, ok := at["objected"]; ok {
		objected = time.UnixMicro(us).UTC()
	}
	return told, objected, err
}

// pack codes numbers as two bytes each, big-endian.
func pack[N ~uint16](nos []N) []byte {
	b := make([]byte, 0, 2*len(nos))
	for _, n := range nos {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

func unpack[N ~uint16](b []byte) []N {
	out := make([]N, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		out = append(out, N(binary.BigEndian.Uint16(b)))
	}
	return out
}
