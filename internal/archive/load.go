package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// A Loading is a store that has been loaded and is not yet to be served.
type Loading struct {
	Manifest Manifest
	db       *db.DB
}

// Finish says that everything a restore has to do with the store is done,
// erasures since the archive among it: from now on it can be opened.
func (l *Loading) Finish(ctx context.Context) error {
	if err := l.db.Release(ctx); err != nil {
		return fmt.Errorf("archive finish: %w", err)
	}
	return nil
}

// Load fills a store with the rows of an archive of the same store, on either
// engine. The archive is read twice, so that a damaged one changes nothing. It
// returns fault.Conflict when anything was written to the store before, or when
// its tables are not the archive's.
//
// From here until [Loading.Finish] db.Open refuses the store: whatever happens
// in between, a half-restored store is not served. Begin again with a new one.
func Load(ctx context.Context, path string, into *db.DB, p Progress) (*Loading, error) {
	m, err := Check(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	tables, err := fit(ctx, m, into)
	if err != nil {
		return nil, err
	}
	if err := fresh(ctx, into, tables); err != nil {
		return nil, err
	}
	if err := into.Hold(ctx, tables); err != nil {
		return nil, fmt.Errorf("archive load: %w", err)
	}
	byName := map[string]db.Table{}
	for _, t := range tables {
		byName[t.Name] = t
	}
	again, want, err := readFile(ctx, path, p, func(t Table, rows [][]any) error {
		return into.Fill(ctx, byName[t.Name], rows)
	})
	if err != nil {
		return nil, fmt.Errorf("archive load (the store is not usable; begin again with a new one): %w", err)
	}
	if !equal(m, again) {
		return nil, fault.New(fault.Conflict, "%s changed while it was read; begin again with a new store", path)
	}
	return &Loading{m, into}, compare(ctx, into, tables, want)
}

// equal compares two manifests as they stand in a file.
func equal(a, b Manifest) bool {
	x, err := a.MarshalJSON()
	y, err2 := b.MarshalJSON()
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// fit returns the tables of a store when they are those of the archive.
func fit(ctx context.Context, m Manifest, into *db.DB) (tables []db.Table, err error) {
	if m.Store != into.Store() {
		return nil, fault.New(fault.Invalid, "this is an archive of a %s store, and it was to be loaded into a %s store; name the right file", m.Store, into.Store())
	}
	var migrations []string
	err = into.Read(ctx, func(r *db.Snapshot) error {
		if migrations, err = into.Migrations(ctx, r); err == nil {
			tables, err = into.Catalogue(ctx, r)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive load: %w", err)
	}
	if !slices.Equal(migrations, m.Migrations) {
		return nil, fault.New(fault.Conflict, "the archive's tables were made by the migrations %v, this program's by %v; restore with the avow that wrote the archive, then let the newer one migrate", m.Migrations, migrations)
	}
	same := func(a Table, b db.Table) bool { return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) }
	if !slices.EqualFunc(m.Tables, tables, same) {
		return nil, fault.New(fault.Conflict, "the archive has other tables or columns than the store, though their migrations have the same names; restore with the avow that wrote the archive")
	}
	return tables, nil
}

// fresh refuses a store that does not hold exactly what a new one holds, which
// is not nothing: some tables are made with a row.
func fresh(ctx context.Context, d *db.DB, tables []db.Table) error {
	dir, err := os.MkdirTemp("", "avow-fresh-*")
	if err != nil {
		return fmt.Errorf("archive load: %w", err)
	}
	defer os.RemoveAll(dir)
	empty, err := db.Open(ctx, db.Config{Engine: db.SQLite, Store: d.Store(), File: filepath.Join(dir, "fresh.db")})
	if err != nil {
		return fmt.Errorf("archive load: %w", err)
	}
	defer empty.Close()
	var model []db.Table
	err = empty.Read(ctx, func(r *db.Snapshot) (err error) {
		model, err = empty.Catalogue(ctx, r)
		return err
	})
	if err != nil {
		return fmt.Errorf("archive load: %w", err)
	}
	want, err := digests(ctx, empty, model)
	if err != nil {
		return err
	}
	err = compare(ctx, d, tables, want)
	if fault.Of(err) == fault.Conflict {
		return fault.Wrap(fault.Conflict, err, "the store is not empty; an archive is loaded into a new, empty store only: name another file or schema")
	}
	return err
}

// compare refuses a store whose tables do not have these digests.
func compare(ctx context.Context, d *db.DB, tables []db.Table, want map[string]digest) error {
	got, err := digests(ctx, d, tables)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if got[t.Name] != want[t.Name] {
			return fault.New(fault.Conflict, "table %s does not hold what it should; begin again with a new store", t.Name)
		}
	}
	return nil
}

// digests sums up the rows of tables on one snapshot.
func digests(ctx context.Context, d *db.DB, tables []db.Table) (map[string]digest, error) {
	out := map[string]digest{}
	err := d.Read(ctx, func(r *db.Snapshot) error {
		for _, t := range tables {
			sum := sha256.New()
			var b []byte
			err := t.Each(ctx, r, func(row []any) (err error) {
				b, err = appendRow(b[:0], t.Columns, row)
				sum.Write(b)
				return errors.Join(err, ctx.Err())
			})
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			out[t.Name] = digest(sum.Sum(nil))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("archive compare: %w", err)
	}
	return out, nil
}
