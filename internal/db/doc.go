// Package db is the one place that knows which database engine is underneath.
//
// It promises that SQLite and PostgreSQL are one product (I-10): every
// statement is written once, with $1 parameters, and does the same on both.
//
// There are two forms of writing. An [Act] is declared: its inserts and guarded
// updates are listed, with the row versions it relies on, and [DB.Commit] merges
// the acts of all callers into one transaction and one fsync. [DB.Tx] is for
// everything rarer: a function of its own in its own transaction (PostgreSQL) or
// its own savepoint (SQLite). Both are all-or-nothing, and both are durable when
// they return nil. [DB.Bulk] is a Tx of low priority, for sweeps.
//
// Reading has three forms: [DB.Read] and [DB.Look] lend a connection for as long as
// a function runs; [DB.Ask] answers what many callers ask at the same time in one
// snapshot, on PostgreSQL with one statement and one round trip; an [Inquiry] asks
// several things about many at once, in one snapshot and one round trip.
//
// Business time comes from [DB.Now], [Act.Now] and [Tx.Now] (I-5): UTC
// microseconds, strictly increasing in one process. Leases alone use the
// database's real clock.
//
// At the first failed commit, fsync or disk error the database stops writing for
// good ([DB.Failed], [DB.Err]): what the disk holds is then not known, and only
// a new start can tell.
//
// Rules for what is written through acts, so that merging cannot be noticed:
//
//   - A row version moves by [Act.Change] or inside a Tx, never by a declared
//     statement. An act whose writes others must notice names the row in Change:
//     it never shares a moment with an act that requires the same row.
//   - An INSERT sees no other row of its own act or of its neighbours but through
//     the keys and foreign keys that bind them.
//   - A packed INSERT ([Statement.Packed]) becomes one row for all acts of a
//     group, written after the rest of them.
//   - An UPDATE or DELETE names its rows by key. [Statement.Must] makes the act
//     lose when it touches none.
//
// Personal values never appear in an error of this package (I-6): of the
// engine's message only what names tables, columns and constraints is kept.
//
// Tables: db_migration, db_number, db_lease.
package db
