package vault

import (
	"encoding/binary"
	"errors"

	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// A datum is one value inside a row.
type datum struct {
	item  policy.ItemNo
	value seal.Personal
	other seal.Personal // what others are called whom it is about, one a NUL; zero: nobody
}

var errPayload = errors.New("vault: a row does not hold what it should")

// pack writes data as the plaintext of a row: for each datum its item number
// and length as uvarints, then the bytes. What others are called follows as a datum of
// the item 0, which is none.
func pack(data []datum) []byte {
	var b []byte
	for _, d := range data {
		v := d.value.Reveal()
		b = binary.AppendUvarint(b, uint64(d.item))
		b = binary.AppendUvarint(b, uint64(len(v)))
		b = append(b, v...)
		if o := d.other.Reveal(); o != "" {
			b = binary.AppendUvarint(b, 0)
			b = binary.AppendUvarint(b, uint64(len(o)))
			b = append(b, o...)
		}
	}
	return b
}

// unpack reads what pack wrote.
func unpack(b []byte) ([]datum, error) {
	var out []datum
	for len(b) > 0 {
		item, n := binary.Uvarint(b)
		if n <= 0 || item > policy.MaxItems || item == 0 && len(out) == 0 {
			return nil, errPayload
		}
		b = b[n:]
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return nil, errPayload
		}
		b = b[n:]
		text := seal.NewPersonal(string(b[:size]))
		if b = b[size:]; item == 0 {
			out[len(out)-1].other = text
			continue
		}
		out = append(out, datum{item: policy.ItemNo(item), value: text})
	}
	return out, nil
}

// itemsOf returns the item numbers of data, in order, each once.
func itemsOf(data []datum) []policy.ItemNo {
	var (
		seen policy.ItemSet
		out  []policy.ItemNo
	)
	for _, d := range data {
		if !seen.Has(d.item) {
			seen.Add(d.item)
			out = append(out, d.item)
		}
	}
	return out
}
