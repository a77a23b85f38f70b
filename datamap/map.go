package datamap

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Version is the version of the format that [Parse] reads, the value of `avow`.
const Version = 1

// A Map is the data map of one system.
type Map struct {
	File   string            // name of the file, for messages
	System string            // `system`: name by which warrants and receipts know the system
	Kind   string            // `kind`: which connector speaks to it
	Title  map[string]string // `title`: language → name for people; may be empty

	// Schema (`schema`) is the PostgreSQL schema whose tables are named without
	// prefix; tables of others are schema.table. Empty: public.
	Schema string

	// Region (`region`) is the ISO 3166 code of the country whose phone numbers
	// may be stored without a country code. Empty: numbers match only in full.
	Region string

	// Vacuum (`vacuum`) asks for a VACUUM after an erasure, so that old bytes go at
	// once: of the touched tables on PostgreSQL, of the file on SQLite, where it
	// writes the whole file anew and waits for its readers. On MySQL the touched
	// tables are rebuilt (OPTIMIZE TABLE).
	Vacuum bool

	Subjects    []SubjectKind // in the order of the file
	Collections []Collection  // in the order of the file
	Links       []Link        // in the order of the file

	hash string
}

// Hash returns the SHA-256 of the file the map was read from, in hex. A plan
// carries it, so that it is known under which map it was made.
func (m *Map) Hash() string { return m.hash }

// Lookup returns the description of a collection.
func (m *Map) Lookup(name string) (*Collection, bool) {
	for i := range m.Collections {
		if m.Collections[i].Name == name {
			return &m.Collections[i], true
		}
	}
	return nil, false
}

// A Pos is a place in the file, from 1. Columns count characters.
type Pos struct{ Line, Column int }

// At returns "file:line:column" for messages.
func (m *Map) At(p Pos) string { return fmt.Sprintf("%s:%d:%d", m.File, p.Line, p.Column) }

// A SubjectKind is a kind of person the system knows: customer, employee.
type SubjectKind struct {
	Pos         Pos
	Name        string
	Collection  string       // `collection`: one row of it is one person
	Identifiers []Identifier // `identifiers`, in the order of the file
}

// An Identifier says where an identifier of a person may be found.
type Identifier struct {
	Pos     Pos
	Kind    string // identifier kind of the policy: email, phone, account-id, …
	Columns []Ref  // columns that hold it, in any collection of the map
}

// A Ref names a column: collection.column.
type Ref struct {
	Pos                Pos
	Collection, Column string
}

// String returns collection.column.
func (r Ref) String() string { return r.Collection + "." + r.Column }

// A Treatment is what an erasure does to the rows of a collection.
type Treatment string

// The treatments.
const (
	Delete Treatment = "delete" // the row goes
	Clear  Treatment = "clear"  // the row stays, its personal columns are emptied or replaced
	Retain Treatment = "keep"   // the row stays as it is, on a ground, for a time
	None   Treatment = "none"   // nobody's data: not followed, not shown, not touched
)

// A Collection describes a table.
type Collection struct {
	Pos     Pos
	Name    string
	Columns []Column  // `columns`: the personal ones
	Plain   []string  // `plain`: columns that hold nothing personal
	Erase   Treatment // `erase`

	// Clear (`clear`) names the columns that an erasure empties: with erase: keep
	// those of the list, with erase: clear all personal ones.
	Clear []string

	Keep Keep // `keep`: only with erase: keep

	// Restrict (`restrict`) says how a row is marked as not to be used; nil: it
	// cannot be marked.
	Restrict *Restrict
}

// A Restrict is the column that says that a row is not to be used (GDPR Art. 18).
// The column serves nothing else: lifting a restriction writes Off.
type Restrict struct {
	Pos    Pos
	Column string  // `column`
	On     string  // `on`: what a restricted row holds
	Off    *string // `off`: what others hold; nil: NULL
}

// Column returns the description of a personal column.
func (c *Collection) Column(name string) (Column, bool) {
	for _, col := range c.Columns {
		if col.Name == name {
			return col, true
		}
	}
	return Column{}, false
}

// A Column is a personal column.
type Column struct {
	Pos    Pos
	Name   string
	Item   string // item of the policy, or a category beginning with "user."
	Secret bool   // `secret`: exported as present, never shown; never searched for

	// Replacement (`clear`) is written where the column is cleared; nil: NULL, or
	// a placeholder of the column's type where NULL is not allowed. The text
	// {random} in it becomes random letters, for columns that must be unique.
	Replacement *string

	// Strategy (`erase`) is how the column is emptied where its row stays. "": the
	// replacement, else NULL or a placeholder.
	Strategy Strategy
	Reason   map[string]string // `reason`: language → why; shown to the person
}

// A Strategy is how a value is made anonymous in a row that stays.
type Strategy string

// The strategies. None leaves a way back from what is stored to the value.
const (
	Null  Strategy = "null"  // nothing is stored
	Fixed Strategy = "fixed" // the text under clear, the same for everybody
	// Mask keeps one character of a text or two digits of a number, and never its
	// length.
	Mask Strategy = "mask"
	// Hash is a keyed hash. Its key is made for one erasure and stored nowhere:
	// equal values of that erasure stay equal, and nothing else can be told.
	Hash Strategy = "hash"
)

// Strategies lists them.
func Strategies() []string { return []string{string(Null), string(Fixed), string(Mask), string(Hash)} }

// A Keep is why rows outlive an erasure and how long. It is shown to the person.
type Keep struct {
	Pos    Pos
	Ground string            // `ground`: legal-obligation, legal-claims, contract, …
	Reason map[string]string // `reason`: language → text; en is always there
	Cite   string            // `cite`: the provision
	For    string            // `for`: ISO 8601 duration, P10Y
	After  string            // `after`: the event the duration runs from
	Until  string            // `until`: a date, YYYY-MM-DD, instead of a duration
}

// End returns the end of keeping in one text: "2031-12-31", "P10Y",
// "P10Y after account-closed".
func (k Keep) End() string {
	switch {
	case k.Until != "":
		return k.Until
	case k.After != "":
		return k.For + " after " + k.After
	}
	return k.For
}

// A Role says what a link means for whose data a row is. The link goes from a
// row that holds a key to the row the key names.
type Role string

// The roles.
const (
	// Owns: the row pointed to owns the rows that point to it (an order belongs to
	// its customer). The walk goes from owner to owned.
	Owns Role = "owns"
	// Joint: like owns, but the row has several owners and goes with the last.
	Joint Role = "joint"
	// Accessor: the person sees the row but does not own it. It is exported and
	// stays.
	Accessor Role = "accessor"
	// Actor: the person acted on a row that is somebody else's (the agent of a
	// customer). Followed in neither direction.
	Actor Role = "actor"
	// Shared: the row pointed to is the person's as long as nobody else points to
	// it (the address of a household). The walk goes from the key to the row; the
	// row is erased only with the last that points to it.
	Shared Role = "shared"
	// Reference: the row pointed to is nobody's data (a country). Not followed.
	Reference Role = "reference"
)

// A Match says how the two columns of a link are compared.
type Match string

// The matches.
const (
	Exact Match = "exact" // as the database compares
	Email Match = "email" // without regard to case and outer blanks
	Phone Match = "phone" // by digits
)

// A Link ties rows of two collections.
type Link struct {
	Pos      Pos
	From, To []Ref // `from`, `to`: one column, or equally many of a composite key
	Role     Role  // `role`
	Match    Match // `match`: exact when left out; others only for a single column

	// Detach (`detach`) allows the key of a row that stays to be set to NULL when
	// the row it points to is deleted.
	Detach bool

	// When (`when`) restricts the link to rows of From with these values, for keys
	// that point to different collections by a kind column.
	When []Condition
}

// A Condition is column = value, the value compared as text.
type Condition struct{ Column, Value string }

func digest(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}
