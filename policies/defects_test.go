package policies_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// A defect is a flaw of a published text, put back into the pack that does
// without it: testdata/defects/PACK/NAME.txtar. The comment begins with the
// promises whose evidence it is. Pairs of files named from and to are the
// edits, in order; a defect without edits is one that the pack keeps, because
// facts stay as published. The file finds holds a line a finding: severity,
// code, and words of the line it stands on.
type defect struct {
	promises []string
	edits    [][2]string
	finds    []expectation
}

type expectation struct {
	severity, code, line string
}

const defects = "../testdata/defects"

func readDefect(t *testing.T, file string) defect {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d defect
	first, _, _ := strings.Cut(string(a.Comment), "\n")
	if fields := strings.Fields(first); len(fields) > 0 && promiseID(fields[0]) {
		d.promises = fields
	}
	for i, f := range a.Files {
		switch f.Name {
		case "from":
			if i+1 == len(a.Files) || a.Files[i+1].Name != "to" {
				t.Fatalf("%s: an edit has no to", file)
			}
			d.edits = append(d.edits, [2]string{text(f), text(a.Files[i+1])})
		case "finds":
			for line := range strings.Lines(string(f.Data)) {
				var e expectation
				e.severity, line, _ = strings.Cut(strings.TrimSpace(line), " ")
				e.code, e.line, _ = strings.Cut(line, " ")
				d.finds = append(d.finds, e)
			}
		}
	}
	return d
}

func text(f txtar.File) string { return strings.TrimSuffix(string(f.Data), "\n") }

// promiseID reports whether s has the form of B-001.
func promiseID(s string) bool {
	return len(s) == 5 && s[1] == '-' && strings.Trim(s[2:], "0123456789") == ""
}

// broken is the source of a pack with a defect put into it.
func broken(t *testing.T, pack string, d defect) string {
	t.Helper()
	src, err := policies.Files.ReadFile(pack + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := string(src)
	for _, e := range d.edits {
		if n := strings.Count(s, e[0]); n != 1 {
			t.Fatalf("the pack holds %d times what the defect replaces:\n%s", n, e[0])
		}
		s = strings.Replace(s, e[0], e[1], 1)
	}
	return s
}

// found are the findings of a source, each with the line it stands on.
func found(src string) ([]expectation, error) {
	_, all, err := policy.Load("pack.yaml", []byte(src), nil)
	var problems policy.Problems
	if errors.As(err, &problems) && all == nil {
		all = problems // the form of the file is broken already
	}
	lines := strings.Split(src, "\n")
	out := make([]expectation, len(all))
	for i, f := range all {
		out[i] = expectation{string(f.Severity), f.Code, strings.TrimSpace(lines[f.Pos.Line-1])}
	}
	return out, err
}

// in counts the findings that meet an expectation.
func (e expectation) in(all []expectation) int {
	n := 0
	for _, f := range all {
		if f.severity == e.severity && f.code == e.code && strings.Contains(f.line, e.line) {
			n++
		}
	}
	return n
}

func TestEveryDefectOfThePublishedTextsIsFoundWhereItStands(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(defects, "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no defects: %v", err)
	}
	sound := map[string][]expectation{}
	for _, file := range files {
		pack := filepath.Base(filepath.Dir(file))
		if sound[pack] == nil {
			sound[pack], _ = found(broken(t, pack, defect{}))
		}
		t.Run(pack+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			d := readDefect(t, file)
			got, err := found(broken(t, pack, d))
			if len(d.finds) == 0 {
				t.Fatal("the overlay does not say what is found")
			}
			for _, want := range d.finds {
				have, had := want.in(got), want.in(sound[pack])
				switch {
				case len(d.edits) == 0 && have == 0, len(d.edits) > 0 && have <= had:
					t.Errorf("not found: %v; new are %v", want, fresh(got, sound[pack]))
				case want.severity == "error" && err == nil:
					t.Errorf("the policy compiles in spite of %s", want.code)
				}
			}
		})
	}
}

// fresh are the findings that the sound pack does not have.
func fresh(got, sound []expectation) []expectation {
	return slices.DeleteFunc(got, func(f expectation) bool { return slices.Contains(sound, f) })
}

func TestADefectNamesPromisesOfItsPack(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(defects, "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	known, pack := map[string]bool{}, ""
	for _, file := range files {
		if dir := filepath.Base(filepath.Dir(file)); dir != pack {
			pack = dir
			p, _ := load(t, pack+".yaml")
			for _, c := range p.Clauses() {
				known[c.ID] = true
			}
		}
		for _, id := range readDefect(t, file).promises {
			if !known[id] {
				t.Errorf("%s: %s is no clause of the pack", file, id)
			}
		}
	}
}

// A promise that the lint keeps is shown by a defect that is found; the pack
// of another owner may have its overlays elsewhere still.
func TestWhatTheLintKeepsIsShownByADefect(t *testing.T) {
	packs, err := os.ReadDir(defects)
	if err != nil {
		t.Fatal(err)
	}
	for _, pack := range packs {
		shown := map[string]bool{}
		files, _ := filepath.Glob(filepath.Join(defects, pack.Name(), "*.txtar"))
		for _, file := range files {
			for _, id := range readDefect(t, file).promises {
				shown[id] = true
			}
		}
		p, _ := load(t, pack.Name()+".yaml")
		for _, c := range p.Clauses() {
			if slices.Contains(c.Keeps, policy.PolicyLint) && !shown[c.ID] {
				t.Errorf("%s keeps its word by the lint, and no defect shows it", c.ID)
			}
		}
	}
}
