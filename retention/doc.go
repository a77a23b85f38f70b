// Package retention ends what has been kept long enough.
//
// Every class of the policy is a schedule: fixed times from when a value came,
// the closing of an account, the last sign of the person, a consent that is taken
// back, a purpose that is served, the time that a law sets. The vault notes with
// each row when it ends, as soon as that is known; a sweep takes away what is due.
//
// # Promises
//
// What is due goes in bounded batches, one subject's class or period at a time,
// under a log entry of its own that names the control it shows. A crash between
// two of them loses nothing: what was begun is finished at the next start, the
// rest by the next sweep.
//
// A hold keeps what it names, and the report says how much.
//
// Nothing is kept longer in silence: when a policy changes, rows get the end that
// it gives them only where that is sooner. A longer time holds for what comes
// from then on.
//
// Anonymising leaves no value and no subject: of each item only how many values
// ended in a month.
//
// A dry run reads what is due and changes nothing.
//
// Tables: retention_class, retention_left.
package retention
