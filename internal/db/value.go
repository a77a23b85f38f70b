package db

import (
	"bytes"
	"fmt"
	"reflect"
)

// A kind is the type of a value in SQL.
type kind uint8

const (
	null kind = iota
	integer
	text
	blob
)

func (k kind) String() string { return [...]string{"null", "int", "text", "bytes"}[k] }

// A value is one argument. It is typed rather than an any so that a row on its
// way to the writer costs no allocation a column.
type value struct {
	n    int64
	s    string
	b    []byte
	kind kind
}

// toValue converts an argument. Bytes are not copied. A nil []byte is NULL on
// both engines.
func toValue(a any) (value, error) {
	switch a := a.(type) {
	case nil:
		return value{}, nil
	case int64:
		return value{kind: integer, n: a}, nil
	case int:
		return value{kind: integer, n: int64(a)}, nil
	case string:
		return value{kind: text, s: a}, nil
	case []byte:
		if a == nil {
			return value{}, nil
		}
		return value{kind: blob, b: a}, nil
	case bool:
		if a {
			return value{kind: integer, n: 1}, nil
		}
		return value{kind: integer}, nil
	}
	return toNamedValue(reflect.ValueOf(a))
}

// toNamedValue converts arguments of named types (type KeyID int64) and
// pointers, which are NULL when nil.
func toNamedValue(v reflect.Value) (value, error) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return value{}, nil
		}
		return toValue(v.Elem().Interface())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return value{kind: integer, n: v.Int()}, nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return value{kind: integer, n: int64(v.Uint())}, nil
	case reflect.String:
		return value{kind: text, s: v.String()}, nil
	case reflect.Bool:
		return toValue(v.Bool())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return toValue(v.Bytes())
		}
	}
	return value{}, fmt.Errorf("db: arguments are int64, int, string, []byte, bool or nil, not %s", v.Type())
}

func toValues(args []any) ([]value, error) {
	if len(args) == 0 {
		return nil, nil
	}
	out := make([]value, len(args))
	for i, a := range args {
		v, err := toValue(a)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (v value) equal(w value) bool {
	return v.kind == w.kind && v.n == w.n && v.s == w.s && bytes.Equal(v.b, w.b)
}
