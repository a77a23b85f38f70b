package seal

import (
	"encoding/binary"
	"sync"
)

// AAD names the place of a value. Sealed bytes open only with the place, the
// key and the platform they were sealed with, so a row that is moved or copied
// to another person or item does not open.
type AAD struct {
	Subject int64 // the subject's number, 0 for what is nobody's
	Item    int64 // the item's number in the policy, or a number the caller keeps for its own kinds
	Value   int64 // the value's number
}

const (
	placeForm = "avow value 1\x00"
	placeLen  = 4 * 8 // subject, item, value, key
)

// places builds associated data: form | platform | NUL | subject | item | value
// | key, each number 8 bytes big endian. The buffers are reused, because a GCM
// call through its interface would put a new one on the heap each time.
type places struct {
	prefix []byte
	pool   sync.Pool
}

func newPlaces(platform string) *places {
	p := &places{prefix: []byte(placeForm + platform + "\x00")}
	p.pool.New = func() any {
		b := make([]byte, len(p.prefix)+placeLen)
		copy(b, p.prefix)
		return &b
	}
	return p
}

// with calls fn with the associated data of a value under a key. fn must not
// keep it.
func (p *places) with(k KeyID, a AAD, fn func(aad []byte) ([]byte, error)) ([]byte, error) {
	b := p.pool.Get().(*[]byte)
	defer p.pool.Put(b)
	at := (*b)[len(p.prefix):]
	binary.BigEndian.PutUint64(at, uint64(a.Subject))
	binary.BigEndian.PutUint64(at[8:], uint64(a.Item))
	binary.BigEndian.PutUint64(at[16:], uint64(a.Value))
	binary.BigEndian.PutUint64(at[24:], uint64(k))
	return fn(*b)
}
