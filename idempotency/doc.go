// Package idempotency remembers what was answered to a request that a program
// may send twice because it never saw the answer, so that the work is done once
// (draft-ietf-httpapi-idempotency-key-header).
//
// It promises that of any number of requests with one key at most one is worked
// on, that every later one gets the first one's answer for [Life], and that the
// same key on another request is refused. A key whose work was cut off by a crash
// stays taken for [Life]: whether the work was done is then for the caller to
// look up.
//
// Keys and requests are kept as keyed digests, since a request may hold personal
// values; answers hold ids and counts only.
//
// Tables: idempotency.
package idempotency
