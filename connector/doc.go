// Package connector says what every system that holds personal data can be
// asked to do about one person: find, show, erase, and be searched again.
//
// A [System] is one store of the company's: its own databases (packages sqlite,
// postgres and mysql), avow's vault (package vault). What rows are the person's, and
// what an erasure does to them, is written in a data map (package datamap).
//
// The promises every kind keeps, proved by connectortest.Run:
//
//   - Nothing is touched or read without a [gate.Warrant] that covers this
//     system, this action and this subject (I-2).
//   - Nothing personal is silently skipped: what the walk reaches is exported and
//     treated as the map says, or kept with a reason, or the call fails and says
//     what to write in the map.
//   - Nobody else's rows are shown or touched.
//   - An erasure is one transaction, is repeated without harm, and tells planned
//     from done. Inside the transaction it looks again whose the rows are.
//   - A verification reads everything again, by the person's values and not by
//     the conditions the eraser used.
//   - No error, log line or progress report holds a value or a row's key (I-6).
//
// The package owns no table.
package connector
