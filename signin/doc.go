// Package signin keeps the codes that people sign in with: six digits mailed to
// an address, good for ten minutes, once, for five tries.
//
// # Promises
//
// Whether an address is known to anybody makes no difference here: the same is
// written and the same is answered. Who it belongs to is looked up after the
// code was right, by others.
//
// The store names nobody and signs nobody in: it holds a blind index of the
// address, and a keyed hash of code and handle. The handle is 128 random bits
// that only the form has, so that nobody can use up the tries of another's code.
//
// A code works once, on whatever node, and then all codes of the address are
// gone. An address gets five codes in ten minutes and thirty a day at most, which
// bounds guessing: in a day a guess is right with a chance of 150 in a million.
//
// Tables: signin.
package signin
