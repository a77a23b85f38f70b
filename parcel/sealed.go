package parcel

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/avow-dev/avow/fault"
)

// What a sealed parcel is made with: HPKE (RFC 9180) in base mode, DHKEM(X25519,
// HKDF-SHA256), HKDF-SHA256, AES-256-GCM. sealedHead is its first line.
const sealedHead = "avow-sealed-parcel-v1\n"

// publicHead and secretHead begin the text of keys, so that one is never taken for the
// other.
const (
	publicHead = "avow-parcel-key-"
	secretHead = "AVOW-PARCEL-SECRET-"
)

// A PublicKey is what a recipient's parcels are sealed to.
type PublicKey struct{ key *ecdh.PublicKey }

// A SecretKey opens them. It never comes to avow.
type SecretKey struct{ key *ecdh.PrivateKey }

// NewKey makes the two keys of a recipient.
func NewKey() (SecretKey, error) {
	k, err := ecdh.X25519().GenerateKey(rand.Reader)
	return SecretKey{k}, err
}

// Public returns the key to give away.
func (k SecretKey) Public() PublicKey { return PublicKey{k.key.PublicKey()} }

// String is the text by which [ParsePublicKey] knows the key.
func (k PublicKey) String() string {
	return publicHead + base64.RawURLEncoding.EncodeToString(k.key.Bytes())
}

// Bytes are the 32 bytes of the key (RFC 7748).
func (k PublicKey) Bytes() []byte { return k.key.Bytes() }

// Text is the text by which [ParseSecretKey] knows the key. Who has it opens every
// parcel: it stays with the recipient.
func (k SecretKey) Text() string {
	return secretHead + base64.RawURLEncoding.EncodeToString(k.key.Bytes())
}

// String hides the key.
func (k SecretKey) String() string { return "[secret]" }

// ParsePublicKey reads the text of a public key.
func ParsePublicKey(s string) (PublicKey, error) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(s), publicHead))
	if err != nil || !strings.HasPrefix(strings.TrimSpace(s), publicHead) {
		return PublicKey{}, fault.New(fault.Invalid, "the key of a recipient begins with %s: avow parcel key makes one", publicHead)
	}
	return PublicKeyOf(b)
}

// PublicKeyOf reads the 32 bytes of a public key.
func PublicKeyOf(b []byte) (PublicKey, error) {
	k, err := ecdh.X25519().NewPublicKey(b)
	if err != nil {
		return PublicKey{}, fault.Wrap(fault.Invalid, err, "this is no key: it has 32 bytes")
	}
	return PublicKey{k}, nil
}

// ParseSecretKey reads the text of a secret key. Its errors hold nothing of it.
func ParseSecretKey(s string) (SecretKey, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), secretHead)
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil || !ok {
		return SecretKey{}, fault.New(fault.Invalid, "a secret key begins with %s", secretHead)
	}
	k, err := ecdh.X25519().NewPrivateKey(b)
	if err != nil {
		return SecretKey{}, fault.New(fault.Invalid, "this is no secret key: it has 32 bytes")
	}
	return SecretKey{k}, nil
}

// Seal seals a parcel to a recipient's key. about says whose parcel it is, such as the
// platform and the recipient: it is bound to it and not written.
func Seal(to PublicKey, about string, plain []byte) ([]byte, error) {
	pk, err := hpke.NewDHKEMPublicKey(to.key)
	if err != nil {
		return nil, err
	}
	sealed, err := hpke.Seal(pk, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealedHead+about), plain)
	return append([]byte(sealedHead), sealed...), err
}

// Open opens a sealed parcel.
func Open(k SecretKey, about string, sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(sealedHead))
	if !ok {
		return nil, fault.New(fault.Invalid, "this is no sealed parcel: one begins with %s", strings.TrimSpace(sealedHead))
	}
	sk, err := hpke.NewDHKEMPrivateKey(k.key)
	if err != nil {
		return nil, err
	}
	plain, err := hpke.Open(sk, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealedHead+about), rest)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the parcel does not open: it was made for another key, platform or recipient, or was changed on the way")
	}
	return plain, nil
}
