package db

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/ncruces/go-sqlite3"
)

// Int returns an integer column of the row, from 0; of a NULL it is 0. It is
// [Rows.Scan] for those who read many rows: it costs no allocation.
func (r *Rows) Int(i int) (int64, error) {
	if r.done {
		return 0, errOpenRow
	}
	if c, ok := r.cur.(*liteCursor); ok {
		switch t := c.s.s.ColumnType(i); t {
		case sqlite3.INTEGER:
			return c.s.s.ColumnInt64(i), nil
		case sqlite3.NULL:
			return 0, nil
		default:
			return 0, fmt.Errorf("db: column %d: %s scanned into an integer", i+1, t)
		}
	}
	if r.cur.null(i) {
		return 0, nil
	}
	return r.cur.int64(i)
}

// AppendBytes appends a column of bytes of the row, from 0, to a slice; a NULL adds
// nothing.
func (r *Rows) AppendBytes(to []byte, i int) ([]byte, error) {
	if r.done {
		return to, errOpenRow
	}
	switch c := r.cur.(type) {
	case *liteCursor:
		if t := c.s.s.ColumnType(i); t != sqlite3.BLOB && t != sqlite3.NULL {
			return to, fmt.Errorf("db: column %d: %s scanned into bytes", i+1, t)
		}
		return append(to, c.s.s.ColumnRawBlob(i)...), nil
	case *postCursor:
		f := c.rows.FieldDescriptions()[i]
		if f.DataTypeOID == pgtype.ByteaOID && f.Format == pgx.BinaryFormatCode {
			return append(to, c.rows.RawValues()[i]...), nil
		}
	}
	if r.cur.null(i) {
		return to, nil
	}
	b, err := r.cur.bytes(i)
	return append(to, b...), err
}
