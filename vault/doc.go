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
// precondition starts again with fresh facts. A use for many ([Vault.UseMany]) reads
// the facts, rows and keys of all together and is one act, with a decision, a
// precondition and an entry for each.
//
// # Correcting and erasing
//
// A value that is corrected or erased takes its key with it. For one item: the
// survivors of the class are sealed under a new key and the old key dies. Each step is
// durable and idempotent; [Vault.Resume] takes them up after a crash, and
// [Vault.TakeUp] what a node that stays up has given up:
//
//  1. intent (data): the keys that die stand in vault_erasure, the rows under them are
//     deleted or sealed anew, the subject's version moves; for everything, its state
//     is erasing from here on
//  2. journal: what was erased, for restores of older archives
//  3. keys destroyed (keys), beside 2: when both are done, a correction is acknowledged,
//     and an erasure after 4
//  4. others let go ([Holders]): packages that wait to be fetched
//  5. end (data): entry written, intent removed, together with those of others; WAL
//     truncated within a second
//
// Between 1 and 3 a crash leaves values that nobody can use; after 3 values
// that nobody can read. Step 5 follows within milliseconds: [Vault.Await] waits for it,
// and so does everything that states that an erasure is complete. Only the rows of
// somebody with very many are deleted after 3, and before the answer.
//
// Tables: vault_row, vault_erasure.
package vault
