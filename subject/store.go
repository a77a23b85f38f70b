package subject

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

var (
	insertSubject = db.Declare(`INSERT INTO subject (num, id, kind, version, state, restricted, age, guardian, accepted, residence, log_key, created)
		VALUES ($1, $2, $3, 1, 'open', 0, $4, 0, $5, $6, $7, $8)`, "int bytes text int text text int int")
	updateState      = db.Declare(`UPDATE subject SET state = $1 WHERE num = $2`, "text int")
	updateClosed     = db.Declare(`UPDATE subject SET state = 'closed', closed = $1 WHERE num = $2 AND state = 'open'`, "int int")
	updateRestricted = db.Declare(`UPDATE subject SET restricted = $1 WHERE num = $2`, "int int")
	updateAccepted   = db.Declare(`UPDATE subject SET accepted = $1, declined = 0 WHERE num = $2`, "text int")
	updateDeclined   = db.Declare(`UPDATE subject SET accepted = '', declined = 1, declined_at = $1 WHERE num = $2`, "int int")
	updateResidence  = db.Declare(`UPDATE subject SET residence = $1 WHERE num = $2`, "text int")
	updateAge        = db.Declare(`UPDATE subject SET age = $1, guardian = $2 WHERE num = $3`, "int int int")

	insertIdentifier = db.Declare(`INSERT INTO identifier (digest, subject, class, kind, verified, exclusive)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest, subject, class) DO NOTHING`, "bytes int int text int int")
	// The same, where the digest is not barred. One that is has no subject to go with it,
	// which the table does not take.
	admitIdentifier = db.Declare(`INSERT INTO identifier (digest, subject, class, kind, verified, exclusive)
		VALUES ($1, (SELECT CAST($2 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM suppression x WHERE x.digest = $1 AND `+barring+` AND (x.until IS NULL OR x.until > $7))), $3, $4, $5, $6)
		ON CONFLICT (digest, subject, class) DO NOTHING`, "bytes int int text int int int")
	deleteIdentifier      = db.Declare(`DELETE FROM identifier WHERE subject = $1 AND digest = $2 AND class = 0`, "int bytes")
	deleteIdentifiers     = db.Declare(`DELETE FROM identifier WHERE subject = $1 AND class = 0`, "int")
	deleteIdentifierClass = db.Declare(`DELETE FROM identifier WHERE subject = $1 AND class = $2`, "int int")

	insertHold = db.Declare(`INSERT INTO subject_hold (subject, class, cite, since, until) VALUES ($1, $2, $3, $4, $5)`, "int int text int int")
	deleteHold = db.Declare(`DELETE FROM subject_hold WHERE subject = $1 AND class = $2`, "int int")

	insertSuppression = db.Declare(`INSERT INTO suppression (digest, scope, ground, since, until) VALUES ($1, $2, $3, $4, $5)`, "bytes text text int int")
	deleteSuppression = db.Declare(`DELETE FROM suppression WHERE digest = $1 AND scope = $2`, "bytes text")
)

var (
	askDigests = db.DeclareQuery(`SELECT digest FROM identifier WHERE subject = $1 ORDER BY digest, class`, "int")
	askBarred  = db.DeclareQuery(`SELECT x.scope FROM suppression x
		WHERE x.digest = $1 AND `+barring+` AND (x.until IS NULL OR x.until > $2)`, "bytes int")
)

const (
	barring = `x.scope IN ('import', 'refused')` // the scopes that keep an identifier from coming in

	selectColumns = `SELECT num, id, kind, version, state, restricted, age, guardian, accepted, declined, declined_at, residence, log_key, created, closed FROM subject`
	selectByID    = selectColumns + ` WHERE id = $1`
	selectByNum   = selectColumns + ` WHERE num = $1`
	selectAfter   = selectColumns + ` WHERE num > $1 ORDER BY num LIMIT $2`
	selectErasing = selectColumns + ` WHERE state = 'erasing' ORDER BY num LIMIT 500`

	selectCandidates  = `SELECT subject, class, kind, verified FROM identifier WHERE digest = $1 ORDER BY subject, class`
	selectIdentifiers = `SELECT digest, class, kind, verified, exclusive FROM identifier WHERE subject = $1 ORDER BY kind, digest, class`

	selectHolds = `SELECT class, cite, since, until FROM subject_hold WHERE subject = $1 ORDER BY class`
	countStates = `SELECT state, count(*) FROM subject GROUP BY state`
)

// Get returns the facts on record about a subject.
func Get(ctx context.Context, r db.Reader, sub ID) (Facts, error) {
	b, ok := id.Bytes(idPrefix, string(sub))
	if !ok {
		return Facts{}, fault.New(fault.NotFound, "there is no such subject")
	}
	return one(r.Row(ctx, selectByID, b))
}

// ByNum returns the facts of the subject with this internal number.
func ByNum(ctx context.Context, r db.Reader, num int64) (Facts, error) {
	return one(r.Row(ctx, selectByNum, num))
}

// After pages through all subjects by number.
func After(ctx context.Context, r db.Reader, num int64, limit int) ([]Facts, error) {
	return many(ctx, r, selectAfter, num, limit)
}

// Unfinished returns subjects whose erasure has begun and not ended.
func Unfinished(ctx context.Context, r db.Reader) ([]Facts, error) {
	return many(ctx, r, selectErasing)
}

func one(row db.Scanner) (Facts, error) {
	f, err := scan(row)
	if db.None(err) {
		return Facts{}, fault.New(fault.NotFound, "there is no such subject")
	}
	if err != nil {
		return Facts{}, fmt.Errorf("subject get: %w", err)
	}
	return f, nil
}

func many(ctx context.Context, r db.Reader, sql string, args ...any) ([]Facts, error) {
	return db.List(ctx, r, "subject list", scan, sql, args...)
}

func scan(row db.Scanner) (Facts, error) {
	var (
		f           Facts
		raw         []byte
		kind, state string
		age, logKey int64
		created     int64
		declined    int64
		closed      *int64
	)
	err := row.Scan(&f.Num, &raw, &kind, &f.Version, &state, &f.Restricted, &age, &f.Guardian, &f.Accepted, &f.Declined, &declined, &f.Residence, &logKey, &created, &closed)
	if err != nil {
		return Facts{}, err
	}
	f.ID, f.Kind, f.State = ID(id.FromBytes(idPrefix, raw)), Kind(kind), State(state)
	f.Age, f.LogKey, f.Created = Age(age), seal.KeyID(logKey), when(created)
	if declined != 0 {
		f.Refused = when(declined)
	}
	if closed != nil {
		f.Closed = when(*closed)
	}
	return f, nil
}

// A Candidate is a subject that an identifier points to.
type Candidate struct {
	Num      int64
	Class    int64 // 0, or the retained class for which alone it may be found
	Kind     string
	Verified bool
}

// Find returns everyone a digest points to: families share phones, and a
// device may have several people. It never decides among them.
func Find(ctx context.Context, r db.Reader, digest []byte) ([]Candidate, error) {
	return db.List(ctx, r, "subject find", scanCandidate, selectCandidates, digest[:digestSize])
}

func scanCandidate(row db.Scanner) (c Candidate, err error) {
	err = row.Scan(&c.Num, &c.Class, &c.Kind, &c.Verified)
	return c, err
}

// Identifiers returns the identifier rows of a subject.
func Identifiers(ctx context.Context, r db.Reader, num int64) ([]Identifier, error) {
	return db.List(ctx, r, "subject identifiers", scanIdentifier, selectIdentifiers, num)
}

func scanIdentifier(row db.Scanner) (i Identifier, err error) {
	err = row.Scan(&i.Digest, &i.Class, &i.Kind, &i.Verified, &i.Exclusive)
	return i, err
}

// Holds returns the holds on a subject, lapsed ones included.
func Holds(ctx context.Context, r db.Reader, num int64) ([]Hold, error) {
	return db.List(ctx, r, "subject holds", scanHold, selectHolds, num)
}

// Barred reports whether the suppression ledger keeps a digest from coming in at
// time t: after an erasure, or because a registration was refused.
func Barred(ctx context.Context, d *db.DB, digest []byte, t time.Time) (bool, error) {
	rows, err := d.Ask(ctx, askBarred, digest[:digestSize], t.UnixMicro())
	if err != nil {
		return false, fmt.Errorf("subject barred: %w", err)
	}
	return rows.Next(), rows.Err()
}

// Count returns the number of subjects by state.
func Count(ctx context.Context, r db.Reader) (map[State]int64, error) {
	return db.Map[State, int64](ctx, r, "subject count", countStates)
}

func when(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
