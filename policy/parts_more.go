package policy

// An Assumption says what a part of the policy assumes because the published
// text leaves it open, and why it was set so. The zero Assumption assumes
// nothing.
type Assumption struct {
	All  bool     // everything the part says
	Keys []string // or only these keys of it
	Why  Text
}

// IsZero reports whether nothing is assumed.
func (a *Assumption) IsZero() bool { return !a.All && len(a.Keys) == 0 }

// Of reports whether a key of the part is assumed.
func (a *Assumption) Of(key string) bool {
	if a.All {
		return true
	}
	for _, k := range a.Keys {
		if k == key {
			return true
		}
	}
	return false
}

// An Assumed is a part of the policy with what it assumes.
type Assumed struct {
	Part string // such as keep.logs, rights.erasure, changes
	Assumption
	Pos Pos
}

// A Revision says why a version was written.
type Revision struct {
	Reasons []string // business, function, law, practice, correction
	Note    Text
}

// A Filing is a number under which the platform is filed with an authority.
type Filing struct {
	Kind   string // icp, public-security, app, algorithm, cross-border, other
	Number string
	With   Text   // the authority
	URL    string // where it can be looked up
	Pos    Pos
}

// An Agreeing says how people agree and refuse.
type Agreeing struct {
	ByUse      bool   // the text takes mere use for agreement (a defect that lint names)
	SilenceYes bool   // … and silence for acceptance of a new version
	Cookies    string // where cookies are refused: banner, browser; "": not said
	Beacons    string // where beacons are refused: banner, browser, none; "": not said
	GPC        bool   // the Global Privacy Control signal is honoured
	Lapses     Period // choices are asked again after; zero: never
	Assumed    Assumption
	Pos        Pos
}

// A NeverRule says what is never collected.
type NeverRule struct {
	Title    Text
	Category string   // a category and all below it; "" for a pattern
	Pattern  string   // what is found in any value; "" for a category
	ByLaw    bool     // a law that demands it lifts the rule
	Except   []string // items it does not hold for
	ExceptAt []string // collection points it does not hold for
	Cite     Text     // why
	Pos      Pos
}

// An Excluded is something the policy says it does not cover.
type Excluded struct {
	Name       string
	Title      Text
	Kind       string // linked-site, public-area, third-party-service, data, agreement
	Rule       Text   // which rule holds there instead
	Categories []string
	Items      []ItemNo // what a linked site or interface receives
	Surfaces   []string
	URL        string
	Fields     []Field // of a public register: what Rule has published of people who trade under their own name
	Clause     string
	Pos        Pos
}

// A Field is one thing that a public register shows.
type Field struct {
	Name  string
	Title Text
}

// A Permission is a permission on a person's device.
type Permission struct {
	Name      string
	Title     Text
	Function  Text // the function that needs it
	Purposes  []PurposeNo
	Items     []ItemNo // what is read through it
	Asked     bool     // asked for when the function is first used
	Revocable bool     // can be taken back in the system's settings
	Path      Text     // how
	Help      Text     // who else can help with it
	Without   Text     // what does not work without it
	Surfaces  []string
	System    []string // what the systems call it
	Functions []string // business functions in which it is asked for and read through; empty: any
	Assumed   Assumption
	Clause    string
	Pos       Pos
}

// A TrackerClass says whether a cookie or beacon waits for a yes: all but
// essential ones do.
type TrackerClass string

// The classes.
const (
	Essential   TrackerClass = "essential"
	Functional  TrackerClass = "functional"
	Performance TrackerClass = "performance"
	Marketing   TrackerClass = "marketing"
)

// FirstParty is who sets a cookie or beacon of the controller's own.
const FirstParty = "first-party"

// A Cookie is a cookie, or what else is stored in a browser or app.
type Cookie struct {
	Name     string
	Title    Text
	Class    TrackerClass
	Kind     string   // cookie, local-storage, session-storage, app-storage
	Names    []string // what browsers call it; * stands for anything; empty: Name
	Size     int      // bytes it holds at most; 0: not said
	Purposes []PurposeNo
	Lifetime Period
	Session  bool   // ends when the browser is closed
	SetBy    string // [FirstParty] or the name of a recipient
	Content  Text
	Items    []ItemNo
	Without  Text // what does not work without it
	Surfaces []string
	Assumed  Assumption
	Clause   string
	Pos      Pos
}

// A Beacon is a pixel that reports a visit.
type Beacon struct {
	Name     string
	Title    Text
	Class    TrackerClass
	Purposes []PurposeNo
	At       []string // collection points whose pages hold it
	Items    []ItemNo // what it sends
	SetBy    string   // [FirstParty] or the name of a recipient
	URLs     []string // where its addresses begin; empty: avow counts it, or its recipient's own address
	Assumed  Assumption
	Clause   string
	Pos      Pos
}

// A Case is what the policy says about one case of sharing.
type Case struct {
	Scenario Scenario
	Title    Text
	Needs    []string // what a disclosure names, as [Need] prints it
	Items    []ItemNo // only these; empty: any that the recipient may have
	Assumed  Assumption
	Clause   string
	Pos      Pos
}

// A SuccessionRule says what happens when the business changes hands.
type SuccessionRule struct {
	Notice   string // before, after, none; "": not said
	Before   Period
	Channels []string
	Binds    bool // the successor is bound by this policy
	Consent  bool // a change of purpose asks for consent again
	Assumed  Assumption
	Pos      Pos
}

// A SharingRule says in which cases data leaves the controller.
type SharingRule struct {
	Stance     string // "never": the text says that nothing is shared; "listed"; "": not said
	Sale       string // never, never-without-consent, allowed
	Allow      []Scenario
	Cases      []*Case
	Succession SuccessionRule
	Pos        Pos
}

// A ResidencyRule says where data is kept and what lets it go elsewhere.
type ResidencyRule struct {
	Store      []Region // empty: the policy does not say
	ByLaw      bool     // abroad where a law demands it
	ByConsent  bool     // abroad with explicit consent
	Free       bool     // abroad without more
	Safeguards []string // contract-clauses, assessment, certification, adequacy
	Places     []*Place
	Assumed    Assumption
	Pos        Pos
}

// A Place is a store of the controller's.
type Place struct {
	Name     string
	Title    Text
	Country  Region
	Operator string // "self" or the name of a recipient
	Surfaces []string
	Backups  bool
	Clause   string
	Pos      Pos
}

// A StatisticsRule says what counts are made and who sees them.
type StatisticsRule struct {
	Smallest int      // a count of fewer people is not shown
	Share    []string // who outside may see counts: public, partners, affiliates
	Approve  bool     // someone approves each release
	Sets     []*StatisticsSet
	Assumed  Assumption
	Pos      Pos
}

// A StatisticsSet is one set of counts.
type StatisticsSet struct {
	Name    string
	Title   Text
	Purpose PurposeNo
	Items   []ItemNo
	By      []string // how counts are split
	Every   Period
	Shared  bool // may leave the controller
	Clause  string
	Pos     Pos
}

// A ChangeRule says how people hear of a kind of change.
type ChangeRule struct {
	Channels []string // popup, email, sms, push, page, notification-centre, announcement
	Before   Period   // how long before it takes effect
	Again    bool     // people accept it again
	Surfaces []string
	At       []string // login, upgrade, visit
	Pos      Pos
}

// Changing says how people hear of a new version.
type Changing struct {
	Major       ChangeRule
	Minor       ChangeRule
	What        []Text // what the text calls major
	History     bool   // earlier versions stay readable
	KeepsRights bool   // fewer rights hold only for who consents to them
	Assumed     Assumption
	Pos         Pos
}

// An IncidentRule says what happens when data is lost or seen by others.
type IncidentRule struct {
	Plan      Period // the emergency plan starts within
	Authority Period // the authority is told within
	People    Period // people are told within
	Channels  []string
	Report    []string // where people report a leak
	Measures  []Text
	Assumed   Assumption
	Pos       Pos
}

// An Attestation is a duty that people carry out again and again, and sign.
// The reviews under security are attestations too.
type Attestation struct {
	Name    string // the duty's name, such as staff-training
	Title   Text
	Every   Period
	Owner   RoleNo // who does it; 0: not said
	Shows   Text   // what the signed record must show
	Assumed Assumption
	Clause  string
	Pos     Pos
}

// A Section is a part of the page.
type Section struct {
	Name   string
	Title  Text
	Stages []string // what it explains
	Pos    Pos
}

// A Law is a rule pack that holds for the platform or for some of its people.
type Law struct {
	Name      string // pipl
	Edition   string // 2025-05
	Title     Text
	Residents bool     // holds only for people who live in its territory
	Children  bool     // holds only for children by its own age
	Territory []Region // where it holds by itself
	ChildAge  int      // years
	Duties    []Duty
	Pos       Pos // where the policy names it
}

// A Duty is something a law demands of every policy under it.
type Duty struct {
	Name string // such as incident.authority
	Says Text
	// Within is the time the law gives, for duties with a clock; zero: none.
	Within Period
	Cite   Text
}

// A LawSet is a set of the laws of one policy version: bit i stands for
// Policy.Laws()[i].
type LawSet uint16

// A Person is what decides which laws hold for somebody. The zero value is
// somebody of whom nothing is known: every law may hold.
type Person struct {
	Residence Region // where the person lives; 0: not known
	Age       AgeBand
}
