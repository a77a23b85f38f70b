package relational

import "context"

// An Engine is what a kind of relational database provides. Everything else (who
// owns a row, in which order rows go, what is residue) is said once, here.
//
// Errors of its methods are faults and hold no value: engines repeat values in
// their messages, so only codes and names of tables, columns and constraints may
// be passed on.
type Engine interface {
	Dialect
	// Kind returns the kind of connector.
	Kind() string
	// View runs fn on one consistent snapshot in which nothing can be written.
	View(ctx context.Context, fn func(Session) error) error
	// Change runs fn in one transaction, committed when fn returns nil. Foreign
	// keys are enforced; those that can be are checked at commit.
	Change(ctx context.Context, fn func(Session) error) error
	// Settle does after a commit what makes the engine forget old bytes in the
	// tables touched, and returns what remains as facts for the receipt.
	Settle(ctx context.Context, touched []*Table) []string
	// Close releases connections.
	Close() error
}

// A Session runs statements inside one View or Change.
type Session interface {
	// Inspect reads the catalogue.
	Inspect(ctx context.Context) (*Schema, error)
	// Query calls row for each row. The slice is the callee's to keep.
	Query(ctx context.Context, sql string, args []Value, row func([]Value) error) error
	// Exec returns the number of rows changed.
	Exec(ctx context.Context, sql string, args []Value) (int64, error)
}

// A Dialect writes the parts of SQL in which engines differ. Names come from the
// catalogue and are quoted; values are always bound.
type Dialect interface {
	// Quote quotes a name.
	Quote(name string) string
	// Read returns an expression for the value of a column.
	Read(c *Column) string
	// Size returns an expression for the bytes of a column, without reading it.
	Size(c *Column) string
	// Search returns an expression for a column's value as searched for needles.
	Search(c *Column) string
	// Bind returns the placeholder of the n-th argument (from 1) as a value of c.
	Bind(n int, c *Column) string
	// Text returns an expression for a column as text.
	Text(c *Column) string
	// Fold returns an expression for a column as text without case and outer blanks,
	// by which e-mail addresses and names are compared.
	Fold(c *Column) string
	// Digits returns an expression for the decimal digits of a column.
	Digits(c *Column) string
	// In returns a condition that the expression is one of the texts, with its
	// arguments; the first is the n-th.
	In(expr string, texts []string, n int) (string, []Value)
	// Among returns a condition that the columns have one of the tuples, with its
	// arguments; the first is the n-th. NULL equals NULL.
	Among(columns []*Column, tuples [][]Value, n int) (string, []Value)
	// Batch is how many tuples one statement may take.
	Batch() int
	// Lock is appended to a SELECT of rows that will be changed.
	Lock() string
	// Deferred reports whether all foreign keys wait for the commit.
	Deferred() bool
}
