// Package consent is the ledger of what people said: yes to a purpose, no to
// one that rests on a legitimate interest, yes to a recipient, yes to data
// going abroad; and when, under which version of the policy, through which
// channel.
//
// Rows are only ever added. The newest row about the same thing is in force,
// so the history of a choice is the ledger itself. [Fold] turns rows into the
// sets that policy.Decide reads.
//
// Every change rides on an act that holds subject.Row exclusively, so that no
// use overtakes a withdrawal (I-11).
//
// Tables: consent_record.
package consent
