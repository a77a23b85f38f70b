package seal

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// Personal is a personal value in clear. It prints [personal] wherever Go
// prints things, so that a value cannot slip into a log, an error, a metric or
// a JSON document by accident (I-6). Only [Personal.Reveal] gives the value.
//
// It holds a pointer because fmt asks no method of a value whose verb is wrong
// (%w outside Errorf, %p): it then prints the fields, and so an address.
type Personal struct{ value *string }

const masked = "[personal]"

// NewPersonal wraps a value in clear.
func NewPersonal(value string) Personal {
	if value == "" {
		return Personal{}
	}
	return Personal{&value}
}

// Reveal returns the value in clear. Call it only where the value is stored
// sealed, compared, or handed to the person or system it was granted to.
func (p Personal) Reveal() string {
	if p.value == nil {
		return ""
	}
	return *p.value
}

// IsZero reports whether there is no value.
func (p Personal) IsZero() bool { return p.value == nil }

// String returns [personal].
func (p Personal) String() string { return masked }

// GoString returns [personal].
func (p Personal) GoString() string { return masked }

// Format writes [personal] for every verb and flag.
func (p Personal) Format(f fmt.State, _ rune) { fmt.Fprint(f, masked) }

// MarshalJSON encodes "[personal]".
func (p Personal) MarshalJSON() ([]byte, error) { return json.Marshal(masked) }

// MarshalText encodes [personal].
func (p Personal) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue logs [personal].
func (p Personal) LogValue() slog.Value { return slog.StringValue(masked) }
