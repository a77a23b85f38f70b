package world

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/avow-dev/avow/internal/seal"
)

// A thief has every file, the master key and the epoch key of today, and the
// source code. He takes the wrapped data keys out of the bytes himself, wherever
// they lie: in tables, free pages, write-ahead logs and archives. What no key opens
// any more he cannot have; what he has, he tries everywhere, without asking any
// table what belongs to what. He needs no associated data either: counter mode
// decrypts without it.
type thief struct {
	w     *scene
	epoch int64
	unwrp []epochCipher
	alive map[int64]bool // keys of today
	ids   []int64        // of keys that are tried

	keys  map[string]dataCipher
	tried map[[wrapLen]byte]bool

	loot loot
}

type epochCipher struct {
	number int64
	aead   cipher.AEAD
}

type dataCipher struct {
	id    int64
	block cipher.Block
}

// loot is what a thief went home with.
type loot struct {
	files, keys, revived int
	bytes, tries         int64
	clear                map[string][]string // by token: where it lies in clear
	sealed               map[string][]string // by token: where a key opens it
}

// An exhibit is the bytes of a file, or what came out of one.
type exhibit struct {
	place string // the folder, for the report
	name  string
	bytes []byte
}

// Sizes and marks of what is sealed, as internal/seal writes it.
const (
	form      = 1
	nonceLen  = 12
	wrapLen   = 1 + nonceLen + 32 + 16
	sealedMin = 1 + nonceLen + aes.BlockSize
	deep      = 8 << 10 // of a text that looks like one
)

// steal lets a thief go through everything. With every he tries even keys that
// nothing is sealed under, and goes through all of a server's directory.
func (w *scene) steal(every bool) loot {
	w.Helper()
	t := &thief{
		w: w, keys: map[string]dataCipher{}, tried: map[[wrapLen]byte]bool{},
		loot: loot{clear: map[string][]string{}, sealed: map[string][]string{}},
	}
	t.keyHolder(every)
	t.each(every, t.takeKeys)
	t.loot.keys = len(t.keys)
	t.each(every, t.takeValues)
	return t.loot
}

// keyHolder opens the epoch file with the master key: what it holds now is all
// there is. Of the tables it reads the numbers of keys alone. Keys that live and that
// nothing is sealed under are tried with every.
func (t *thief) keyHolder(every bool) {
	w := t.w
	kms, err := seal.FileKMS(filepath.Join(w.Dir, "keys", "master.json"))
	w.Must(err)
	store, err := seal.OpenEpochFile(filepath.Join(w.Dir, "keys", ID+".epoch"), kms)
	w.Must(err)
	epochs, err := store.Read(context.Background())
	w.Must(err)
	for _, e := range epochs {
		t.unwrp = append(t.unwrp, epochCipher{e.Number, gcm(w, e.Key)})
		t.epoch = e.Number
	}
	t.alive = map[int64]bool{}
	bound, last := map[int64]bool{}, int64(0)
	for _, r := range w.rows("keys", ID) {
		if r.table == "data_key" {
			t.alive[r.int("id")] = true
			last = max(last, r.int("id"))
		}
	}
	for _, r := range w.rows("data", ID) {
		if r.table == "subject_key" {
			bound[r.int("key")] = true
		}
	}
	for id := int64(1); id <= last; id++ {
		if every || bound[id] || !t.alive[id] {
			t.ids = append(t.ids, id)
		}
	}
}

func gcm(w *scene, key []byte) cipher.AEAD {
	w.Helper()
	block, err := aes.NewCipher(key)
	w.Must(err)
	a, err := cipher.NewGCM(block)
	w.Must(err)
	return a
}

// each shows fn every file, and what is compressed or encoded in it.
func (t *thief) each(whole bool, fn func(exhibit)) {
	w := t.w
	t.loot.files, t.loot.bytes = 0, 0
	for _, root := range w.roots(whole) {
		err := filepath.WalkDir(root.path, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !e.Type().IsRegular() || root.skip(path) {
				return nil
			}
			b, err := os.ReadFile(path)
			if err != nil { // a server's file that has just gone
				return nil
			}
			t.loot.files++
			t.loot.bytes += int64(len(b))
			fn(exhibit{root.place, path, b})
			if root.place == "write-ahead log of the server" {
				fn(exhibit{root.place, path + " without page headers", headless(b)})
			}
			for _, p := range append(unpacked(b), decoded(b)...) {
				fn(exhibit{root.place, path + " in " + p.kind, p.bytes})
			}
			return nil
		})
		w.Must(err)
	}
}

// takeKeys looks for wrapped keys, and tries the epoch keys of today on each under
// every number that one of its keys may have.
func (t *thief) takeKeys(x exhibit) {
	for i := 1; i+wrapLen <= len(x.bytes); i++ {
		if x.bytes[i] != form || !wrapped(x.bytes, i) {
			continue
		}
		c := [wrapLen]byte(x.bytes[i:])
		if t.tried[c] || !random(c[1:]) {
			continue
		}
		t.tried[c] = true
		t.unwrap(c)
	}
}

// wrapped reports whether what stands before i is what stores and archives write
// before the 61 bytes of a wrapped key: PostgreSQL's short length, an archive's
// length, SQLite's record header.
func wrapped(b []byte, i int) bool {
	return b[i-1] == (wrapLen+1)<<1|1 || b[i-1] == wrapLen || bytes.Contains(b[max(0, i-24):i], []byte{0x81, 0x06})
}

func (t *thief) unwrap(c [wrapLen]byte) {
	for _, e := range t.unwrp {
		for _, id := range t.ids {
			t.loot.tries++
			aad := fmt.Appendf(nil, "avow data key 1\x00%s\x00%d\x00%d", ID, e.number, id)
			key, err := e.aead.Open(nil, c[1:1+nonceLen], c[1+nonceLen:], aad)
			if err != nil {
				continue
			}
			if !t.alive[id] {
				t.loot.revived++
			}
			block, err := aes.NewCipher(key)
			t.w.Must(err)
			t.keys[string(key)] = dataCipher{id, block}
			return
		}
	}
}

// takeValues looks for markers in clear, and for anything that a key opens to a
// text.
func (t *thief) takeValues(x exhibit) {
	for _, h := range t.w.canary.within(x.bytes, "", 0) {
		t.loot.clear[h.token] = append(t.loot.clear[h.token], fmt.Sprintf("%s (%s, at %d)", x.name, h.form, h.at))
	}
	var counter, stream [aes.BlockSize]byte
	counter[15] = 2
	for i := 0; i+sealedMin <= len(x.bytes); i++ {
		if x.bytes[i] != form || !random(x.bytes[i+1:i+sealedMin]) {
			continue
		}
		copy(counter[:], x.bytes[i+1:i+1+nonceLen])
		first := x.bytes[i+1+nonceLen:]
		for _, k := range t.keys {
			t.loot.tries++
			k.block.Encrypt(stream[:], counter[:])
			for j := range stream {
				stream[j] ^= first[j]
			}
			if readable(stream[:]) {
				t.read(x, k, counter[:], first[:min(deep, len(first))])
			}
		}
	}
}

// read decrypts what follows and notes the markers in it.
func (t *thief) read(x exhibit, k dataCipher, iv, sealed []byte) {
	plain := make([]byte, len(sealed))
	cipher.NewCTR(k.block, iv).XORKeyStream(plain, sealed)
	if bytes.HasPrefix(plain, []byte("PK\x03\x04")) {
		plain = append(plain, firstOf(plain)...)
	}
	for _, h := range t.w.canary.within(plain, "", 0) {
		t.loot.sealed[h.token] = append(t.loot.sealed[h.token], x.place)
	}
}

// firstOf inflates what there is of the first file of a zip.
func firstOf(b []byte) []byte {
	if len(b) < 30 {
		return nil
	}
	at := 30 + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	if at > len(b) {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[at:])), maxInflated)) // it breaks off somewhere
	return out
}

// random reports whether bytes may be a nonce with what follows: of 28 random
// bytes hardly ever three are zero, or fewer than 20 different.
func random(b []byte) bool {
	var seen [256]bool
	zeros, kinds := 0, 0
	for _, x := range b[:nonceLen+aes.BlockSize] {
		if x == 0 {
			zeros++
		}
		if !seen[x] {
			seen[x] = true
			kinds++
		}
	}
	return zeros < 4 && kinds >= 18
}

// readable reports whether the first bytes may begin what avow seals: a row of
// the vault (a number, a length, then a text), JSON, or a zip.
func readable(b []byte) bool {
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return true
	}
	letters, wide := 0, 0
	for i, x := range b[2:] {
		switch {
		case x >= 0x20 && x < 0x7f:
			letters++
		case x >= 0xe3 && x <= 0xe9 && i+4 < len(b) && b[i+3]&0xc0 == 0x80 && b[i+4]&0xc0 == 0x80:
			wide++
		}
	}
	return letters >= 11 || wide >= 2
}

// headless takes the page headers out of a segment of PostgreSQL's log, which
// may stand in the middle of a record.
func headless(b []byte) []byte {
	const page, long, short = 8192, 40, 24
	out := make([]byte, 0, len(b))
	for i := 0; i+page <= len(b); i += page {
		head := short
		if i == 0 {
			head = long
		}
		out = append(out, b[i+head:i+page]...)
	}
	return out
}

// decoded returns what long runs of base64 and hexadecimal digits stand for.
func decoded(b []byte) (out []packed) {
	const least = 56 // of a sealed value of a dozen bytes
	for i := 0; i < len(b); i++ {
		n := 0
		for i+n < len(b) && digit(b[i+n]) {
			n++
		}
		if n >= least {
			run := string(b[i : i+n])
			if raw, err := hex.DecodeString(run[:n/2*2]); err == nil {
				out = append(out, packed{"hex", raw})
			}
			for shift := range 4 { // where a run of digits begins earlier than the value
				s := run[shift:]
				for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
					if raw, err := e.DecodeString(s[:len(s)/4*4]); err == nil {
						out = append(out, packed{"base64", raw})
					}
				}
			}
		}
		i += n
	}
	return out
}

func digit(x byte) bool {
	return x >= 'a' && x <= 'z' || x >= 'A' && x <= 'Z' || x >= '0' && x <= '9' || strings.IndexByte("+/-_", x) >= 0
}

// places lists where a token was found, each place once.
func places(found []string) string {
	found = slices.Clone(found)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), ", ")
}
