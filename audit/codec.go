package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

const (
	entryVersion = 1
	saltSize     = 16
	// MaxEntry is the greatest size of an entry's public and sealed part
	// together, in bytes.
	MaxEntry = 65536
)

// Decoded is the public part of an entry.
type Decoded struct {
	Kind   Kind
	At     time.Time // UTC, microseconds
	Salt   [saltSize]byte
	Fields Fields
}

// Control returns the control the entry is evidence for, "" for none. Of
// several it is the first.
func (d Decoded) Control() policy.Control { return policy.Control(d.Fields.Text(TagControl)) }

// Controls returns every control that an entry of these public fields shows,
// each once.
func (fs Fields) Controls() []policy.Control { return fs.appendControls(nil) }

func (fs Fields) appendControls(to []policy.Control) []policy.Control {
	for _, f := range fs {
		if f.Tag > TagControl {
			break // tags do not descend
		}
		if c := policy.Control(f.Text()); c != "" && !slices.Contains(to, c) {
			to = append(to, c)
		}
	}
	return to
}

// Encode returns the canonical bytes of a public part. The fields may come in any
// order; repeats of a tag keep theirs.
func Encode(d Decoded) ([]byte, error) {
	if d.Kind == 0 {
		return nil, fault.New(fault.Invalid, "an entry needs a kind")
	}
	fields := sorted(d.Fields)
	b := make([]byte, 0, 1+3+8+saltSize+fieldsSize(fields))
	b = append(b, entryVersion)
	b = binary.AppendUvarint(b, uint64(d.Kind))
	b = binary.BigEndian.AppendUint64(b, uint64(d.At.UnixMicro()))
	b = append(b, d.Salt[:]...)
	b = appendFields(b, fields)
	if len(b) > MaxEntry {
		return nil, tooLong(len(b))
	}
	return b, nil
}

// setTime overwrites the time in an encoded public part.
func setTime(public []byte, at time.Time) {
	_, size := uvarint(public[1:])
	binary.BigEndian.PutUint64(public[1+size:], uint64(at.UnixMicro()))
}

// Decode reads a public part. It accepts exactly what [Encode] can write. The
// fields share b's memory.
func Decode(b []byte) (Decoded, error) { return decodeInto(b, nil) }

// decodeInto is Decode with fields to append to.
func decodeInto(b []byte, room Fields) (Decoded, error) {
	var d Decoded
	if len(b) > MaxEntry {
		return d, tooLong(len(b))
	}
	if len(b) == 0 || b[0] != entryVersion {
		return d, fault.New(fault.Invalid, "entry: unknown version: a newer avow wrote it, or it is damaged")
	}
	kind, size := uvarint(b[1:])
	if size <= 0 || kind == 0 || kind > 65535 {
		return d, fault.New(fault.Invalid, "entry: no proper kind at byte 1")
	}
	at := 1 + size
	if len(b) < at+8+saltSize {
		return d, fault.New(fault.Invalid, "entry: it ends before its fields, at byte %d", len(b))
	}
	d.Kind = Kind(kind)
	d.At = time.UnixMicro(int64(binary.BigEndian.Uint64(b[at:]))).UTC()
	copy(d.Salt[:], b[at+8:])
	var err error
	d.Fields, err = decodeFields(b, at+8+saltSize, true, room)
	return d, err
}

// encodePrivate returns the plaintext of a sealed part, appended to b.
func encodePrivate(b []byte, fields Fields) []byte {
	return appendFields(append(b, entryVersion), sorted(fields))
}

func decodePrivate(b []byte) (Fields, error) { return decodePrivateInto(b, nil) }

// decodePrivateInto is decodePrivate with fields to append to.
func decodePrivateInto(b []byte, fields Fields) (Fields, error) {
	if len(b) > MaxEntry {
		return nil, tooLong(len(b))
	}
	if len(b) == 0 || b[0] != entryVersion {
		return nil, fault.New(fault.Invalid, "entry: unknown version of the sealed part")
	}
	return decodeFields(b, 1, false, fields)
}

func decodeFields(b []byte, at int, public bool, fields Fields) (Fields, error) {
	last := uint64(1)
	for at < len(b) {
		tag, n := uvarint(b[at:])
		if n <= 0 || tag < last || tag > 65535 {
			return nil, fault.New(fault.Invalid, "entry: no proper tag at byte %d, or out of order", at)
		}
		if public && Tag(tag).Private() {
			return nil, fault.New(fault.Invalid, "entry: the private tag %s stands in the public part, at byte %d", Tag(tag), at)
		}
		size, m := uvarint(b[at+n:])
		if m <= 0 || size > uint64(len(b)-at-n-m) {
			return nil, fault.New(fault.Invalid, "entry: the field at byte %d is longer than the entry", at)
		}
		at += n + m
		fields = append(fields, Field{Tag: Tag(tag), raw: b[at : at+int(size) : at+int(size)]})
		at, last = at+int(size), tag
	}
	return fields, nil
}

func appendFields(b []byte, fields Fields) []byte {
	for _, f := range fields {
		b = binary.AppendUvarint(b, uint64(f.Tag))
		b = binary.AppendUvarint(b, uint64(f.valueSize()))
		b = f.appendValue(b)
	}
	return b
}

func fieldsSize(fields Fields) int {
	n := 0
	for _, f := range fields {
		v := f.valueSize()
		n += uvarintSize(uint64(f.Tag)) + uvarintSize(uint64(v)) + v
	}
	return n
}

// sorted returns the fields ascending by tag, themselves when they already are.
func sorted(fields Fields) Fields {
	byTag := func(a, b Field) int { return int(a.Tag) - int(b.Tag) }
	if slices.IsSortedFunc(fields, byTag) {
		return fields
	}
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, byTag)
	return fields
}

// leafHash returns the RFC 6962 hash of an entry; sealed is the hash of its
// sealed part, nil where there is none.
func leafHash(public, sealed []byte) tlog.Hash {
	leaf := leafOf(public, sealed)
	return sha256.Sum256(leaf[:])
}

const leafSize = 1 + 2*sha256.Size

// leafOf returns 0x00 of RFC 6962, and the leaf.
func leafOf(public, sealed []byte) (leaf [1 + leafSize]byte) {
	leaf[1] = entryVersion
	h := sha256.Sum256(public)
	copy(leaf[2:], h[:])
	copy(leaf[2+sha256.Size:], sealed)
	return leaf
}

// sealedHash returns the hash of a sealed part, nil for none.
func sealedHash(sealed []byte) []byte {
	if len(sealed) == 0 {
		return nil
	}
	h := sha256.Sum256(sealed)
	return h[:]
}

// uvarint reads a number in its shortest form; size ≤ 0 when there is none.
func uvarint(b []byte) (n uint64, size int) {
	n, size = binary.Uvarint(b)
	if size > 1 && b[size-1] == 0 {
		return 0, 0 // a shorter form exists
	}
	return n, size
}

func uvarintSize(n uint64) int { return (bits.Len64(n|1) + 6) / 7 }

func tooLong(n int) error {
	return fault.New(fault.Invalid, "an entry holds at most %d bytes, this one %d: log a hash or a count instead", MaxEntry, n)
}
