package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"

	"github.com/avow-dev/avow/fault"
)

//go:embed migrations
var migrations embed.FS

// A migration is one file, applied once, in one transaction, and never changed.
type migration struct {
	name string // 0001_db.sql
	sum  string // SHA-256, hexadecimal
	sql  string
}

const (
	selectMigrations = `SELECT name, sum FROM db_migration ORDER BY name`
	insertMigration  = `INSERT INTO db_migration (name, sum, at) VALUES ($1, $2, $3)`
)

// files returns the migrations of a store for an engine, in order.
func files(store Store, engine Engine) ([]migration, error) {
	dir := path.Join("migrations", string(store), string(engine))
	names, err := fs.Glob(migrations, dir+"/*.sql")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fault.New(fault.Invalid, "database store %q: use %q, %q or %q", store, Data, Keys, Server)
	}
	var out []migration
	for _, name := range names { // Glob sorts
		b, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		out = append(out, migration{path.Base(name), hex.EncodeToString(sum[:]), string(b)})
	}
	return out, nil
}

// pending returns the files still to be applied. recorded is what the database
// says was applied before.
func pending(have, recorded []migration) ([]migration, error) {
	for i, r := range recorded {
		at := -1
		for j := range have {
			if have[j].name == r.name {
				at = j
			}
		}
		switch {
		case r.name == unfinished:
			return nil, fault.New(fault.Conflict, "a restore into this database was cut off: begin it again with a new, empty one")
		case at < 0:
			return nil, fault.New(fault.Conflict, "the database was made by a newer avow: it has migration %s, which this program does not know; use that version or a later one", r.name)
		case have[at].sum != r.sum:
			return nil, fault.New(fault.Conflict, "migration %s was changed after it had been applied to this database; use the avow that made it, or restore the file", r.name)
		case at != i:
			return nil, fault.New(fault.Conflict, "migration %s comes before %s, which this database already has; migrations only go forward: give the new one a higher number", have[i].name, r.name)
		}
	}
	return have[len(recorded):], nil
}

// batches cuts the files to be applied into transactions: each has its own, but
// a new database is made in one, whole or not at all.
func batches(todo, recorded []migration) [][]migration {
	if len(recorded) == 0 && len(todo) > 0 {
		return [][]migration{todo}
	}
	return slices.Collect(slices.Chunk(todo, 1))
}

func recordedMigrations(ctx context.Context, r Reader) ([]migration, error) {
	rows, err := r.Query(ctx, selectMigrations)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []migration
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.name, &m.sum); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}
