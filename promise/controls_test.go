package promise_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/policy"
)

// A source is the code that runs: every Go file of the module but for tests.
type source struct {
	ids  map[string]policy.Control // the constants of package policy, by name
	uses map[policy.Control][]string
}

// readSource finds the constants of controls and where they are used.
func readSource(t *testing.T) *source {
	t.Helper()
	s := &source{ids: map[string]policy.Control{}, uses: map[policy.Control][]string{}}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "../policy/control.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Control" {
				s.ids[v.Names[0].Name] = policy.Control(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))
			}
		}
		return true
	})
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		dir := filepath.Base(filepath.Dir(path))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "tools" || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"), dir == "promise",
			dir == "policy" && strings.HasPrefix(d.Name(), "control"):
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return nil // somebody is at it; the compiler says so
		}
		s.read(f, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// read notes every constant of a control that a file names: policy.X outside the
// package, X inside it.
func (s *source) read(f *ast.File, path string) {
	within := f.Name.Name == "policy"
	ast.Inspect(f, func(n ast.Node) bool {
		name := ""
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "policy" {
				name = n.Sel.Name
			}
		case *ast.Ident:
			if within {
				name = n.Name
			}
		}
		if c, ok := s.ids[name]; ok {
			s.uses[c] = append(s.uses[c], path)
		}
		return true
	})
}

// A control is called built when running code puts it into entries, or when the
// entries of another control show it too; one that nobody writes is not built.
func TestWhatIsCalledBuiltLeavesEvidence(t *testing.T) {
	s := readSource(t)
	catalogue := map[policy.Control]policy.ControlTitle{}
	for _, c := range policy.Controls() {
		catalogue[c.ID] = c
	}
	written := func(c policy.Control) bool { return len(s.uses[c]) > 0 || c == policy.TamperEvident }
	for _, c := range policy.Controls() {
		switch c.By {
		case policy.ByCode:
			through := slices.ContainsFunc(c.Through, written)
			if !written(c.ID) && !through {
				t.Errorf("%s is called built, and no code writes it as the control of an entry: write it, or call it NotBuilt in policy/control_*.go", c.ID)
			}
		case policy.ByPeople:
			if c.Duty == "" {
				t.Errorf("%s is kept by people and names no duty", c.ID)
			}
		default:
			if len(s.uses[c.ID]) > 0 {
				t.Errorf("%s is called not built, and code uses it: %v; make it ByCode", c.ID, s.uses[c.ID])
			}
		}
		for _, through := range c.Through {
			if catalogue[through].By != policy.ByCode {
				t.Errorf("%s is shown through %s, which no code keeps", c.ID, through)
			}
		}
	}
	for name, id := range s.ids {
		if _, ok := catalogue[id]; !ok {
			t.Errorf("policy.%s is no row of the catalogue: add it in policy/control_*.go", name)
		}
	}
}

// Two controls of one duty would both be kept by one signature.
func TestEveryDutyKeepsOneControl(t *testing.T) {
	seen := map[string]policy.Control{}
	for _, c := range policy.Controls() {
		if c.Duty == "" {
			continue
		}
		if other, twice := seen[c.Duty]; twice {
			t.Errorf("the duty %s keeps %s and %s", c.Duty, other, c.ID)
		}
		seen[c.Duty] = c.ID
	}
	p := pack(t, "")
	for _, d := range attestation.Duties(p) {
		if seen[d.Name] != d.Control {
			t.Errorf("the duty %s of the pack keeps %q, the catalogue says %q", d.Name, d.Control, seen[d.Name])
		}
	}
}
