package api

// The scopes of an API key. Each operation of the OpenAPI document names the one
// it takes.
const (
	SubjectsRead   = "subjects:read"   // look subjects up; what is on record about them, without values
	SubjectsWrite  = "subjects:write"  // register, close, restrict, accept, hold
	SubjectsErase  = "subjects:erase"  // erase
	ValuesWrite    = "values:write"    // collect and correct
	UsesWrite      = "uses:write"      // use values for a purpose: hands them out
	DecisionsRead  = "decisions:read"  // ask what the policy would say
	ConsentsRead   = "consents:read"   // what a person said
	ConsentsWrite  = "consents:write"  // record what a person says
	RequestsRead   = "requests:read"   // requests and their receipts
	RequestsWrite  = "requests:write"  // take requests down and on
	PolicyRead     = "policy:read"     // the policy in force, and earlier versions
	PromisesRead   = "promises:read"   // the board of promises, and the duties of people
	LedgerRead     = "ledger:read"     // log entries and proofs
	StaffAct       = "staff:act"       // say that a member of staff acts
	IdentifiersBar = "identifiers:bar" // bar an identifier
	MessagesRead   = "messages:read"   // messages, and what became of their copies
	MessagesWrite  = "messages:write"  // send messages; say that a notice was shown
	IncidentsRead  = "incidents:read"  // incidents, whom they concern, reports to authorities
	IncidentsWrite = "incidents:write" // declare incidents and work on them
)

// Scopes lists every scope.
func Scopes() []string {
	return []string{
		SubjectsRead, SubjectsWrite, SubjectsErase, ValuesWrite, UsesWrite, DecisionsRead, ConsentsRead, ConsentsWrite,
		RequestsRead, RequestsWrite, PolicyRead, PromisesRead, LedgerRead, StaffAct, IdentifiersBar, MessagesRead, MessagesWrite, IncidentsRead, IncidentsWrite,
	}
}
