package incident

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/policy"
)

// An ID names an incident: "inc_" and 26 characters, ordered by time.
type ID string

const idPrefix = "inc"

// NewID returns the id of an incident that was declared at a moment.
func NewID(at time.Time) ID { return ID(id.Ordered(idPrefix, at)) }

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) { return id.Parse[ID](idPrefix, "incident", s) }

// A Kind says what became of the data.
type Kind string

// The kinds of incident.
const (
	Leak       Kind = "leak"       // it went to who may not have it
	Access     Kind = "access"     // somebody saw it who may not
	Account    Kind = "account"    // somebody else has an account or its password
	Loss       Kind = "loss"       // it is gone
	Alteration Kind = "alteration" // it was changed
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Leak, Access, Account, Loss, Alteration} }

// A Level says what comes first.
type Level string

// The levels, the most urgent first.
const (
	Highest  Level = "highest" // accounts and passwords
	High     Level = "high"
	Ordinary Level = "ordinary"
)

// Levels lists every level, the most urgent first.
func Levels() []Level { return []Level{Highest, High, Ordinary} }

// A State says whether an incident goes on.
type State string

// The states of an incident.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Touched says what an incident touched, so that the log can say whom: everything
// that one of the staff or a program used, that a recipient was given, or that came
// in and lies in a system. Several of them narrow each other.
type Touched struct {
	Staff     string    `json:"staff,omitempty" doc:"Id of a member of the staff whose access was misused"`
	Key       string    `json:"key,omitempty" doc:"Id of an API key that got out"`
	Recipient string    `json:"recipient,omitempty" doc:"Recipient, as the policy calls it, that lost what it was given"`
	System    string    `json:"system,omitempty" doc:"System of the data map, or vault"`
	Items     []string  `json:"items,omitempty" doc:"Items concerned; none: all"`
	Subject   string    `json:"subject,omitempty" doc:"The one person whom it touched"`
	From      time.Time `json:"from,omitzero" doc:"When it began; left out: it is not known"`
	Until     time.Time `json:"until,omitzero" doc:"When it ended; left out: the declaration"`
}

// Says reports whether it says enough to look for anybody.
func (t Touched) Says() bool {
	return t.Staff != "" || t.Key != "" || t.Recipient != "" || t.System != "" || len(t.Items) > 0 || t.Subject != ""
}

// An Incident is its row. Times are UTC; a nil time has not come.
type Incident struct {
	Num        int64
	ID         ID
	Kind       Kind
	Level      Level
	State      State
	Owner      string // name of the role that leads
	Case       string // id of the case that reported it; ""
	Touched    Touched
	Happened   string // what happened, in words that people and authorities are told; "": not written yet
	Advice     string // what people can do; "": not written yet
	Language   string // of both
	Turns      int64  // how often it was changed
	Discovered time.Time
	Declared   time.Time
	Charge     string // id of the staff who took charge; "": nobody yet
	Found      *time.Time
	Telling    *time.Time // when the letters to people were ordered
	Ended      *time.Time
}

const (
	maxText = 4000
	minText = 20
	// Slack is how far a discovery may lie in the future: clocks differ.
	slack = 5 * time.Minute
)

// A Declaration is what is known when an incident is declared.
type Declaration struct {
	Kind       Kind
	Level      Level     // "": highest for accounts, else high
	Discovered time.Time // zero: now
	Touched    Touched
	Happened   string
	Language   string // "": the first of the policy
	Case       string
	Charge     string // id of the staff who declares it, and so takes charge; "": nobody of the staff
}

// Declared returns the incident that d makes at a moment under a policy, without its
// number, with its plan: measures and clocks. What it does not say is fault.Invalid.
func Declared(p *policy.Policy, d Declaration, at time.Time) (*Incident, []Step, []Clock, error) {
	if d.Discovered.IsZero() {
		d.Discovered = at
	}
	if d.Level == "" {
		d.Level = High
		if d.Kind == Account {
			d.Level = Highest
		}
	}
	if d.Language == "" && len(p.Languages()) > 0 {
		d.Language = p.Languages()[0]
	}
	if err := d.check(p, at); err != nil {
		return nil, nil, nil, err
	}
	i := &Incident{
		ID: NewID(at), Kind: d.Kind, Level: d.Level, State: Open, Owner: lead(p), Case: d.Case, Touched: d.Touched,
		Happened: strings.TrimSpace(d.Happened), Language: d.Language, Turns: 1,
		Discovered: d.Discovered.UTC().Truncate(time.Microsecond), Declared: at, Charge: d.Charge,
	}
	return i, i.measures(p), i.clocks(p), nil
}

func (d Declaration) check(p *policy.Policy, at time.Time) error {
	t := d.Touched
	switch {
	case !slices.Contains(Kinds(), d.Kind):
		return fault.New(fault.Invalid, "say what happened to the data: leak, access, account, loss, alteration")
	case !slices.Contains(Levels(), d.Level):
		return fault.New(fault.Invalid, "say how urgent it is: highest, high, ordinary")
	case d.Discovered.After(at.Add(slack)):
		return fault.New(fault.Invalid, "it cannot have been discovered in the future: give the time at which somebody first knew")
	case !slices.Contains(p.Languages(), d.Language):
		return fault.New(fault.Invalid, "the policy has no text in that language: use one of %s", strings.Join(p.Languages(), ", "))
	case d.Case == "" && !t.Says():
		return fault.New(fault.Invalid, "say what was touched: a member of the staff, an API key, a recipient, a system, items, or one person")
	case !t.From.IsZero() && !t.Until.IsZero() && t.Until.Before(t.From):
		return fault.New(fault.Invalid, "it ended before it began: look at the two times")
	}
	if t.Recipient != "" {
		if _, err := p.Recipient(t.Recipient); err != nil {
			return err
		}
	}
	for _, name := range t.Items {
		if _, err := p.Item(name); err != nil {
			return err
		}
	}
	if d.Happened == "" {
		return nil
	}
	return checkText("what happened", d.Happened)
}

// checkText refuses words that say too little or too much to be told to people.
func checkText(what, text string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < minText || len(text) > maxText || !utf8.ValidString(text) {
		return fault.New(fault.Invalid, "%s: write at least %d characters and at most %d bytes, in words that people understand", what, minText, maxText)
	}
	return nil
}

// lead is the role that leads: the first that decides about complaints, else the
// first of all.
func lead(p *policy.Policy) string {
	for _, r := range p.Roles() {
		if slices.Contains(r.Approves, policy.Complaint) {
			return r.Name
		}
	}
	for _, r := range p.Roles() {
		return r.Name
	}
	return ""
}
