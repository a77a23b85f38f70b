package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

const (
	// Life is how long a code is good.
	Life = 10 * time.Minute
	// Tries is how often a code may be entered.
	Tries = 5

	atOnce   = 5  // codes of one address within Life
	perDay   = 30 // codes of one address in a day
	day      = 24 * time.Hour
	prefix   = "sgn"
	digits   = 6
	codeKind = "signin-code" // keeps these hashes apart from blind indexes
)

const (
	countMade    = `SELECT COUNT(*) FROM signin WHERE digest = $1 AND made > $2`
	insertCode   = `INSERT INTO signin (handle, digest, code, tries, made, expires) VALUES ($1, $2, $3, $4, $5, $6)`
	deleteOld    = `DELETE FROM signin WHERE made <= $1`
	takeTry      = `UPDATE signin SET tries = tries - 1 WHERE handle = $1 AND tries > 0 AND expires > $2`
	selectCode   = `SELECT digest, code FROM signin WHERE handle = $1`
	deleteDigest = `DELETE FROM signin WHERE digest = $1`
)

// A Store keeps the codes of one platform. It may be used by many goroutines and
// by several nodes.
type Store struct {
	data *db.DB
	keys *seal.Keyring
}

// New returns the codes in a platform's data store.
func New(data *db.DB, keys *seal.Keyring) *Store { return &Store{data, keys} }

// Begun is a code that is to be mailed, and the handle for the form that asks
// for it.
type Begun struct {
	Handle string
	Code   seal.Personal
}

// Begin makes a code for the address with this blind index. It is fault.Busy
// when the address had too many.
func (s *Store) Begin(ctx context.Context, digest []byte) (Begun, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return Begun{}, fmt.Errorf("signin begin: %w", err)
	}
	b := Begun{Handle: id.Random(prefix), Code: seal.NewPersonal(fmt.Sprintf("%06d", n))}
	handle, _ := id.Bytes(prefix, b.Handle)
	hash := s.hash(b.Handle, b.Code.Reveal())
	err = s.data.Tx(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		for _, limit := range []struct {
			within time.Duration
			most   int
		}{{Life, atOnce}, {day, perDay}} {
			var made int
			if err := tx.Row(ctx, countMade, digest, now.Add(-limit.within).UnixMicro()).Scan(&made); err != nil {
				return err
			}
			if made >= limit.most {
				return fault.New(fault.Busy, "this address had too many codes: use the last one, or try again later")
			}
		}
		if _, err := tx.Exec(ctx, deleteOld, now.Add(-day).UnixMicro()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertCode, handle, digest, hash, Tries, now.UnixMicro(), now.Add(Life).UnixMicro())
		return err
	})
	if err != nil {
		return Begun{}, fmt.Errorf("signin begin: %w", err)
	}
	return b, nil
}

// Finish takes one try. When the code is right it returns the blind index of the
// address, and every code of that address is gone. ok is false for a code that is
// wrong, used, too old or tried too often: which of these is not told.
func (s *Store) Finish(ctx context.Context, handle, code string) (digest []byte, ok bool, err error) {
	key, valid := id.Bytes(prefix, handle)
	code = plain(code)
	if !valid || len(code) != digits {
		return nil, false, nil
	}
	hash := s.hash(handle, code)
	err = s.data.Tx(ctx, func(tx *db.Tx) error {
		digest, ok = nil, false
		n, err := tx.Exec(ctx, takeTry, key, tx.Now().UnixMicro())
		if err != nil || n == 0 {
			return err
		}
		var want []byte
		if err := tx.Row(ctx, selectCode, key).Scan(&digest, &want); err != nil {
			return err
		}
		if ok = subtle.ConstantTimeCompare(hash, want) == 1; !ok {
			digest = nil
			return nil
		}
		_, err = tx.Exec(ctx, deleteDigest, digest)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("signin finish: %w", err)
	}
	return digest, ok, nil
}

func (s *Store) hash(handle, code string) []byte { return s.keys.Index(codeKind, handle+" "+code) }

// plain takes away what people put between digits, and turns full-width digits
// of Chinese keyboards into plain ones.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ' || r == '-' || r == '\u3000' || r == '\u00a0' || r == '\t':
			return -1
		}
		return 'x'
	}, code)
}
