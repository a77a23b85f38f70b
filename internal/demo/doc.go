// Package demo fills a server with people who do not exist, so that a newcomer
// sees avow at work in seconds: two platforms with ninety days behind them and a
// shop database beside each, a smaller one for every further policy that comes
// with avow, requests in every state, storefronts (package store) to register and
// order in, and a mailbox in place of a mail server.
//
// # Promises
//
// Nobody in it is anybody. Names are put together by chance, addresses lie in
// domains that are reserved for examples (RFC 2606), telephone numbers in ranges
// that regulators keep for fiction. The same seed gives the same people, who do
// the same things on the same days before today.
//
// Nothing is written past the product: people register, values are collected,
// used and refused through the verbs of package platform, with business time
// moved. What stands in the log afterwards is what a server would have written.
//
// What happens on a smaller platform follows from its policy alone: a new policy
// among those that come with avow is in the demo without a word of code.
//
// A folder is filled once. Opening it again shows what is there. A folder whose
// filling was interrupted is emptied by who filled it, and refused otherwise: so
// nothing waits for the disk until all is there, and the mark that it is whole is
// written when all of it is durable.
//
// Mailbox, codes and passwords are shown to the machine itself only: whoever
// comes from elsewhere is told so.
//
// The package owns no table.
package demo
