package db

import (
	"context"
	"fmt"
	"os"
)

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
	for _, batch := range batches(todo, recorded) {
		if err := c.apply(ctx, batch, d.Now().UnixMicro()); err != nil {
			return err
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

func (c *liteConn) apply(ctx context.Context, batch []migration, at int64) error {
	if err := c.do("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := c.applyAll(ctx, batch, at)
	if err == nil {
		err = c.do("COMMIT")
	}
	if err != nil && !c.c.GetAutocommit() {
		c.do("ROLLBACK")
	}
	return err
}

func (c *liteConn) applyAll(ctx context.Context, batch []migration, at int64) error {
	for _, m := range batch {
		if err := liteError(c.c.Exec(m.sql)); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		row := []value{{kind: text, s: m.name}, {kind: text, s: m.sum}, {kind: integer, n: at}}
		if _, err := c.exec(ctx, insertMigration, row); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}
