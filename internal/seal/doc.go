// Package seal seals personal data and keeps the keys.
//
// It promises that a value opens only in its place, under its key, on its
// platform (AES-256-GCM with associated data); that a key is durable before the
// first value under it and never handed out twice; and that after
// [Keyring.Destroy] and the next rotation nothing sealed under a key can be had
// from any file, WAL, log or archive with all current keys in hand (I-7).
//
// [Personal] is a value in clear that prints as [personal] (I-6). No key, secret
// or value appears in an error of this package.
//
// # What is where
//
//	data store   subject_key: which keys a subject's values are sealed under; sealed values
//	keys store   data_key: data keys, wrapped under the key of their epoch
//	epoch store  the epoch key, outside both: a file, or a service that can forget
//	key service  seals the epoch store: tink.AEAD; by default a keyset in a file
//
// K(e+1) = HKDF(K(e)): whoever has an epoch key has the later ones, and not the
// earlier. A rotation re-wraps the living keys and overwrites the old epoch key,
// so old copies of the keys store die with their epoch.
//
// # The protocol of the two stores
//
// No commit spans two stores. What is written where, in which order, and what a
// cut after each step leaves; model_test.go tries it with cuts between any two
// steps, two nodes and restores, and shows that each other order is wrong.
//
// New key: [Keyring.Next] hands out a key from a pool.
//
//  1. keys: insert wrapped keys and reserve the ids of the next; guarded by the
//     row that says which epoch is current. Cut: keys that nobody names; the
//     sweep destroys them after an hour.
//  2. memory: hand out one. Cut: likewise.
//
// Collect: facts and the subject's version are read first; sealing is outside the act.
//
//  1. data: the act binds the key ([Keyring.Bind]) and writes the sealed value,
//     on the precondition of the version. Cut before: nothing happened. After:
//     acknowledged.
//
// Erase a subject or a class; acknowledged when 2 and 3 are both done, which go in
// either order.
//
//  1. data: one act takes the rows and the bindings away and writes the intent: the
//     keys to destroy, and what the journal will get. Uses and collects refuse from
//     here. The keys are not read again: a node that fell asleep would destroy the
//     keys of what was collected since.
//  2. journal: the record. An acknowledged erasure that is in no journal comes back
//     with a restore.
//  3. keys: Destroy.
//  4. data: the intent goes, guarded by its version; many at once, and soon.
//     Cut after 1, 2 or 3: the intent leads whoever finds it through 2 to 4 again.
//
// Re-key (erase one item, correct a value); acknowledged likewise.
//
//  1. data: one act writes the survivors under a new key, binds it and names the
//     old key as doomed, with the record that the journal will get. It is lost where
//     a row has come under the old key since the survivors were read.
//  2. journal: the record of an erased item. After the act: a copy of the data
//     between the two would lack the re-keying, and its head would not.
//  3. keys: Destroy the old key and every other doomed key of the subject's
//     class: a value that moved from key to key is sealed under each of them.
//  4. data: the doomed keys go. Cut after 1, 2 or 3: whoever finds a doomed key goes
//     on at 2.
//
// Rotate ([Keyring.Rotate]).
//
//  1. epoch store: K(e+1) beside K(e). Cut: two epochs, the old one current.
//  2. keys: e+1 becomes current; the rotation has begun. Cut: new keys are made
//     in e+1, old ones open in e.
//  3. keys: re-wrap, in chunks; each row guarded by the epoch it had.
//  4. keys: nothing is left in e; SQLite's WAL is emptied.
//  5. epoch store: K(e) is overwritten. Cut: all is done but the note.
//  6. keys: the time is noted. Not before 5: silence would be promised too early.
//
// Whoever rotates next takes up an unfinished rotation. When step 2 finds K(e+1)
// in the epoch store although no rotation had begun, the rotation counts for no
// silence, and another follows (see rotate.go).
//
// Replace the master key ([MasterFile.Rotate]): a second key in the keyset, every
// epoch file sealed anew and tried, the old key taken out and its file
// overwritten. Each step may be done again; the epochs open after a cut between
// any two. With a key service, [Reseal] is what is left to do.
//
// Sweep ([Keyring.Sweep]).
//
//  1. data: a fence row takes the place of a binding for each key that is not
//     named. Cut: an act that binds the key now is lost, not its value.
//  2. keys: Destroy. 3. data, a day later: the fences go.
//
// Back up: the journal's head is read before the data is copied; an erasure in
// between is then done again, and would be missing the other way round. The
// archive of the keys is its own, and opens in its own epoch only: make one after
// each rotation. The epoch store and the key service's keyset are in no archive.
//
// Restore; nothing is served before the end, and a cut begins again.
//
//  1. The stores are put back; the keys store, or the current one stays.
//  2. [Open] with Config.Restoring; it refuses a keys store of another epoch.
//  3. Every record of the journal since the archive's head is carried out again.
//     A record of one item or class re-keys all keys of the subject that it may
//     concern, even when the item is not there: the archive can be older than
//     the item and have the key it was sealed under.
//  4. What the archive shows half done (intents, doomed keys) is finished: a
//     rotation before that would carry the keys on.
//  5. [Keyring.Purge]: keys of people whose rows the archive of the data has no
//     more.
//  6. Serve. Rotations only from here.
//
// Without a journal that extends the archive's head, a restore is refused. What
// the copy of the journal does not hold, no protocol can know: it comes back.
// Ship the journal after each erasure.
//
// # Silence
//
// A key destroyed at t is silent from the end of the first rotation that began
// after t, plus the time for which another node may hold its cipher
// ([Keyring.SilentFrom]). A rotation under way at t may have re-wrapped it.
// Outside of this: copies of the epoch store, flash blocks, snapshots and
// replicas that avow does not know; receipts name them.
//
// # Nodes
//
// Any number may work on one platform. They share the epoch store. A node reads
// it again when it meets an epoch it does not hold, and every half cache
// lifetime, so that it lets go of erased epochs.
//
// Tables: subject_key, seal_pair.
// Key tables: data_key, seal_state, seal_epoch, seal_secret.
package seal
