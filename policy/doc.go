// Package policy turns a privacy policy, written as data, into answers.
//
// [Parse] reads the file, [Lint] says what is missing or contradictory in it,
// and [Compile] makes a [Policy] of it that does not change. The policy
// decides uses ([Policy.Decide]), guards the door of collection
// ([Policy.Collect]) and sets the clocks of rights ([Policy.Due]). The same
// object is what pages are rendered from, so page and behaviour cannot differ
// (I-1).
//
// The language is a table of tags on the types of the file. The decoder reads
// by it, and the JSON Schema ([Schema]) and the reference in
// docs/policy-language.md are made from it. Lint knows every class of defect
// that published policies have, and what the laws a policy names want it to
// say; [SARIF] gives its findings to code review tools. [Diff] says in plain
// words what changed between two versions, how much it matters, and what
// follows: notice, a new acceptance, consent asked afresh.
//
// What a text leaves open and the file sets is marked, with the reason
// ([Policy.Assumed]). Laws hold for everybody or for some people
// ([Policy.LawsFor]).
//
// The package is pure: no clock, no I/O, no context, no state. What a decision
// rests on is handed in as [Facts]. A denial is a value that holds every
// reason with its clause and its place in the file (I-4); no reason and no
// refusal ever holds a personal value or a word of the caller's.
//
// Items, purposes, retention classes, recipients and roles have small numbers
// that stay the same over all versions of a platform's policy ([Numbers]);
// they are what is stored and what decisions are made of. The version of a
// policy is the hash of its source and of the rule packs (package laws) and
// the calendar that it pins.
//
// Deciding a plain use takes some twenty nanoseconds and no memory: bit sets
// over numbers, looked at once. What the quick look does not let pass is
// examined in full, check by check, in words. A test draws hundreds of
// thousands of uses to hold the two together.
//
// Tables: none.
package policy
