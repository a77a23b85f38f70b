// Package archive writes the rows of a store into one file and loads such a file
// into an empty store, on either engine (I-10).
//
// It promises that an archive is one consistent snapshot of every table the
// store has (they are found in the engine's own catalogue, so none can be
// forgotten); that a damaged, cut or foreign file is refused, naming the place;
// that what is loaded is equal to what was written, row by row and byte by byte;
// and that a store whose loading or re-erasing was cut off is never served: from
// [Load] until [Loading.Finish] it cannot be opened again.
//
// Data and keys go into separate archives, to be kept apart. Neither holds
// personal data in clear: the data archive holds what the data store holds,
// values sealed under keys that are not in it; the keys archive holds keys
// wrapped under the key of an epoch, which is in no archive. Who has both
// archives and the epoch file has everything. The server archive holds staff's
// names and password hashes: keep it like the server store itself.
//
// # Erasures
//
// An archive carries the head of the erasure journal as it was before the
// snapshot. [Restore.Decide] refuses an archive unless a journal is at hand that
// goes on from there, and gives the erasures to carry out again. A keys archive
// is of use in its own epoch only: keys archives die with their epoch, so back
// up the keys after each rotation.
//
// # The file, format 1
//
//	file     = "avow/ar1" manifest table* end
//	manifest = block 'M': JSON, as [Manifest] encodes it
//	table    = block 'T' rows* block 'E', in the order of the manifest
//	rows     = block 'R'
//	end      = block 'Z', and nothing behind it
//
//	block    = kind (1) | size of body (4, big endian) | body | CRC-32C of all before (4)
//	T        = name of the table
//	R        = count (uvarint, 1 … 500) | length (uvarint) | DEFLATE of the rows, length bytes when inflated
//	E        = count of rows (8, big endian) | SHA-256 of all rows of the table, inflated
//	Z        = SHA-256 of the file before this block
//
//	row      = a value for each column of the manifest's table, in its order
//	value    = 0                            NULL
//	         | 1 zigzag varint              int
//	         | 2 length (uvarint) bytes     text
//	         | 3 length (uvarint) bytes     bytes
//
// Rows stand in the order of the primary key, texts compared as bytes, so that
// the SHA-256 of a table is the same on both engines. Varints are the shortest
// for their number. A body has at most 64 MiB, inflated or not.
//
// The checksums find damage, not malice: who can write the file can compute them
// anew. Sealed values, and the log with its signed roots, defend themselves;
// verify the log and refold the state after a restore from a place you do not trust.
//
// Tables: none.
package archive
