// Package rights carries out what people may ask for: it takes a request from
// its receipt to its delivery, across every system, and can prove each step.
//
// # The machine
//
//	received ─▶ verified ─▶ surveyed ─▶ planned ─▶ approved ─▶ running ─▶ verified-after ─▶ delivered
//	                           ▲  ▲________│__________│           │  ▲
//	                           │                                  ▼  │
//	                           └────────────────────────── needs-attention
//
// A request can be refused or withdrawn from every state before the first
// destructive step, and never after it. It expires when nobody proves who they
// are, or fetches their package, in time. While it is paused, with a reason, its
// clocks stand still. [Moves] is the whole table.
//
// Access and erasure run on this machine now; a further right is a further
// procedure of package plan, not another machine.
//
// # Promises
//
// Every transition is one act: the request's row as it was seen, the log entry,
// the event on its timeline, and the promise of the next work, or nothing.
//
// Who approves is neither who asked nor who planned, and approves exactly one
// plan, by its hash.
//
// A run looks again before it destroys. Rows that the plan does not name stop it;
// rows that are gone do not. The targets of a destructive step are stored, sealed,
// before it acts; a step interrupted anywhere is taken up with the same targets
// and is done once.
//
// A request is never called delivered while a search of its systems, by the
// person's own values and not by what the plan deleted, finds what should be gone.
//
// Nothing is handed out before the entry that says so is durable (I-3).
//
// # The request key
//
// Identifiers, contact, who of the staff acted, surveys, plans, targets, needles
// and packages are sealed under a key of the request's own. It dies when an
// erasure is delivered, when a package expires, and thirty days after a request
// was refused, withdrawn or has expired. What is left holds nothing personal.
//
// Tables: rights_request, rights_event, rights_survey, rights_plan, rights_step,
// rights_spool, rights_parcel.
package rights
