// Package postgres lets avow find, show, erase and search one person's data in a
// PostgreSQL database that belongs to somebody else.
//
// A connection is made for each call and closed after it. Surveys, exports and
// verifications run in one read-only, repeatable-read transaction; an erasure in
// one repeatable-read transaction with all deferrable foreign keys deferred. All
// names are written with their schema.
//
// Every table is read with ONLY, so that a row of a table that inherits from
// another is found once, in the table in which it lies. A partitioned table is
// one collection; its parts are not. Materialised views are searched but cannot
// be changed.
//
// PostgreSQL keeps deleted row versions until vacuum, and the outcome says so;
// `vacuum: true` in the map has the touched tables vacuumed after the commit.
//
// The catalogue is read directly rather than through a schema library: the walk
// needs inheritance, the columns of every index and the deletion rule of every
// key, which take five queries.
//
// The package owns no table. Everything that is not particular to PostgreSQL is
// in package relational.
package postgres
