package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/avow-dev/avow/fault"
)

const (
	headerMagic = "avow/jn1"
	frameMagic  = "AVJ1"
	frameHead   = len(frameMagic) + 4 + 4
	frameTail   = sha256.Size
	maxBody     = 1 << 22
)

// header returns the first bytes of a platform's journal.
func header(platform string) []byte {
	b := append([]byte(headerMagic), byte(len(platform)))
	b = append(b, platform...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// start returns the head of an empty journal.
func start(header []byte) Head { return Head{Chain: sha256.Sum256(header)} }

// checksum is CRC-32C over body and chain.
func checksum(body, chain []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(body, table), table, chain)
}

// frame returns the frame of some records, and the head after it.
func frame(h Head, records []Record) ([]byte, Head) {
	body := binary.AppendUvarint(nil, uint64(len(records)))
	for _, r := range records {
		canonical := r.append(nil)
		body = binary.AppendUvarint(body, uint64(len(canonical)))
		body = append(body, canonical...)
		h = h.then(r, canonical)
	}
	out := make([]byte, 0, frameHead+len(body)+frameTail)
	out = append(out, frameMagic...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	out = binary.BigEndian.AppendUint32(out, checksum(body, h.Chain[:]))
	out = append(out, body...)
	return append(out, h.Chain[:]...), h
}

// whole returns the body, the chain and the length of a frame that b begins
// with; ok is false when it is cut or changed.
func whole(b []byte) (body, chain []byte, length int, ok bool) {
	if len(b) < frameHead+frameTail || !bytes.HasPrefix(b, []byte(frameMagic)) {
		return nil, nil, 0, false
	}
	n := int64(binary.BigEndian.Uint32(b[len(frameMagic):]))
	if n > maxBody || n > int64(len(b)-frameHead-frameTail) {
		return nil, nil, 0, false
	}
	length = frameHead + int(n) + frameTail
	body, chain = b[frameHead:length-frameTail], b[length-frameTail:length]
	return body, chain, length, checksum(body, chain) == binary.BigEndian.Uint32(b[len(frameMagic)+4:])
}

// contents is what a journal's bytes say.
type contents struct {
	records []Record
	heads   []Head // heads[i] is the head after i records
	length  int    // of header and whole frames; what follows is torn, or zeros to come
}

// torn returns how many bytes of b, of which these are the contents, are neither
// frames nor the zeros behind them.
func (c contents) torn(b []byte) int64 {
	return int64(len(bytes.TrimRight(b[c.length:], "\x00")))
}

// parse reads a journal. Damage is fault.Invalid and says where.
func parse(name, platform string, b []byte) (contents, error) {
	want := header(platform)
	if !bytes.HasPrefix(b, want) {
		return contents{}, fault.New(fault.Invalid, "%s: this is not an erasure journal of platform %s; name the right file", name, platform)
	}
	c := contents{heads: []Head{start(want)}, length: len(want)}
	for c.length < len(b) {
		body, chain, n, ok := whole(b[c.length:])
		if ok && c.read(body, chain) {
			c.length += n
			continue
		}
		// A frame with a right checksum and a wrong chain is no torn write.
		if ok || follows(b[c.length:]) {
			return contents{}, fault.New(fault.Invalid, "%s: the erasure journal is damaged at byte %d, after %d records; use another copy of it", name, c.length, len(c.records))
		}
		break
	}
	return c, nil
}

// read takes in the records of a body, when they are well formed and lead to
// this chain.
func (c *contents) read(body, chain []byte) bool {
	count, n := binary.Uvarint(body)
	if n <= 0 || count > uint64(len(body)) {
		return false
	}
	var records []Record
	var heads []Head
	h := c.heads[len(c.heads)-1]
	for body = body[n:]; count > 0; count-- {
		size, n := binary.Uvarint(body)
		if n <= 0 || size > uint64(len(body)-n) {
			return false
		}
		canonical := body[n : n+int(size)]
		r, err := parseRecord(canonical)
		if err != nil {
			return false
		}
		h = h.then(r, canonical)
		records, heads = append(records, r), append(heads, h)
		body = body[n+int(size):]
	}
	if len(body) > 0 || !bytes.Equal(h.Chain[:], chain) {
		return false
	}
	c.records, c.heads = append(c.records, records...), append(c.heads, heads...)
	return true
}

// follows reports whether a whole frame stands anywhere in b behind its first
// byte.
func follows(b []byte) bool {
	for at := 1; ; at++ {
		i := bytes.Index(b[min(at, len(b)):], []byte(frameMagic))
		if i < 0 {
			return false
		}
		if at += i; isWhole(b[at:]) {
			return true
		}
	}
}

func isWhole(b []byte) bool {
	_, _, _, ok := whole(b)
	return ok
}

// String says where a journal ends.
func (h Head) String() string { return fmt.Sprintf("%d records, %x", h.Count, h.Chain[:8]) }
