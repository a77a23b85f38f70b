// Package notice writes to people: a code to sign in with, a request that came
// in, a request that is done.
//
// # Promises
//
// A [Message] is composed from a typed content and a language; nothing that is
// not a field of it can come into it.
//
// No address and no word of a message stands in an error or a log: the mail
// library's errors name the recipient, so only their kind and the server's
// answer code come through.
//
// [SMTP] speaks to a real mail server, under TLS unless the configuration says
// otherwise, and gives up after its timeout. [Mailbox] keeps messages in memory,
// for the demo and for tests, behind the same interface.
//
// The package owns no table.
package notice
