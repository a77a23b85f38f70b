// Package plan says, before anything is touched, what a person's request will
// do: in which system, to which rows, in which order, what is kept and why. And
// it says afterwards, in a receipt, what was done.
//
// The package is pure: no store, no clock, no network. [Make] turns a policy,
// the data maps and the surveys of the systems into a [Plan]; equal inputs give
// equal bytes, and [Plan.Hash] of those bytes is what an approval binds. Row
// keys may be personal (natural keys are), so a plan is stored sealed; what
// staff see is [Plan.Public].
//
// # Promises
//
// Nothing is silently skipped: every row a survey reached is deleted, cleared,
// detached, exported, or kept with a reason; a row without a rule is an error
// that names its collection. What lies outside the scope that was asked for is
// kept with that as its reason.
//
// Outside systems come first and the vault's step after them, so that a step
// that fails can still be searched for by the person's identifiers; then every
// system is searched for what may be left; then the request is delivered; then
// the request's own key dies.
//
// # Receipts
//
// A [Receipt] is a JSON file: a body, the SHA-256 of which stands in the public
// part of a log entry, and the proof that this entry is in the log under a
// signed checkpoint. [VerifyReceipt] checks it offline with nothing but the
// log's public key. The file has one form, byte for byte, so every changed byte
// is refused. A receipt holds counts, titles and public ids, and no personal
// value.
//
// The package owns no tables.
package plan
