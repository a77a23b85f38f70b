// Package statistics counts people, and lets counts out.
//
// A count is of one of the policy's sets: how many people have something of an item
// on record from a period. It is made from what rows are about and when they came,
// and opens none of them: no value is read (policy.Aggregates). Only people are
// counted in whom the purpose of the set stands at that moment; who objected, did not
// consent or is restricted is nobody here.
//
// What leaves the package was suppressed first ([Suppress]): no cell tells of fewer
// people than the policy's smallest group, and no hidden cell can be computed from
// totals more closely than by that many people. [Attack] tries, and a table that it
// breaks is never released.
//
// A release is proposed by one member of staff and approved by another, where the
// policy asks for that. It names who gets it, for which purpose, and the check it
// passed. A table made elsewhere passes the same door: it is refused when a column
// identifies people, when it does not say how many people a line is about, or when
// that is fewer than the smallest group ([CheckCSV]).
//
// Tables: statistics_release.
package statistics
