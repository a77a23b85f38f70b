package db

import (
	"errors"

	"github.com/avow-dev/avow/fault"
)

// ErrNone says that a statement found no row. It is what [Row.Scan] returns then.
var ErrNone = errors.New("no row")

// ErrLost says that a precondition of an act no longer held when it was to be
// committed. Nothing of the act was written. Read the facts again and decide anew.
var ErrLost = fault.New(fault.Conflict, "this was changed by somebody else in the meantime; read it again and repeat")

// errBroken ends a transaction in which a statement has failed before.
var errBroken = errors.New("a statement of this transaction failed before; nothing of it is written")

var errOpenRow = errors.New("db: there is no current row")

var errControl = errors.New("a transaction is begun and ended by this package, not by a statement")

// errOneQuery is an error of the program: two queries see two states.
var errOneQuery = errors.New("a second query in Look: use Read, where both see one state")

// errOpenRows is the same on both engines: PostgreSQL cannot do otherwise.
var errOpenRows = errors.New("the rows of the previous query are still open: close them first")

// None reports whether err says that a statement found no row.
func None(err error) bool { return errors.Is(err, ErrNone) }

// Lost reports whether err says that a precondition of an act was lost.
func Lost(err error) bool { return errors.Is(err, ErrLost) }

// Constraint reports whether err says that a statement violated a constraint:
// a key, a foreign key, NOT NULL, CHECK or a column's type.
func Constraint(err error) bool {
	e, ok := errors.AsType[*engineError](err)
	return ok && e.class == classConstraint
}

// Null reports whether err is the [Constraint] that a column which must have a value
// was given none.
func Null(err error) bool {
	e, ok := errors.AsType[*engineError](err)
	return ok && (e.code == liteNotNull || e.code == postNotNull)
}

// How the engines say it.
const (
	liteNotNull = "SQLite 1299"
	postNotNull = "SQLSTATE 23502"
)

// A class sorts the errors of both engines by what this package does about them.
type class int

const (
	classOther      class = iota // a wrong statement, an interrupted read
	classConstraint              // the caller's data: only the caller loses
	classRetry                   // serialization failure, deadlock: run it again
	classBusy                    // cannot be reached or is locked: nothing was written
	classFatal                   // disk, corruption, failed commit: stop writing
)

// An engineError is an error of an engine, stripped of whatever may quote a
// value of a row (I-6).
type engineError struct {
	class class
	code  string // SQLSTATE or SQLite's extended code
	text  string // names tables, columns and constraints only
}

func (e *engineError) Error() string { return e.text + " (" + e.code + ")" }

// report turns an engine's error into what callers see: constraint violations
// are conflicts, an engine that cannot be reached is busy, the rest is internal.
func report(err error) error {
	e, ok := errors.AsType[*engineError](err)
	if !ok {
		return err
	}
	if _, done := errors.AsType[*fault.Error](err); done {
		return err
	}
	switch e.class {
	case classConstraint:
		return fault.Wrap(fault.Conflict, err, "this does not fit what is already stored")
	case classRetry, classBusy:
		return fault.Wrap(fault.Busy, err, "the database is busy or cannot be reached; try again")
	default:
		return err
	}
}

func classOf(err error) class {
	if e, ok := errors.AsType[*engineError](err); ok {
		return e.class
	}
	return classOther
}
