package policy

import (
	"github.com/avow-dev/avow/internal/calendar"
)

// A Period is a calendar period: P30D, P1M, PT48H or 10wd (working days).
type Period = calendar.Period

// A Basis is the legal ground of a purpose (GDPR Art. 6(1), PIPL Art. 13).
type Basis string

// The grounds.
const (
	Consent            Basis = "consent"
	Contract           Basis = "contract"
	LegalObligation    Basis = "legal-obligation"
	Vital              Basis = "vital"
	PublicTask         Basis = "public-task"
	LegitimateInterest Basis = "legitimate-interest"
)

// Serving says what a purpose is there for. Purposes that serve rights,
// claims or storage go on when processing is restricted or the account is
// closed.
type Serving string

// What a purpose can serve.
const (
	ServesService Serving = "service" // the ordinary case
	ServesRights  Serving = "rights"  // the person's own rights
	ServesClaims  Serving = "claims"  // establishing or defending legal claims
	ServesStorage Serving = "storage" // keeping what a law says must be kept
)

// An Item is one kind of personal data. Items, like everything a Policy
// returns, are read-only.
type Item struct {
	No         ItemNo
	Name       string // such as account.email
	Title      Text
	Category   string // dotted key of the Fides/IAB taxonomy
	Type       string // one of [Types]; "secret" for everything that can be verified and never read
	Form       string // the declared type: as Type, but for kinds of secrets such as security-answer
	Origin     Origin
	From       Text     // who gives it, for received and partner
	Derived    []ItemNo // items it is computed from
	Precision  string   // how fine a place is: country, region, city, street, exact
	Component  string   // the part of the software that reads it
	Necessary  Text     // why its purposes cannot do without it
	Without    Text     // what does not work when it is not given
	Kinds      []string // whom it is asked of: natural, enterprise; empty: everybody
	With       ItemNo   // comes in only together with a value of this item; 0: by itself
	AtLeast    int      // the least value of With, a number
	Harm       []string // what a leak could endanger: safety, reputation, health, discrimination; "none"; empty: not examined
	Scrub      bool     // details of people are taken out of its text before it is kept
	LastDigits bool     // nobody who looks sees more than its last digits
	Others     string   // values also tell about others; what copies do with their part: redact, withhold, show
	Assumed    Assumption
	At         []string // collection points
	Purposes   []PurposeNo
	Sensitive  bool

	// Between says that it passes between two people of the platform: who gives it
	// names the other, and it is held for both.
	Between bool

	// UploadedFor says that it stays on the person's device, and comes in for these
	// purposes alone, where the person agreed to one; empty: it need not stay.
	UploadedFor []PurposeNo

	List       bool // a person may have many values
	Optional   bool
	Class      ClassNo // retention class
	Identifier string  // the kind of identifier a value is ("" none): email, phone, account-id, …
	Exclusive  bool    // an identifier that can belong to one person only
	Clause     string  // the clause about it, if any
	Pos        Pos
}

// A Purpose is why values may be used.
type Purpose struct {
	No        PurposeNo
	Name      string
	Title     Text
	Basis     Basis
	Serves    Serving
	DPV       string    // W3C DPV term
	Cite      Text      // the provision, for legal grounds
	Says      Text      // more about it
	Under     PurposeNo // the wider purpose it is part of; 0: none
	Interest  Text      // the interest, for legitimate-interest
	Marketing bool      // direct marketing or advertising
	Automated bool      // decides about people without people
	AllItems  bool      // may use every item (rights, claims)
	Notify    bool      // the person is told of each use
	Assumed   Assumption
	OptOut    bool       // the person may switch it off although consent is not the ground
	Separate  bool       // consent by an act of its own
	Lapses    Period     // consent lapses after this; zero: never
	Aggregate bool       // only counts leave it, never a person's values
	Refs      []RefKind  // a use must name one of these
	Functions []string   // business functions that may use it; empty: any
	Oblige    Obligation // the form in which values are given for it
	Result    ItemNo     // what it found; while the person has one, nothing else is read for it; 0: none
	Clause    string
	Pos       Pos
}

// An Event starts or ends a retention.
type Event string

// The events.
const (
	AccountIsClosed  Event = "account-closed"
	PurposeEnds      Event = "purpose-ended"
	ConsentWithdrawn Event = "consent-withdrawn"
	LastActivity     Event = "last-activity" // counts anew with each sign of the person
)

// A Class is a retention class: what is kept together, ends together and is
// sealed under keys of its own.
type Class struct {
	No      ClassNo
	Name    string
	Title   Text
	Until   Event  // ends with this event …
	For     Period // … or after this time,
	After   Event  // which counts from this event ("": from when the value came)
	Then    string // "erase" or "anonymise"
	Within  Period // how long carrying it out may take
	Bucket  Period // rolling classes: values of one period share a key
	Law     bool   // kept because a law demands it
	Cite    Text   // which
	Fixed   bool   // nothing ends it before its time, and no hold keeps it past it
	Assumed bool   // the published text leaves it open
	Why     Text   // why it was set so
	Clause  string
	Pos     Pos
}

// Rolling reports whether values of c end one by one, by their own age.
func (c *Class) Rolling() bool { return !c.For.IsZero() && c.After == "" }

// A RecipientRole says what a recipient is to the controller.
type RecipientRole string

// The roles of recipients.
const (
	Processor RecipientRole = "processor"
	SDK       RecipientRole = "sdk"
	Partner   RecipientRole = "partner" // another controller
	Affiliate RecipientRole = "affiliate"
	Authority RecipientRole = "authority"
	Successor RecipientRole = "successor"
)

// A Recipient is anyone outside the controller who receives data.
type Recipient struct {
	No        RecipientNo
	Name      string
	Title     Text // the company
	Role      RecipientRole
	Purposes  []PurposeNo
	Items     []ItemNo
	Country   Region
	URL       string // its own policy
	Method    string // how it gets the data, such as sdk-direct
	Product   Text   // its product, such as the name of an SDK
	Measures  []Text // how it protects the data
	Standards []string
	Surfaces  []string // where it is built in; empty: everywhere
	Agreement bool     // an agreement must be in force
	Audit     Period   // how often it must be audited; zero: never
	Review    bool     // its ability and its security must have been assessed, and passed
	Devices   []string
	Needs     Need // beyond what its sharing case asks for
	Oblige    Obligation
	Assumed   bool
	Why       Text
	Clause    string
	Pos       Pos

	// Instructions says that it gets nothing before it accepted the instructions
	// that go with the version in force.
	Instructions bool
}

// A RightKind is a right of the person.
type RightKind string

// The rights.
const (
	Access        RightKind = "access"
	Rectification RightKind = "rectification"
	Erasure       RightKind = "erasure"
	Restriction   RightKind = "restriction"
	Portability   RightKind = "portability"
	Objection     RightKind = "objection"
	Withdrawal    RightKind = "withdrawal"
	OptOut        RightKind = "opt-out"
	Closing       RightKind = "closing"
	Complaint     RightKind = "complaint"
	Explanation   RightKind = "explanation"
	GuardianSays  RightKind = "guardian-report"
)

// A Right is what the policy promises about one right.
type Right struct {
	Kind          RightKind
	Title         Text
	Channels      []string
	Verify        string      // how the person is verified: login, identifier, document, none
	Confirm       Period      // acknowledged within
	Reply         Period      // answered within
	Done          Period      // carried out within, counted from receipt
	Backups       Period      // gone from backups within, counted from when it was carried out
	Extend        Period      // the reply may take this much longer, with reasons
	Circumstances []Text      // when it can be asked for; empty: always
	Paths         []Text      // how to get there in the app
	Exceptions    []Text      // when it is refused
	Purposes      []PurposeNo // what can be objected to or switched off; empty: all that can
	Formats       []string    // forms a copy comes in: json, csv, html, pdf
	Fee           string      // free, cost; "": not said
	Assumed       []string
	Why           Text
	Clause        string
	Pos           Pos
}

// A Role is a role of staff.
type Role struct {
	No       RoleNo
	Name     string
	Title    Text
	Purposes []PurposeNo
	Masked   bool        // sees masked values
	Approves []RightKind // requests it may approve
	Task     Period      // let in task by task, at most this long; zero: as its purposes allow
	Pos      Pos
}

// A Point is a collection point: where values are given or observed.
type Point struct {
	Name    string
	Title   Text
	Surface string
	Says    Text     // what people read there before they give anything
	InUse   bool     // what is observed there names the session of use that it was seen in
	Shown   bool     // nothing is collected there before the policy was shown, and that is on record
	Remind  []string // numbers before which people are reminded: phone, payment-card, cn-resident-id
	Pos     Pos
}

// A Controller is who answers for the data.
type Controller struct {
	Name         Text
	Brand        Text   // the name people know, where it is not the legal one
	Number       string // in the register of companies
	Country      Region
	Address      Text
	Contacts     map[string]string // channel to address: phone, web, email, post, chat
	Officer      Officer
	Stands       Representative
	Authority    Text // the supervisory authority
	AuthorityURL string
	Authorities  []Authorities // of people who live elsewhere
	Assumed      Assumption
	Pos          Pos
}

// An Authorities is the authority of those who live in some countries.
type Authorities struct {
	Body
	Countries []Region
	Pos       Pos
}

// An Officer is the data protection officer. The zero Officer is nobody.
type Officer struct {
	Name         Text
	Email, Phone string
}

// A Representative stands in for a controller that has no seat in a territory.
type Representative struct {
	Name    Text
	Country Region
	Email   string
}

// A MinorRule says what holds for people under an age.
type MinorRule string

// The rules.
const (
	MinorAllowed  MinorRule = "allow"
	MinorGuardian MinorRule = "guardian-consent"
	MinorRefused  MinorRule = "refuse"
)

// People says who the policy is about.
type People struct {
	Kinds    []string // natural, enterprise
	Status   []string // registered, visitor
	AdultAge int
	ChildAge int
	Minors   MinorRule // under the adult age
	Children MinorRule // under the child age
	Proof    string    // how a guardian's consent is proved
	Never    []PurposeNo
	Declare  string   // what people say of their age: nothing, adulthood, birth-date
	Erase    Period   // data found to be a minor's without consent is erased within
	Channels []string // where guardians report
	Assumed  Assumption
	Pos      Pos
}

// Security is what the policy promises about protection.
type Security struct {
	InTransit   string
	AtRest      string
	Desensitise []string
	Standards   []string
	Measures    []Text
	StaffMFA    bool
	MaskedView  bool
	Undertaking bool              // staff sign a promise of confidentiality before the first look
	Training    bool              // staff are trained before any look, again and again
	Reviews     map[string]Period // what is reviewed, how often; see also Policy.Attestations
	Assumed     Assumption
	Pos         Pos
}

// A Clause is one sentence of the policy and the controls that keep it.
type Clause struct {
	ID      string
	Says    Text
	Section string
	Kind    string // promise, statement, disclaimer
	Keeps   []Control
	About   []string // what it speaks of: items.account.email, rights.erasure, …
	Assumed Assumption
	Pos     Pos
}
