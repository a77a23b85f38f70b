package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"

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

// migrate brings a SQLite database up to date.
func (c *liteConn) migrate(ctx context.Context, d *DB, file string) error {
	have, err := files(d.config.Store, SQLite)
	if err != nil {
		return err
	}
	if err := c.c.Exec(`CREATE TABLE IF NOT EXISTS db_migration (
		name TEXT NOT NULL PRIMARY KEY, sum TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`); err != nil {
		return liteError(err)
	}
	recorded, err := recordedMigrations(ctx, &Snapshot{s: c})
	if err != nil {
		return err
	}
	todo, err := pending(have, recorded)
	if err != nil {
		return err
	}
	safety := file + "-before-migration"
	if len(todo) > 0 && len(recorded) > 0 {
		if err := c.copyBefore(safety); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
	}
	for _, m := range todo {
		if err := c.apply(ctx, m, d.Now().UnixMicro()); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	// A copy kept for longer would hold what is erased later (I-7).
	if err := os.Remove(safety); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// copyBefore writes a copy of the database to fall back to if the migration
// should be found wrong after it has been applied half: it is removed when all
// files have been applied.
func (c *liteConn) copyBefore(safety string) error {
	if err := os.Remove(safety); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := createPrivate(safety); err != nil {
		return err
	}
	_, err := c.exec(context.Background(), "VACUUM INTO $1", []value{{kind: text, s: safety}})
	return err
}

func (c *liteConn) apply(ctx context.Context, m migration, at int64) error {
	if err := c.do("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := liteError(c.c.Exec(m.sql))
	if err == nil {
		_, err = c.exec(ctx, insertMigration, []value{{kind: text, s: m.name}, {kind: text, s: m.sum}, {kind: integer, n: at}})
	}
	if err == nil {
		err = c.do("COMMIT")
	}
	if err != nil && !c.c.GetAutocommit() {
		c.do("ROLLBACK")
	}
	return err
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
