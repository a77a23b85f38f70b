package relational

import "strings"

// A Schema is what a database's catalogue says.
type Schema struct {
	Tables []*Table // every table of the database but the engine's own, by name
}

// Table returns a table by the name the map uses.
func (s *Schema) Table(name string) *Table {
	for _, t := range s.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Names lists tables in a sentence.
func Names(tables []*Table) string {
	all := make([]string, len(tables))
	for i, t := range tables {
		all[i] = t.Name
	}
	return strings.Join(all, ", ")
}

// A Table is one place where rows are stored. A table that only passes queries
// on to others (a view, the root of a partitioned table's parts) is not one.
type Table struct {
	Name    string // as maps name it
	Source  string // how SQL names it, quoted, without the rows of inheriting tables
	Target  string // how UPDATE and DELETE name it
	Columns []*Column
	Key     []*Column // what tells rows apart; may be the engine's row number or all columns
	Whole   bool      // Key is all columns: equal rows share a key
	Foreign []ForeignKey
	Indexes []string // definitions, to tell which columns are found fast
	Parent  string   // table whose description also holds for this one (PostgreSQL INHERITS)
	Copy    bool     // holds copies and cannot be changed (a materialised view): searched only
	Unfit   string   // why rows of it cannot be erased safely, with the remedy; "" where they can
}

// Column returns a column by name.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// columnNames returns the names of the columns.
func (t *Table) columnNames() []string { return names(t.Columns) }

func names(columns []*Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name
	}
	return out
}

// isKey reports whether c is part of the key.
func (t *Table) isKey(c *Column) bool {
	for _, k := range t.Key {
		if k == c {
			return true
		}
	}
	return false
}

// A Class is what a column holds, across engines.
type Class string

// The classes.
const (
	ClassText    Class = "text"
	ClassInteger Class = "integer"
	ClassNumber  Class = "number"
	ClassBoolean Class = "boolean"
	ClassDate    Class = "date"
	ClassTime    Class = "time"
	ClassJSON    Class = "json"
	ClassBlob    Class = "blob"
	ClassUUID    Class = "uuid"
	ClassEnum    Class = "enum"
	ClassArray   Class = "array"
	ClassNet     Class = "net"
	ClassOther   Class = "other"
)

// A Column of a table.
type Column struct {
	Name      string
	Type      string // as the engine names it, fit for a cast; "" where the engine has none
	Class     Class
	NotNull   bool
	Unique    bool     // part of a unique index
	Generated bool     // computed: cannot be written
	MaxLen    int      // characters; 0: no limit
	Labels    []string // of an enum
	RowID     bool     // the engine's row number, not a column of the table
	Tied      bool     // part of a declared key, which the engine may enforce by a collation
	Collation string   // by which the engine compares it, where values of it must be turned into that first
	Blank     string   // what a cleared column of this type holds, where the placeholder of its class does not fit
	Folded    *Column  // an indexed column computed from it, without case and outer blanks
}

// A ForeignKey is a declared one.
type ForeignKey struct {
	Columns    []string
	Table      string // Name of the table pointed to
	Refs       []string
	OnDelete   string // "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"
	Deferrable bool   // is checked at commit in our transactions
}

// folds reports whether an index of the table serves a search for the column
// without regard to case and blanks.
func (t *Table) folds(column string) bool {
	want := "lowertrim" + strings.ToLower(column)
	for _, def := range t.Indexes {
		flat := strings.NewReplacer("both from ", "", "(", "", ")", "", `"`, "", " ", "", "::text", "", "btrim", "trim", "[", "", "]", "", "`", "").Replace(strings.ToLower(def))
		if strings.Contains(flat, want) {
			return true
		}
	}
	return false
}
