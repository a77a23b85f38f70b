package notice

import "time"

// Incident tells a person that data of theirs was lost, changed, taken or seen (GDPR
// Art. 34; PIPL Art. 57).
type Incident struct {
	Incident  string // its number
	At        time.Time
	Happened  string   // what happened, in plain words
	Data      []string // which data, in the words of the policy
	Measures  []string // what is done about it
	Advice    string   // what the person can do
	Contact   string   // where to ask
	Officer   string   // name of the protection officer; ""
	Authority string   // to whom the person may complain
	URL       string   // of the authority
}

// Alarm tells the controller's officer of something that cannot wait.
type Alarm struct {
	What   string // in words, naming nobody
	At     time.Time
	Detail string // what to look at
	Link   string // where; ""
}

func (Incident) kind() string { return "incident" }
func (Alarm) kind() string    { return "alarm" }
