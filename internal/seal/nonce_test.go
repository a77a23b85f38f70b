package seal

import (
	"fmt"
	"sync"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// Nonces are 96 random bits from the system's generator, drawn anew by
// crypto/cipher.NewGCMWithRandomNonce for every seal: no counter that a crash could
// set back, no state that two nodes could share. One key may seal 2^32 messages (NIST
// SP 800-38D §8.3); the chance that two of a million nonces are equal is one in 10^17.
// So these tests look for a mistake, not for bad luck: a nonce that is made of the
// plaintext, of a time, of a counter, or is not made at all.

// TestNoncesNeverRepeat seals the same text under few keys on two nodes at once, with
// nodes that are opened anew and nodes that just stop, and re-wraps every key through
// several epochs. No nonce of any kind comes twice.
func TestNoncesNeverRepeat(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		n := &nonces{t: t, seen: map[[nonceLen]byte]string{}}
		n.life(s, 3, 1500)
		t.Logf("%d nonces, none twice", len(n.seen))
	})
}

// TestSoakNonces is the same for long.
func TestSoakNonces(t *testing.T) {
	period := dbtest.Soak(t)
	begin, total, twice := db.Wall(), 0, 0
	for total == 0 || db.Wall().Sub(begin) < period {
		each(t, func(t *testing.T, s *stores) {
			n := &nonces{t: t, seen: map[[nonceLen]byte]string{}}
			n.life(s, 4, 100_000)
			total, twice = total+len(n.seen), twice+n.twice
		})
	}
	fmt.Printf("soak: nonces %d losses %d\n", total, twice)
}

const nonceLen = 12

// nonces are those that were seen, and where.
type nonces struct {
	t     *testing.T
	mu    sync.Mutex // owns what follows
	seen  map[[nonceLen]byte]string
	twice int
}

// note notes the nonce of something sealed.
func (n *nonces) note(what string, sealed []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(sealed) < 1+nonceLen || sealed[0] != formOne {
		n.t.Fatalf("%s is not of the form that is known: %d bytes", what, len(sealed))
	}
	x := [nonceLen]byte(sealed[1:])
	if before, ok := n.seen[x]; ok {
		n.twice++
		n.t.Errorf("%s has the nonce of %s", what, before)
	}
	n.seen[x] = what
}

// life is some lives of two nodes, each of which ends in its own way.
func (n *nonces) life(s *stores, lives, seals int) {
	first := s.ring(n.t)
	keys := []KeyID{first.mustNext(n.t), first.mustNext(n.t), first.mustNext(n.t)}
	for i, key := range keys {
		s.bind(n.t, first, int64(i+1), 1, key)
	}
	first.Close()
	for life := range lives {
		var wg sync.WaitGroup
		for node := range 2 {
			k := s.ring(n.t)
			wg.Go(func() {
				for i := range seals {
					sealed, err := k.Seal(n.t.Context(), keys[i%len(keys)], place, []byte("the same text"))
					if err != nil {
						n.t.Error(err)
						return
					}
					n.note(fmt.Sprintf("seal %d of node %d in life %d", i, node, life), sealed)
				}
			})
			if node == 0 {
				defer k.Close() // the other just stops: a crash runs no code
			}
		}
		wg.Wait()
		n.wrapped(s, life)
		k := s.ring(n.t)
		if _, err := k.Rotate(n.t.Context(), nil); err != nil {
			n.t.Fatal(err)
		}
		k.Close()
	}
	n.wrapped(s, lives)
}

// wrapped notes the nonces of everything that is wrapped in this epoch: the same keys
// as in the one before.
func (n *nonces) wrapped(s *stores, life int) {
	err := s.keys.Read(n.t.Context(), func(r *db.Snapshot) error {
		for _, q := range []string{"SELECT wrapped FROM data_key", "SELECT wrapped FROM seal_secret"} {
			rows, err := r.Query(n.t.Context(), q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var b []byte
				if err := rows.Scan(&b); err != nil {
					rows.Close()
					return err
				}
				n.note(fmt.Sprintf("a wrapping before rotation %d", life), b)
			}
			rows.Close()
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		n.t.Fatal(err)
	}
}
