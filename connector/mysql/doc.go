// Package mysql lets avow find, show, erase and search one person's data in a
// MySQL or MariaDB database that belongs to somebody else.
//
// A connection is made for each call and closed after it. Surveys, exports and
// verifications run in one read-only transaction on one snapshot; an erasure in
// one repeatable-read transaction that locks what it changes. Foreign keys are
// enforced whatever the server's default is, row by row, so that InnoDB lets no row
// go that must point to itself: clear such tables. Values are refused rather than
// cut to fit. Zero dates that are there stay readable.
//
// The database of the connection is read, and every other that a foreign key ties
// to it, whose tables are named with their database. A role does not see tables on
// which it may do nothing: it must be allowed to read whole databases, and every
// call makes sure of it.
//
// Most columns are compared without case, and many without accents. Here values
// are compared byte by byte, and by e-mail addresses and names without case, as in
// every other kind; only columns of declared keys are compared as the database
// itself compares them, because that is what those keys mean.
//
// Tables outside InnoDB have no transactions, and tables with system versions keep
// what is deleted: both are searched, and a map that describes one is refused.
//
// InnoDB keeps old bytes in its pages, and the server in its binary log: the
// outcome says so. `vacuum: true` in the map has the touched tables rebuilt after
// the commit.
//
// MySQL has indexes on lower(trim(email)). In MariaDB an indexed column that is
// computed so does the same: it is used where there is one.
//
// The package owns no table. Everything that is not particular to MySQL is in
// package relational.
package mysql
