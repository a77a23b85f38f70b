package gdprbench

import (
	"fmt"
	"strconv"
	"strings"
)

// The number of values that fields have.
const (
	Purposes   = 25
	Objections = 100
	Values     = 10 // of TTL, ACL, SHR, SRC, CAT
	PerUser    = 10 // records that a user has when a store is loaded
	DataSize   = 100
)

// A Scale is the size of a store.
type Scale struct{ Records int }

// Users returns how many users share the records. It is a multiple of [Objections]
// where the number of records is one of a thousand.
func (s Scale) Users() int { return s.Records / PerUser }

// User returns whose record k is: users are counted from 0.
func (s Scale) User(k int) int { return k % s.Users() }

// Slot returns which of its user's records k is. Records that are created later
// have slots from [PerUser] on.
func (s Scale) Slot(k int) int { return k / s.Users() }

// Key returns the record in a slot of a user.
func (s Scale) Key(user, slot int) int { return slot*s.Users() + user }

// Purpose returns the purpose of record k.
func Purpose(k int) int { return k % Purposes }

// Objection returns the objection that record k and all others of its user carry.
func Objection(k int) int { return k % Objections }

// A Field is one of those that bulk updates write.
type Field int

// The fields.
const (
	Deciding Field = iota // DEC
	Access                // ACL
	Sharing               // SHR
	Source                // SRC
	Category              // CAT
	fields
)

// Value returns what a field of record k is at first: DEC has two values, the others
// ten.
func (f Field) Value(k int) int {
	if f == Deciding {
		return Purpose(k) % 2
	}
	return Purpose(k) % Values
}

// Data returns the personal data of record k after its n-th revision, counted from 0.
func Data(k, revision int) string {
	head := fmt.Sprintf("k%d.r%d.", k, revision)
	var b strings.Builder
	b.WriteString(head)
	x := uint64(k)*0x9e3779b97f4a7c15 + uint64(revision)
	for b.Len() < DataSize {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b.WriteByte('a' + byte(x%26))
	}
	return b.String()
}

// Parse returns whose data this is, and false where nobody's: one byte that is
// wrong is enough.
func Parse(data string) (k, revision int, ok bool) {
	key, rest, found := strings.Cut(strings.TrimPrefix(data, "k"), ".r")
	number, _, more := strings.Cut(rest, ".")
	if !found || !more {
		return 0, 0, false
	}
	k, err := strconv.Atoi(key)
	if err != nil {
		return 0, 0, false
	}
	if revision, err = strconv.Atoi(number); err != nil {
		return 0, 0, false
	}
	return k, revision, Data(k, revision) == data
}
