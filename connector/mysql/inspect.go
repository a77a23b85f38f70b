package mysql

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/avow-dev/avow/connector/relational"
	"github.com/avow-dev/avow/fault"
)

// What the catalogue says; in is the list of databases, as placeholders.
const (
	tiesSQL = `SELECT DISTINCT table_schema, referenced_table_schema FROM information_schema.key_column_usage
		WHERE referenced_table_schema IS NOT NULL AND referenced_table_schema <> table_schema`
	tablesSQL = `SELECT table_schema, table_name, table_type, engine FROM information_schema.tables
		WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_schema IN `
	columnsSQL = `SELECT table_schema, table_name, column_name, data_type, column_type, is_nullable = 'NO', generation_expression,
		character_maximum_length, character_set_name, collation_name FROM information_schema.columns WHERE table_schema IN `
	jsonSQL = `SELECT constraint_schema, table_name, constraint_name FROM information_schema.check_constraints
		WHERE level = 'Column' AND check_clause LIKE 'json\_valid(%' AND constraint_schema IN `
	indexesSQL = `SELECT table_schema, table_name, index_name, non_unique, column_name, sub_part IS NOT NULL, NULL
		FROM information_schema.statistics WHERE table_schema IN `
	expressionsSQL = `SELECT table_schema, table_name, index_name, non_unique, column_name, sub_part IS NOT NULL, expression
		FROM information_schema.statistics WHERE table_schema IN `
	foreignSQL = `SELECT k.table_schema, k.table_name, k.constraint_name, k.referenced_table_schema, k.referenced_table_name, k.column_name, k.referenced_column_name, r.delete_rule
		FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
		ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
		WHERE k.referenced_table_name IS NOT NULL AND k.table_schema IN `

	byTable  = " ORDER BY table_schema, table_name"
	byColumn = byTable + ", ordinal_position"
	byIndex  = byTable + ", index_name <> 'PRIMARY', index_name, seq_in_index"
	byKey    = " ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position"
)

// catalogue gathers what the queries give, by database and name.
type catalogue struct {
	own      string
	tables   map[[2]string]*relational.Table
	computed map[*relational.Column]string // expressions of columns
	led      map[*relational.Column]bool   // columns that an index begins with
	out      *relational.Schema
}

// Inspect implements [relational.Session].
func (s *session) Inspect(ctx context.Context) (*relational.Schema, error) {
	names, err := s.databases(ctx)
	if err != nil {
		return nil, err
	}
	c := &catalogue{
		own: s.name, tables: map[[2]string]*relational.Table{}, computed: map[*relational.Column]string{},
		led: map[*relational.Column]bool{}, out: &relational.Schema{},
	}
	for _, q := range c.queries(s.mariadb) {
		err := s.Query(ctx, q.sql+marks("?", len(names))+q.order, names, func(v []relational.Value) error { q.read(v); return nil })
		if err != nil {
			return nil, err
		}
	}
	for _, t := range c.out.Tables {
		if len(t.Key) == 0 {
			t.Key, t.Whole = slices.Clone(t.Columns), true
		}
		c.fold(t)
	}
	return c.out, nil
}

// databases returns that of the connection and those tied to it by foreign keys,
// and makes sure that each is shown whole.
func (s *session) databases(ctx context.Context) ([]relational.Value, error) {
	ties := map[string][]string{}
	err := s.Query(ctx, tiesSQL, nil, func(v []relational.Value) error {
		ties[v[0].Str] = append(ties[v[0].Str], v[1].Str)
		ties[v[1].Str] = append(ties[v[1].Str], v[0].Str)
		return nil
	})
	if err != nil {
		return nil, err
	}
	names := []string{s.name}
	for i := 0; i < len(names); i++ {
		for _, name := range ties[names[i]] {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	out := make([]relational.Value, len(names))
	for i, name := range names {
		if err := s.whole(ctx, name); err != nil {
			return nil, err
		}
		out[i] = relational.TextValue(name)
	}
	return out, nil
}

// noSuchTable is the code by which MySQL says that a table is not there, to whom
// it would show it.
const noSuchTable = 1146

// whole makes sure that every table of a database is shown to the role: to one
// that may read the database, MySQL says that a table is missing; to another, that
// it may not read it, and hides the tables it may not read.
func (s *session) whole(ctx context.Context, name string) error {
	rows, err := s.conn.QueryContext(ctx, "SELECT 1 FROM "+quote(name)+".avow_looks_for_no_table")
	if err == nil {
		rows.Close()
		return clean(ctx, rows.Err())
	}
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok && e.Number == noSuchTable {
		return nil
	} else if ok && kindOf(e) == forbidden {
		return fault.New(fault.Invalid, "the role may not read the whole database %s, and tables that it may not read are hidden from it: GRANT SELECT ON %s.* to it", name, quote(name))
	}
	return clean(ctx, err)
}

// A query reads one part of the catalogue.
type query struct {
	sql, order string
	read       func([]relational.Value)
}

func (c *catalogue) queries(mariadb bool) []query {
	all := []query{{tablesSQL, byTable, c.table}, {columnsSQL, byColumn, c.column}}
	if mariadb { // there JSON is a text with a condition, and indexes have no expressions
		return append(all, query{jsonSQL, "", c.json}, query{indexesSQL, byIndex, c.index()}, query{foreignSQL, byKey, c.foreign()})
	}
	return append(all, query{expressionsSQL, byIndex, c.index()}, query{foreignSQL, byKey, c.foreign()})
}

func (c *catalogue) find(database, name relational.Value) *relational.Table {
	return c.tables[[2]string{database.Str, name.Str}]
}

func (c *catalogue) table(v []relational.Value) {
	name := quote(v[0].Str) + "." + quote(v[1].Str)
	t := &relational.Table{Name: v[1].Str, Source: name, Target: name}
	if v[0].Str != c.own {
		t.Name = v[0].Str + "." + v[1].Str
	}
	switch {
	case v[2].Str != "BASE TABLE":
		t.Source += " FOR SYSTEM_TIME ALL"
		t.Unfit = t.Name + " keeps what is deleted as history (system versioning): ALTER TABLE " + name + " DROP SYSTEM VERSIONING"
	case !strings.EqualFold(v[3].Str, "InnoDB"):
		t.Unfit = t.Name + " is stored by " + v[3].Str + ", which has no transactions, so that an erasure could stop half-way: ALTER TABLE " + name + " ENGINE = InnoDB"
	}
	c.tables[[2]string{v[0].Str, v[1].Str}] = t
	c.out.Tables = append(c.out.Tables, t)
}

func (c *catalogue) column(v []relational.Value) {
	t := c.find(v[0], v[1])
	if t == nil {
		return // of a view
	}
	col := &relational.Column{Name: v[2].Str, Type: v[4].Str, Class: class(v[3].Str, v[4].Str), NotNull: v[5].Int != 0, Generated: v[6].Str != ""}
	switch v[3].Str {
	case "char", "varchar", "tinytext":
		col.MaxLen = int(v[7].Int)
	case "enum":
		col.Labels = labels(v[4].Str)
	}
	col.Blank = blank(v[3].Str, int(v[7].Int))
	if isText(col) && v[8].Str != "utf8mb4" {
		col.Collation = v[9].Str
	}
	if col.Generated {
		c.computed[col] = v[6].Str
	}
	t.Columns = append(t.Columns, col)
}

func (c *catalogue) json(v []relational.Value) {
	if t := c.find(v[0], v[1]); t != nil {
		if col := t.Column(v[2].Str); col != nil {
			col.Class, col.MaxLen = relational.ClassJSON, 0
		}
	}
}

// index reads the columns of indexes; the first unique one without NULLs, the
// primary key before others, tells rows apart.
func (c *catalogue) index() func([]relational.Value) {
	type one struct {
		t    *relational.Table
		name string
	}
	var now one
	chosen := map[*relational.Table]string{}
	usable := false
	return func(v []relational.Value) {
		t := c.find(v[0], v[1])
		if t == nil {
			return
		}
		if v[6].Kind != relational.Null {
			t.Indexes = append(t.Indexes, v[6].Str)
		}
		col := t.Column(v[4].Str)
		if next := (one{t, v[2].Str}); next != now {
			now, usable = next, v[3].Int == 0
			c.led[col] = true
		}
		if v[3].Int != 0 {
			return
		}
		if col != nil && v[2].Str != "PRIMARY" {
			col.Unique = true
		}
		usable = usable && col != nil && col.NotNull && v[5].Int == 0
		switch {
		case usable && (chosen[t] == "" || chosen[t] == v[2].Str):
			chosen[t] = v[2].Str
			t.Key = append(t.Key, col)
		case !usable && chosen[t] == v[2].Str:
			chosen[t], t.Key = "", nil
		}
	}
}

func (c *catalogue) foreign() func([]relational.Value) {
	last := ""
	return func(v []relational.Value) {
		t, to := c.find(v[0], v[1]), c.find(v[3], v[4])
		if t == nil || to == nil {
			return
		}
		if name := strings.Join([]string{v[0].Str, v[1].Str, v[2].Str}, "\x00"); name != last {
			last = name
			t.Foreign = append(t.Foreign, relational.ForeignKey{Table: to.Name, OnDelete: v[7].Str})
		}
		k := &t.Foreign[len(t.Foreign)-1]
		k.Columns, k.Refs = append(k.Columns, v[5].Str), append(k.Refs, v[6].Str)
		for _, col := range []*relational.Column{t.Column(v[5].Str), to.Column(v[6].Str)} {
			if col != nil {
				col.Tied = true
			}
		}
	}
}

// fold finds indexed columns that hold another one without case and outer blanks.
func (c *catalogue) fold(t *relational.Table) {
	for _, g := range t.Columns {
		flat := strings.NewReplacer("lcase(", "lower(", "`", "", " ", "").Replace(strings.ToLower(c.computed[g]))
		for _, col := range t.Columns {
			if c.led[g] && isText(g) && flat == "lower(trim("+strings.ToLower(col.Name)+"))" {
				col.Folded = g
				t.Indexes = append(t.Indexes, relational.Fold(col.Name))
			}
		}
	}
}

// class goes by the type. tinyint(1) stays a number: it may hold more than yes and
// no.
func class(name, full string) relational.Class {
	switch name {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "year":
		return relational.ClassInteger
	case "decimal", "float", "double":
		return relational.ClassNumber
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
		return relational.ClassText
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return relational.ClassBlob
	case "datetime", "timestamp", "time":
		return relational.ClassTime
	case "date", "json", "enum", "uuid":
		return relational.Class(name)
	case "inet4", "inet6":
		return relational.ClassNet
	}
	if full == "bit(1)" {
		return relational.ClassBoolean
	}
	return relational.ClassOther
}

// blank is what a cleared column holds where the usual placeholder lies outside
// the type: a timestamp begins in 1970, and fixed bytes are filled up.
func blank(name string, size int) string {
	switch name {
	case "timestamp":
		return "1970-01-02 00:00:00"
	case "time":
		return "00:00:00"
	case "year":
		return "1901"
	case "inet6":
		return "::"
	case "binary":
		return strings.Repeat("\x00", size)
	}
	return ""
}

var labelPattern = regexp.MustCompile(`'((?:[^']|'')*)'`)

// labels reads enum('calm','cross').
func labels(full string) (out []string) {
	for _, m := range labelPattern.FindAllStringSubmatch(full, -1) {
		out = append(out, strings.ReplaceAll(m[1], "''", "'"))
	}
	return out
}
