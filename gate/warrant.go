package gate

// An Action is what a step may do in a system outside the vault.
type Action string

// The actions of a step.
const (
	Survey   Action = "survey"   // count and name the person's rows
	Export   Action = "export"   // read the person's values
	Correct  Action = "correct"  // change a value
	Erase    Action = "erase"    // delete, clear or detach the person's rows
	Restrict Action = "restrict" // mark the rows as not to be used
	Verify   Action = "verify"   // search for what may be left
)

// A Warrant is durable leave for one step of one request to touch one
// subject's data in one system (I-2). The zero Warrant covers nothing.
type Warrant struct {
	id      string
	request string
	system  string
	action  Action
	subject string
}

// Covers reports whether w is leave to do action in system about subject.
func (w Warrant) Covers(system string, action Action, subject string) bool {
	return w.id != "" && w.system == system && w.action == action && w.subject == subject
}

// ID names the warrant in the log. It is empty for the zero Warrant.
func (w Warrant) ID() string { return w.id }

// issueBare is replaced when the gate proper lands.
func IssueBare(system string, action Action, subject string) Warrant {
	return Warrant{id: "bare", system: system, action: action, subject: subject}
}
