package policy

// document is the policy file as written. The tags are its grammar: `policy`
// is a key, `one` the values it may have, `doc` what it says (for editors).
type document struct {
	Avow       number                `policy:"avow" doc:"version of this file format: 1"`
	Platform   str                   `policy:"platform" doc:"the name of the platform"`
	Title      text                  `policy:"title" doc:"what people call the product"`
	Label      str                   `policy:"label" doc:"the owner's name for this version"`
	Updated    day                   `policy:"updated" doc:"when the text was last changed"`
	Effective  day                   `policy:"effective" doc:"when it takes effect"`
	Languages  list[str]             `policy:"languages" doc:"languages every text is written in"`
	Surfaces   list[str]             `policy:"surfaces" doc:"where the policy holds: app, website, …"`
	Laws       list[str]             `policy:"laws" doc:"rule packs: clocks and duties; the strictest wins"`
	Calendar   str                   `policy:"calendar" doc:"whose working days count"`
	Controller controllerDoc         `policy:"controller" doc:"who answers for the data"`
	People     peopleDoc             `policy:"people" doc:"who the data is about"`
	Points     section[pointDoc]     `policy:"points" doc:"where values are given or observed"`
	Purposes   section[purposeDoc]   `policy:"purposes" doc:"why values are used"`
	Items      section[itemDoc]      `policy:"items" doc:"kinds of personal data"`
	Never      list[neverDoc]        `policy:"never" doc:"what is never collected"`
	Keep       section[keepDoc]      `policy:"keep" doc:"retention classes"`
	Recipients section[recipientDoc] `policy:"recipients" doc:"who receives data"`
	Sharing    sharingDoc            `policy:"sharing" doc:"in which cases data is shared"`
	Residency  residencyDoc          `policy:"residency" doc:"where data is kept"`
	Rights     section[rightDoc]     `policy:"rights" one:"access|rectification|erasure|restriction|portability|objection|withdrawal|opt-out|closing|complaint|explanation|guardian-report" doc:"what people may ask for"`
	Security   securityDoc           `policy:"security" doc:"how data is protected"`
	Roles      section[roleDoc]      `policy:"roles" doc:"what staff may act for"`
	Clauses    list[clauseDoc]       `policy:"clauses" doc:"the sentences, and what keeps them"`
}

type controllerDoc struct {
	Name      text         `policy:"name" doc:"legal name"`
	Country   str          `policy:"country" doc:"ISO 3166 code"`
	Contacts  section[str] `policy:"contacts" one:"phone|web|email|post" doc:"how people reach it"`
	Authority authorityDoc `policy:"authority" doc:"where people complain"`
}

type authorityDoc struct {
	Name text `policy:"name" doc:"its name"`
	URL  str  `policy:"url" doc:"its address"`
}

type peopleDoc struct {
	Kinds    list[str] `policy:"kinds" one:"natural|enterprise" doc:"natural persons, enterprises"`
	AdultAge number    `policy:"adult_age" doc:"years"`
	ChildAge number    `policy:"child_age" doc:"years"`
	Minors   minorsDoc `policy:"minors" doc:"what holds for people under age"`
}

type minorsDoc struct {
	BelowAdult str       `policy:"below_adult" one:"allow|guardian-consent|refuse" doc:"under the adult age"`
	BelowChild str       `policy:"below_child" one:"allow|guardian-consent|refuse" doc:"under the child age"`
	Proof      str       `policy:"proof" one:"written|electronic|attested" doc:"how a guardian's consent is proved"`
	Never      list[str] `policy:"never" doc:"purposes that never use data of people under age"`
}

type pointDoc struct {
	Title   text `policy:"title" doc:"what people call it"`
	Surface str  `policy:"surface" doc:"the surface it is part of"`
}

type purposeDoc struct {
	Title     text      `policy:"title" doc:"what people read"`
	Basis     str       `policy:"basis" one:"consent|contract|legal-obligation|vital|public-task|legitimate-interest" doc:"legal ground"`
	Serves    str       `policy:"serves" one:"service|rights|claims|storage" doc:"rights, claims and storage go on under restriction and after closing"`
	DPV       str       `policy:"dpv" doc:"W3C DPV term"`
	Cite      text      `policy:"cite" doc:"the provision, for legal grounds"`
	OptOut    boolean   `policy:"opt_out" doc:"the person may switch it off"`
	Separate  boolean   `policy:"separate" doc:"consent takes an act of its own"`
	Lapses    period    `policy:"lapses" doc:"consent lapses after this time"`
	Aggregate boolean   `policy:"aggregate_only" doc:"only counts, never a person's values"`
	Refs      list[str] `policy:"refs" one:"order|ticket|case|contract|request" doc:"a use names one of these"`
	Functions list[str] `policy:"functions" doc:"business functions that may use it"`
	AllItems  boolean   `policy:"all_items" doc:"every item, for rights and claims"`
	Notify    boolean   `policy:"notify" doc:"the person is told of each use"`
}

type itemDoc struct {
	Title      text      `policy:"title" doc:"what people read"`
	Category   str       `policy:"category" doc:"Fides/IAB taxonomy key"`
	Type       str       `policy:"type" doc:"type of the value"`
	Source     str       `policy:"source" one:"given|observed|received|derived" doc:"how it comes"`
	At         list[str] `policy:"at" doc:"collection points"`
	Purposes   list[str] `policy:"purposes" doc:"what it is used for"`
	Sensitive  boolean   `policy:"sensitive" doc:"needs a voluntary act and explicit consent"`
	List       boolean   `policy:"list" doc:"a person may have many"`
	Optional   boolean   `policy:"optional" doc:"service does not depend on it"`
	Keep       str       `policy:"keep" doc:"retention class"`
	Identifier str       `policy:"identifier" one:"email|phone|account-id|account-name|device-id|cookie-id|customer-no" doc:"kind of identifier it is"`
	Exclusive  boolean   `policy:"exclusive" doc:"belongs to one person only"`
}

type neverDoc struct {
	pos      Pos
	Category str       `policy:"category" doc:"a category and all below it"`
	Pattern  str       `policy:"pattern" one:"payment-card|cn-resident-id" doc:"found in any value by its check digits"`
	Unless   list[str] `policy:"unless" one:"law" doc:"what lifts it"`
	Except   list[str] `policy:"except" doc:"items it does not hold for"`
	ExceptAt list[str] `policy:"except_at" doc:"collection points it does not hold for"`
	Cite     text      `policy:"cite" doc:"why"`
}

func (n *neverDoc) at(p Pos) { n.pos = p }

type keepDoc struct {
	Title   text       `policy:"title" doc:"what people read"`
	Until   str        `policy:"until" one:"account-closed|purpose-ended|consent-withdrawn" doc:"the event that ends it"`
	For     period     `policy:"for" doc:"how long"`
	After   str        `policy:"after" one:"account-closed|purpose-ended|consent-withdrawn" doc:"the event from which for counts"`
	Then    str        `policy:"then" one:"erase|anonymise" doc:"what happens at the end"`
	Within  period     `policy:"within" doc:"how long that may take"`
	Bucket  period     `policy:"bucket" doc:"rolling classes: values of one period share a key"`
	Ground  str        `policy:"ground" one:"law" doc:"kept because a law says so"`
	Cite    text       `policy:"cite" doc:"which law"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

type recipientDoc struct {
	Name      text       `policy:"name" doc:"the company"`
	Role      str        `policy:"role" one:"processor|sdk|partner|affiliate|authority|successor" doc:"what it is to the controller"`
	Purposes  list[str]  `policy:"purposes" doc:"what it gets data for"`
	Items     list[str]  `policy:"items" doc:"what it gets"`
	Country   str        `policy:"country" doc:"where it processes"`
	Method    str        `policy:"method" one:"sdk-direct|transfer|redirect|hosting" doc:"how it gets it"`
	URL       str        `policy:"url" doc:"its own policy"`
	Agreement str        `policy:"agreement" one:"required|none" doc:"must an agreement be in force"`
	Audit     period     `policy:"audit" doc:"how often it is audited"`
	Devices   list[str]  `policy:"devices" doc:"makes of device it runs on"`
	Oblige    list[str]  `policy:"oblige" one:"mask|hash|generalise|notify" doc:"what is done to values first"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

type sharingDoc struct {
	Sale  str       `policy:"sale" one:"never|never-without-consent|allowed" doc:"is data sold"`
	Allow list[str] `policy:"allow" one:"entrusted|consent|contract|affiliates|legal|protection|succession|public|statistics" doc:"cases in which data is shared"`
}

type residencyDoc struct {
	Store  list[str] `policy:"store" doc:"countries data is stored in"`
	Abroad list[str] `policy:"abroad" one:"law|explicit-consent|free" doc:"what lets data go elsewhere"`
}

type rightDoc struct {
	Title         text       `policy:"title" doc:"what people read"`
	Channels      list[str]  `policy:"channels" one:"settings|support|phone|web|email|post" doc:"where it can be asked for"`
	Verify        str        `policy:"verify" one:"login|identifier|document|none" doc:"how the person is verified"`
	Confirm       period     `policy:"confirm" doc:"acknowledged within"`
	Reply         period     `policy:"reply" doc:"answered within"`
	Done          period     `policy:"done" doc:"carried out within"`
	Backups       period     `policy:"backups" doc:"gone from backups within"`
	Extend        period     `policy:"extend" doc:"the reply may take this much longer"`
	Circumstances list[text] `policy:"circumstances" doc:"when it can be asked for"`
	Paths         list[text] `policy:"paths" doc:"how to get there in the app"`
	Assumed       assumption `policy:"assumed" doc:"what the published text leaves open"`
	Why           text       `policy:"why" doc:"why it was set so"`
}

type securityDoc struct {
	InTransit   str             `policy:"in_transit" one:"tls1.2|tls1.3" doc:"least protection in transit"`
	AtRest      str             `policy:"at_rest" one:"aes-256-gcm" doc:"protection at rest"`
	Desensitise list[str]       `policy:"desensitise" one:"mask|sha256|generalise" doc:"ways of making values less telling"`
	Staff       staffDoc        `policy:"staff" doc:"how staff see data"`
	Reviews     section[period] `policy:"reviews" doc:"what is reviewed, how often"`
}

type staffDoc struct {
	MFA  str `policy:"mfa" one:"required|optional" doc:"second factor at sign-in"`
	View str `policy:"default_view" one:"masked|clear" doc:"how values are shown"`
}

type roleDoc struct {
	Title    text      `policy:"title" doc:"what people read"`
	Purposes list[str] `policy:"purposes" doc:"what the role may act for"`
	View     str       `policy:"view" one:"masked|clear" doc:"how the role sees values"`
	Approves list[str] `policy:"approves" one:"access|rectification|erasure|restriction|portability|objection|withdrawal|opt-out|closing|complaint|explanation|guardian-report" doc:"requests the role may approve"`
}

type clauseDoc struct {
	pos     Pos
	ID      str       `policy:"id" doc:"its number"`
	Says    text      `policy:"says" doc:"the sentence"`
	Section str       `policy:"section" doc:"where it stands on the page"`
	Keeps   list[str] `policy:"keeps" doc:"ids of the controls that keep it"`
	About   list[str] `policy:"about" doc:"what it speaks of: items.account.email, rights.erasure, …"`
}

func (c *clauseDoc) at(p Pos) { c.pos = p }
