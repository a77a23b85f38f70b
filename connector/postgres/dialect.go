package postgres

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/connector/relational"
)

// batch is how many tuples one statement takes. They travel as arrays, one
// argument a column, so that rows of one table that point to one another can go
// in one statement.
const batch = 100_000

// dialect implements [relational.Dialect].
type dialect struct{}

func (dialect) Quote(name string) string { return quote(name) }

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// Read gives integers as they are and everything else as text.
func (d dialect) Read(c *relational.Column) string {
	if c.Class == relational.ClassInteger {
		return quote(c.Name)
	}
	return d.Text(c)
}

func (dialect) Size(c *relational.Column) string {
	if c.Class == relational.ClassBlob {
		return "octet_length(" + quote(c.Name) + ")"
	}
	return "CASE WHEN " + quote(c.Name) + " IS NULL THEN NULL ELSE 1 END"
}

// Search shows the readable bytes of a bytea as they are.
func (d dialect) Search(c *relational.Column) string {
	if c.Class == relational.ClassBlob {
		return "encode(" + quote(c.Name) + ", 'escape')"
	}
	return d.Text(c)
}

func (dialect) Bind(n int, c *relational.Column) string {
	return fmt.Sprintf("$%d::text::%s", n, c.Type)
}

func (dialect) Text(c *relational.Column) string { return quote(c.Name) + "::text" }

func (d dialect) Fold(c *relational.Column) string { return relational.Fold(d.Text(c)) }

func (d dialect) Digits(c *relational.Column) string {
	return "regexp_replace(" + d.Text(c) + ", '[^0-9]', '', 'g')"
}

func (dialect) In(expr string, texts []string, n int) (string, []relational.Value) {
	values := make([]relational.Value, len(texts))
	for i, t := range texts {
		values[i] = relational.TextValue(t)
	}
	return fmt.Sprintf("%s = ANY($%d::text::text[])", expr, n), []relational.Value{array(values)}
}

func (d dialect) Among(columns []*relational.Column, tuples [][]relational.Value, n int) (string, []relational.Value) {
	args := make([]relational.Value, len(columns))
	loose := false
	for i, c := range columns {
		column := make([]relational.Value, len(tuples))
		for j, t := range tuples {
			column[j] = t[i]
			loose = loose || t[i].Kind == relational.Null
		}
		args[i] = array(column)
		loose = loose || c.Class == relational.ClassJSON || c.Class == relational.ClassOther
	}
	if loose {
		return d.looselyAmong(columns, n), args
	}
	if len(columns) == 1 {
		return fmt.Sprintf("%s = ANY($%d::text::%s[])", quote(columns[0].Name), n, columns[0].Type), args
	}
	names, arrays := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], arrays[i] = quote(c.Name), fmt.Sprintf("$%d::text::%s[]", n+i, c.Type)
	}
	return fmt.Sprintf("(%s) IN (SELECT * FROM unnest(%s))", strings.Join(names, ", "), strings.Join(arrays, ", ")), args
}

// looselyAmong compares texts, NULL like any other: for types that have no
// equality and for rows without a primary key.
func (d dialect) looselyAmong(columns []*relational.Column, n int) string {
	var arrays, names, conds []string
	for i, c := range columns {
		name := fmt.Sprintf("avow_key_%d", i)
		arrays = append(arrays, fmt.Sprintf("$%d::text::text[]", n+i))
		names = append(names, name)
		conds = append(conds, d.Text(c)+" IS NOT DISTINCT FROM "+name)
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM unnest(%s) AS avow_keys(%s) WHERE %s)",
		strings.Join(arrays, ", "), strings.Join(names, ", "), strings.Join(conds, " AND "))
}

// array writes values as the text of a PostgreSQL array.
func array(values []relational.Value) relational.Value {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	b.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		if v.Kind == relational.Null {
			b.WriteString("NULL")
			continue
		}
		b.WriteByte('"')
		_, _ = escape.WriteString(&b, v.Plain())
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return relational.TextValue(b.String())
}

func (dialect) Batch() int     { return batch }
func (dialect) Lock() string   { return " FOR UPDATE" }
func (dialect) Deferred() bool { return false }
