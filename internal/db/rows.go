package db

import (
	"fmt"
	"reflect"
)

// A cursor is an engine's open result.
type cursor interface {
	next() bool
	err() error
	close()
	columns() int
	null(i int) bool
	int64(i int) (int64, error)
	text(i int) (string, error)
	bytes(i int) ([]byte, error) // a copy
}

// Rows is an open result. Close it before the next statement of the same
// snapshot or transaction; it closes itself when Next returns false.
type Rows struct {
	cur  cursor
	err  error
	done bool
}

// Next goes to the next row. It returns false at the end or on an error.
func (r *Rows) Next() bool {
	if r.done {
		return false
	}
	if r.cur.next() {
		return true
	}
	r.Close()
	return false
}

// Err returns the error that ended Next early.
func (r *Rows) Err() error { return r.err }

// Close ends the result. It may be called more than once.
func (r *Rows) Close() {
	if r.done {
		return
	}
	r.done = true
	r.cur.close()
	r.err = report(r.cur.err()) // PostgreSQL's is complete only now
}

// Scan copies the columns of the row. Destinations are pointers to int64, int,
// string, []byte and bool (0 or 1), or pointers to pointers to those, for columns
// that may be NULL; also to named types of these. A NULL []byte is nil.
func (r *Rows) Scan(dest ...any) error {
	if r.done {
		return errOpenRow
	}
	if n := r.cur.columns(); n != len(dest) {
		return fmt.Errorf("db: %d columns scanned into %d variables", n, len(dest))
	}
	for i, d := range dest {
		if err := r.scan(i, d); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rows) scan(i int, dest any) (err error) {
	if _, nilable := dest.(*[]byte); !nilable && r.cur.null(i) {
		return setNull(i, dest)
	}
	switch d := dest.(type) {
	case *int64:
		*d, err = r.cur.int64(i)
	case *int:
		var n int64
		n, err = r.cur.int64(i)
		*d = int(n)
	case *string:
		*d, err = r.cur.text(i)
	case *[]byte:
		if r.cur.null(i) {
			*d = nil
			return nil
		}
		*d, err = r.cur.bytes(i)
	case *bool:
		var n int64
		n, err = r.cur.int64(i)
		*d = n != 0
	default:
		return r.scanNamed(i, reflect.ValueOf(dest))
	}
	if err != nil {
		return fmt.Errorf("db: column %d: %w", i+1, err)
	}
	return nil
}

// scanNamed fills pointers to pointers and pointers to named types.
func (r *Rows) scanNamed(i int, v reflect.Value) error {
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("db: column %d: scan into a pointer, not %s", i+1, v.Kind())
	}
	switch e := v.Elem(); e.Kind() {
	case reflect.Pointer:
		e.Set(reflect.New(e.Type().Elem()))
		return r.scan(i, e.Interface())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := r.cur.int64(i)
		if err != nil || e.OverflowInt(n) {
			return fmt.Errorf("db: column %d does not fit %s: %w", i+1, e.Type(), err)
		}
		e.SetInt(n)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		n, err := r.cur.int64(i)
		if err != nil || n < 0 || e.OverflowUint(uint64(n)) {
			return fmt.Errorf("db: column %d does not fit %s: %w", i+1, e.Type(), err)
		}
		e.SetUint(uint64(n))
	case reflect.Bool:
		n, err := r.cur.int64(i)
		e.SetBool(n != 0)
		return err
	case reflect.String:
		s, err := r.cur.text(i)
		e.SetString(s)
		return err
	case reflect.Slice:
		if e.Type().Elem().Kind() == reflect.Uint8 {
			b, err := r.cur.bytes(i)
			e.SetBytes(b)
			return err
		}
		fallthrough
	default:
		return fmt.Errorf("db: column %d cannot be scanned into %s", i+1, e.Type())
	}
	return nil
}

func setNull(i int, dest any) error {
	v := reflect.ValueOf(dest)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		if k := v.Elem().Kind(); k == reflect.Pointer || k == reflect.Slice {
			v.Elem().SetZero()
			return nil
		}
	}
	return fmt.Errorf("db: column %d is NULL: scan it into a pointer to a pointer", i+1)
}

// A Row is the first row of a result.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the columns of the row, as [Rows.Scan]; it returns [ErrNone] when
// there is no row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNone
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
