// Package id makes the public names of things: a short prefix that says what
// is named, an underscore, and 26 characters of lower-case Crockford base32
// (128 bits), such as sub_0c9v….
//
// Ids of subjects and links are random, because an ordered id would tell when
// a person joined. Ids of events are ordered by time.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var encoding = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// Random returns a new id with 128 random bits.
func Random(prefix string) string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program first
	return prefix + "_" + encoding.EncodeToString(b[:])
}

// Ordered returns a new id whose text order follows at, to the millisecond,
// with 80 random bits behind it.
func Ordered(prefix string, at time.Time) string {
	var b [16]byte
	rand.Read(b[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(b[:6], ms[2:])
	return prefix + "_" + encoding.EncodeToString(b[:])
}

// Valid reports whether s is an id with this prefix.
func Valid(prefix, s string) bool {
	_, ok := Bytes(prefix, s)
	return ok
}

// Parse returns s as the id of a thing, such as "case"; fault.NotFound where it
// is no id with this prefix, since nothing can be found under it.
func Parse[T ~string](prefix, thing, s string) (T, error) {
	if !Valid(prefix, s) {
		return "", fault.New(fault.NotFound, "there is no such %s: an id has the form %s_ and 26 letters and digits", thing, prefix)
	}
	return T(s), nil
}

// Bytes returns the 16 bytes behind an id, for compact storage, and false
// when s is not an id with this prefix. The bytes have one spelling: what
// base32 passes over (line breaks, its mark for no padding) and bits behind the last
// byte make no id.
func Bytes(prefix, s string) ([]byte, bool) {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 26 || !strings.Contains("048cgmrw", rest[25:]) {
		return nil, false
	}
	for i := range len(rest) {
		if strings.IndexByte(alphabet, rest[i]) < 0 {
			return nil, false
		}
	}
	b, err := encoding.DecodeString(rest)
	return b, err == nil
}

// FromBytes returns the id with this prefix that [Bytes] took apart.
func FromBytes(prefix string, b []byte) string {
	return prefix + "_" + encoding.EncodeToString(b)
}
