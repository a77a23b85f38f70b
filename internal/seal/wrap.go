package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// ErrChanged says that sealed bytes do not open: they were changed, or they
// belong to another platform, subject, item, value or key.
var ErrChanged = errors.New("seal: the sealed bytes were changed or belong elsewhere")

const (
	keyLen  = 32
	formOne = 1 // first byte of everything sealed: AES-256-GCM, random nonce, AAD of version 1
)

// newAEAD returns AES-256-GCM with random 96-bit nonces: nonce | ciphertext |
// tag. One key must not seal more than 2^32 messages (NIST SP 800-38D §8.3); a
// data key serves one subject and class, far below.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealTo returns formOne | nonce | ciphertext | tag.
func sealTo(a cipher.AEAD, plain, aad []byte) []byte {
	out := make([]byte, 1, 1+len(plain)+a.Overhead())
	out[0] = formOne
	return a.Seal(out, nil, plain, aad)
}

func openFrom(a cipher.AEAD, sealed, aad []byte) ([]byte, error) {
	if len(sealed) < 1 || sealed[0] != formOne {
		return nil, ErrChanged
	}
	plain, err := a.Open(nil, nil, sealed[1:], aad)
	if err != nil {
		return nil, ErrChanged
	}
	return plain, nil
}

// nextEpochKey moves the ratchet: K(e+1) = HKDF-SHA256(K(e)). It is one way, so
// an erased K(e) cannot be had from K(e+1).
func nextEpochKey(platform string, k EpochKey) (EpochKey, error) {
	next := k.Number + 1
	key, err := hkdf.Key(sha256.New, k.Key, nil, fmt.Sprintf("avow epoch 1\x00%s\x00%d", platform, next), epochKeyLen)
	if err != nil {
		return EpochKey{}, fmt.Errorf("seal ratchet: %w", err)
	}
	return EpochKey{Number: next, Key: key}, nil
}

// wrapper wraps data keys and secrets under the key of one epoch. It holds the
// expanded cipher only; the epoch key itself stays in its store.
type wrapper struct {
	epoch  int64
	aead   cipher.AEAD
	key    []byte // associated data of a wrapped key, without the key's id
	secret []byte // … of a wrapped secret, without its name
}

func newWrapper(platform string, k EpochKey) (*wrapper, error) {
	a, err := newAEAD(k.Key)
	if err != nil {
		return nil, err
	}
	// Joined by NUL. Neither a platform's name nor a number holds one, and the
	// free part comes last, so no two lists join to the same bytes.
	return &wrapper{
		epoch:  k.Number,
		aead:   a,
		key:    fmt.Appendf(nil, "avow data key 1\x00%s\x00%d\x00", platform, k.Number),
		secret: fmt.Appendf(nil, "avow secret 1\x00%s\x00%d\x00", platform, k.Number),
	}, nil
}

func (w *wrapper) wrapKey(id KeyID, key []byte) []byte {
	return sealTo(w.aead, key, w.keyAAD(id))
}

func (w *wrapper) unwrapKey(id KeyID, wrapped []byte) ([]byte, error) {
	return openFrom(w.aead, wrapped, w.keyAAD(id))
}

func (w *wrapper) wrapSecret(name string, secret []byte) []byte {
	return sealTo(w.aead, secret, w.secretAAD(name))
}

func (w *wrapper) unwrapSecret(name string, wrapped []byte) ([]byte, error) {
	return openFrom(w.aead, wrapped, w.secretAAD(name))
}

// keyAAD says that a wrapped key opens only as the key it is, on its platform,
// in its epoch.
func (w *wrapper) keyAAD(id KeyID) []byte {
	return strconv.AppendInt(append(make([]byte, 0, len(w.key)+20), w.key...), int64(id), 10)
}

func (w *wrapper) secretAAD(name string) []byte {
	return slices.Concat(w.secret, []byte(name))
}
