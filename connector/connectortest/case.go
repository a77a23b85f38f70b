package connectortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
)

// truth is what truth.json of a case says.
type truth struct {
	Load     []string
	Subjects []struct {
		ID               string
		Identity         map[string]any
		Rows             map[string]expectedRows
		MustContain      []string `json:"access_must_contain"`
		MustNotContain   []string `json:"access_must_not_contain"`
		SweepAbsent      []string `json:"sweep_absent"`
		SweepExcept      []string `json:"sweep_except"`
		AfterErase       []check  `json:"after_erase"`
		Untouched        []check
		IdentityVariants []string `json:"identity_variants"`
	}
}

type expectedRows struct {
	SQL   string
	IDs   []any `json:"ids"`
	Count *int
}

type check struct {
	SQL    string
	Expect any
	Why    string
}

// Cases returns the folder that holds databases with a hand-read truth; the test
// is skipped where it is absent.
func Cases(t testing.TB, name string) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", "cases", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the case %s is not beside this repository (../shared/cases)", name)
	}
	return dir
}

// Map reads the data map of a case.
func Map(t testing.TB, name string) *datamap.Map {
	t.Helper()
	m, err := datamap.Parse(name, MapText(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// MapText returns a data map of connector/testdata. One for MySQL is that for
// SQLite, where tables have the same names.
func MapText(t testing.TB, name string) []byte {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	src, err := os.ReadFile(filepath.Join(filepath.Dir(file), "..", "testdata", strings.Replace(name, "-mysql", "-sqlite", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(name, "-mysql") {
		src = bytes.Replace(src, []byte("kind: sqlite"), []byte("kind: mysql"), 1)
	}
	return src
}

// RunCase carries each person of a case through survey, export, erasure and
// verification, each on a fresh database, and scores the result: every row found
// (recall), nobody else's value shown (leakage), nothing left (residue), nothing
// else changed (collateral), nothing left unsaid (silence). All must be perfect.
func RunCase(t *testing.T, name string, fresh func(t testing.TB) Database, identifiers func(kind string) string) {
	dir := Cases(t, name)
	src, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(src, &tr); err != nil {
		t.Fatal(err)
	}
	for i := range tr.Subjects {
		s := &tr.Subjects[i]
		t.Run(s.ID, func(t *testing.T) {
			db := fresh(t)
			for _, file := range tr.Load {
				script, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				db.Load(t, string(script))
			}
			sub := connector.Subject{ID: s.ID}
			for kind, value := range s.Identity {
				kind = identifiers(s.ID + " " + kind)
				sub.Identifiers = append(sub.Identifiers, connector.Identifier{Kind: kind, Value: seal.NewPersonal(fmt.Sprint(value))})
			}
			r := &Person{T: t, DB: db, Sys: db.Open(t, Map(t, name+".yaml"), nil), Sub: sub}
			r.recall(s.Rows)
			r.leakage(s.MustContain, s.MustNotContain)
			r.erase()
			r.checks("after the erasure", s.AfterErase)
			r.checks("untouched", s.Untouched)
			r.residue(s.SweepAbsent, s.SweepExcept)
		})
	}
}

func (r *Person) recall(want map[string]expectedRows) {
	r.T.Helper()
	ctx := r.T.Context()
	c, err := r.Sys.Check(ctx)
	if err != nil {
		r.T.Fatal(err)
	}
	if len(c.Problems) > 0 {
		r.T.Fatalf("the map does not fit:\n%s", strings.Join(c.Problems, "\n"))
	}
	sv, err := r.Sys.Survey(ctx, r.Warrant(gate.Survey), r.Sub)
	if err != nil {
		r.T.Fatal(err)
	}
	r.Survey = sv
	for table, w := range want {
		truth := r.DB.Rows(r.T, w.SQL)
		var got []string
		heirs := false // rows of inheriting tables have keys of their own
		for _, f := range sv.Found {
			heirs = heirs || strings.HasPrefix(f.Collection, table+"_p")
			if (f.Collection == table || strings.HasPrefix(f.Collection, table+"_p")) && f.Role != connector.Actor {
				got = append(got, f.Keys...)
			}
		}
		slices.Sort(truth)
		slices.Sort(got)
		if len(truth) != len(got) || !heirs && !slices.Equal(truth, got) {
			r.T.Errorf("recall of %s: found %d rows, the truth is %d", table, len(got), len(truth))
		}
		if w.Count != nil && len(got) != *w.Count {
			r.T.Errorf("recall of %s: %d rows, the truth counts %d", table, len(got), *w.Count)
		}
	}
	for _, f := range sv.Found {
		if _, ok := want[f.Collection]; !ok && f.Role != connector.Actor && !strings.Contains(f.Collection, "_p2007") && f.Collection != "rel" {
			r.T.Errorf("the survey finds %d rows of %s, which the truth does not know (%s)", len(f.Keys), f.Collection, f.Why)
		}
	}
}

func (r *Person) leakage(must, mustNot []string) {
	r.T.Helper()
	r.Needles = connector.NewNeedles(r.Sub)
	var all []string
	err := r.Sys.Export(r.T.Context(), r.Warrant(gate.Export), r.Sub, r.Survey, func(row connector.Row) error {
		r.Shown = append(r.Shown, row)
		r.Needles.Add(row)
		for _, v := range row.Values {
			all = append(all, v.Text.Reveal())
		}
		return nil
	})
	if err != nil {
		r.T.Fatal(err)
	}
	if len(r.Shown) != r.Survey.Rows() {
		r.T.Errorf("the export has %d rows, the survey %d", len(r.Shown), r.Survey.Rows())
	}
	text := strings.Join(all, "\n")
	for _, s := range must {
		if !strings.Contains(text, s) {
			r.T.Errorf("the export lacks %q", s)
		}
	}
	for _, s := range mustNot {
		if strings.Contains(text, s) {
			r.T.Errorf("the export leaks %q", s)
		}
	}
}

func (r *Person) erase() {
	r.T.Helper()
	ctx := r.T.Context()
	targets := r.Survey.Targets()
	out, err := r.Sys.Erase(ctx, r.Warrant(gate.Erase), r.Sub, targets)
	if err != nil {
		r.T.Fatal(err)
	}
	for i, d := range out.Collections {
		if d.Done != len(targets[i].Keys) || d.Planned != d.Done {
			r.T.Errorf("%s %s: planned %d, done %d of %d keys", d.Action, d.Collection, d.Planned, d.Done, len(targets[i].Keys))
		}
	}
	if len(out.Unplanned) > 0 {
		r.T.Errorf("unplanned rows: %v", out.Unplanned)
	}
	before := r.DB.Text(r.T)
	again, err := r.Sys.Erase(ctx, r.Warrant(gate.Erase), r.Sub, targets)
	if err != nil {
		r.T.Fatal(err)
	}
	for _, d := range again.Collections {
		if d.Moved != 0 || d.Action != connector.Keep && d.Done != 0 {
			r.T.Errorf("repeated: %s %s did %d and took %d for somebody else's", d.Action, d.Collection, d.Done, d.Moved)
		}
	}
	if !slices.Equal(before, r.DB.Text(r.T)) {
		r.T.Error("a repeated erasure changed something")
	}
	f, err := r.Sys.Verify(ctx, r.Warrant(gate.Verify), r.Sub, r.Needles.List(), targets)
	if err != nil {
		r.T.Fatal(err)
	}
	for _, h := range f.Hits {
		if h.State == connector.Residue {
			r.T.Errorf("verification finds residue: %d rows of %s.%s (%s)", h.Rows, h.Collection, h.Column, h.Kind)
		}
	}
}

func (r *Person) checks(what string, list []check) {
	r.T.Helper()
	for _, c := range list {
		got := r.DB.Rows(r.T, c.SQL)
		want := fmt.Sprint(c.Expect)
		if len(got) != 1 || got[0] != want && (got[0] != "true" || want != "t") {
			r.T.Errorf("%s: %s gives %q, the truth is %s (%s)", what, c.SQL, got, want, c.Why)
		}
	}
}

// residue looks for what must be gone in every value of the database; what is
// left must be kept with a reason that the survey told.
func (r *Person) residue(absent, except []string) {
	r.T.Helper()
	kept := map[string]bool{}
	for _, f := range r.Survey.Found {
		kept[f.Collection] = kept[f.Collection] || f.Action == connector.Keep
	}
	for _, line := range r.DB.Text(r.T) {
		for _, s := range absent {
			if !strings.Contains(strings.ToLower(line), strings.ToLower(s)) {
				continue
			}
			table, _, _ := strings.Cut(line, ".")
			if !slices.Contains(except, table) {
				r.T.Errorf("%q is left in %s", s, strings.SplitN(line, ":", 2)[0])
			} else if !kept[table] {
				r.T.Errorf("%q is left in %s, and nothing says so", s, table)
			}
		}
	}
}
