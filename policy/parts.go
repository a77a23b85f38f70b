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
	Type       string // one of [Types]
	Origin     Origin
	At         []string // collection points
	Purposes   []PurposeNo
	Sensitive  bool
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
	OptOut    bool      // the person may switch it off although consent is not the ground
	Separate  bool      // consent by an act of its own
	Lapses    Period    // consent lapses after this; zero: never
	Aggregate bool      // only counts leave it, never a person's values
	Refs      []RefKind // a use must name one of these
	Functions []string  // business functions that may use it; empty: any
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
	Agreement bool   // an agreement must be in force
	Audit     Period // how often it must be audited; zero: never
	Devices   []string
	Oblige    Obligation
	Assumed   bool
	Why       Text
	Clause    string
	Pos       Pos
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
	Verify        string // how the person is verified: login, identifier, document, none
	Confirm       Period // acknowledged within
	Reply         Period // answered within
	Done          Period // carried out within, counted from receipt
	Backups       Period // gone from backups within, counted from when it was carried out
	Extend        Period // the reply may take this much longer, with reasons
	Circumstances []Text // when it can be asked for; empty: always
	Paths         []Text // how to get there in the app
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
	Pos      Pos
}

// A Point is a collection point: where values are given or observed.
type Point struct {
	Name    string
	Title   Text
	Surface string
	Pos     Pos
}

// A Controller is who answers for the data.
type Controller struct {
	Name         Text
	Country      Region
	Contacts     map[string]string // channel to address: phone, web, email, post
	Authority    Text              // the supervisory authority
	AuthorityURL string
	Pos          Pos
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
	AdultAge int
	ChildAge int
	Minors   MinorRule // under the adult age
	Children MinorRule // under the child age
	Proof    string    // how a guardian's consent is proved
	Never    []PurposeNo
	Pos      Pos
}

// Security is what the policy promises about protection.
type Security struct {
	InTransit   string
	AtRest      string
	Desensitise []string
	StaffMFA    bool
	MaskedView  bool
	Reviews     map[string]Period
	Pos         Pos
}

// A Clause is one sentence of the policy and the controls that keep it.
type Clause struct {
	ID      string
	Says    Text
	Section string
	Keeps   []Control
	About   []string // what it speaks of: items.account.email, rights.erasure, …
	Pos     Pos
}
