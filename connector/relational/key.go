package relational

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Kind is the storage kind of a value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Int
	Real
	Text
	Blob
)

// A Value is a value of a database as this package carries it. It may be
// personal: it has no String method and is never put into an error.
type Value struct {
	Kind Kind
	Int  int64
	Real float64
	Str  string // of Text; the bytes of a Blob
}

// TextValue returns a Text value.
func TextValue(s string) Value { return Value{Kind: Text, Str: s} }

// IntValue returns an Int value.
func IntValue(i int64) Value { return Value{Kind: Int, Int: i} }

// Plain returns the value as text; "" for NULL, the raw bytes of a blob.
func (v Value) Plain() string {
	switch v.Kind {
	case Int:
		return strconv.FormatInt(v.Int, 10)
	case Real:
		return strconv.FormatFloat(v.Real, 'g', -1, 64)
	}
	return v.Str
}

// EncodeKey returns the canonical text of a row's key: integers in decimal, text
// quoted as in Go, reals behind r, blobs in hex behind x, null, joined by commas.
// Equal keys have equal texts, different keys different ones.
func EncodeKey(values []Value) string {
	var b []byte
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		switch v.Kind {
		case Null:
			b = append(b, "null"...)
		case Int:
			b = strconv.AppendInt(b, v.Int, 10)
		case Real:
			b = append(b, 'r')
			b = strconv.AppendFloat(b, v.Real, 'g', -1, 64)
		case Text:
			b = strconv.AppendQuote(b, v.Str)
		case Blob:
			b = append(b, 'x')
			b = hex.AppendEncode(b, []byte(v.Str))
		}
	}
	return string(b)
}

// DecodeKey is the inverse of [EncodeKey]. It refuses texts that EncodeKey does
// not write.
func DecodeKey(key string) ([]Value, error) {
	var out []Value
	for rest := key; ; {
		v, n, ok := decodeOne(rest)
		if !ok {
			return nil, fmt.Errorf("relational key: part %d is malformed", len(out)+1)
		}
		out = append(out, v)
		if rest = rest[n:]; rest == "" {
			break
		}
		if rest[0] != ',' {
			return nil, fmt.Errorf("relational key: no comma after part %d", len(out))
		}
		rest = rest[1:]
	}
	if EncodeKey(out) != key {
		return nil, fmt.Errorf("relational key: not in canonical form")
	}
	return out, nil
}

func decodeOne(s string) (v Value, n int, ok bool) {
	if s == "" {
		return v, 0, false
	}
	if s[0] == '"' {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return v, 0, false
		}
		text, err := strconv.Unquote(quoted)
		return TextValue(text), len(quoted), err == nil
	}
	n = strings.IndexByte(s, ',')
	if n < 0 {
		n = len(s)
	}
	word := s[:n]
	switch {
	case word == "null":
		return Value{}, n, true
	case strings.HasPrefix(word, "x"):
		raw, err := hex.DecodeString(word[1:])
		return Value{Kind: Blob, Str: string(raw)}, n, err == nil
	case strings.HasPrefix(word, "r"):
		f, err := strconv.ParseFloat(word[1:], 64)
		return Value{Kind: Real, Real: f}, n, err == nil && !math.IsNaN(f)
	}
	i, err := strconv.ParseInt(word, 10, 64)
	return IntValue(i), n, err == nil
}
