package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A tree is the source of the module.
type tree struct {
	fsys     fs.FS
	fset     *token.FileSet
	packages []*pkg // by path
}

// A pkg is one package, its tests apart.
type pkg struct {
	path   string // inside the module; "." is its root
	name   string
	doc    string // with one space for every run of white space
	files  []*file
	tests  []*file           // of which the law asks little
	consts map[string]string // string constants of the package, by name
}

// A file is one source file.
type file struct {
	path  string
	lines int
	ast   *ast.File
	pkg   *pkg
	tree  *tree
}

// An imported is one import of a package.
type imported struct{ path, at string }

// faults are sentences about what breaks the law.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// report fails the test with every sentence.
func report(t *testing.T, f faults) {
	t.Helper()
	slices.Sort(f)
	for _, s := range slices.Compact(f) {
		t.Error(s)
	}
}

// repository parses this repository, once.
func repository(t *testing.T) *tree {
	t.Helper()
	tr, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

var load = sync.OnceValues(func() (*tree, error) { return parse(os.DirFS(filepath.Join("..", ".."))) })

// parse reads every package of the module in fsys. Folders that start with a
// dot, testdata and other modules are not of it.
func parse(fsys fs.FS) (*tree, error) {
	tr := &tree{fsys: fsys, fset: token.NewFileSet()}
	found := map[string]*pkg{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && skipped(fsys, name):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		return tr.read(found, name)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Sorted(maps.Keys(found)) {
		found[p].resolve()
		tr.packages = append(tr.packages, found[p])
	}
	return tr, nil
}

func skipped(fsys fs.FS, name string) bool {
	base := path.Base(name)
	if base == "testdata" || base == "bin" || base == "dist" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(name, "go.mod"))
	return err == nil
}

func (tr *tree) read(found map[string]*pkg, name string) error {
	src, err := fs.ReadFile(tr.fsys, name)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(tr.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	p := found[dir]
	if p == nil {
		p = &pkg{path: dir, consts: map[string]string{}}
		found[dir] = p
	}
	source := &file{path: name, lines: strings.Count(string(src), "\n"), ast: f, pkg: p, tree: tr}
	if strings.HasSuffix(name, "_test.go") {
		p.tests = append(p.tests, source) // and a package of tests only needs a row all the same
		return nil
	}
	p.name = f.Name.Name
	if f.Doc != nil {
		p.doc = strings.TrimSpace(p.doc + " " + strings.Join(strings.Fields(f.Doc.Text()), " "))
	}
	p.files = append(p.files, source)
	return nil
}

// resolve evaluates the package's string constants, in any order.
func (p *pkg) resolve() {
	for range 8 { // constants of constants of …
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				d, ok := n.(*ast.GenDecl)
				if !ok || d.Tok != token.CONST {
					return true
				}
				for _, s := range d.Specs {
					v := s.(*ast.ValueSpec)
					for i := range min(len(v.Names), len(v.Values)) {
						if text, ok := p.text(v.Values[i]); ok {
							p.consts[v.Names[i].Name] = text
						}
					}
				}
				return true
			})
		}
	}
}

// text returns the value of a constant string expression: literals, constants
// of the same package, and sums of those.
func (p *pkg) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.Ident:
		s, ok := p.consts[e.Name]
		return s, ok
	case *ast.ParenExpr:
		return p.text(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, ok := p.text(e.X)
			right, ok2 := p.text(e.Y)
			return left + right, ok && ok2
		}
	}
	return "", false
}

func (p *pkg) imports() (all []imported) {
	for _, f := range p.files {
		for _, im := range f.ast.Imports {
			s, err := strconv.Unquote(im.Path.Value)
			if err == nil {
				all = append(all, imported{s, f.at(im)})
			}
		}
	}
	return all
}

// at names the place of a node.
func (f *file) at(n ast.Node) string {
	pos := f.tree.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// importNamed returns the path of the package that name stands for in f, "" for
// a name that is no import.
func (f *file) importNamed(name string) string {
	for _, im := range f.ast.Imports {
		p, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			continue
		}
		if im.Name != nil && im.Name.Name == name || im.Name == nil && lastWord(p) == name {
			return p
		}
	}
	return ""
}

// lastWord is the usual package name of an import path: its last element that
// is not a version.
func lastWord(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(p))
	}
	return strings.TrimPrefix(base, "go-")
}

// qualified returns the import path and the name of pkg.Name.
func (f *file) qualified(e ast.Expr) (path, name string) {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	return f.importNamed(x.Name), s.Sel.Name
}
