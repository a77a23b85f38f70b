package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// A statement is one SQL text of a package.
type statement struct {
	sql   string
	types string // of a db.Declare or db.DeclareQuery
	at    string
	pkg   *pkg
}

var (
	isSQL    = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)
	isQuiet  = regexp.MustCompile(`^\s*(select\s.*\sfrom\s|insert into\s|update\s+\w+\s+set\s|delete from\s)`)
	placed   = regexp.MustCompile(`%(\[\d+\])?[sdvq]`)
	token1   = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|[A-Za-z_][A-Za-z0-9_.]*|[(),]|\S`)
	catalog  = regexp.MustCompile(`^(pg_|sqlite_|pragma_|information_schema\.)`)
	isTables = regexp.MustCompile(`\b(Tables|Key tables|Server tables): ([a-z0-9_, ]+)\.`)
	creates  = regexp.MustCompile(`(?im)^\s*CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_]+)`)
)

// statements collects the SQL of everything that ships, and finds texts that
// cannot be read from the source.
func statements(tr *tree) (all []statement, faults faults) {
	for _, p := range tr.packages {
		if speaksForeignSQL(p.path) {
			continue
		}
		for _, f := range p.files {
			c := collector{file: f, seen: map[ast.Node]bool{}}
			ast.Inspect(f.ast, c.visit)
			all = append(all, c.found...)
			if !mayBuildSQL(p.path) {
				faults = append(faults, c.faults...)
			}
		}
	}
	return all, faults
}

type collector struct {
	file   *file
	seen   map[ast.Node]bool // parts of an expression that was read whole
	found  []statement
	faults faults
}

func (c *collector) visit(n ast.Node) bool {
	if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 && c.file.isDeclare(call.Fun) {
		c.declared(call)
		return true
	}
	e, ok := n.(ast.Expr)
	if !ok || c.seen[n] {
		return true
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return true
		}
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return true
		}
		c.whole(e)
	default:
		return true
	}
	text, constant := c.file.pkg.text(e)
	if constant {
		c.add(e, text, "")
	} else if head, ok := c.head(e); ok && isSQL.MatchString(head) {
		c.faults.add("%s: this SQL is put together while the program runs: write it as one constant with $1, so that it can be prepared by test", c.file.at(e))
	}
	return true
}

// isDeclare recognises db.Declare and db.DeclareQuery, and Declare inside
// internal/db.
func (f *file) isDeclare(e ast.Expr) bool {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name == "Declare" && f.pkg.path == "internal/db"
	}
	from, name := f.qualified(e)
	return (name == "Declare" || name == "DeclareQuery") && from == module+"/internal/db"
}

func (c *collector) declared(call *ast.CallExpr) {
	ast.Inspect(call.Args[0], func(n ast.Node) bool {
		if n != nil {
			c.seen[n] = true
		}
		return true
	})
	sql, ok := c.file.pkg.text(call.Args[0])
	types, ok2 := c.file.pkg.text(call.Args[1])
	if !ok || !ok2 {
		c.faults.add("%s: db.Declare takes constants, so that the statement can be prepared by test", c.file.at(call))
		return
	}
	c.add(call, sql, types)
}

func (c *collector) add(n ast.Expr, text, types string) {
	switch {
	case types == "" && isQuiet.MatchString(text):
		c.faults.add("%s: write the keywords of SQL in capitals, so that the statement is found and prepared by test", c.file.at(n))
	case types == "" && !isSQL.MatchString(text):
		return
	case placed.MatchString(text):
		c.faults.add("%s: this SQL is put together while the program runs: write it as one constant with $1, so that it can be prepared by test", c.file.at(n))
	default:
		c.found = append(c.found, statement{sql: text, types: types, at: c.file.at(n), pkg: c.file.pkg})
	}
}

// whole marks the parts of a sum, which are no statements of their own.
func (c *collector) whole(e *ast.BinaryExpr) {
	for _, part := range []ast.Expr{e.X, e.Y} {
		c.seen[part] = true
		if b, ok := part.(*ast.BinaryExpr); ok {
			c.whole(b)
		}
	}
}

// head is the constant beginning of a sum.
func (c *collector) head(e ast.Expr) (string, bool) {
	for {
		b, ok := e.(*ast.BinaryExpr)
		if !ok {
			return c.file.pkg.text(e)
		}
		e = b.X
	}
}

// tablesOf returns the tables that a statement names, without those it makes
// itself (WITH x AS …) and without functions.
func tablesOf(sql string) []string {
	words := words(sql)
	local := map[string]bool{}
	for i, w := range words {
		if w == "as" && i > 0 && i+1 < len(words) && words[i+1] == "(" {
			local[words[max(0, beforeColumns(words, i))]] = true
		}
	}
	var tables []string
	for i := 0; i < len(words); i++ {
		if !namesTable(words, i) {
			continue
		}
		for _, t := range tableList(words, i) {
			if !local[t] && !slices.Contains(tables, t) {
				tables = append(tables, t)
			}
		}
	}
	return tables
}

// words are the words and brackets of a statement, in lower case, without
// quoted texts and comments.
func words(sql string) (out []string) {
	for _, w := range token1.FindAllString(sql, -1) {
		switch {
		case strings.HasPrefix(w, "'"), strings.HasPrefix(w, "--"):
		case strings.HasPrefix(w, `"`):
			out = append(out, strings.ToLower(strings.Trim(w, `"`)))
		default:
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// beforeColumns is the index of the name before "as" at i, behind a list of
// columns where there is one: x (a, b) AS (.
func beforeColumns(words []string, i int) int {
	i--
	if words[i] != ")" {
		return i
	}
	for i > 0 && words[i] != "(" {
		i--
	}
	return i - 1
}

// namesTable reports whether a table follows the word at i.
func namesTable(words []string, i int) bool {
	before := func(n int) string {
		if i < n {
			return ""
		}
		return words[i-n]
	}
	switch words[i] {
	case "join", "into":
		return true
	case "update":
		return before(1) != "do" && before(1) != "for" && before(1) != "on"
	case "from":
		return before(1) != "distinct" || before(2) != "is" && before(2) != "not"
	}
	return false
}

// tableList reads the tables behind the word at i: one, or after FROM several
// with commas between.
func tableList(words []string, i int) (tables []string) {
	from := words[i] == "from" || words[i] == "join"
	for i++; i < len(words); i++ {
		for i < len(words) && (words[i] == "only" || words[i] == "lateral") {
			i++
		}
		if i >= len(words) || !isName(words[i]) {
			return tables
		}
		name := words[i]
		i++
		if from && i < len(words) && words[i] == "(" {
			return tables // a function
		}
		tables = append(tables, name)
		if i < len(words) && words[i] == "as" {
			i++
		}
		if i+1 < len(words) && isName(words[i]) && words[i+1] == "," {
			i++
		}
		if !from || i >= len(words) || words[i] != "," {
			return tables
		}
	}
	return tables
}

func isName(w string) bool { return w[0] == '_' || w[0] >= 'a' && w[0] <= 'z' }
