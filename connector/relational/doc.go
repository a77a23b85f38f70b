// Package relational says once, for every relational database, whose a row is and
// what becomes of it.
//
// It lays a data map over the schema an [Engine] reads (graph), settles what role
// each key has (roles), walks from the rows that hold an identifier of the person
// along the keys (seed, walk), finds out who else holds those rows (holders), and
// turns that into surveys, exports and erasures. The order in which rows go is
// computed from the declared keys (order). Verification knows nothing of all this:
// it reads every column of every table.
//
// Promises:
//
//   - A row is the person's only by an identifier, or by a link whose role the map
//     writes or the schema leaves no doubt about. Where there is doubt, the map is
//     refused and the message says what to write.
//   - What the walk could reach and the map does not describe is refused too, even
//     while there are no such rows: tables, and columns of rows that stay.
//   - A key that would be left dangling is a conflict, told by the survey.
//   - Every walk, also the one before an export and the one inside an erasure,
//     starts from the identifiers again; keys from a survey or plan only narrow it.
//   - Values are bound, names are quoted and come from the catalogue.
//
// The package owns no table.
package relational
