// Package disclosure is the ledger of what went to whom: one row for every
// time values of a subject were given to somebody outside the controller, on
// which purpose and scenario, and which log entry granted it.
//
// A row is written in the act that grants the use, so there is no disclosure
// without its entry, and none that was not granted.
//
// Beside it stand the backings: records that let such a use be granted, where the
// policy asks for one. Somebody approved it, found something to be so, was asked
// by the recipient, or opened a ticket. Each has who, when, a reference and an end.
//
// Tables: disclosure, disclosure_backing.
package disclosure
