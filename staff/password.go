package staff

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// A Cost says how hard passwords are to guess for who has stolen the store. The
// zero Cost is 64 MiB, 3 passes, 4 lanes: the second choice of RFC 9106 §4.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// Light returns the cost of passwords that protect nothing: a demo's, which it shows,
// and those of tests.
func Light() Cost { return Cost{Memory: 1 << 10, Passes: 1, Lanes: 1} }

// hashers bounds how many passwords are hashed at once, and so the memory that a
// flood of attempts can take.
const hashers = 2

// A hasher hashes passwords.
type hasher struct {
	params argon2id.Params
	turns  chan struct{}
	dummy  string // compared with when a login is unknown
}

func newHasher(c Cost) *hasher {
	if c == (Cost{}) {
		c = Cost{64 << 10, 3, 4}
	}
	h := &hasher{
		params: argon2id.Params{Memory: c.Memory, Iterations: c.Passes, Parallelism: c.Lanes, SaltLength: 16, KeyLength: 32},
		turns:  make(chan struct{}, hashers),
	}
	// A hash of nothing that anybody could type, at the same cost: hashing one
	// here would take every start a tenth of a second and 64 MiB.
	random := make([]byte, h.params.SaltLength+h.params.KeyLength)
	rand.Read(random)
	b64 := base64.RawStdEncoding.EncodeToString
	h.dummy = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", c.Memory, c.Passes, c.Lanes,
		b64(random[:h.params.SaltLength]), b64(random[h.params.SaltLength:]))
	return h
}

func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, &h.params)
}

// matches compares, and says whether the hash was made at another cost.
func (h *hasher) matches(ctx context.Context, password, hash string) (ok, old bool, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	ok, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, fmt.Errorf("staff password: %w", err)
	}
	return ok, *params != h.params, nil
}
