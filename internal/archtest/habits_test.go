package archtest

import (
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

const (
	maxLines    = 500 // of a file that is not a test
	maxMakefile = 40
)

func TestEveryPackageSaysWhatItPromises(t *testing.T) { report(t, docs(repository(t))) }

func docs(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		if len(p.files) == 0 {
			continue
		}
		want := "Package " + p.name + " "
		if p.name == "main" {
			want = "Command " + path.Base(p.path) + " "
		}
		if !strings.HasPrefix(p.doc, want) {
			faults.add("package %s has no package comment: begin one in doc.go with %q", p.path, want)
		}
	}
	return faults
}

func TestNoPackageHasAVagueName(t *testing.T) { report(t, vagueNames(repository(t))) }

func vagueNames(tr *tree) (faults faults) {
	vague := []string{
		"util", "utils", "common", "helper", "helpers", "type", "types", "model", "models", "misc", "base", "core",
		"shared", "service", "services", "manager", "handler", "handlers", "lib", "pkg", "tool", "stuff", "data", "impl",
	}
	for _, p := range tr.packages {
		if name := path.Base(p.path); slices.Contains(vague, name) {
			faults.add("package %s: name it after what it holds, in a word of docs/glossary.md", p.path)
		}
	}
	return faults
}

func TestTimeComesFromTheAct(t *testing.T) { report(t, clocks(repository(t))) }

func clocks(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		if mayReadClock(p.path) {
			continue
		}
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					from, name := f.qualified(e)
					if from == "time" && slices.Contains([]string{"Now", "Since", "Tick"}, name) {
						faults.add("%s: time.%s reads the machine's clock: take business time from the act (Now of db.Act, db.Tx or db.DB)", f.at(n), name)
					}
				}
				return true
			})
		}
	}
	return faults
}

func TestASkippedTestSaysWhatIsMissing(t *testing.T) { report(t, skips(repository(t))) }

// skips finds tests that skip themselves without a word: what is missing, and so what
// was not looked at, has to stand in the output.
func skips(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		for _, f := range slices.Concat(p.files, p.tests) {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				s, ok := c.Fun.(*ast.SelectorExpr)
				if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name) && !saysWhy(c) && !maySkipInSilence(f.path) {
					faults.add("%s: %s without words: say what is missing", f.at(n), s.Sel.Name)
				}
				return true
			})
		}
	}
	return faults
}

// saysWhy reports whether a call begins with words of the source.
func saysWhy(c *ast.CallExpr) bool {
	if len(c.Args) == 0 {
		return false
	}
	e := c.Args[0]
	for sum, ok := e.(*ast.BinaryExpr); ok; sum, ok = e.(*ast.BinaryExpr) {
		e = sum.X
	}
	words, ok := e.(*ast.BasicLit)
	return ok && words.Kind == token.STRING && len(words.Value) > len(`""`)
}

func TestDriversStayBehindInternalDB(t *testing.T) { report(t, drivers(repository(t))) }

func drivers(tr *tree) (faults faults) {
	known := []string{
		"database/sql", "github.com/jackc/pgx", "github.com/jackc/puddle", "github.com/ncruces/go-sqlite3", "github.com/go-sql-driver/mysql",
		"zombiezen.com/go/sqlite", "modernc.org/sqlite", "github.com/mattn/go-sqlite3", "github.com/lib/pq",
	}
	for _, p := range tr.packages {
		if mayImportDriver(p.path) {
			continue
		}
		for _, im := range p.imports() {
			if slices.ContainsFunc(known, func(k string) bool { return im.path == k || strings.HasPrefix(im.path, k+"/") }) {
				faults.add("%s: package %s imports the driver %s: use internal/db, which makes both engines one", im.at, p.path, im.path)
			}
		}
	}
	return faults
}

func TestNoFileGrowsWithoutEnd(t *testing.T) { report(t, lengths(repository(t))) }

func lengths(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		for _, f := range p.files {
			if f.lines > maxLines {
				faults.add("%s has %d lines, %d are allowed: split it by noun", f.path, f.lines, maxLines)
			}
		}
	}
	if b, err := fs.ReadFile(tr.fsys, "Makefile"); err == nil {
		if n := strings.Count(string(b), "\n"); n > maxMakefile {
			faults.add("Makefile has %d lines, %d are allowed: move what it does into a command", n, maxMakefile)
		}
	}
	return faults
}

func TestEveryExportedNameHasAComment(t *testing.T) { report(t, comments(repository(t))) }

func comments(tr *tree) (faults faults) {
	const remedy = "%s: %s has no comment: say what it means, in which unit, and which errors there are"
	for _, p := range tr.packages {
		if p.name == "main" {
			continue
		}
		for _, f := range p.files {
			for _, d := range f.ast.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
						faults.add(remedy, f.at(d), d.Name.Name)
					}
				case *ast.GenDecl:
					for _, name := range uncommented(d) {
						faults.add(remedy, f.at(name), name.Name)
					}
				}
			}
		}
	}
	return faults
}

// exportedReceiver reports whether a function is no method, or one of an
// exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	return ast.IsExported(baseName(d.Recv.List[0].Type))
}

// baseName is the name of T in T, *T and T[P].
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	}
	return ""
}

// uncommented returns the exported names of a declaration that neither have a
// comment nor stand in a group that has one.
func uncommented(d *ast.GenDecl) (names []*ast.Ident) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && d.Doc == nil && s.Name.IsExported() {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			for _, n := range s.Names {
				if s.Doc == nil && s.Comment == nil && d.Doc == nil && n.IsExported() {
					names = append(names, n)
				}
			}
		}
	}
	return names
}

func TestNothingRunsBeforeMain(t *testing.T) { report(t, inits(repository(t))) }

func inits(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		for _, f := range p.files {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					faults.add("%s: init runs unasked: make it a function that the caller calls", f.at(d))
				}
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR && !mayKeepState(p.path) {
					for _, s := range g.Specs {
						state(f, s.(*ast.ValueSpec), &faults)
					}
				}
			}
		}
	}
	return faults
}

// state finds package-level variables that hold state: those without a value at
// start, and maps and slices, which anybody could change.
func state(f *file, v *ast.ValueSpec, faults *faults) {
	for i, name := range v.Names {
		if name.Name == "_" {
			continue // a check of the compiler's
		}
		if len(v.Values) <= i {
			if embedded(f, name) {
				continue
			}
			faults.add("%s: the package-level variable %s is state that nobody owns: put it into a type", f.at(name), name.Name)
			continue
		}
		if lit, ok := v.Values[i].(*ast.CompositeLit); ok {
			switch lit.Type.(type) {
			case *ast.MapType, *ast.ArrayType:
				faults.add("%s: the package-level variable %s can be changed by anybody: make it a constant, a switch or a function", f.at(name), name.Name)
			}
		}
	}
}

// embedded reports whether the line before a variable embeds a file.
func embedded(f *file, name *ast.Ident) bool {
	line := f.tree.fset.Position(name.Pos()).Line
	for _, group := range f.ast.Comments {
		for _, c := range group.List {
			at := f.tree.fset.Position(c.Pos()).Line
			if strings.HasPrefix(c.Text, "//go:embed") && at < line && line-at <= 2 {
				return true
			}
		}
	}
	return false
}

func TestBothEnginesHaveTheSameMigrations(t *testing.T) { report(t, migrationNames(repository(t))) }

func migrationNames(tr *tree) (faults faults) {
	for _, store := range stores() {
		names := map[string][]string{}
		for _, engine := range []string{"sqlite", "postgres"} {
			for _, m := range migrationsOf(tr, store, engine) {
				names[path.Base(m)] = append(names[path.Base(m)], engine)
			}
		}
		for name, engines := range names {
			if len(engines) == 1 {
				faults.add("internal/db/migrations/%s: only %s has %s: write it for the other engine too", store, engines[0], name)
			}
		}
	}
	return faults
}
