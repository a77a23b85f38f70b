// Package disclosure is the ledger of what went to whom: one row for every
// time values of a subject were given to somebody outside the controller, on
// which purpose and scenario, and which log entry granted it.
//
// A row is written in the act that grants the use, so there is no disclosure
// without its entry, and none that was not granted.
//
// Tables: disclosure.
package disclosure
