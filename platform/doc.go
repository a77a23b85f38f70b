// Package platform has the verbs of one platform: register, collect, use,
// decide, choose, correct, erase, hold, sign, verify, back up, and the requests
// of the people whose data it is. The doors (command line, REST, centre,
// console) call these and nothing below them; the root package opens and wires
// what stands in [Parts].
//
// Names of the policy are translated to numbers here, so that everything below
// works on numbers and everything above on names.
//
// The package owns no table.
package platform
