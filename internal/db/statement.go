package db

import (
	"fmt"
	"strings"
)

// A Statement is a declared write: one INSERT, UPDATE or DELETE that acts of
// many callers can be merged over. Declare it once, as a package-level variable.
type Statement struct {
	sql    string // as declared
	lite   string // for SQLite
	single string // for PostgreSQL: one row
	merged string // for PostgreSQL: one INSERT over unnest; "" runs row by row
	types  []kind
	must   bool
	packed bool
}

// Declare describes a write. sql has the parameters $1 … $n; types names the
// type of each: int, text or bytes. It panics where the text cannot be used, at
// start, because that is an error of the program.
func Declare(sql, types string) *Statement {
	s, err := newStatement(sql, types)
	if err != nil {
		panic(fmt.Sprintf("db: declare %q: %v", sql, err))
	}
	return s
}

// Must makes an act lose (see [ErrLost]) when the statement does not touch
// exactly one row for it: for state changes that are guarded by the old state.
// It returns a new Statement.
func (s *Statement) Must() *Statement {
	// A division by zero tells PostgreSQL's side, so that COMMIT can travel along.
	const count = "WITH w_ AS (%s RETURNING 1) SELECT 1 / (count(*) = %s)::int FROM w_"
	c := *s
	c.must = true
	c.single = fmt.Sprintf(count, s.single, "1")
	if s.merged != "" {
		c.merged = fmt.Sprintf(count, s.merged, "cardinality($1)")
	}
	return &c
}

// Packed makes the rows of all acts of a group into one row, or few, so that
// what each act adds to a list costs next to nothing. The statement takes an
// integer and bytes; Do is given integers instead, as many each time: $1 is the
// greatest of those that are the first of a Do, $2 all integers of many, eight
// bytes each, big-endian. It returns a new Statement.
func (s *Statement) Packed() *Statement {
	if len(s.types) != 2 || s.types[0] != integer || s.types[1] != blob || s.must {
		panic(fmt.Sprintf("db: %q cannot be packed: it takes an integer and bytes", s.sql))
	}
	c := *s
	c.packed = true
	return &c
}

// SQL returns the text as declared.
func (s *Statement) SQL() string { return s.sql }

// Merged returns the text that PostgreSQL runs for many rows at once. It is
// empty when rows of the statement are written one by one.
func (s *Statement) Merged() string { return s.merged }

func newStatement(sql, types string) (*Statement, error) {
	s := &Statement{sql: sql, single: sql}
	verb, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	switch strings.ToUpper(verb) {
	case "INSERT", "UPDATE", "DELETE":
	default:
		return nil, fmt.Errorf("want INSERT, UPDATE or DELETE, not %s", verb)
	}
	var err error
	if s.types, err = kindsOf(types); err != nil {
		return nil, err
	}
	parts, err := split(sql)
	if err != nil {
		return nil, err
	}
	if n := parts.params(); n != len(s.types) {
		return nil, fmt.Errorf("%d parameters and %d types", n, len(s.types))
	}
	s.lite = parts.join(func(n int) string { return fmt.Sprintf("?%d", n) })
	s.merged, err = parts.merge(s.types)
	return s, err
}

func kindsOf(types string) (out []kind, err error) {
	for t := range strings.FieldsSeq(types) {
		switch t {
		case "int":
			out = append(out, integer)
		case "text":
			out = append(out, text)
		case "bytes":
			out = append(out, blob)
		default:
			return nil, fmt.Errorf("type %q: want int, text or bytes", t)
		}
	}
	return out, nil
}

// check reports an argument list that does not fit the declaration.
func (s *Statement) check(vals []value) error {
	if s.packed {
		return s.checkPacked(vals)
	}
	if len(vals) != len(s.types) {
		return fmt.Errorf("%d arguments for %d parameters of %q", len(vals), len(s.types), s.sql)
	}
	for i, v := range vals {
		if v.kind != null && v.kind != s.types[i] {
			return fmt.Errorf("argument $%d is %s, declared %s, in %q", i+1, v.kind, s.types[i], s.sql)
		}
	}
	return nil
}
