// Package session remembers which sign-ins are still good, so that one can be
// ended before its time: by the person, or because an account was erased or a
// member of staff disabled.
//
// It promises that a store that was stolen signs nobody in and names nobody:
// it holds the SHA-256 of 256 random bits, a keyed digest of the owner, and a
// time. Who is signed in stands in the cookie alone, sealed by package web.
//
// Server tables: session.
package session
