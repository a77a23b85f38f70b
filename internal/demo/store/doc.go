// Package store is a small storefront for each platform of a demo: a shop with
// goods, and counters where people register, order, ask and choose. It lets a
// newcomer watch data arrive, be refused, be used and go.
//
// # Promises
//
// A counter is made from the compiled policy of its platform: it asks for the
// items that the policy declares at its collection point, says beside each what
// for and how long, and offers the consents that their purposes wait for. What
// the policy declares at a point that people use has a counter; what it does not
// declare has no field.
//
// Nothing is written past the product: people register, values are collected,
// chosen, used and erased through the verbs of package platform. What a page
// tells of afterwards comes from their answers and from the log.
//
// What was typed is kept by the vault alone. The results that a page shows again
// hold names, numbers and reasons, and no value; they are in memory, bounded, and
// shown to who made them.
//
// Goods, prices and names of the shops are made up. A platform without words of
// its own here gets a plain shop.
//
// The package owns no table.
package store
