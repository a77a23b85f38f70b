// Package powerloss is a disk in memory that loses power, for tests.
//
// A [Disk] is a file layer of SQLite. It keeps apart what was synced and what was
// only written. When the power goes, at an I/O that the test chooses, every
// operation fails from there on; [Disk.Restart] gives the disk that the machine
// finds afterwards: what was synced, and of every unsynced 512-byte sector either
// the new bytes, or the old, or a part of each, independently of its neighbours,
// so that writes are lost, torn and reordered. Truncations and deletions that were
// not synced come through whole or not at all. A seed fixes all of it.
//
// The model is that of the SQLite project's own crash tests
// (https://sqlite.org/testing.html, section 3.3) with tearing inside a sector on
// top, which avow's write-ahead log survives by its checksums.
package powerloss
