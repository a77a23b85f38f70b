package connectortest

import (
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/gate/gatetest"
	"github.com/avow-dev/avow/internal/seal"
)

// Fresh makes an empty database that is gone after the test.
type Fresh func(t testing.TB) Database

// A Database is a real one, outside avow, that a test may look into.
type Database interface {
	// Load runs a script of SQL.
	Load(t testing.TB, script string)
	// Fill runs statements with arguments ($1, $2, … in order) in one transaction.
	Fill(t testing.TB, fill func(exec func(sql string, args ...any) error) error)
	// Rows returns the first column of every row of a query as text, NULL as "".
	Rows(t testing.TB, sql string) []string
	// Text returns every value of every table as text, "table.column: value".
	Text(t testing.TB) []string
	// Open returns avow's connector to it under a map.
	Open(t testing.TB, m *datamap.Map, progress func(connector.Progress)) connector.System
}

// A Person is one person's way through one system.
type Person struct {
	T       testing.TB
	DB      Database
	Sys     connector.System
	Sub     connector.Subject
	Survey  *connector.Survey
	Shown   []connector.Row
	Needles *connector.Needles
}

// Warrant returns leave for an action on the person.
func (r *Person) Warrant(a gate.Action) gate.Warrant {
	return gatetest.Warrant(r.T, r.Sys.Name(), a, r.Sub.ID)
}

// Parse reads a data map written in a test.
func Parse(t testing.TB, src string) *datamap.Map {
	t.Helper()
	m, err := datamap.Parse("test.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Subject returns a subject with identifiers in pairs of kind and value.
func Subject(id string, pairs ...string) connector.Subject {
	s := connector.Subject{ID: id}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Identifiers = append(s.Identifiers, connector.Identifier{Kind: pairs[i], Value: seal.NewPersonal(pairs[i+1])})
	}
	return s
}

// Start opens the system for one person.
func Start(t testing.TB, db Database, m *datamap.Map, s connector.Subject) *Person {
	return &Person{T: t, DB: db, Sys: db.Open(t, m, nil), Sub: s}
}

// Find surveys and returns the survey; the test ends when it fails.
func (r *Person) Find() *connector.Survey {
	r.T.Helper()
	sv, err := r.Sys.Survey(r.T.Context(), r.Warrant(gate.Survey), r.Sub)
	if err != nil {
		r.T.Fatal(err)
	}
	r.Survey = sv
	return sv
}

// Refused surveys and wants a fault of this kind whose text holds each word.
func (r *Person) Refused(kind fault.Kind, words ...string) {
	r.T.Helper()
	_, err := r.Sys.Survey(r.T.Context(), r.Warrant(gate.Survey), r.Sub)
	if fault.Of(err) != kind {
		r.T.Fatalf("want a refusal of kind %s, got %v", kind, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			r.T.Errorf("the refusal does not say %q: %v", w, err)
		}
	}
}

// Show exports what the survey found.
func (r *Person) Show() []connector.Row {
	r.T.Helper()
	r.Needles = connector.NewNeedles(r.Sub)
	r.Shown = nil
	err := r.Sys.Export(r.T.Context(), r.Warrant(gate.Export), r.Sub, r.Survey, func(row connector.Row) error {
		r.Shown = append(r.Shown, row)
		r.Needles.Add(row)
		return nil
	})
	if err != nil {
		r.T.Fatal(err)
	}
	return r.Shown
}

// Text returns every exported value.
func (r *Person) Text() string {
	var all []string
	for _, row := range r.Shown {
		for _, v := range row.Values {
			all = append(all, v.Text.Reveal())
		}
	}
	return strings.Join(all, "\n")
}

// Erase carries out the survey's targets.
func (r *Person) Erase() *connector.Outcome {
	r.T.Helper()
	out, err := r.Sys.Erase(r.T.Context(), r.Warrant(gate.Erase), r.Sub, r.Survey.Targets())
	if err != nil {
		r.T.Fatal(err)
	}
	return out
}

// Verify searches for what was shown.
func (r *Person) Verify() *connector.Findings {
	r.T.Helper()
	f, err := r.Sys.Verify(r.T.Context(), r.Warrant(gate.Verify), r.Sub, r.Needles.List(), r.Survey.Targets())
	if err != nil {
		r.T.Fatal(err)
	}
	return f
}

// Keys returns the keys of a collection that the survey treats with an action,
// sorted.
func (r *Person) Keys(collection string, a connector.Action) []string {
	var out []string
	for _, f := range r.Survey.Found {
		if f.Collection == collection && f.Action == a {
			out = append(out, f.Keys...)
		}
	}
	slices.Sort(out)
	return out
}
