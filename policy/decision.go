package policy

// A Code names a reason. Codes are stable: they stand in log entries.
type Code string

// An Obligation is what an allowed use still owes; a bit set.
type Obligation uint8

// The obligations.
const (
	MustMask       Obligation = 1 << iota // show the masked form of the value
	MustHash                              // give a keyed hash in place of the value
	MustGeneralise                        // give a coarser value (a year, a region)
	MustNotify                            // tell the person
	MustShorten                           // show the last digits alone of items that are shown so
	MustSeal                              // it leaves in a parcel alone, encrypted to the recipient's key
	MustAnonymise                         // it leaves in records without a person alone
)

// A Reason is one reason against a use. Text is English, names what the policy
// says and what would help, and holds no personal value.
type Reason struct {
	Code    Code    `json:"code"`
	Control Control `json:"control"`          // the control that says no
	Clause  string  `json:"clause,omitempty"` // id of the clause it keeps, where the policy binds one
	Pos     Pos     `json:"pos"`              // the place in the policy file
	Item    ItemNo  `json:"item,omitempty"`   // the item concerned, where it is one
	Text    string  `json:"text"`
}

// A Decision answers a Use. It is allowed when there is no reason against it;
// otherwise it holds all reasons (I-4).
type Decision struct {
	Allowed     bool       `json:"allowed"`
	Obligations Obligation `json:"obligations,omitempty"` // of an allowed use
	Version     string     `json:"version"`               // of the policy that decided
	Reasons     []Reason   `json:"reasons,omitempty"`     // in the order of DESIGN §5; empty when allowed
}

// An Origin says how a value came to the controller.
type Origin string

// The origins.
const (
	FromPerson   Origin = "given"    // the person typed or handed it over
	FromDevice   Origin = "observed" // read from a device, browser or the hardware
	FromOthers   Origin = "received" // a third party gave it
	FromPartner  Origin = "partner"  // an affiliate or partner passed it on
	FromAnalysis Origin = "derived"  // computed from other values
)

// Given is one value at a collection point.
type Given struct {
	Item      string // name of the item
	Value     string // the value in clear; it never comes back in a refusal
	Origin    Origin // how it came; "": as the policy declares for the item
	Voluntary bool   // the person gave it by an act of their own (sensitive items need one)
	Cite      string // the provision that asks for it, as a code, where a law is the only ground
	From      string // name of the partner or affiliate who passed it on
	Seen      Seen   // where it was observed

	// Other is what others call the person that a value is also about: names and
	// addresses, which copies leave out where the item says so. Received says that the
	// other wrote it.
	Other    []string
	Received bool

	Reminded bool   // the person was reminded to give numbers only where they must, and goes on
	Showing  string // the showing of the policy that came before, under its id

	OfMinor        bool // it is about a minor who is not the subject, such as a photo of a child
	GuardianAgreed bool // who gives it attests that the minor's guardian agreed
}

// A Refusal is one reason why a value may not be collected. It never holds the
// value.
type Refusal struct {
	Item    string  `json:"item"` // "" when the whole collection is refused
	Code    Code    `json:"code"`
	Control Control `json:"control"`
	Clause  string  `json:"clause,omitempty"`
	Pos     Pos     `json:"pos"`
	Text    string  `json:"text"` // what is wrong and what to do
}
