// Package fault sorts errors into the few kinds a caller can act on.
//
// A fault carries two texts. Message is written for the person at the screen:
// it says what is wrong, where, and what to do, and holds no personal data.
// The wrapped error is written for the operator and is only ever logged. An
// error that is not a fault is [Internal].
package fault

import (
	"errors"
	"fmt"
)

// A Kind says what a caller can do about an error.
type Kind string

// The kinds, each with what a caller should do.
const (
	Internal Kind = "internal"  // a bug or a broken dependency: report it
	Invalid  Kind = "invalid"   // the input cannot be accepted as it is: correct it
	Denied   Kind = "denied"    // the policy or the caller's role forbids it
	NotFound Kind = "not_found" // there is no such thing, or it is not the caller's to see
	Conflict Kind = "conflict"  // the thing has moved on: read it again
	Busy     Kind = "busy"      // try again later
)

// Error is an error of a known kind.
type Error struct {
	Kind    Kind
	Message string // for the person; holds no personal data
	Err     error  // for the operator; may be nil
}

// Error returns both texts, for the operator's log.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return fmt.Sprintf("%s: %v", e.Message, e.Err)
}

// Unwrap returns the operator's error.
func (e *Error) Unwrap() error { return e.Err }

// New returns a fault of kind k with a message for the person.
func New(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns a fault of kind k with a message for the person and err, which
// only the operator sees.
func Wrap(k Kind, err error, format string, args ...any) error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...), Err: err}
}

// Of returns the kind of err: the kind of the first fault in its chain, and
// [Internal] where there is none. The kind of nil is "".
func Of(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Message returns the text of err that may be shown to a person. Errors that
// are not faults give a text that says nothing about their cause.
func Message(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return "something went wrong inside avow; the operator's log has the cause"
}
