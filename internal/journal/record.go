package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/avow-dev/avow/fault"
)

// A ScopeKind says how much of a subject was erased.
type ScopeKind uint8

// The kinds of scope. Their numbers are in the file and never change.
const (
	Everything ScopeKind = 1 // the whole subject; Number has a bit for each class that went (see Whole)
	OneClass   ScopeKind = 2 // one retention class; Number is the class
	OneItem    ScopeKind = 3 // one item; Number is the item
)

// A Scope says what was erased.
type Scope struct {
	Kind   ScopeKind
	Number int64
}

// Whole is the scope of an erasure of everything, in which these retention classes went:
// what else was there was kept. Classes from 63 on are not noted.
func Whole(classes []int64) Scope {
	s := Scope{Kind: Everything}
	for _, c := range classes {
		if c >= 0 && c < 63 {
			s.Number |= 1 << c
		}
	}
	return s
}

// Went reports whether a retention class is noted as one that went with everything.
func (s Scope) Went(class int64) bool {
	return s.Kind == Everything && class >= 0 && class < 63 && s.Number&(1<<class) != 0
}

// A Digest is the keyed hash of an identifier or of a key in an outside system.
type Digest [32]byte

// A Record is one erasure.
type Record struct {
	At      time.Time // when it was acknowledged or about to be; microseconds, UTC
	Subject string    // the subject's public id
	Scope   Scope
	Digests []Digest
}

// A Head says where a journal ends. An archive keeps the head it was made at:
// a journal that [Copy.Extends] it is newer than the archive.
type Head struct {
	Count int64     // records
	Last  time.Time // At of the last one; zero when there is none
	Chain [32]byte  // over header and all records
}

// MaxDigests is how many digests a record has at most: more go into another record of
// the same time, subject and scope.
const MaxDigests = 256

const (
	maxSubject = 255
	fixedLen   = 8 + 1 + 8 + 1
)

var errRecord = errors.New("journal: malformed record")

// check refuses what the file cannot hold.
func (r Record) check() error {
	switch {
	case r.Subject == "" || len(r.Subject) > maxSubject:
		return fault.New(fault.Invalid, "an erasure record names its subject with 1 to %d bytes, not %d", maxSubject, len(r.Subject))
	case r.Scope.Kind < Everything || r.Scope.Kind > OneItem:
		return fault.New(fault.Invalid, "an erasure record has scope %d, which does not exist", r.Scope.Kind)
	case len(r.Digests) > MaxDigests:
		return fault.New(fault.Invalid, "an erasure record has %d digests; %d is the most", len(r.Digests), MaxDigests)
	}
	return nil
}

// append appends the record's canonical bytes.
func (r Record) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(r.At.UnixMicro()))
	b = append(b, byte(r.Scope.Kind))
	b = binary.BigEndian.AppendUint64(b, uint64(r.Scope.Number))
	b = append(b, byte(len(r.Subject)))
	b = append(b, r.Subject...)
	for _, d := range r.Digests {
		b = append(b, d[:]...)
	}
	return b
}

// parseRecord reads canonical bytes, all of them.
func parseRecord(b []byte) (Record, error) {
	if len(b) < fixedLen {
		return Record{}, errRecord
	}
	r := Record{
		At:    time.UnixMicro(int64(binary.BigEndian.Uint64(b))).UTC(),
		Scope: Scope{ScopeKind(b[8]), int64(binary.BigEndian.Uint64(b[9:]))},
	}
	n, rest := int(b[17]), b[fixedLen:]
	if len(rest) < n || (len(rest)-n)%32 != 0 {
		return Record{}, errRecord
	}
	r.Subject = string(rest[:n])
	for rest = rest[n:]; len(rest) > 0; rest = rest[32:] {
		r.Digests = append(r.Digests, Digest(rest))
	}
	if r.check() != nil {
		return Record{}, errRecord
	}
	return r, nil
}

// then returns the head after one more record, given its canonical bytes.
func (h Head) then(r Record, canonical []byte) Head {
	sum := sha256.New()
	sum.Write(h.Chain[:])
	sum.Write(canonical)
	h.Count++
	h.Last = time.UnixMicro(r.At.UnixMicro()).UTC()
	sum.Sum(h.Chain[:0])
	return h
}
