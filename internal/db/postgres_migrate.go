package db

import (
	"context"
	"fmt"
	"hash/fnv"

	"github.com/jackc/pgx/v5"
)

// migrateTo brings a PostgreSQL schema up to date. Nodes that start together
// wait for each other.
func (c *postConn) migrateTo(ctx context.Context, d *DB) (err error) {
	have, err := files(d.config.Store, Postgres)
	if err != nil {
		return err
	}
	h := fnv.New64a()
	fmt.Fprint(h, "avow migration ", d.config.Schema)
	lock := int64(h.Sum64())
	if _, err := c.c.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return postError(err)
	}
	defer c.c.Exec(ctx, "SELECT pg_advisory_unlock($1)", lock)
	if d.config.Schema != "" {
		if _, err := c.c.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{d.config.Schema}.Sanitize()); err != nil {
			return postError(err)
		}
	}
	if _, err := c.c.Exec(ctx, `CREATE TABLE IF NOT EXISTS db_migration (
		name TEXT NOT NULL PRIMARY KEY, sum TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
		return postError(err)
	}
	recorded, err := recordedMigrations(ctx, &Snapshot{s: c})
	if err != nil {
		return err
	}
	todo, err := pending(have, recorded)
	if err != nil {
		return err
	}
	for _, batch := range batches(todo, recorded) {
		if err := c.apply(ctx, batch, d.Now().UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

func (c *postConn) apply(ctx context.Context, batch []migration, at int64) error {
	tx, err := c.c.Begin(ctx)
	if err != nil {
		return postError(err)
	}
	defer tx.Rollback(ctx)
	for _, m := range batch {
		if _, err := tx.Exec(ctx, m.sql); err != nil { // no arguments: the whole script
			return fmt.Errorf("migration %s: %w", m.name, postError(err))
		}
		if _, err := tx.Exec(ctx, insertMigration, m.name, m.sum, at); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, postError(err))
		}
	}
	return postError(tx.Commit(ctx))
}
