// Package incident keeps what happens when personal data was lost, changed, taken,
// or seen by who may not see it: what it was, whom it touched, what is done about it,
// and who has to hear of it by when.
//
//	open ──charge is taken, measures are done, authorities and people are told──▶ closed
//
// # Promises
//
// Declaring an incident opens its plan: the measures of the policy, each with the role
// that owns it, and its clocks. The plan's clock runs from the declaration until
// somebody of the staff takes charge. The others run from the discovery: one for the
// authority of each law that asks for it, one for the people concerned, each at the
// strictest of policy and law. What was done after its time stays late.
//
// An incident is not closed while a measure is open, an authority was not told, or
// somebody it concerns was neither told nor found unreachable.
//
// Whom it concerns is read from the log of what was touched ([Touched]), by package
// platform, which also makes acts, entries and letters. Rules and rows are here. A row
// holds nothing personal: people by their number, staff by their id. What happened, in
// words, is what everybody concerned is told, and names nobody.
//
// Tables: incident, incident_measure, incident_clock, incident_person.
package incident
