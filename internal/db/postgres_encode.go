package db

import (
	"encoding/binary"

	"github.com/jackc/pgx/v5/pgtype"
)

// postEncoder writes parameters in PostgreSQL's binary format straight from the
// acts' arguments, so that a merged row costs no allocation. It is reset for each
// statement; the connection copies what it sends.
type postEncoder struct {
	buf    []byte
	ends   []int // where each parameter ends; its length is negative for NULL
	params [][]byte
}

func (e *postEncoder) reset() { e.buf, e.ends = e.buf[:0], e.ends[:0] }

// done returns the parameters encoded since reset.
func (e *postEncoder) done() [][]byte {
	e.params = e.params[:0]
	start := 0
	for _, end := range e.ends {
		if end < 0 {
			e.params = append(e.params, nil)
			continue
		}
		e.params = append(e.params, e.buf[start:end:end])
		start = end
	}
	return e.params
}

func (e *postEncoder) endParam() { e.ends = append(e.ends, len(e.buf)) }

// scalar adds one value as a parameter.
func (e *postEncoder) scalar(v *value) {
	switch v.kind {
	case integer:
		e.buf = binary.BigEndian.AppendUint64(e.buf, uint64(v.n))
	case text:
		e.buf = append(e.buf, v.s...)
	case blob:
		e.buf = append(e.buf, v.b...)
	default:
		e.ends = append(e.ends, -1)
		return
	}
	e.endParam()
}

// beginArray opens an array of n elements of type k.
func (e *postEncoder) beginArray(k kind, n int) {
	dims := uint32(1)
	if n == 0 {
		dims = 0
	}
	for _, u := range []uint32{dims, 1 /* may hold NULL */, scalarOID(k)} {
		e.buf = binary.BigEndian.AppendUint32(e.buf, u)
	}
	if n > 0 {
		e.buf = binary.BigEndian.AppendUint32(e.buf, uint32(n))
		e.buf = binary.BigEndian.AppendUint32(e.buf, 1) // the first index
	}
}

// element adds one value to the open array.
func (e *postEncoder) element(v *value) {
	switch v.kind {
	case integer:
		e.number(v.n)
	case text:
		e.buf = binary.BigEndian.AppendUint32(e.buf, uint32(len(v.s)))
		e.buf = append(e.buf, v.s...)
	case blob:
		e.buf = binary.BigEndian.AppendUint32(e.buf, uint32(len(v.b)))
		e.buf = append(e.buf, v.b...)
	default:
		e.buf = binary.BigEndian.AppendUint32(e.buf, 0xffffffff)
	}
}

func (e *postEncoder) number(n int64) {
	e.buf = binary.BigEndian.AppendUint32(e.buf, 8)
	e.buf = binary.BigEndian.AppendUint64(e.buf, uint64(n))
}

func scalarOID(k kind) uint32 {
	switch k {
	case text:
		return pgtype.TextOID
	case blob:
		return pgtype.ByteaOID
	default:
		return pgtype.Int8OID
	}
}

func arrayOID(k kind) uint32 {
	switch k {
	case text:
		return pgtype.TextArrayOID
	case blob:
		return pgtype.ByteaArrayOID
	default:
		return pgtype.Int8ArrayOID
	}
}

// oids returns the parameter types of a statement, each an array when the
// statement is merged.
func oids(types []kind, merged bool) []uint32 {
	out := make([]uint32, len(types))
	for i, k := range types {
		if merged {
			out[i] = arrayOID(k)
		} else {
			out[i] = scalarOID(k)
		}
	}
	return out
}
