package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

const (
	selectEnded = `SELECT e.id, e.at, COALESCE((SELECT CASE WHEN e.id < r.id + r.n THEN r.seq + e.id - r.id END
		FROM audit_run r WHERE r.id <= e.id ORDER BY r.id DESC LIMIT 1), -1), e.sealed
	FROM audit_own o JOIN audit_entry e ON e.id = o.id
	WHERE o.subject = $1 AND e.seal_key = $2 AND e.sealed IS NOT NULL LIMIT $3`
	pruneOne = `UPDATE audit_entry SET sealed = NULL, hash = $1, pruned = $2, subject = NULL, seal_key = NULL
	WHERE id = $3 AND sealed IS NOT NULL`
	endOwn    = `DELETE FROM audit_own WHERE subject = $1 AND at = $2 AND id = $3`
	pruneSize = 500 // entries in one transaction of the low lane
)

// Ended names a log-class key that has been destroyed: the retention of that
// subject's log entries has come to its end.
type Ended struct {
	Subject int64
	Key     seal.KeyID
}

// A prunable entry is one whose sealed part is to be dropped.
type prunable struct {
	id      ID
	seq     int64
	subject int64
	at      int64
	hash    []byte
}

// Prune drops the sealed parts under the keys, which must have been destroyed
// (fault.Conflict otherwise), keeps their hashes and cuts the entries' tie to the
// subject. An entry Pruned in the same transaction says which. Entries still
// pending are placed first. It returns how many it has pruned, and can be called
// again after a failure.
func (l *Log) Prune(ctx context.Context, list []Ended) (n int, err error) {
	if _, err := l.Sequence(ctx); err != nil {
		return 0, err
	}
	for _, e := range list {
		for {
			rows, err := l.ended(ctx, e)
			if err != nil {
				return n, err
			}
			if len(rows) == 0 {
				break
			}
			err = l.prune(ctx, rows)
			l.tail.forget() // their sealed parts are no longer anywhere
			if err != nil {
				return n, err
			}
			n += len(rows)
		}
	}
	return n, nil
}

// ended reads the next entries to prune, and sees to it that their key is dead.
func (l *Log) ended(ctx context.Context, e Ended) ([]prunable, error) {
	var list []prunable
	var first []byte
	err := l.data.Read(ctx, func(r *db.Snapshot) error {
		rows, err := r.Query(ctx, selectEnded, e.Subject, int64(e.Key), pruneSize)
		if err != nil {
			return fmt.Errorf("audit prune: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			p := prunable{subject: e.Subject}
			var sealed []byte
			if err := rows.Scan(&p.id, &p.at, &p.seq, &sealed); err != nil {
				return fmt.Errorf("audit prune: %w", err)
			}
			if p.seq < 0 {
				continue // written meanwhile: for the next time
			}
			p.hash = sealedHash(sealed)
			if list = append(list, p); first == nil {
				first = sealed
			}
		}
		return rows.Err()
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	_, err = l.keys.Open(ctx, e.Key, place(e.Subject, list[0].id), first)
	switch {
	case fault.Of(err) == fault.NotFound:
		return list, nil
	case err == nil:
		return nil, fault.New(fault.Conflict, "the log-class key %d still lives: destroy it before its entries are pruned", e.Key)
	}
	return nil, fmt.Errorf("audit prune: %w", err)
}

// prune drops the sealed parts of the rows in one transaction.
func (l *Log) prune(ctx context.Context, rows []prunable) error {
	slices.SortFunc(rows, func(a, b prunable) int { return cmp.Compare(a.seq, b.seq) })
	set := newPruneSet()
	for _, p := range rows {
		set.add(p.seq)
	}
	entry, err := l.Prepare(ctx, Entry{Kind: Pruned, Public: Fields{Num(TagCount, len(rows)), Bytes(TagHash, set.sum())}})
	if err != nil {
		return err
	}
	return l.data.Bulk(ctx, func(tx *db.Tx) error {
		for _, p := range rows {
			n, err := tx.Exec(ctx, pruneOne, p.hash, entry.ID, p.id)
			if err != nil {
				return fmt.Errorf("audit prune: %w", err)
			}
			if n != 1 {
				return fault.New(fault.Conflict, "somebody else is pruning the same entries; try again")
			}
			if _, err := tx.Exec(ctx, endOwn, p.subject, p.at, p.id); err != nil {
				return fmt.Errorf("audit prune: %w", err)
			}
		}
		entry.Put(tx)
		return nil
	})
}

// A pruneSet adds up the numbers of the entries that one Pruned entry covers.
type pruneSet struct {
	n uint64
	h hash.Hash
}

func newPruneSet() *pruneSet { return &pruneSet{h: sha256.New()} }

func (s *pruneSet) add(seq int64) {
	s.n++
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(seq))
	s.h.Write(b[:])
}

func (s *pruneSet) sum() []byte { return s.h.Sum(nil) }
