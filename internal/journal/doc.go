// Package journal keeps the erasure journal: one append-only file, outside the
// data store and the keys store, that names every erasure, so that a restore
// from an archive can carry them out again before anything is served.
//
// It promises that a record is durable when [Journal.Append] returns; that it
// holds no personal data, only a subject's public id, what was erased, and keyed
// hashes; and that a changed, lost or foreign record is noticed: frames carry a
// checksum, records are chained by hash, the header names the platform.
//
// # The file
//
//	header  "avow/jn1" | length of platform (1) | platform | SHA-256 of all before (32)
//	frame   "AVJ1" | length of body (4, big endian) | CRC-32C of body and chain (4) | body | chain (32)
//	body    count of records (uvarint) | records
//	record  length (uvarint) | time (8, µs) | scope (1) | number (8) | length of id (1) | id | digests (32 each)
//
// The chain begins with the SHA-256 of the header; each record makes it
// SHA-256(chain before | record). A frame carries the chain after its last
// record. The records of callers that wait for the same sync share a frame, and
// one frame at a time is being written: so what a power cut leaves is at most
// one broken frame at the end, which [Open] cuts off, because nobody was told
// that it is durable. A broken frame with a whole one anywhere behind it is
// damage, and refused. Behind the last frame the file may go on with zeros, where
// later ones will stand: a file that does not grow is synced at half the cost.
//
// # Order
//
// An erasure is journaled after its intent is durable in the data store, beside the
// destruction of its keys, and before it is acknowledged: an acknowledged erasure
// that is not in the journal would be undone by a restore. Which of the two is first
// does not matter, because the intent leads to both after a cut. A record twice, or of
// an erasure that had to be resumed, does no harm: erasing again changes nothing.
//
// Digests are keyed with a secret that the keyring forgets at the backup
// horizon; after that they say nothing. Two processes never write one file: it
// is locked while open. Several nodes keep a journal each, and a restore reads
// them all.
//
// Tables: none.
package journal
