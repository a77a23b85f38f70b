package audit

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
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

// Cursor returns the place of the record for [Filter].After: with own for the
// list of one subject, else for the list of the whole log.
func (e Record) Cursor(own bool) string {
	if own {
		return fmt.Sprintf("t%d.%d", e.At.UnixMicro(), e.ID)
	}
	return fmt.Sprintf("s%d.%d", e.Seq, e.ID)
}

// A Filter chooses entries. Its zero value is the first hundred of the log.
//
// The entries of one subject come by their time, pending ones in their place. Those
// of the whole log come by their number, pending ones last (first with Newest).
type Filter struct {
	Subject int64  // 0: of everybody
	Kind    Kind   // 0: all
	Newest  bool   // from the end backward
	After   string // the cursor of the last record of the page before; "": from the beginning
	Limit   int    // 0: 100
}

// A number that may be 0 is compared with its column first, so that PostgreSQL
// takes it for a BIGINT. A NULL is read as 0.
const (
	selectPiece = `SELECT id, subject, seal_key, public, sealed, pruned, -1
	FROM audit_entry WHERE id >= $1 AND id < $2 AND (kind = $3 OR $3 = 0) ORDER BY id LIMIT $4`
	selectPieceBack = `SELECT id, subject, seal_key, public, sealed, pruned, -1
	FROM audit_entry WHERE id >= $1 AND id < $2 AND (kind = $3 OR $3 = 0) ORDER BY id DESC LIMIT $4`
	selectOwn = `SELECT e.id, e.subject, e.seal_key, e.public, e.sealed, e.pruned,
	COALESCE((SELECT CASE WHEN e.id < r.id + r.n THEN r.seq + e.id - r.id END
		FROM audit_run r WHERE r.id <= e.id ORDER BY r.id DESC LIMIT 1), -1)
	FROM audit_own o JOIN audit_entry e ON e.id = o.id
	WHERE o.subject = $1 AND (o.at, o.id) > ($2, $3) AND e.subject = $1 AND (e.kind = $4 OR $4 = 0)
	ORDER BY o.at, o.id LIMIT $5`
	selectOwnBack = `SELECT e.id, e.subject, e.seal_key, e.public, e.sealed, e.pruned,
	COALESCE((SELECT CASE WHEN e.id < r.id + r.n THEN r.seq + e.id - r.id END
		FROM audit_run r WHERE r.id <= e.id ORDER BY r.id DESC LIMIT 1), -1)
	FROM audit_own o JOIN audit_entry e ON e.id = o.id
	WHERE o.subject = $1 AND (o.at, o.id) < ($2, $3) AND e.subject = $1 AND (e.kind = $4 OR $4 = 0)
	ORDER BY o.at DESC, o.id DESC LIMIT $5`
	selectOne = `SELECT e.id, e.subject, e.seal_key, e.public, e.sealed, e.pruned,
	COALESCE((SELECT CASE WHEN e.id < r.id + r.n THEN r.seq + e.id - r.id END
		FROM audit_run r WHERE r.id <= e.id ORDER BY r.id DESC LIMIT 1), -1)
	FROM audit_entry e WHERE e.id = $1`
	runsInPage = 64
)

// Entries returns the entries the filter chooses, with their sealed parts opened
// where the key lives. A cursor that is none is fault.Invalid.
func (l *Log) Entries(ctx context.Context, r db.Reader, f Filter) (list []Record, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	at, id, err := parseCursor(f)
	if err != nil {
		return nil, err
	}
	p := newReading(f.Limit)
	switch {
	case f.Subject != 0:
		err = own(ctx, r, f, p, at, id)
	case f.Newest:
		err = newest(ctx, r, f, p, at, id)
	default:
		err = oldest(ctx, r, f, p, at, id)
	}
	if err != nil {
		return nil, err
	}
	return p.list, l.openAll(ctx, p.list)
}

// parseCursor returns the place after which the page begins: time and id for the
// list of a subject, number and id otherwise.
func parseCursor(f Filter) (at, id int64, err error) {
	if f.After == "" && f.Newest {
		return math.MaxInt64, math.MaxInt64, nil
	}
	if f.After == "" {
		return math.MinInt64, math.MinInt64, nil
	}
	letter := "s"
	if f.Subject != 0 {
		letter = "t"
	}
	rest, ok := strings.CutPrefix(f.After, letter)
	a, b, ok2 := strings.Cut(rest, ".")
	at, err1 := strconv.ParseInt(a, 10, 64)
	id, err2 := strconv.ParseInt(b, 10, 64)
	if !ok || !ok2 || err1 != nil || err2 != nil {
		return 0, 0, fault.New(fault.Invalid, "this is no place in this list of log entries: begin at its first page")
	}
	return at, id, nil
}

// oldest reads a page of the whole log, ascending.
func oldest(ctx context.Context, r db.Reader, f Filter, p *reading, seq, id int64) error {
	if seq != -1 { // -1: the page before ended among the pending ones
		if err := placed(ctx, r, f, p, max(seq, -1)+1); err != nil {
			return err
		}
		id = math.MinInt64
	}
	if len(p.list) == f.Limit {
		return nil
	}
	return unplaced(ctx, r, f, p, id)
}

// newest reads a page of the whole log, descending.
func newest(ctx context.Context, r db.Reader, f Filter, p *reading, seq, id int64) error {
	if seq == -1 || seq == math.MaxInt64 {
		if err := unplaced(ctx, r, f, p, id); err != nil {
			return err
		}
		seq = math.MaxInt64
	}
	for len(p.list) < f.Limit {
		runs, err := readRuns(ctx, r, runsBefore, seq, runsInPage)
		if err != nil || len(runs) == 0 {
			return err
		}
		for _, x := range runs {
			end := x.id + min(x.n, seq-x.seq)
			if err := p.piece(ctx, r, x, selectPieceBack, x.id, end, int64(f.Kind), f.Limit-len(p.list)); err != nil {
				return err
			}
			if seq = x.seq; len(p.list) == f.Limit {
				break
			}
		}
	}
	return nil
}

// placed reads entries that have their place, ascending from a number on.
func placed(ctx context.Context, r db.Reader, f Filter, p *reading, from int64) error {
	x, ok, err := readRun(ctx, r, runAt, from)
	if err != nil {
		return err
	}
	after := int64(-1)
	if ok {
		after = x.seq
		if from < x.seq+x.n {
			err = p.piece(ctx, r, x, selectPiece, x.idOf(from), x.id+x.n, int64(f.Kind), f.Limit)
		}
	}
	for err == nil && len(p.list) < f.Limit {
		var runs []run
		if runs, err = readRuns(ctx, r, runsAfter, after, runsInPage); err != nil || len(runs) == 0 {
			break
		}
		for _, x := range runs {
			after = x.seq
			err = p.piece(ctx, r, x, selectPiece, x.id, x.id+x.n, int64(f.Kind), f.Limit-len(p.list))
			if err != nil || len(p.list) == f.Limit {
				break
			}
		}
	}
	return err
}

// Entry returns one entry, pending or placed; fault.NotFound when there is none.
func (l *Log) Entry(ctx context.Context, r db.Reader, id ID) (Record, error) {
	p := newReading(1)
	if err := p.query(ctx, r, selectOne, id); err != nil {
		return Record{}, err
	}
	if len(p.list) == 0 {
		return Record{}, fault.New(fault.NotFound, "the log has no entry %d", id)
	}
	err := l.openAll(ctx, p.list)
	return p.list[0], err
}

// Each calls fn for every placed entry from number from on, ascending, opened,
// until fn returns an error. It reads a page at a time, so it sees entries that
// are placed meanwhile.
func (l *Log) Each(ctx context.Context, from int64, fn func(Record) error) error {
	f := Filter{Limit: 1000}
	for {
		p := newReading(f.Limit)
		if err := l.data.Read(ctx, func(r *db.Snapshot) error { return placed(ctx, r, f, p, from) }); err != nil {
			return err
		}
		list := p.list
		if err := l.openAll(ctx, list); err != nil {
			return err
		}
		for i := range list {
			if err := fn(list[i]); err != nil {
				return err
			}
		}
		if len(list) < f.Limit {
			return nil
		}
		from = list[len(list)-1].Seq + 1
	}
}
