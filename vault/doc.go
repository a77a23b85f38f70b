// Package vault keeps personal values, sealed, and gives them out only against
// a [gate.Grant]. With the connectors it is the only pair of hands on personal
// data (I-2).
//
// # Rows
//
// Short values of one retention class that were given together share one row,
// sealed as one under one data key. The key belongs to (subject, class, period
// bucket), so whatever ends together dies together.
//
// # Using
//
// Facts are read and the policy decides; the sealed rows are read on a snapshot
// and opened here; one act is committed: the log entry, the disclosure if a
// recipient is named, on the precondition that the subject's version is still
// the one seen. Only then does plaintext leave this package (I-3). A lost
// precondition starts again with fresh facts.
//
// # Correcting and erasing
//
// A value that is corrected or erased takes its key with it. For one item: the
// survivors of the class are sealed under a new key and the old key dies. Every
// erasure runs in four durable steps, each idempotent, resumed by [Vault.Resume]
// after a crash:
//
//  1. intent (data): the keys that die stand in vault_erasure, the subject's
//     version moves; for everything, its state is erasing from here on
//  2. journal: what was erased, for restores of older archives
//  3. keys destroyed (keys): here the erasure is acknowledged
//  4. end (data): rows deleted, entry written, intent removed; WAL truncated within a second
//
// Between 1 and 3 a crash leaves values that nobody can use; after 3 values
// that nobody can read.
//
// Tables: vault_row, vault_erasure.
package vault
