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
// A request can be refused or withdrawn from every state before the first step
// that cannot be undone, and never after it. It expires when nobody proves who
// they are, or fetches their package, in time. While it is paused, with a reason, its
// clocks stand still. [Moves] is the whole table.
//
// Every right that takes work runs on this machine: access, portability,
// rectification, restriction, erasure, closing an account. A right is a procedure
// of package plan, not another machine. What a system cannot do by itself, and
// whom somebody has to tell, makes a request wait for people: [Service.Tasks] says
// what to do, [Service.Attest] that it is done, and what can be read is read again.
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
// A correction replaces the old value where it stands, in every system, and never
// another one; a new identifier that leads to somebody else stops it. It is not
// delivered while a system still shows the old value.
//
// Nothing is handed out before the entry that says so is durable (I-3), and only to
// the person or to staff who handle the right. A package is destroyed when its time
// is over. A correction that comes before it is fetched makes it anew, under a new
// key; one that comes after destroys it.
//
// Whoever asked is told how it ended, with the receipt, before the request key
// dies. A mail server that is away does not keep the key alive: the log then says
// that the person was not told.
//
// # The request key
//
// Identifiers, contact, who of the staff acted, surveys, plans, targets, needles
// and packages are sealed under a key of the request's own. It dies when what
// was asked for is done, when a package expires, and thirty days after a request
// was refused, withdrawn or has expired. What is left holds nothing personal.
//
// Tables: rights_request, rights_event, rights_survey, rights_plan, rights_step,
// rights_spool, rights_parcel.
package rights
