package api

// NewShowing says that the policy in force is on somebody's screen.
type NewShowing struct {
	Surface  string `json:"surface" maxLength:"100" doc:"Surface of the policy: app, website"`
	Language string `json:"language,omitempty" maxLength:"20" doc:"Language it is shown in; the policy's first when left out"`
}

// Showing is one time that the policy was shown. Keep its id in the app, and name it
// with what is collected there.
type Showing struct {
	ID       string `json:"id" doc:"shw_…"`
	Version  int64  `json:"version" doc:"Number of the version, as the log calls it"`
	Policy   string `json:"policy" doc:"Hash of its text"`
	Surface  string `json:"surface"`
	Language string `json:"language"`
	At       string `json:"at" format:"date-time"`
}

// Exchange is something that one person says to another.
type Exchange struct {
	To       string `json:"to" maxLength:"40" doc:"The other: sub_…"`
	Point    string `json:"point" maxLength:"100" doc:"Collection point of the policy"`
	Item     string `json:"item" maxLength:"100" doc:"An item that passes between two people (between: true)"`
	Value    string `json:"value" minLength:"1" maxLength:"524288"`
	FromName string `json:"from_name" minLength:"1" maxLength:"200" doc:"What who says it is called to the other: the other's copy leaves it out"`
	ToName   string `json:"to_name" minLength:"1" maxLength:"200" doc:"What the other is called: the copy of who says it leaves it out"`
	Reminded bool   `json:"reminded,omitempty" doc:"Who says it was reminded to give numbers only where they must, and goes on"`
}

// RegisterEntry is what a public register is to show of somebody who trades.
type RegisterEntry struct {
	Register string            `json:"register" maxLength:"100" doc:"As the policy calls it, under excluded"`
	Fields   map[string]string `json:"fields" doc:"Every field that the law lists and, of a natural person, no other"`
	Role     string            `json:"role" maxLength:"100"`
	Staff    string            `json:"staff" maxLength:"40" doc:"Who of the staff publishes it"`
}

// NewParcel asks for a parcel of people's values for a recipient.
type NewParcel struct {
	Subjects  []string `json:"subjects" minItems:"1" maxItems:"500"`
	Items     []string `json:"items" minItems:"1" maxItems:"200"`
	Purpose   string   `json:"purpose" maxLength:"100"`
	Ref       string   `json:"ref,omitempty" maxLength:"200" doc:"Order, ticket, case, contract or request behind it: order:A-17"`
	Case      string   `json:"case,omitempty" maxLength:"40" doc:"Sharing case; the recipient's when left out"`
	Necessity string   `json:"necessity,omitempty" maxLength:"2000"`
}

// Parcel is what may leave.
type Parcel struct {
	Form    string   `json:"form" enum:"clear,sealed,anonymous" doc:"sealed: HPKE (RFC 9180) to the recipient's key; anonymous: records without a person"`
	Bytes   []byte   `json:"bytes" doc:"What goes to the recipient, in base64"`
	Hash    string   `json:"sha256" doc:"Of the bytes; the log entry has it"`
	Records int      `json:"records"`
	Denied  []string `json:"denied" doc:"Subjects of whom nothing is in it: the policy denied it, and the log has every reason"`
	Entry   int64    `json:"entry"`
}

// RecipientKey is the public key to which a recipient's parcels are sealed.
type RecipientKey struct {
	Key      string `json:"key" maxLength:"100" doc:"As avow parcel key prints it"`
	Document string `json:"document" minLength:"1" maxLength:"500" doc:"Where it is attested whose key it is"`
	Staff    string `json:"staff" maxLength:"40"`
}
