// Package idempotency remembers what was answered to a request that a program
// may send twice because it never saw the answer, so that the work is done once
// (draft-ietf-httpapi-idempotency-key-header).
//
// It promises that of any number of requests with one key one is worked on at a
// time, that every later one gets its answer for [Life], and that the same key on
// another request is refused.
//
// Work whose end nobody heard of, because the process was cut off, keeps its key
// for [Lease]. Whoever sends the request again after that has it done: then it may
// have been done before, if the cut came between the work and its answer.
//
// Keys and requests are kept as keyed digests, since a request may hold personal
// values; answers hold ids and counts only.
//
// Tables: idempotency.
package idempotency
