package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector/relational"
)

const (
	tablesSQL = `SELECT l.name, l.wr FROM pragma_table_list AS l
		WHERE l.schema = 'main' AND l.type IN ('table', 'shadow') AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY l.name`
	columnsSQL = `SELECT c.name, c.type, c."notnull", c.pk, c.hidden FROM pragma_table_xinfo(?1) AS c ORDER BY c.cid`
	uniqueSQL  = `SELECT i.name FROM pragma_index_list(?1) AS l JOIN pragma_index_info(l.name) AS i WHERE l."unique" = 1 AND l.origin <> 'pk' AND i.name IS NOT NULL`
	indexesSQL = `SELECT m.sql FROM sqlite_schema AS m WHERE m.type = 'index' AND m.tbl_name = ?1 AND m.sql IS NOT NULL`
	foreignSQL = `SELECT f.id, f."table", f."from", f."to", f.on_delete FROM pragma_foreign_key_list(?1) AS f ORDER BY f.id, f.seq`
)

// Inspect implements [relational.Session]. Virtual tables are left out: what they
// store lies in shadow tables, which are read as the tables they are.
func (s *session) Inspect(ctx context.Context) (*relational.Schema, error) {
	out := &relational.Schema{}
	withoutRowID := map[*relational.Table]bool{}
	err := s.Query(ctx, tablesSQL, nil, func(v []relational.Value) error {
		t := &relational.Table{Name: v[0].Str, Source: quote(v[0].Str), Target: quote(v[0].Str)}
		withoutRowID[t] = v[1].Int != 0
		out.Tables = append(out.Tables, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range out.Tables {
		if err := s.table(ctx, t, withoutRowID[t]); err != nil {
			return nil, err
		}
	}
	for _, t := range out.Tables {
		if err := s.foreign(ctx, t, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *session) table(ctx context.Context, t *relational.Table, withoutRowID bool) error {
	name := []relational.Value{relational.TextValue(t.Name)}
	type part struct {
		n int64
		c *relational.Column
	}
	var key []part
	err := s.Query(ctx, columnsSQL, name, func(v []relational.Value) error {
		c := &relational.Column{Name: v[0].Str, Type: v[1].Str, Class: class(v[1].Str), NotNull: v[2].Int != 0, Generated: v[4].Int >= 2}
		t.Columns = append(t.Columns, c)
		if v[3].Int > 0 {
			key = append(key, part{v[3].Int, c})
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(key, func(a, b part) int { return int(a.n - b.n) })
	for _, p := range key {
		p.c.NotNull = p.c.NotNull || withoutRowID
		t.Key = append(t.Key, p.c)
	}
	if len(t.Key) == 0 {
		t.Key = []*relational.Column{rowID(t)}
	}
	err = s.Query(ctx, uniqueSQL, name, func(v []relational.Value) error {
		if c := t.Column(v[0].Str); c != nil {
			c.Unique = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Query(ctx, indexesSQL, name, func(v []relational.Value) error {
		t.Indexes = append(t.Indexes, v[0].Str)
		return nil
	})
}

// rowID is the row number under a name that no column of the table takes.
func rowID(t *relational.Table) *relational.Column {
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		taken := slices.ContainsFunc(t.Columns, func(c *relational.Column) bool { return strings.EqualFold(c.Name, name) })
		if !taken {
			return &relational.Column{Name: name, Class: relational.ClassInteger, NotNull: true, RowID: true}
		}
	}
	return &relational.Column{Name: "rowid", Class: relational.ClassInteger, NotNull: true, RowID: true}
}

// foreign reads the foreign keys. SQLite compares names without regard to case,
// and a key that names no columns points to the primary key.
func (s *session) foreign(ctx context.Context, t *relational.Table, all *relational.Schema) error {
	last := int64(-1)
	var keys []relational.ForeignKey
	err := s.Query(ctx, foreignSQL, []relational.Value{relational.TextValue(t.Name)}, func(v []relational.Value) error {
		if v[0].Int != last {
			last = v[0].Int
			keys = append(keys, relational.ForeignKey{Table: v[1].Str, OnDelete: v[4].Str, Deferrable: v[4].Str != "RESTRICT"})
		}
		k := &keys[len(keys)-1]
		k.Columns = append(k.Columns, same(t, v[2].Str))
		k.Refs = append(k.Refs, v[3].Str)
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range keys {
		i := slices.IndexFunc(all.Tables, func(o *relational.Table) bool { return strings.EqualFold(o.Name, k.Table) })
		if i < 0 {
			continue
		}
		to := all.Tables[i]
		k.Table = to.Name
		for j := range k.Refs {
			switch {
			case k.Refs[j] == "" && j < len(to.Key):
				k.Refs[j] = to.Key[j].Name
			default:
				k.Refs[j] = same(to, k.Refs[j])
			}
		}
		t.Foreign = append(t.Foreign, k)
	}
	return nil
}

// same returns the column's name as the table writes it.
func same(t *relational.Table, name string) string {
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name, name) {
			return c.Name
		}
	}
	return name
}

// class goes by the declared type, as SQLite's affinities do.
func class(declared string) relational.Class {
	d := strings.ToUpper(declared)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(d, w) })
	}
	switch {
	case has("INT", "BOOL"):
		return relational.ClassInteger
	case has("JSON"):
		return relational.ClassJSON
	case has("CHAR", "CLOB", "TEXT"):
		return relational.ClassText
	case has("DATETIME", "TIMESTAMP"):
		return relational.ClassTime
	case has("DATE"):
		return relational.ClassDate
	case has("BLOB"):
		return relational.ClassBlob
	case has("REAL", "FLOA", "DOUB", "NUM", "DEC"):
		return relational.ClassNumber
	}
	return relational.ClassText
}
