package audit

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

// fixedSealer seals the same bytes to the same bytes, so that logs on two engines
// can be compared.
type fixedSealer struct {
	mu   sync.Mutex
	dead map[seal.KeyID]bool // owned by mu
}

func (s *fixedSealer) aead(k seal.KeyID) (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead[k] {
		return nil, fault.New(fault.NotFound, "the key is destroyed")
	}
	key := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(k)))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s *fixedSealer) Seal(_ context.Context, k seal.KeyID, a seal.AAD, plain []byte) ([]byte, error) {
	g, err := s.aead(k)
	if err != nil {
		return nil, err
	}
	aad := fmt.Append(nil, k, a)
	nonce := sha256.Sum256(append(aad, plain...))
	return g.Seal(nonce[:12:12], nonce[:12], plain, aad), nil
}

func (s *fixedSealer) Open(_ context.Context, k seal.KeyID, a seal.AAD, sealed []byte) ([]byte, error) {
	g, err := s.aead(k)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 12 {
		return nil, seal.ErrChanged
	}
	plain, err := g.Open(nil, sealed[:12], sealed[12:], fmt.Append(nil, k, a))
	if err != nil {
		return nil, seal.ErrChanged
	}
	return plain, nil
}

func (s *fixedSealer) destroy(k seal.KeyID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		s.dead = map[seal.KeyID]bool{}
	}
	s.dead[k] = true
}

// A world is a log in a fresh store, with all that a test touches.
type world struct {
	*Log
	t    testing.TB
	data *db.DB
	keys *fixedSealer
	cfg  Config
}

// each runs fn with a fresh log on each engine.
func each(t *testing.T, fn func(*testing.T, *world)) {
	t.Helper()
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

// newWorld opens a log with a fixed signing key and seeded salts.
func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, data: d, keys: &fixedSealer{}}
	w.cfg = Config{
		Platform: "shop", Data: d, Keys: w.keys, SignerFile: filepath.Join(t.TempDir(), "log.key"),
		Rand: rand.NewChaCha8([32]byte{1}),
	}
	if err := os.WriteFile(w.cfg.SignerFile, []byte(key(t, "avow/shop", 1).private+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Log = w.reopen()
	return w
}

// reopen returns another log over the same store and key file.
func (w *world) reopen() *Log {
	w.t.Helper()
	l, err := Open(w.t.Context(), w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// used is an entry about subject n, like those of a use of data.
func used(n int64) Entry {
	return Entry{
		Kind: Used, Control: "use.decision",
		Public:  []Field{Num(TagPolicy, 3), Num(TagPurpose, 2), Nums(TagItems, []int64{1, n % 7}), Text(TagRole, "support")},
		Subject: n, SubjectID: fmt.Sprintf("sub_%026d", n), Key: seal.KeyID(1000 + n),
		Private: []Field{Text(TagActor, "stf_1"), Text(TagRef, "order-1")},
	}
}

// append commits one entry in an act of its own.
func (w *world) append(e Entry) ID {
	w.t.Helper()
	a := w.data.NewAct()
	id, err := w.Append(w.t.Context(), a, e)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.data.Commit(w.t.Context(), a); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// fill appends n entries in one act and sequences them.
func (w *world) fill(n int) {
	w.t.Helper()
	a := w.data.NewAct()
	for i := range n {
		if _, err := w.Append(w.t.Context(), a, used(int64(1+i%5))); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := w.data.Commit(w.t.Context(), a); err != nil {
		w.t.Fatal(err)
	}
	w.sequence()
}

func (w *world) sequence() int {
	w.t.Helper()
	n, err := w.Sequence(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) checkpoint() Checkpoint {
	w.t.Helper()
	c, err := w.Checkpoint(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) verify(v Verify) Report {
	w.t.Helper()
	r, err := w.Verify(w.t.Context(), v)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// check fails unless every invariant of the log holds.
func (w *world) check() Report {
	w.t.Helper()
	r := w.verify(Verify{Open: true})
	for _, x := range r.Wrong {
		w.t.Errorf("the log does not verify: %s", x)
	}
	return r
}

// exec changes the store behind the log's back and returns how many rows it hit.
func (w *world) exec(sql string, args ...any) int64 {
	w.t.Helper()
	var n int64
	err := w.data.Tx(w.t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Exec(w.t.Context(), sql, args...)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// number returns the single number that sql selects.
func (w *world) number(sql string, args ...any) (n int64) {
	w.t.Helper()
	err := w.data.Read(w.t.Context(), func(r *db.Snapshot) error { return r.Row(w.t.Context(), sql, args...).Scan(&n) })
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}
