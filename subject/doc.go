// Package subject knows whom the data is about: states, blind indexes of
// identifiers, holds and suppressions. It holds no personal value in clear:
// an identifier is a value of the vault, and here only its keyed digest.
//
// A subject's row carries a version. Every fact a decision rests on (state,
// restriction, age, consent, objection, hold, corrected or erased value)
// moves it, in the same act, and every use of data names the version it saw as
// its precondition. So a withdrawal that has been acknowledged is never
// overtaken by a use (I-11).
//
//	open ──close──▶ closed ──┐
//	  │                      ├──erase──▶ erasing ──keys dead──▶ erased
//	  └──────────────────────┘
//
// A retained class ("books") keeps its own identifier rows, marked with the
// class, so that its subject can still be found for access, authority and
// defence, and for nothing else.
//
// Tables: subject, identifier, subject_hold, suppression.
package subject
