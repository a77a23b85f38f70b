// Package promise is the board: for every clause of a policy, which controls keep
// it, what evidence they left, and how it stands.
//
// # Promises
//
// [New] is a pure function of [Facts]: what the policy in force says, what the log
// counted, which duties were signed, which requests are due, which work failed. It
// reads no entry of the log, so a board of a million entries costs what a board of
// a hundred costs.
//
// A clause is never better than the worst of the controls it names. Nothing is
// called kept that has not happened: a control without an entry is unproven, and
// one without code is not built.
//
// # States, the worst first
//
//	broken               a clock ran out, or the log does not fit its signed root
//	attestation-overdue  people did not do, or did not sign, what comes round
//	at-risk              a clock or a signature is near its end, or work has failed
//	not-built            a control of the clause has no code yet
//	unproven             nothing has happened yet that could show it
//	attested             somebody signed that it is done, and the signature holds
//	kept                 the log has entries that show it
//
// A deadline that was missed breaks its clause while the request is open, and for
// [Memory] after it.
//
// # Scenarios
//
// scenarios.txt names, for every promise, the scenarios of testdata/promises that
// prove it through the public doors; a test keeps it equal to them.
//
// The package owns no table.
package promise
