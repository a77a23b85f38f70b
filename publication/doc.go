// Package publication knows which version of the policy is in force, and
// which were before.
//
// A version is named by the hash of its source and of what it pins. Log
// entries call it by a small number, which an entry of kind PolicyInForce
// binds to the hash. A text that was in force before can come back: that is a
// publication of its own, with its own number and time and the same hash. The numbers of items, purposes, classes, recipients and
// roles are kept with the version, so that they stay the same for ever.
//
// # Changes
//
// A version that takes the place of another one names the day from which it holds
// and the reason why it was written, or it is refused. [TermsOf] says what the change
// asks for: its weight, how long people know of it before, whether they accept it
// again, whether who does not consent keeps the rights they had.
//
// A version of which people hear first is a [Plan]. It takes effect when its day has
// come, the notices of its change are out, and they have been out for as long as the
// policy promises; the version before holds until that moment. One that nobody has to
// wait for takes effect at once.
//
// That the policy was shown before anything was collected is a [Showing]. It says which
// version, when and where, and not to whom: an app names it with what it collects.
//
// Tables: policy_version, policy_plan, policy_shown.
package publication
