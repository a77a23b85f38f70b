package audit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// Sealed says what became of the sealed part of an entry.
type Sealed string

// What can become of a sealed part.
const (
	None         Sealed = ""              // the entry has none
	Opened       Sealed = "opened"        // Private and SubjectID are filled
	KeyDestroyed Sealed = "key destroyed" // its key is gone: it cannot be read any more
	Dropped      Sealed = "pruned"        // pruned: it was dropped; its hash is kept
)

// A Record is an entry as it is read back.
type Record struct {
	ID        ID
	Seq       int64 // number in the log; -1 while pending
	Kind      Kind
	At        time.Time // UTC
	Control   policy.Control
	Subject   int64 // 0: about nobody, or pruned
	Public    Fields
	Sealed    Sealed
	SubjectID string
	Private   Fields // SubjectID's field among them

	key    seal.KeyID
	sealed []byte
}

// A Filter chooses entries. Its zero value is the first hundred of the log.
type Filter struct {
	Subject int64 // 0: of everybody
	Kind    Kind  // 0: all
	From    int64 // first number wanted; the next page begins at the last Seq + 1
	Newest  bool  // descending, from the end
	Before  int64 // with Newest: numbers below this; 0: from the end
	Limit   int   // 0: 100
}

// A number that may be 0 is compared with its column first, so that PostgreSQL
// takes it for a BIGINT.
const (
	selectForward = `SELECT seq, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, COALESCE(pruned, 0)
	FROM audit_entry WHERE seq >= $1 AND (kind = $2 OR $2 = 0) ORDER BY seq LIMIT $3`
	selectBackward = `SELECT seq, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, COALESCE(pruned, 0)
	FROM audit_entry WHERE seq < $1 AND (kind = $2 OR $2 = 0) ORDER BY seq DESC LIMIT $3`
	selectOwnForward = `SELECT seq, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, COALESCE(pruned, 0)
	FROM audit_entry WHERE seq >= $1 AND (kind = $2 OR $2 = 0) AND subject = $4 ORDER BY seq LIMIT $3`
	selectOwnBackward = `SELECT seq, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, COALESCE(pruned, 0)
	FROM audit_entry WHERE seq < $1 AND (kind = $2 OR $2 = 0) AND subject = $4 ORDER BY seq DESC LIMIT $3`
	selectOne = `SELECT seq, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, COALESCE(pruned, 0)
	FROM audit_entry WHERE id = $1`
	selectWaiting = `SELECT -1, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, 0
	FROM audit_pending WHERE (kind = $1 OR $1 = 0) AND (subject = $2 OR $2 = 0) ORDER BY id LIMIT $3`
	selectOneWaiting = `SELECT -1, id, COALESCE(subject, 0), COALESCE(seal_key, 0), public, sealed, 0
	FROM audit_pending WHERE id = $1`
)

// Entries returns the entries the filter chooses, in order of their numbers, with
// their sealed parts opened where the key lives. Pending entries stand at the new
// end: last, or first with Newest and no Before.
func (l *Log) Entries(ctx context.Context, r db.Reader, f Filter) ([]Record, error) {
	list, err := choose(ctx, r, f)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := l.open(ctx, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Entry returns one entry, pending or placed; fault.NotFound when there is none.
func (l *Log) Entry(ctx context.Context, r db.Reader, id ID) (Record, error) {
	list, err := query(ctx, r, nil, selectOne, id)
	if err == nil && len(list) == 0 {
		list, err = query(ctx, r, nil, selectOneWaiting, id)
	}
	if err != nil {
		return Record{}, err
	}
	if len(list) == 0 {
		return Record{}, fault.New(fault.NotFound, "the log has no entry %d", id)
	}
	return list[0], l.open(ctx, &list[0])
}

// Each calls fn for the placed entries the filter chooses, ascending, opened,
// until it returns an error. It reads a page at a time, so it sees entries that
// are placed meanwhile. Newest, Before and Limit mean nothing here.
func (l *Log) Each(ctx context.Context, f Filter, fn func(Record) error) error {
	f.Newest, f.Limit = false, 1000
	for {
		var list []Record
		err := l.data.Read(ctx, func(r *db.Snapshot) (err error) {
			list, err = choosePlaced(ctx, r, f)
			return err
		})
		if err != nil {
			return err
		}
		for i := range list {
			if err := l.open(ctx, &list[i]); err != nil {
				return err
			}
			if err := fn(list[i]); err != nil {
				return err
			}
		}
		if len(list) < f.Limit {
			return nil
		}
		f.From = list[len(list)-1].Seq + 1
	}
}

func choose(ctx context.Context, r db.Reader, f Filter) ([]Record, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var list []Record
	var err error
	if f.Newest && f.Before == 0 {
		if list, err = query(ctx, r, nil, selectWaiting, int64(f.Kind), f.Subject, f.Limit); err != nil {
			return nil, err
		}
		slices.Reverse(list)
	}
	if rest := f.Limit - len(list); rest > 0 {
		g := f
		g.Limit = rest
		placed, err := choosePlaced(ctx, r, g)
		if err != nil {
			return nil, err
		}
		list = append(list, placed...)
	}
	if rest := f.Limit - len(list); !f.Newest && rest > 0 {
		return query(ctx, r, list, selectWaiting, int64(f.Kind), f.Subject, rest)
	}
	return list, nil
}

func choosePlaced(ctx context.Context, r db.Reader, f Filter) ([]Record, error) {
	from, all, own := f.From, selectForward, selectOwnForward
	if f.Newest {
		from, all, own = f.Before, selectBackward, selectOwnBackward
		if from == 0 {
			from = math.MaxInt64
		}
	}
	if f.Subject != 0 {
		return query(ctx, r, nil, own, from, int64(f.Kind), f.Limit, f.Subject)
	}
	return query(ctx, r, nil, all, from, int64(f.Kind), f.Limit)
}

// query appends the rows of a statement to list.
func query(ctx context.Context, r db.Reader, list []Record, sql string, args ...any) ([]Record, error) {
	rows, err := r.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("audit entries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Record
		var key, pruned int64
		var public []byte
		if err := rows.Scan(&e.Seq, &e.ID, &e.Subject, &key, &public, &e.sealed, &pruned); err != nil {
			return nil, fmt.Errorf("audit entries: %w", err)
		}
		d, err := Decode(public)
		if err != nil {
			return nil, fmt.Errorf("audit entry %d: %w", e.ID, err)
		}
		e.Kind, e.At, e.Control, e.Public = d.Kind, d.At, d.Control(), d.Fields
		e.key = seal.KeyID(key)
		if pruned != 0 {
			e.Sealed = Dropped
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// open opens the sealed part of a record.
func (l *Log) open(ctx context.Context, e *Record) error {
	if len(e.sealed) == 0 {
		return nil
	}
	plain, err := l.keys.Open(ctx, e.key, place(e.Subject, e.ID), e.sealed)
	e.sealed = nil
	if fault.Of(err) == fault.NotFound {
		e.Sealed = KeyDestroyed
		return nil
	}
	if err != nil {
		return fmt.Errorf("audit entry %d: %w", e.ID, err)
	}
	if e.Private, err = decodePrivate(plain); err != nil {
		return fmt.Errorf("audit entry %d: %w", e.ID, err)
	}
	e.Sealed, e.SubjectID = Opened, e.Private.Text(TagSubjectID)
	return nil
}
