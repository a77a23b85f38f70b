// Package loading is a file layer of SQLite for who fills new databases that are
// thrown away whole when the filling does not come to its end.
//
// # Promises
//
// Until [Layer.Settle] no database waits for the disk: what a sync would have made
// durable is remembered. When Settle has returned nil, all of it is durable, and
// from then on every sync is one. Files that are no database, such as the erasure
// journal and the file of the epoch, are synced as ever.
//
// A power cut before Settle may leave anything. Whoever uses the layer writes the
// mark by which the folder is known to be whole after Settle, and empties or refuses
// a folder without it. A server that serves somebody never runs on it before.
//
// The package owns no table.
package loading
