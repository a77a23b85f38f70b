package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector/relational"
)

// known is every table that stores rows, in every schema but the engine's own.
const known = `WITH known AS (
	SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'
	AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)') `

const (
	tablesSQL = known + `SELECT k.oid::bigint, k.nspname::text, k.relname::text, k.relkind::text,
		(SELECT i.inhparent::bigint FROM pg_catalog.pg_inherits i WHERE i.inhrelid = k.oid ORDER BY i.inhseqno LIMIT 1)
		FROM known k ORDER BY k.nspname, k.relname`
	columnsSQL = known + `SELECT a.attrelid::bigint, a.attnum::int, a.attname::text,
		pg_catalog.format_type(b.oid, -1), b.typcategory::text, b.typtype::text, b.typname::text,
		a.attnotnull::int, (a.attgenerated <> '' OR a.attidentity = 'a')::int,
		CASE WHEN b.typname IN ('varchar', 'bpchar') THEN greatest(coalesce(nullif(a.atttypmod, -1), nullif(t.typtypmod, -1), 4) - 4, 0) ELSE 0 END,
		coalesce((SELECT string_agg(e.enumlabel, chr(10) ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.oid), '')
		FROM known k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped
		JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
		JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
		ORDER BY a.attrelid, a.attnum`
	indexesSQL = known + `SELECT i.indrelid::bigint, i.indisprimary::int, i.indisunique::int,
		(i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid)::int, i.indexrelid::bigint, a.attname::text, pg_catalog.pg_get_indexdef(i.indexrelid)
		FROM known k JOIN pg_catalog.pg_index i ON i.indrelid = k.oid
		CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS u(attnum, n)
		LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum AND u.attnum > 0
		WHERE u.n <= i.indnkeyatts ORDER BY i.indrelid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid, u.n`
	foreignSQL = known + `SELECT f.conrelid::bigint, f.oid::bigint, f.confrelid::bigint, a.attname::text, b.attname::text,
		CASE f.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END,
		f.condeferrable::int
		FROM known k JOIN pg_catalog.pg_constraint f ON f.conrelid = k.oid AND f.contype = 'f'
		CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS u(x, y, n)
		JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = u.x
		JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = u.y
		ORDER BY f.conrelid, f.conname, u.n`
)

// catalogue gathers what the queries give, by object id.
type catalogue struct {
	schema  string
	tables  map[int64]*relational.Table
	parents map[*relational.Table]int64
	out     *relational.Schema
}

// Inspect implements [relational.Session].
func (s *session) Inspect(ctx context.Context) (*relational.Schema, error) {
	c := &catalogue{schema: s.schema, tables: map[int64]*relational.Table{}, parents: map[*relational.Table]int64{}, out: &relational.Schema{}}
	for _, q := range []struct {
		sql  string
		read func([]relational.Value)
	}{{tablesSQL, c.table}, {columnsSQL, c.column}, {indexesSQL, c.index()}, {foreignSQL, c.foreign()}} {
		err := s.Query(ctx, q.sql, nil, func(v []relational.Value) error { q.read(v); return nil })
		if err != nil {
			return nil, err
		}
	}
	for _, t := range c.out.Tables {
		if p := c.tables[c.parents[t]]; p != nil {
			t.Parent = p.Name
		}
		if len(t.Key) == 0 {
			t.Key, t.Whole = slices.Clone(t.Columns), true
		}
	}
	return c.out, nil
}

func (c *catalogue) table(v []relational.Value) {
	name := quote(v[1].Str) + "." + quote(v[2].Str)
	t := &relational.Table{Name: v[2].Str, Source: "ONLY " + name, Target: "ONLY " + name, Copy: v[3].Str == "m"}
	if v[1].Str != c.schema {
		t.Name = v[1].Str + "." + v[2].Str
	}
	if v[3].Str != "r" {
		t.Source, t.Target = name, name
	}
	c.tables[v[0].Int] = t
	if v[4].Kind != relational.Null {
		c.parents[t] = v[4].Int
	}
	c.out.Tables = append(c.out.Tables, t)
}

func (c *catalogue) column(v []relational.Value) {
	t := c.tables[v[0].Int]
	if t == nil {
		return
	}
	col := &relational.Column{
		Name: v[2].Str, Type: v[3].Str, Class: class(v[4].Str, v[5].Str, v[6].Str),
		NotNull: v[7].Int != 0, Generated: v[8].Int != 0, MaxLen: int(v[9].Int),
	}
	if v[10].Str != "" {
		col.Labels = strings.Split(v[10].Str, "\n")
	}
	t.Columns = append(t.Columns, col)
}

// index reads the columns of indexes; the first unique one without NULLs, the
// primary key before others, tells rows apart.
func (c *catalogue) index() func([]relational.Value) {
	chosen := map[*relational.Table]int64{}
	parts := map[int64][]*relational.Column{}
	return func(v []relational.Value) {
		t := c.tables[v[0].Int]
		if t == nil {
			return
		}
		t.Indexes = append(t.Indexes, v[6].Str)
		col := t.Column(v[5].Str)
		if v[2].Int == 0 || col == nil {
			return
		}
		if v[1].Int == 0 {
			col.Unique = true
		}
		index := v[4].Int
		parts[index] = append(parts[index], col)
		usable := v[3].Int != 0
		for _, p := range parts[index] {
			usable = usable && p.NotNull
		}
		switch {
		case usable && chosen[t] == 0:
			chosen[t] = index
			t.Key = parts[index]
		case usable && chosen[t] == index:
			t.Key = parts[index]
		case !usable && chosen[t] == index:
			chosen[t], t.Key = 0, nil
		}
	}
}

func (c *catalogue) foreign() func([]relational.Value) {
	last := int64(0)
	return func(v []relational.Value) {
		t, to := c.tables[v[0].Int], c.tables[v[2].Int]
		if t == nil || to == nil {
			return
		}
		if v[1].Int != last {
			last = v[1].Int
			t.Foreign = append(t.Foreign, relational.ForeignKey{Table: to.Name, OnDelete: v[5].Str, Deferrable: v[6].Int != 0})
		}
		k := &t.Foreign[len(t.Foreign)-1]
		k.Columns, k.Refs = append(k.Columns, v[3].Str), append(k.Refs, v[4].Str)
	}
}

// class sorts types by PostgreSQL's own categories.
func class(category, kind, name string) relational.Class {
	switch name {
	case "int2", "int4", "int8":
		return relational.ClassInteger
	case "json", "jsonb":
		return relational.ClassJSON
	case "bytea":
		return relational.ClassBlob
	case "uuid":
		return relational.ClassUUID
	case "date":
		return relational.ClassDate
	case "citext":
		return relational.ClassText
	}
	switch {
	case kind == "e":
		return relational.ClassEnum
	case category == "S":
		return relational.ClassText
	case category == "N":
		return relational.ClassNumber
	case category == "B":
		return relational.ClassBoolean
	case category == "D":
		return relational.ClassTime
	case category == "A":
		return relational.ClassArray
	case category == "I":
		return relational.ClassNet
	}
	return relational.ClassOther
}
