package archive

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/avow-dev/avow/internal/db"
)

// A kind is the first byte of a value. The numbers are in the file and never
// change.
type kind byte

const (
	null    kind = 0
	integer kind = 1
	text    kind = 2
	blob    kind = 3
)

// kindOf returns the kind of the values of a column type.
func kindOf(typ string) (kind, bool) {
	switch typ {
	case "int":
		return integer, true
	case "text":
		return text, true
	case "bytes":
		return blob, true
	}
	return null, false
}

var errRow = errors.New("a row is malformed")

// appendRow appends the canonical bytes of a row to b.
func appendRow(b []byte, columns []db.Column, row []any) ([]byte, error) {
	if len(row) != len(columns) {
		return b, fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	for i, v := range row {
		want, _ := kindOf(columns[i].Type)
		got := want
		switch v := v.(type) {
		case nil:
			b = append(b, byte(null))
			continue
		case int64:
			got = integer
			b = binary.AppendVarint(append(b, byte(integer)), v)
		case string:
			got = text
			b = binary.AppendUvarint(append(b, byte(text)), uint64(len(v)))
			b = append(b, v...)
		case []byte:
			got = blob
			b = binary.AppendUvarint(append(b, byte(blob)), uint64(len(v)))
			b = append(b, v...)
		default:
			got = null
		}
		if got != want {
			return b, fmt.Errorf("column %s is not %s", columns[i].Name, columns[i].Type)
		}
	}
	return b, nil
}

// parseRow reads one row and returns what follows it. Nothing of b is kept.
func parseRow(b []byte, columns []db.Column) (row []any, rest []byte, err error) {
	row = make([]any, len(columns))
	for i, c := range columns {
		if len(b) == 0 {
			return nil, nil, errRow
		}
		got := kind(b[0])
		b = b[1:]
		if got == null {
			continue
		}
		if want, _ := kindOf(c.Type); got != want {
			return nil, nil, errRow
		}
		if got == integer {
			n, size := binary.Varint(b)
			if size <= 0 || size > 1 && b[size-1] == 0 {
				return nil, nil, errRow
			}
			row[i], b = n, b[size:]
			continue
		}
		var body []byte
		if body, b, err = parseBytes(b); err != nil {
			return nil, nil, err
		}
		if got == text {
			row[i] = string(body)
		} else {
			row[i] = append([]byte{}, body...)
		}
	}
	return row, b, nil
}

func parseBytes(b []byte) (body, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || size > 1 && b[size-1] == 0 || n > uint64(len(b)-size) {
		return nil, nil, errRow
	}
	return b[size : size+int(n)], b[size+int(n):], nil
}
