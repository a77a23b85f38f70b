// Package gate stands between every use of personal data and the data.
//
// It gathers the facts about a subject, asks the policy, and writes the
// decision to the log, all on the caller's act. Only a gate makes a [Grant] or
// a [Warrant], and the vault and the connectors do nothing without one (I-2).
//
// # Facts
//
// Facts are cached per subject and are advisory: the subject's version that
// came with them is the precondition of the act, so an act that rests on facts
// that have moved on is lost, nothing of it is written, and the caller starts
// again with fresh ones (I-11). A denial on cached facts is decided again on
// fresh ones before it is given. Who asks about many at once ([Gate.States]) has them
// read together, and crowds nobody else's facts out of the cache.
//
// # Grants
//
// A Grant names its act. It covers nothing in another act, nothing after its
// act has been committed or has failed, and the zero Grant covers nothing at
// all; a neighbour that shares the group commit has another act and so cannot
// use it.
//
// # Warrants
//
// A step on a system outside the vault cannot share a transaction with the
// log. It carries a durable Warrant instead, one per request, step, system and
// action, which exists only once its entry is committed.
//
// Tables: warrant.
package gate
