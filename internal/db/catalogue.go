package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A Column is a column of a table: Type is int, text or bytes.
type Column struct{ Name, Type string }

// A Table is a table as the engine's own catalogue knows it, for work that must
// not forget one, such as an archive.
type Table struct {
	Name    string
	Columns []Column

	from   string     // SELECT … ORDER BY key, in the same order on both engines
	insert *Statement // one row
}

// unfinished is the name of the mark of [DB.Hold]. It stands among the
// migrations, so that Open refuses a database that bears it.
const unfinished = "restore has not finished"

const (
	// Table, column, type, place in the primary key (0: not in it), by place.
	liteColumns = `SELECT t.name, c.name, c.type, c.pk
		FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
		WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' ORDER BY t.name, c.cid`
	postColumns = `SELECT c.relname::text, a.attname::text, t.typname::text, coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY c.relname, a.attnum`
	deleteMark = `DELETE FROM db_migration WHERE name = $1`
)

// Store returns what the database is for.
func (d *DB) Store() Store { return d.config.Store }

// Migrations returns the names of the migrations that were applied, in order.
func (d *DB) Migrations(ctx context.Context, r Reader) ([]string, error) {
	list, err := recordedMigrations(ctx, r)
	var names []string
	for _, m := range list {
		if m.name != unfinished {
			names = append(names, m.name)
		}
	}
	return names, err
}

// Catalogue returns every table of the store but db_migration, by name.
func (d *DB) Catalogue(ctx context.Context, r Reader) ([]Table, error) {
	sql := liteColumns
	if d.config.Engine == Postgres {
		sql = postColumns
	}
	rows, err := r.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("db catalogue: %w", err)
	}
	defer rows.Close()
	var out []Table
	var keys []map[int]string // per table: place in the key → how to order by it
	for rows.Next() {
		var table, column, typ string
		var place int
		if err := rows.Scan(&table, &column, &typ, &place); err != nil {
			return nil, err
		}
		if table == "db_migration" {
			continue
		}
		kind, order, err := columnType(typ)
		if err != nil {
			return nil, fmt.Errorf("db catalogue: table %s, column %s: %w", table, column, err)
		}
		if len(out) == 0 || out[len(out)-1].Name != table {
			out, keys = append(out, Table{Name: table}), append(keys, map[int]string{})
		}
		t := &out[len(out)-1]
		t.Columns = append(t.Columns, Column{column, kind})
		if place > 0 {
			keys[len(keys)-1][place] = quote(column) + order
		}
	}
	for i := range out {
		if err := out[i].statements(keys[i]); err != nil {
			return nil, fmt.Errorf("db catalogue: table %s: %w", out[i].Name, err)
		}
	}
	slices.SortFunc(out, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return out, rows.Err()
}

// columnType translates an engine's type, and says how to order by it so that
// both engines have one order.
func columnType(typ string) (kind, order string, err error) {
	switch typ {
	case "INTEGER", "int8":
		return "int", "", nil
	case "BLOB", "bytea":
		return "bytes", "", nil
	case "TEXT":
		return "text", "", nil
	case "text":
		return "text", ` COLLATE "C"`, nil
	}
	return "", "", fmt.Errorf("type %q is not used in this house: INTEGER, TEXT, BLOB; BIGINT, TEXT, BYTEA", typ)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (t *Table) statements(key map[int]string) (err error) {
	if len(key) == 0 {
		return fmt.Errorf("it has no primary key: give it one")
	}
	var names, params, types, order []string
	for i, c := range t.Columns {
		names = append(names, quote(c.Name))
		params = append(params, fmt.Sprintf("$%d", i+1))
		types = append(types, c.Type)
	}
	for i := range len(key) {
		order = append(order, key[i+1])
	}
	list := strings.Join(names, ", ")
	t.from = "SELECT " + list + " FROM " + quote(t.Name) + " ORDER BY " + strings.Join(order, ", ")
	t.insert, err = newStatement("INSERT INTO "+quote(t.Name)+" ("+list+") VALUES ("+strings.Join(params, ", ")+")", strings.Join(types, " "))
	return err
}

// Count returns how many rows the table has.
func (t Table) Count(ctx context.Context, r Reader) (n int64, err error) {
	err = r.Row(ctx, "SELECT COUNT(1) FROM "+quote(t.Name)).Scan(&n)
	return n, err
}

// Each calls fn with every row, ordered by primary key, equally on both engines.
// A value is nil, int64, string or []byte; the row is fn's until it returns.
func (t Table) Each(ctx context.Context, r Reader, fn func(row []any) error) error {
	rows, err := r.Query(ctx, t.from)
	if err != nil {
		return err
	}
	defer rows.Close()
	ints, texts, blobs := make([]*int64, len(t.Columns)), make([]*string, len(t.Columns)), make([][]byte, len(t.Columns))
	dest, row := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i, c := range t.Columns {
		dest[i] = map[string]any{"int": &ints[i], "text": &texts[i], "bytes": &blobs[i]}[c.Type]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i, c := range t.Columns {
			row[i] = nil
			switch {
			case c.Type == "int" && ints[i] != nil:
				row[i] = *ints[i]
			case c.Type == "text" && texts[i] != nil:
				row[i] = *texts[i]
			case c.Type == "bytes" && blobs[i] != nil:
				row[i] = blobs[i]
			}
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Fill inserts rows, at most 500 in a call, in one transaction of low priority.
// Values are those of [Table.Each].
func (d *DB) Fill(ctx context.Context, t Table, rows [][]any) error {
	return d.Bulk(ctx, func(tx *Tx) error {
		for _, row := range rows {
			tx.Do(t.insert, row...)
		}
		return nil
	})
}

// Hold empties the tables of a database that nothing was written to yet and
// marks it as being filled, in one transaction. Until [DB.Release], Open refuses it.
func (d *DB) Hold(ctx context.Context, tables []Table) error {
	return d.Tx(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, insertMigration, unfinished, "", tx.Now().UnixMicro()); err != nil {
			return err
		}
		for _, t := range tables {
			if _, err := tx.Exec(ctx, "DELETE FROM "+quote(t.Name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Release takes away the mark of [DB.Hold], and lets the leases that came with the
// rows run out.
func (d *DB) Release(ctx context.Context) error {
	return d.Tx(ctx, func(tx *Tx) error {
		// Leases came with the rows. Who had them does not work on this store.
		if _, err := tx.Exec(ctx, endLeases); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, deleteMark, unfinished)
		return err
	})
}
