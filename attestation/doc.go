// Package attestation is the ledger of what people do and no program can: staff
// are trained, processors audited, backups restored for a drill. Somebody of the
// staff signs that it was done, with the hash of what shows it, and the signature
// holds until a date.
//
// # Promises
//
// A duty comes round: how often is said by the policy, and [Duties] reads it
// there. Each signature is one row and one entry of the log, in the same act; rows
// are only ever added, and the newest of a duty counts.
//
// A signature never holds longer than the duty's own period, whatever the signer
// says, so that a duty cannot be signed away. A duty that was never signed becomes
// due one period after the first policy of the platform came into force.
//
// The file itself stays with the controller: the ledger keeps its SHA-256, so
// that whoever has the file can show that it is the one that was signed for.
//
// Signers and owners are ids of staff; their names stand in the server store and
// go with them. A note is for staff and must name nobody.
//
// # States
//
//	waiting ─ first signature ─▶ attested ─ within [Soon] of its end ─▶ due soon ─▶ overdue
//	   └──────── one period without a signature ───────────────────────────────────▶ overdue
//
// Tables: attestation, attestation_owner, attestation_person.
package attestation
