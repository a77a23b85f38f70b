// Package console is where the staff of one platform work, under
// /console/{platform}/.
//
//	(root)                    leads to the first page that the person's role allows
//	sign-in                   login, password and a code, in one form
//	due                       the front page: everything with a clock, by due date
//	requests, requests/{id}   what people asked for, by due date; one of them
//	requests/new              taking a request down for somebody
//	subjects, subjects/{at}   a person by an identifier: what is held, masked
//	incidents, incidents/{id} by their clocks; one with plan, deadlines and people
//	recipients, …/{name}      who gets data, what stands against it; findings, contracts
//	policy                    versions, who was told and agreed; publishing the file
//	messages, messages/{id}   what went out to people, and what became of each copy; sending one
//	statistics, …/sets/{set}  what can be counted; …/releases/{number}: counts that leave by two
//	links                     the register of addresses outside that people are led to
//	transfers, …/{transfer}   the business changing hands: telling, accepting, handing over
//	promises, duties          the board; what people sign, for themselves and colleagues
//	log, log/{entry}          the log; one entry with its proof; verifying it all
//	systems                   systems and their health, keys and epochs, versions
//	staff, keys               colleagues, API keys
//
// Who may open a page follows from the roles of the policy. Requests are for
// roles that approve some right or have a purpose that names requests; subjects
// for every role that has a purpose; the front page, and reading recipients,
// versions, links and transfers, for who works on requests and for admins; messages and
// statistics for them and for every role that has a purpose; the log, incidents, letting
// counts out, and acting on recipients, versions, links and transfers for who approves and
// for admins; staff, keys and the key epoch for admins alone. An admin without a role of the policy sees nobody's data.
//
// A package of an access request, and what a transfer hands over, have values in clear, so
// they are handed only to who has a role that sees values unmasked. Who got a message is
// shown to roles of the policy alone. Where the policy has
// somebody approve, nobody lets out the counts that they asked for.
//
// It promises that no answer of a sign-in tells what was wrong; that each request
// looks the person up anew, so that who is disabled is out at once; that
// identifiers, values and subject ids never stand in an address; that looking at
// somebody's record, and seeing one of their values in clear, leaves an entry in
// their log that is durable before anything is shown; and that pages work without scripts.
//
// The package owns no table.
package console
