package policy

// A Use asks to use items of one subject for one purpose. Numbers are those of
// the policy version the subject is under; the zero value of a field says that
// it is not stated.
type Use struct {
	Subject    int64       // internal number of the subject; Decide does not read it
	Items      []ItemNo    // what is to be used; at least one
	Purpose    PurposeNo   // what for
	Actor      RoleNo      // who acts: a role of staff, [Service] or [Self]
	Ref        Ref         // the order, ticket, case, contract or request behind the use
	Recipient  RecipientNo // who outside the controller gets it
	Scenario   Scenario    // which sharing case; 0: the one that follows from the recipient's role
	Instrument string      // the legal order or provision, where one is the ground
	Interest   string      // the protected interest, where one is the ground
	Clause     string      // the clause of an agreement or of the policy that is carried out
	Necessity  string      // why it cannot be done without the data
	Function   string      // the business function that needs it, as the policy names it
	Surface    string      // the surface it happens on, as the policy names it
	Device     string      // the make of the device, where a recipient is bound to one
	Region     Region      // where the data will be processed; 0: the recipient's country, else the store's
	Found      bool        // the person's record holds a result of the purpose already (Purpose.Result)
	Packed     bool        // it leaves in a parcel: sealed, or in records without a person, as the recipient's rules say
}

// A RefKind is the kind of a reference behind a use.
type RefKind uint8

// The kinds of reference.
const (
	RefNone RefKind = iota
	RefOrder
	RefTicket
	RefCase
	RefContract
	RefRequest
	RefDevice // a device bound to the account, that a command goes to
)

// A Ref names the business behind a use. ID is an id, never personal data; that of a
// device is read as the policy's identifier of the kind device-id.
type Ref struct {
	Kind RefKind
	ID   string
}

// A Scenario is a case in which data leaves the controller.
type Scenario uint8

// The scenarios, with their names in the policy file.
const (
	NoScenario Scenario = iota
	Entrusted           // entrusted: a processor or SDK acts on the controller's behalf
	Consented           // consent: the person said yes to this recipient
	Contracted          // contract: the other side of an order needs it
	Affiliated          // affiliates: within the group
	Legal               // legal: a law, court or authority demands it
	Protecting          // protection: a right or interest named in Use.Interest
	Succession          // succession: merger, acquisition, bankruptcy
	Publishing          // public: made public
	Statistics          // statistics: counts without a person in them
	Sale                // sale: for money or other gain
)

// A Region is an ISO 3166-1 alpha-2 country code in two bytes.
type Region uint16

// An AccountState says where the subject's account stands.
type AccountState uint8

// The states. A subject without an account is a visitor.
const (
	AccountNone    AccountState = iota // a visitor without an account
	AccountOpen                        // the account is open
	AccountCooling                     // closing was asked for and can still be taken back
	AccountClosed                      // closed; what remains is kept, not used
	AccountErasing                     // erasure has begun
	AccountErased                      // erased; only what a law keeps is left
)

// An AgeBand says what is known of a person's age.
type AgeBand uint8

// The age bands. The limits are the policy's (`people`).
const (
	AgeUnknown AgeBand = iota
	AgeAdult
	AgeMinor // under the adult age
	AgeChild // under the child age
)

// Facts is the state a decision rests on: plain values, filled by the caller,
// only read by this package. The zero value is a stranger who agreed to
// nothing.
type Facts struct {
	Accepted   bool         // the person accepted the policy version they are under
	Agreed     *Policy      // the version that they accepted, where one since then asks to be accepted again; else nil
	Account    AccountState // state of the account
	Declined   bool         // the person said no to the policy, and not yes since
	Restricted bool         // processing is restricted: keep but do not use
	Suppressed bool         // on the suppression list: nothing may be collected
	Age        AgeBand      // what is known of the age
	Guardian   bool         // a guardian's consent is recorded
	Enterprise bool         // an organisation, and no natural person

	// Of a use in succession alone: what stands against it.
	Unmoved    bool // no transfer of these items to this successor stands ready
	Untold     bool // the person was not told of it, or not long enough ago, or does not want it
	Repurposed bool // the purpose changes with it: the person must consent to the recipient by name

	Shown bool // the policy was shown before; asked for at points alone where that counts
	Bound bool // the device that the use is about is bound to this person and to nobody else

	Consents  PurposeSet // consent given and neither withdrawn nor expired
	Explicit  PurposeSet // … given by an explicit act of its own (separate consent)
	Withdrawn PurposeSet // consent was given and withdrawn
	Expired   PurposeSet // consent was given and has expired
	Objected  PurposeSet // objection or opt-out stands

	Shared     RecipientSet // separate consent to giving data to this recipient
	Abroad     RecipientSet // explicit consent to data going abroad to this recipient; 0: to nobody named
	Agreements RecipientSet // the agreement with this recipient is in force
	AuditDue   RecipientSet // the last audit of this recipient is too old

	Suspended    RecipientSet // in breach, or failed an audit: gets nothing until released
	Unreviewed   RecipientSet // its ability or its security was not assessed, or did not pass
	Uninstructed RecipientSet // has not accepted the instructions of the version in force

	Held ClassSet // classes kept beyond their end by a hold or a law: for rights, claims and law only

	Backings []Backing // records that stand behind disclosures; asked for by [Policy.Backed] uses alone

	Permits []Permit // what the person's devices may read; asked for by [Policy.Observes] collections alone
	Over    []string // of the sessions that these name, those that are over
}
