package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// TestTransactionsOnlyWrite: everybody waits behind an open transaction, so
// sealing, hashing and the network have no place in one. Looked at is every
// function that takes a *db.Tx, and the functions of its package that it calls.
func TestTransactionsOnlyWrite(t *testing.T) { report(t, transactions(repository(t))) }

func transactions(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		functions := map[string][]*function{}
		for _, f := range p.files {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					functions[fn.Name.Name] = append(functions[fn.Name.Name], &function{f, fn})
				}
			}
		}
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Body != nil && takesTx(f, n.Type) {
						inside(f, n.Body, functions, &faults)
					}
				case *ast.FuncLit:
					if takesTx(f, n.Type) {
						inside(f, n.Body, functions, &faults)
					}
				}
				return true
			})
		}
	}
	return faults
}

type function struct {
	file *file
	decl *ast.FuncDecl
}

// takesTx reports whether a function has a parameter *db.Tx.
func takesTx(f *file, t *ast.FuncType) bool {
	for _, field := range t.Params.List {
		star, ok := field.Type.(*ast.StarExpr)
		if !ok {
			continue
		}
		from, name := f.qualified(star.X)
		if name == "Tx" && from == module+"/internal/db" {
			return true
		}
	}
	return false
}

// inside looks at a body that runs inside a transaction, and one level into the
// functions of the same package that it calls.
func inside(f *file, body *ast.BlockStmt, functions map[string][]*function, faults *faults) {
	calls(body, func(c *ast.CallExpr) {
		if what := forbidden(f, c); what != "" {
			faults.add("%s: %s inside a transaction: do it before, and hand in the result", f.at(c), what)
			return
		}
		for _, fn := range functions[called(f, c)] {
			calls(fn.decl.Body, func(inner *ast.CallExpr) {
				if what := forbidden(fn.file, inner); what != "" {
					faults.add("%s: %s inside a transaction, through %s at %s: do it before, and hand in the result",
						fn.file.at(inner), what, fn.decl.Name.Name, f.at(c))
				}
			})
		}
	})
}

func calls(body *ast.BlockStmt, each func(*ast.CallExpr)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			each(c)
		}
		return true
	})
}

// called is the name of a function or method that may be the package's own.
func called(f *file, c *ast.CallExpr) string {
	switch fun := c.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		if from, _ := f.qualified(fun); from != "" {
			return ""
		}
		// A method of a field (x.log.Append) is that of another type, mostly of another package.
		if _, ok := fun.X.(*ast.Ident); ok {
			return fun.Sel.Name
		}
	}
	return ""
}

// forbidden says what a call does that a transaction must not do; "" is nothing.
func forbidden(f *file, c *ast.CallExpr) string {
	from, name := f.qualified(c.Fun)
	switch {
	case from == "crypto/subtle" || from == "crypto/rand": // comparing and drawing are cheap
		return ""
	case strings.HasPrefix(from, "crypto/") || strings.HasPrefix(from, "golang.org/x/crypto/"):
		return lastWord(from) + "." + name + " hashes or seals"
	case strings.HasPrefix(from, "github.com/tink-crypto/"):
		return lastWord(from) + "." + name + " seals"
	case from == "net" || strings.HasPrefix(from, "net/") && from != "net/url" && from != "net/netip":
		return from + "." + name + " uses the network"
	case from == "golang.org/x/mod/sumdb/tlog" && slices.Contains([]string{"RecordHash", "NodeHash", "StoredHashes", "StoredHashesForRecordHash", "TreeHash", "ProveRecord", "ProveTree"}, name):
		return "tlog." + name + " hashes"
	case from == "golang.org/x/mod/sumdb/note":
		return "note." + name + " signs"
	}
	return sealing(c, from)
}

// sealing recognises the methods of seal.Keyring (and cipher.AEAD) by name and
// number of arguments: the parser knows no types.
func sealing(c *ast.CallExpr, from string) string {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || from != "" {
		return ""
	}
	args := 0
	switch s.Sel.Name {
	case "Seal", "Open":
		args = 4
	case "Index", "Secret", "Rotate":
		args = 2
	case "Destroy":
		args = max(2, len(c.Args))
	}
	if args == 0 || len(c.Args) != args {
		return ""
	}
	return s.Sel.Name + " seals, opens or destroys"
}
