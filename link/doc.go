// Package link is the register of addresses outside the platform that people are
// led to, and the ledger of what came of calling them and the addresses of
// recipients' own policies.
//
// # Promises
//
// Nobody is led to an address that is not on the register: there is no redirect
// that takes one from a request. An address on it holds no query that could name
// somebody, unless staff wrote it there.
//
// [Prober] calls public addresses alone. The address that a connection is made to
// is looked at after its name was resolved and after every redirect, so that no
// name leads into the network that the server stands in. It sends no cookie, no
// referrer and nothing of anybody's, and reads no more of an answer than its
// status.
//
// Tables: link_external, link_call.
package link
