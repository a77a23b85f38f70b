package world

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf16"
)

// A canary searches bytes for markers, in every form in which software writes
// text down.
type canary struct {
	needles map[[4]byte][]needle // by their first four bytes
	first   [1 << 16]bool        // first two bytes of any needle: most places are ruled out here
}

type needle struct {
	bytes []byte
	token string
	form  string
}

// A hit is a marker that was found.
type hit struct {
	token string
	form  string
	at    int
}

func newCanary() *canary { return &canary{needles: map[[4]byte][]needle{}} }

// add makes the canary search for a marker: letters and digits, eight or more.
func (c *canary) add(token string) {
	for form, b := range forms(token) {
		if len(b) < 6 {
			continue
		}
		c.first[binary.LittleEndian.Uint16(b)] = true
		key := [4]byte(b)
		c.needles[key] = append(c.needles[key], needle{b, token, form})
	}
}

// forms returns the ways to write a text down.
func forms(token string) map[string][]byte {
	wide := utf16.Encode([]rune(token))
	var little, big, escaped, percent []byte
	for _, u := range wide {
		little = binary.LittleEndian.AppendUint16(little, u)
		big = binary.BigEndian.AppendUint16(big, u)
		escaped = fmt.Appendf(escaped, `\u%04x`, u)
	}
	for _, b := range []byte(token) {
		percent = fmt.Appendf(percent, "%%%02X", b)
	}
	out := map[string][]byte{
		"raw": []byte(token), "upper case": []byte(strings.ToUpper(token)), "UTF-16LE": little, "UTF-16BE": big,
		"hex": []byte(hex.EncodeToString([]byte(token))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(token)))),
		"JSON escapes": escaped, "URL escapes": percent, "URL": []byte(url.QueryEscape(token)),
	}
	for shift := range 3 {
		for name, e := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.URLEncoding} {
			out[fmt.Sprintf("%s+%d", name, shift)] = aligned(e, token, shift)
		}
	}
	return out
}

// aligned returns what is certain of the base64 of a text that begins shift
// bytes into a group of three.
func aligned(e *base64.Encoding, token string, shift int) []byte {
	s := e.EncodeToString(append(make([]byte, shift), token...))
	from := []int{0, 2, 3}[shift]
	to := (shift + len(token)) * 8 / 6
	return []byte(s[from:to])
}

// find returns the markers in b, and in what is compressed in it.
func (c *canary) find(b []byte) []hit { return c.within(b, "", 3) }

func (c *canary) within(b []byte, inside string, depth int) (hits []hit) {
	for i := 0; i+4 <= len(b); i++ {
		if !c.first[uint16(b[i])|uint16(b[i+1])<<8] {
			continue
		}
		for _, n := range c.needles[[4]byte(b[i:i+4])] {
			if bytes.HasPrefix(b[i:], n.bytes) {
				hits = append(hits, hit{n.token, n.form + inside, i})
			}
		}
	}
	if depth == 0 {
		return hits
	}
	for _, packed := range unpacked(b) {
		hits = append(hits, c.within(packed.bytes, inside+" in "+packed.kind, depth-1)...)
	}
	return hits
}

type packed struct {
	kind  string
	bytes []byte
}

const maxInflated = 64 << 20

// unpacked inflates every gzip stream, every file of every zip and every block
// of an archive that begins somewhere in b.
func unpacked(b []byte) (out []packed) {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte{0x1f, 0x8b, 8})
		if i < 0 {
			break
		}
		at += i
		if z, err := gzip.NewReader(bytes.NewReader(b[at:])); err == nil {
			out = append(out, inflated("gzip", z))
		}
		at++
	}
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("PK\x03\x04"))
		if i < 0 {
			break
		}
		at += i
		if z, ok := zipped(b[at:]); ok {
			out = append(out, z...)
			break // its directory names every further file
		}
		at++
	}
	if bytes.HasPrefix(b, []byte("avow/ar1")) {
		out = append(out, blocks(b[8:])...)
	}
	return out
}

func inflated(kind string, r io.Reader) packed {
	b, _ := io.ReadAll(io.LimitReader(r, maxInflated)) // what comes before damage counts too
	return packed{kind, b}
}

func zipped(b []byte) (out []packed, ok bool) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, false
	}
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			out = append(out, inflated("zip", r))
			r.Close()
		}
	}
	return out, true
}

// blocks inflates the row blocks of an archive, as the documentation of the
// archive says they are written.
func blocks(b []byte) (out []packed) {
	for len(b) >= 9 {
		size := int(binary.BigEndian.Uint32(b[1:5]))
		if size > len(b)-9 {
			break
		}
		if body := b[5 : 5+size]; b[0] == 'R' {
			r := bufio.NewReader(bytes.NewReader(body))
			for range 2 {
				_, _ = binary.ReadUvarint(r)
			}
			out = append(out, inflated("archive", flate.NewReader(r)))
		}
		b = b[9+size:]
	}
	return out
}
