// Package contact keeps the cases of people who write, call or come: a question, a
// comment, an opinion, a suggestion, a complaint, each with a number, a clock and
// somebody whose turn it is.
//
//	open ──reply──▶ answered ──close──▶ closed
//	  │                └──not satisfied──▶ closed, and a new case that has this one in it
//	  └──close──▶ closed
//
// # Promises
//
// A case comes by a channel that the policy names, says what kind it is and what it
// is about, and is due when the policy's calendar says so. An answer that needs
// longer has its reason, said before the first time is over, and no longer time than
// the policy leaves open. A late answer stays late.
//
// What people write, where they are reached and who of the staff answered is sealed
// under the case's own key. Of somebody who is known that key belongs to their
// record, in the retention class of what they tell customer service, and dies when
// that is erased. Of anybody else it dies when as long a time has passed since the
// case was closed. What is left of a case then holds nothing personal.
//
// Rules and rows are here; acts, entries of the log and letters are made by package
// platform.
//
// Tables: contact_case, contact_event.
package contact
