// Package publication knows which version of the policy is in force, and
// which were before.
//
// A version is named by the hash of its source and of what it pins. Log
// entries call it by a small number, which an entry of kind PolicyInForce
// binds to the hash. A text that was in force before can come back: that is a
// publication of its own, with its own number and time and the same hash. The numbers of items, purposes, classes, recipients and
// roles are kept with the version, so that they stay the same for ever.
//
// Tables: policy_version.
package publication
