package mysql

import (
	"strconv"
	"strings"

	"github.com/avow-dev/avow/connector/relational"
)

// batch is how many tuples one statement takes: MariaDB turns longer lists into
// tables of their own, and statements have a greatest length.
const batch = 400

// dialect implements [relational.Dialect].
type dialect struct{}

func (dialect) Quote(name string) string { return quote(name) }

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// Read gives integers and bytes as they are and everything else as text.
func (d dialect) Read(c *relational.Column) string {
	if c.Class == relational.ClassInteger || c.Class == relational.ClassBlob {
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

func (d dialect) Search(c *relational.Column) string { return d.Read(c) }

func (dialect) Bind(_ int, c *relational.Column) string {
	switch {
	case c.Class == relational.ClassBoolean:
		return "(? IN ('true', '1'))"
	case isSpatial(c):
		return "ST_GeomFromText(?)"
	}
	return "?"
}

// Text is in utf8mb4, whatever the column's own set of characters is. A column
// that is in it stays as it is, so that an index on an expression is found.
func (dialect) Text(c *relational.Column) string {
	switch {
	case c.Class == relational.ClassBoolean:
		return "CASE " + quote(c.Name) + " WHEN b'1' THEN 'true' WHEN b'0' THEN 'false' END"
	case isSpatial(c):
		return "ST_AsText(" + quote(c.Name) + ")"
	case strings.HasPrefix(c.Type, "bit"):
		return "CONVERT(" + quote(c.Name) + " + 0 USING utf8mb4)"
	case isText(c) && c.Collation == "":
		return quote(c.Name)
	}
	return "CONVERT(" + quote(c.Name) + " USING utf8mb4)"
}

func (d dialect) Fold(c *relational.Column) string {
	if c.Folded != nil {
		return d.Text(c.Folded)
	}
	return relational.Fold(d.Text(c))
}

func (d dialect) Digits(c *relational.Column) string {
	return "regexp_replace(" + d.Text(c) + ", '[^0-9]', '')"
}

// In compares twice: as the column does, which an index serves, and byte by byte,
// which decides.
func (dialect) In(expr string, texts []string, _ int) (string, []relational.Value) {
	args := make([]relational.Value, 0, 2*len(texts))
	for range 2 {
		for _, t := range texts {
			args = append(args, relational.TextValue(t))
		}
	}
	list := marks("?", len(texts))
	return "(" + expr + " IN " + list + " AND " + exactly(expr) + " IN " + list + ")", args
}

func exactly(expr string) string { return "CAST(" + expr + " AS BINARY)" }

func marks(mark string, n int) string {
	return "(" + strings.TrimSuffix(strings.Repeat(mark+", ", n), ", ") + ")"
}

// Among writes lists for one column and alternatives for several: MariaDB finds no
// index for lists of tuples.
func (d dialect) Among(columns []*relational.Column, tuples [][]relational.Value, _ int) (string, []relational.Value) {
	if len(columns) == 1 {
		if cond, args, ok := d.listed(columns[0], tuples); ok {
			return cond, args
		}
	}
	var any []string
	var args []relational.Value
	for _, t := range tuples {
		var all []string
		for i, v := range t {
			cond, more := d.equal(columns[i], v)
			all, args = append(all, cond), append(args, more...)
		}
		any = append(any, "("+strings.Join(all, " AND ")+")")
	}
	return "(" + strings.Join(any, " OR ") + ")", args
}

// listed is a condition on one column whose values all can be listed.
func (d dialect) listed(c *relational.Column, tuples [][]relational.Value) (string, []relational.Value, bool) {
	var args []relational.Value
	for _, t := range tuples {
		v, ok := fitting(c, t[0])
		if !ok || t[0].Kind == relational.Null {
			return "", nil, false
		}
		args = append(args, v)
	}
	name, mark := quote(c.Name), marks(compared(c), len(tuples))
	switch {
	case unlisted(c):
		return exactly(d.Text(c)) + " IN " + marks("?", len(tuples)), args, true
	case isText(c) && !c.Tied:
		return "(" + name + " IN " + mark + " AND " + exactly(d.Text(c)) + " IN " + marks("?", len(tuples)) + ")", append(args, args...), true
	}
	return name + " IN " + mark, args, true
}

// equal is a condition that a column has a value; NULL equals NULL.
func (d dialect) equal(c *relational.Column, v relational.Value) (string, []relational.Value) {
	name := quote(c.Name)
	if v.Kind == relational.Null {
		return name + " IS NULL", nil
	}
	v, ok := fitting(c, v)
	switch {
	case !ok:
		return "FALSE", nil
	case unlisted(c):
		return exactly(d.Text(c)) + " = ?", []relational.Value{v}
	case isText(c) && !c.Tied:
		return name + " = " + compared(c) + " AND " + exactly(d.Text(c)) + " = ?", []relational.Value{v, v}
	}
	return name + " = " + compared(c), []relational.Value{v}
}

// fitting turns a value into one that the column's type is compared with as it
// is: MySQL compares a text with a number by what number it begins with. ok is
// false for a value that the column cannot hold.
func fitting(c *relational.Column, v relational.Value) (relational.Value, bool) {
	switch {
	case v.Kind == relational.Null:
		return v, true
	case c.Class == relational.ClassInteger:
		if v.Kind == relational.Int {
			return v, true
		}
		if i, err := strconv.ParseInt(v.Plain(), 10, 64); err == nil {
			return relational.IntValue(i), true
		}
		_, err := strconv.ParseUint(v.Plain(), 10, 64)
		return relational.TextValue(v.Plain()), err == nil
	case c.Class == relational.ClassBlob:
		return relational.Value{Kind: relational.Blob, Str: v.Plain()}, true
	}
	return relational.TextValue(v.Plain()), true
}

// compared is the placeholder of a value that is compared with a column.
func compared(c *relational.Column) string {
	switch {
	case c.Class == relational.ClassInteger && strings.Contains(c.Type, "unsigned"):
		return "CAST(? AS UNSIGNED)"
	case c.Class == relational.ClassNumber:
		return "CAST(? AS DECIMAL(65,30))"
	case isText(c) && c.Collation != "":
		set, _, _ := strings.Cut(c.Collation, "_")
		return "CONVERT(? USING " + set + ") COLLATE " + c.Collation
	}
	return "?"
}

// unlisted reports whether values of a column are compared as texts, because its
// type has no equality that a text can be held against.
func unlisted(c *relational.Column) bool {
	switch c.Class {
	case relational.ClassJSON, relational.ClassOther, relational.ClassBoolean:
		return true
	case relational.ClassNumber:
		return !strings.HasPrefix(c.Type, "decimal")
	}
	return false
}

func isText(c *relational.Column) bool {
	return c.Class == relational.ClassText || c.Class == relational.ClassEnum
}

func isSpatial(c *relational.Column) bool {
	switch c.Type {
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection":
		return true
	}
	return false
}

func (dialect) Batch() int     { return batch }
func (dialect) Lock() string   { return " FOR UPDATE" }
func (dialect) Deferred() bool { return false }
