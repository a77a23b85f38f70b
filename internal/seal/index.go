package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
)

// indexVersion is part of every blind index. It changes together with the
// normal forms, and all indexes are then computed again.
const indexVersion = 1

// index computes blind indexes with MACs that are used again: setting one up
// costs three times as much as using it.
type index struct{ pool sync.Pool }

// mac is a keyed hash and room for what it reads and writes.
type mac struct {
	hash hash.Hash
	buf  []byte
}

func newIndex(secret []byte) *index {
	x := &index{}
	x.pool.New = func() any { return &mac{hash: hmac.New(sha256.New, secret)} }
	return x
}

// sum is HMAC-SHA-256 over version | length of kind | kind | normal form.
func (x *index) sum(kind, normal string) []byte {
	m := x.pool.Get().(*mac)
	m.hash.Reset()
	m.buf = append(m.buf[:0], indexVersion)
	m.buf = binary.AppendUvarint(m.buf, uint64(len(kind)))
	m.buf = append(append(m.buf, kind...), normal...)
	m.hash.Write(m.buf)
	out := m.hash.Sum(make([]byte, 0, sha256.Size))
	clear(m.buf) // the normal form is personal
	x.pool.Put(m)
	return out
}
