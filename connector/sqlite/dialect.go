package sqlite

import (
	"strconv"
	"strings"

	"github.com/avow-dev/avow/connector/relational"
)

// batch is how many tuples one statement takes: SQLite allows 32766 arguments and
// plans long lists slowly.
const batch = 400

// dialect implements [relational.Dialect].
type dialect struct{}

func (dialect) Quote(name string) string { return quote(name) }

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (dialect) Read(c *relational.Column) string {
	if c.RowID {
		return c.Name // rowid, _rowid_ or oid: quoted it could be taken for text
	}
	return quote(c.Name)
}

func (d dialect) Size(c *relational.Column) string {
	return "CASE typeof(" + d.Read(c) + ") WHEN 'blob' THEN length(" + d.Read(c) + ") ELSE " + d.Read(c) + " END"
}

func (d dialect) Search(c *relational.Column) string { return d.Read(c) }

func (dialect) Bind(n int, _ *relational.Column) string { return "?" + strconv.Itoa(n) }

func (d dialect) Text(c *relational.Column) string { return "CAST(" + d.Read(c) + " AS TEXT)" }

func (d dialect) Fold(c *relational.Column) string { return relational.Fold(d.Text(c)) }

// Digits takes out what people write between digits.
func (d dialect) Digits(c *relational.Column) string {
	expr := d.Text(c)
	for _, sep := range []string{" ", "+", "(", ")", "-", ".", "/", "\u00a0"} {
		expr = "replace(" + expr + ", '" + sep + "', '')"
	}
	return expr
}

func (dialect) In(expr string, texts []string, n int) (string, []relational.Value) {
	args := make([]relational.Value, len(texts))
	marks := make([]string, len(texts))
	for i, t := range texts {
		args[i], marks[i] = relational.TextValue(t), "?"+strconv.Itoa(n+i)
	}
	return expr + " IN (" + strings.Join(marks, ", ") + ")", args
}

func (d dialect) Among(columns []*relational.Column, tuples [][]relational.Value, n int) (string, []relational.Value) {
	var args []relational.Value
	var listed, lone []string
	for _, t := range tuples {
		null := false
		for _, v := range t {
			null = null || v.Kind == relational.Null
		}
		marks := make([]string, len(t))
		for i, v := range t {
			marks[i] = "?" + strconv.Itoa(n+len(args))
			if null {
				marks[i] = d.Read(columns[i]) + " IS " + marks[i]
			}
			args = append(args, v)
		}
		switch {
		case null:
			lone = append(lone, "("+strings.Join(marks, " AND ")+")")
		case len(t) == 1:
			listed = append(listed, marks[0])
		default:
			listed = append(listed, "("+strings.Join(marks, ", ")+")")
		}
	}
	if len(listed) > 0 {
		cols := make([]string, len(columns))
		for i, c := range columns {
			cols[i] = d.Read(c)
		}
		if len(columns) == 1 {
			lone = append(lone, cols[0]+" IN ("+strings.Join(listed, ", ")+")")
		} else {
			lone = append(lone, "("+strings.Join(cols, ", ")+") IN (VALUES "+strings.Join(listed, ", ")+")")
		}
	}
	return "(" + strings.Join(lone, " OR ") + ")", args
}

func (dialect) Batch() int     { return batch }
func (dialect) Lock() string   { return "" }
func (dialect) Deferred() bool { return true }
