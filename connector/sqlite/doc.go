// Package sqlite lets avow find, show, erase and search one person's data in a
// SQLite file that belongs to somebody else.
//
// The file is opened for each call and closed after it. Surveys, exports and
// verifications run on a read-only connection in one snapshot. An erasure is one
// immediate transaction with foreign keys enforced, all of them at commit, and
// with secure_delete on, so that freed bytes are overwritten; afterwards the
// write-ahead log is truncated. Copies of rows that SQLite moved earlier, when its
// owner wrote without secure_delete, end only with a VACUUM, which the map can ask
// for (vacuum: true). What is left, or could not be done because another process
// was reading, is a note in the outcome.
//
// The catalogue is read with pragmas rather than through a schema library: the
// walk needs row ids, hidden and computed columns and the deletion rule of every
// key, which take five short queries.
//
// The package owns no table. Everything that is not particular to SQLite is in
// package relational.
package sqlite
