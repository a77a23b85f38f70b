// Package job is durable work: what must happen after an act, and must happen
// although the process that promised it may be gone.
//
// A ledger calls [Enqueue] inside its own act or transaction, so that the work
// is promised exactly when the fact is. A [Runner] of any node takes due jobs
// in batches and calls the handler of their kind.
//
// # Promises
//
// A job runs at least once, and its handler must be idempotent. A handler that
// calls [Job.Finish] in its own last act gets more: its effects and the end of
// the job are one commit, so they happen exactly once.
//
// Jobs with the same kind and ref are one piece of work. They never run at the
// same time. Enqueueing what already waits changes nothing; enqueueing what is
// already running makes it run once more afterwards, so that no wake-up is lost;
// enqueueing what is dead gives it a new life. Names are folded when a batch is
// taken: thousands enqueued under a name that is running make every look walk
// past them until it ends.
//
// A worker holds its jobs under a fence. Whoever takes a job over gets a higher
// one, and everything a slow worker then writes about that job fails with
// [db.ErrLost].
//
// A failed job is tried again after a pause that doubles. After the last try
// ([Config].Tries), or at once with [Stop], it is [Dead]: it stays in the table,
// [List] shows it, and enqueueing it again is the way back. Jobs that are done
// leave the table; what they did is in the ledgers and in the log.
//
// # Two clocks
//
// When a job is due is business time (I-5): a deadline of thirty days moves with
// the clock of tests and of the demo, and so does the pause before a new try.
// Whether a worker is alive is real time: [db.DB.Lease], on the database's clock,
// once for each runner and not for each job. When the lease of a runner has run
// out, any other runner gives its jobs free. A try that ended so counts, that a
// job which kills its process cannot do it for ever.
//
// # No personal data
//
// A job holds a kind, a ref, times and counts (I-6). The ref is an id with its
// prefix; handlers read everything else from the ledgers when they run. Of an
// error only the message for people is kept.
//
// Tables: job, job_turn.
package job
