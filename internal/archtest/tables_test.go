package archtest

import (
	"go/ast"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// A place is a table in a store. The same name may exist in two stores.
type place struct{ store, table string }

func stores() []string { return []string{"data", "keys", "server"} }

// everyStore is the package whose tables exist in every store.
const everyStore = "internal/db"

func TestEachTableHasOneOwner(t *testing.T) { report(t, tables(repository(t))) }

func tables(tr *tree) (faults faults) {
	owners := claims(tr, &faults)
	made := map[place]string{} // to its migration
	for _, store := range stores() {
		for _, m := range migrationsOf(tr, store, "sqlite") {
			text, err := fs.ReadFile(tr.fsys, m)
			if err != nil {
				faults.add("%s: %v", m, err)
			}
			for _, c := range creates.FindAllStringSubmatch(string(text), -1) {
				made[place{store, c[1]}] = m
				if owners[place{store, c[1]}] == "" {
					faults.add("%s: nobody owns the table %s of the %s store: name it behind %q in the doc.go of its package", m, c[1], store, heading(store))
				}
			}
		}
	}
	for at, owner := range owners {
		if made[at] == "" && !madeByCode(at) {
			faults.add("package %s claims the table %s of the %s store, which no migration makes: write internal/db/migrations/%s/{sqlite,postgres}/NNNN_%s.sql, or correct doc.go",
				owner, at.table, at.store, at.store, path.Base(owner))
		}
	}
	all, more := statements(tr)
	faults = append(faults, more...)
	for _, s := range all {
		for _, table := range tablesOf(s.sql) {
			touch(&faults, owners, made, s.pkg, s.at, table)
		}
	}
	for _, v := range versioned(tr) {
		touch(&faults, owners, made, v.pkg, v.at, v.table)
	}
	return faults
}

// touch finds a package that names a table of another.
func touch(faults *faults, owners, made map[place]string, p *pkg, at, table string) {
	if catalog.MatchString(table) {
		if !mayNameSystemTables(p.path) {
			faults.add("%s: %s is a catalogue of one engine: ask internal/db", at, table)
		}
		return
	}
	others := []string{}
	for _, store := range stores() {
		if made[place{store, table}] != "" && owners[place{store, table}] == "" {
			return // said once, of its migration
		}
		switch o := owners[place{store, table}]; o {
		case p.path:
			return
		case "":
		default:
			others = append(others, o)
		}
	}
	if len(others) == 0 {
		faults.add("%s: nobody owns the table %s: name it behind %q in the doc.go of its package", at, table, heading("data"))
		return
	}
	faults.add("%s: package %s touches the table %s, which belongs to %s: call that package instead", at, p.path, table, strings.Join(slices.Compact(others), " and "))
}

func heading(store string) string {
	switch store {
	case "keys":
		return "Key tables:"
	case "server":
		return "Server tables:"
	}
	return "Tables:"
}

// claims reads the owners of tables from the package comments.
func claims(tr *tree, faults *faults) map[place]string {
	owners := map[place]string{}
	for _, p := range tr.packages {
		for _, m := range isTables.FindAllStringSubmatch(p.doc, -1) {
			in := []string{"data"}
			switch {
			case m[1] == "Key tables":
				in = []string{"keys"}
			case m[1] == "Server tables":
				in = []string{"server"}
			case p.path == everyStore:
				in = stores()
			}
			for table := range strings.SplitSeq(m[2], ",") {
				table = strings.TrimSpace(table)
				if table == "" || table == "none" {
					continue
				}
				for _, store := range in {
					at := place{store, table}
					if o := owners[at]; o != "" && o != p.path {
						faults.add("the table %s of the %s store is claimed by %s and by %s: leave it to one", table, store, o, p.path)
					}
					owners[at] = p.path
				}
			}
		}
	}
	return owners
}

func migrationsOf(tr *tree, store, engine string) []string {
	found, err := fs.Glob(tr.fsys, path.Join("internal/db/migrations", store, engine, "*.sql"))
	if err != nil {
		return nil // only a malformed pattern gives an error
	}
	return found
}

// A versionedRow is a db.Versioned literal.
type versionedRow struct {
	table, key, version string
	at                  string
	pkg                 *pkg
}

func versioned(tr *tree) (all []versionedRow) {
	for _, p := range tr.packages {
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok || len(lit.Elts) != 3 {
					return true
				}
				if from, name := f.qualified(lit.Type); from != module+"/internal/db" || name != "Versioned" {
					return true
				}
				v := versionedRow{at: f.at(lit), pkg: p}
				for i, field := range []*string{&v.table, &v.key, &v.version} {
					value := lit.Elts[i]
					if kv, ok := value.(*ast.KeyValueExpr); ok {
						value = kv.Value
						field = map[string]*string{"Table": &v.table, "Key": &v.key, "Version": &v.version}[kv.Key.(*ast.Ident).Name]
					}
					*field, _ = p.text(value)
				}
				all = append(all, v)
				return true
			})
		}
	}
	return all
}
