// Package audit keeps the tamper-evident log of a platform: what was done with
// people's data, on which ground, in an order that nobody can change later
// without being caught (I-9).
//
// Promise: an entry is durable with the act it tells of, or the act did not
// happen (I-3). Within about a second a sequencer gives it its place in a Merkle
// tree and signs the tree's root. From then on any change, loss or exchange of an
// entry is found by [Log.Verify], and a person who keeps a [Proof] can show it to
// anybody, offline, with [VerifyProof].
//
// Tables: audit_entry, audit_pending, audit_own, audit_run, audit_tile,
// audit_checkpoint, audit_count, audit_total, audit_state.
//
// # The canonical entry, version 1
//
// This format can never change: roots signed over it are in people's hands. A
// new format would be a new version byte beside this one.
//
// An entry has a public part and, where it is about a person, a sealed part.
//
//	public  = version kind time salt field*
//	version = 0x01
//	kind    = uvarint, 1 … 65535; the numbers of [Kind]
//	time    = 8 bytes, big-endian two's complement: microseconds since 1970-01-01 UTC
//	salt    = 16 random bytes, so that nobody can guess the entry from its hash
//	field   = tag length value
//	tag     = uvarint, 1 … 65535; the numbers of [Tag]
//	length  = uvarint; of value, in bytes
//
//	plain   = version field*           (before sealing)
//	sealed  = seal.Seal(log-class key, AAD{subject, 0, entry id}, plain)
//
// Every uvarint is the shortest one for its number. Tags do not descend; a tag
// may stand several times, and the order of its repeats means something. Nothing
// follows the last field. Public and sealed part together hold at most 65,536
// bytes. A decoder refuses everything else, so that for all bytes b it accepts,
// Encode(Decode(b)) == b. Numbers of kinds and tags are never reused; a decoder
// accepts those it does not know.
//
// Values by the tag's form: text is UTF-8; a number is one uvarint; a list of
// numbers is uvarints one after the other; a time is 8 bytes as above; a flag is
// the number 0 or 1; bytes are bytes. Tags 64 to 127 belong to the sealed part
// alone and are refused in a public part. All others may stand in both.
//
// The public part holds no personal data: codes, numbers, hashes, times. The
// controls an entry is evidence for stand in it as text ([TagControl], the main
// one first), not as numbers: a person who reads a receipt in ten years has no
// table of numbers. The version of the policy is a small number ([TagPolicy])
// that the entry [PolicyInForce] binds to the version's hash. Who it is about
// (the subject's public id), who acted, and for which order, request or case is
// sealed under the subject's log-class key and dies with it.
//
// An entry carries no sequence number, because it is written before it has one,
// and no entry id: the id is a handle of this store, bound to the sealed part by
// its associated data.
//
// # The tree
//
//	leaf    = 0x01 ‖ SHA-256(public) ‖ h
//	h       = SHA-256(sealed), or 32 zero bytes where there is no sealed part
//	hash    = SHA-256(0x00 ‖ leaf)     (RFC 6962 §2.1)
//
// Inner nodes and root are RFC 6962's. Hashes are stored as C2SP tlog-tiles
// (height 8, https://c2sp.org/tlog-tiles) in audit_tile; the partial tile at the
// right edge of a level is overwritten. Tiles hold nothing but hashes and may be
// public.
//
// A checkpoint is a C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): a
// signed note, Ed25519, whose origin line and key name are "avow/" and the
// platform's name. Every key that ever signs is announced before by an entry
// [LogKeyAdded] with [TagLogKey]; every one but the first carries in
// [TagSignature] an earlier key's signature over
//
//	"avow log key\n" origin "\n" verifier key "\n"
//
// A checkpoint of size n is good when a key signed it that an entry before n
// announces.
//
// An entry [Pruned] says that the sealed parts of some entries were dropped and
// their hashes kept: [TagCount] how many, [TagHash] the SHA-256 of their sequence
// numbers, ascending, 8 bytes big-endian each.
//
// # Order
//
// An act inserts its entry into audit_entry, and the acts that are committed
// together insert one row with the ids and subjects of their entries into
// audit_pending. One sequencer, holder of a lease, gives the pending entries
// consecutive numbers from 0, by ascending id within a batch: it writes the order
// as runs of consecutive ids to audit_run, with tiles, daily counters, checkpoint
// and the list of each subject's own entries (audit_own) in the same transaction.
// Of the entries that its own process has just written it remembers the leaves; the
// others it reads back. So the tree holds what was written, and a row that was changed
// before it had its place does not verify.
// What is needed only to find an entry is thus written a second later, many at
// once; until then a subject's entries are found by reading what is pending. Entries themselves are never rewritten.
// That transaction compares size, fence and signer with those it started from, so
// that two sequencers can never both succeed: the log does not fork, whatever the
// lease does. A crash leaves entries pending; the next sequencer takes them.
//
// # The adversary
//
// The adversary writes to the database as it likes. What is caught, and by whom:
//
//   - Changing, dropping, inserting or exchanging entries that have a place,
//     without the signing key: by Verify, which names the first wrong entry.
//     So is a changed tile, checkpoint, counter or kept hash, and a sealed part
//     dropped with no Pruned entry to cover it.
//   - Putting the log under a new key: by Verify, which has the key of the
//     signer file or the one the caller pins.
//   - Cutting off the tail, or rewriting history with the signing key in hand:
//     by whoever holds an older checkpoint or proof and gives it to Verify
//     (every receipt carries one), and by witnesses. A checkpoint alone shows
//     that the first n entries are other ones; a proof also names the entry.
//   - Two different logs for two readers: by comparing their checkpoints
//     ([VerifyConsistency]).
//   - Moving a sealed part to another entry or subject: by opening it, as long
//     as its key lives (Verify with Open).
//   - Guessing an entry from its hash or its proof: prevented by the salt. The
//     length of a sealed part is visible.
//
// What is not caught:
//
//   - A lie written as an entry. Who can write to the database can add a
//     pending entry, and the sequencer signs it.
//   - Removing or changing an entry in the second before it has its place.
//   - The kind, at, subject and id columns beside the canonical bytes are
//     indexes. Verify compares kind and at, and subject with the list of the
//     subject's own; opening compares subject and id; for entries whose key is
//     dead, a subject changed in both places is not noticed.
//   - All checkpoints lost and the signing key stolen: then history is what the
//     thief says. Hand out receipts, or run a witness.
package audit
