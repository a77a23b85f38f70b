package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// A Token is the random part of a sign-in. It is known to the cookie only.
type Token [32]byte

const (
	insertSession  = `INSERT INTO session (digest, owner, until) VALUES ($1, $2, $3)`
	selectSession  = `SELECT until FROM session WHERE digest = $1 AND owner = $2`
	deleteSession  = `DELETE FROM session WHERE digest = $1`
	deleteOwned    = `DELETE FROM session WHERE owner = $1`
	deleteFinished = `DELETE FROM session WHERE until <= $1`
)

// A Store is the sign-ins of a server. It is safe for concurrent use, by
// several processes too.
type Store struct{ db *db.DB }

// New returns the sign-ins kept in the server store.
func New(d *db.DB) (*Store, error) {
	if d == nil || d.Store() != db.Server {
		return nil, fault.New(fault.Invalid, "sign-ins are kept in the server store: open that one")
	}
	return &Store{d}, nil
}

// Now returns the time that sign-ins are measured by.
func (s *Store) Now() time.Time { return s.db.Now() }

func digest(t Token) []byte {
	sum := sha256.Sum256(append([]byte("avow session 1 "), t[:]...))
	return sum[:]
}

// Begin makes a sign-in that is good for life. owner is a keyed digest of whose
// it is.
func (s *Store) Begin(ctx context.Context, owner []byte, life time.Duration) (Token, time.Time, error) {
	var t Token
	rand.Read(t[:])
	var until time.Time
	d := digest(t)
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		until = tx.Now().Add(life)
		if _, err := tx.Exec(ctx, deleteFinished, tx.Now().UnixMicro()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertSession, d, owner, until.UnixMicro())
		return err
	})
	if err != nil {
		return Token{}, time.Time{}, fmt.Errorf("session begin: %w", err)
	}
	return t, until, nil
}

// Good reports whether a sign-in of this owner is good now.
func (s *Store) Good(ctx context.Context, t Token, owner []byte) (bool, error) {
	var until int64
	err := s.db.Read(ctx, func(r *db.Snapshot) error {
		return r.Row(ctx, selectSession, digest(t), owner).Scan(&until)
	})
	if db.None(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("session good: %w", err)
	}
	return s.db.Now().UnixMicro() < until, nil
}

// End ends one sign-in. To end it again changes nothing.
func (s *Store) End(ctx context.Context, t Token) error { return s.exec(ctx, deleteSession, digest(t)) }

// EndAll ends every sign-in of an owner.
func (s *Store) EndAll(ctx context.Context, owner []byte) error {
	return s.exec(ctx, deleteOwned, owner)
}

func (s *Store) exec(ctx context.Context, sql string, key []byte) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sql, key)
		return err
	})
	if err != nil {
		return fmt.Errorf("session end: %w", err)
	}
	return nil
}
