package policy

// document is the policy file as written. The tags are its grammar: `policy`
// is a key, `one` the values it may have, `ref` the section whose names it may
// hold, `doc` what it says. Decoder, references, JSON Schema and editors read
// the same tags, so they cannot differ.
type document struct {
	Avow         number                  `policy:"avow" doc:"version of this file format: 1"`
	Platform     str                     `policy:"platform" doc:"the name of the platform"`
	Title        text                    `policy:"title" doc:"what people call the product"`
	Label        str                     `policy:"label" doc:"the owner's name for this version"`
	Updated      day                     `policy:"updated" doc:"when the text was last changed"`
	Effective    day                     `policy:"effective" doc:"when it takes effect"`
	Published    day                     `policy:"published" doc:"when the page was published"`
	Revision     revisionDoc             `policy:"revision" doc:"why this version was written"`
	Languages    list[str]               `policy:"languages" doc:"languages every text is written in"`
	Surfaces     list[str]               `policy:"surfaces" doc:"where the policy holds: app, website, …"`
	Laws         list[lawRef]            `policy:"laws" doc:"rule packs: clocks and duties; the strictest wins"`
	Calendar     str                     `policy:"calendar" doc:"whose working days count"`
	Filings      list[filingDoc]         `policy:"filings" doc:"numbers under which the platform is filed with authorities"`
	Controller   controllerDoc           `policy:"controller" doc:"who answers for the data"`
	People       peopleDoc               `policy:"people" doc:"who the data is about"`
	Consent      consentDoc              `policy:"consent" doc:"how people agree and refuse"`
	Points       section[pointDoc]       `policy:"points" doc:"where values are given or observed"`
	Purposes     section[purposeDoc]     `policy:"purposes" doc:"why values are used"`
	Items        section[itemDoc]        `policy:"items" doc:"kinds of personal data"`
	Never        list[neverDoc]          `policy:"never" doc:"what is never collected"`
	Excluded     section[excludedDoc]    `policy:"excluded" doc:"what the policy does not cover, published as such"`
	Keep         section[keepDoc]        `policy:"keep" doc:"retention classes"`
	Permissions  section[permissionDoc]  `policy:"permissions" doc:"device permissions"`
	Cookies      section[cookieDoc]      `policy:"cookies" doc:"cookies and other storage in browsers and apps"`
	Beacons      section[beaconDoc]      `policy:"beacons" doc:"web beacons: pixels that report a visit"`
	Recipients   section[recipientDoc]   `policy:"recipients" doc:"who receives data"`
	Sharing      sharingDoc              `policy:"sharing" doc:"in which cases data is shared"`
	Residency    residencyDoc            `policy:"residency" doc:"where data is kept"`
	Statistics   statisticsDoc           `policy:"statistics" doc:"counts without a person in them"`
	Rights       section[rightDoc]       `policy:"rights" one:"access|rectification|erasure|restriction|portability|objection|withdrawal|opt-out|closing|complaint|explanation|guardian-report" doc:"what people may ask for"`
	Changes      changesDoc              `policy:"changes" doc:"how people hear of a new version"`
	Incidents    incidentsDoc            `policy:"incidents" doc:"what happens when data is lost or seen by others"`
	Security     securityDoc             `policy:"security" doc:"how data is protected"`
	Attestations section[attestationDoc] `policy:"attestations" doc:"duties that people carry out again and again, and sign"`
	Roles        section[roleDoc]        `policy:"roles" doc:"what staff may act for"`
	Board        str                     `policy:"board" one:"public|private" doc:"whether the published page says beside each sentence how it stands and when that was last shown; private when not said"`
	Stages       list[str]               `policy:"stages" one:"collect|use|store|share|transfer|disclose|protect|rights" doc:"what the text announces to explain; each needs a kept clause"`
	Sections     section[sectionDoc]     `policy:"sections" doc:"the parts of the page, in order"`
	Clauses      list[clauseDoc]         `policy:"clauses" doc:"the sentences, and what keeps them"`
}

type revisionDoc struct {
	Reasons list[str] `policy:"reasons" one:"business|function|law|practice|correction" doc:"why the text was changed"`
	Note    text      `policy:"note" doc:"what people read about it; also what explains dates far apart"`
}

type filingDoc struct {
	pos    Pos
	Kind   str  `policy:"kind" one:"icp|public-security|app|algorithm|cross-border|other" doc:"what is filed"`
	Number str  `policy:"number" doc:"the number as issued"`
	With   text `policy:"with" doc:"the authority"`
	URL    str  `policy:"url" doc:"where it can be looked up"`
}

func (f *filingDoc) at(p Pos) { f.pos = p }

type controllerDoc struct {
	Name           text              `policy:"name" doc:"legal name"`
	Brand          text              `policy:"brand" doc:"the name people know, where it is not the legal one"`
	Number         str               `policy:"number" doc:"number in the register of companies"`
	Country        str               `policy:"country" doc:"ISO 3166 code"`
	Address        text              `policy:"address" doc:"postal address"`
	Contacts       section[str]      `policy:"contacts" one:"phone|web|email|post|chat" doc:"how people reach it"`
	Officer        officerDoc        `policy:"officer" doc:"the data protection officer"`
	Representative representativeDoc `policy:"representative" doc:"who stands in where the controller has no seat"`
	Authority      authorityDoc      `policy:"authority" doc:"where people complain"`
	Authorities    list[regionalDoc] `policy:"authorities" doc:"where people complain who live elsewhere"`
	Assumed        assumption        `policy:"assumed" doc:"the published text leaves it open"`
	Why            text              `policy:"why" doc:"why it was set so"`
}

type officerDoc struct {
	Name  text `policy:"name" doc:"name or title"`
	Email str  `policy:"email" doc:"e-mail address"`
	Phone str  `policy:"phone" doc:"phone number"`
}

type representativeDoc struct {
	Name    text `policy:"name" doc:"its name"`
	Country str  `policy:"country" doc:"where it sits"`
	Email   str  `policy:"email" doc:"e-mail address"`
}

type authorityDoc struct {
	Name text `policy:"name" doc:"its name"`
	URL  str  `policy:"url" doc:"its address"`
}

type regionalDoc struct {
	pos  Pos
	Name text      `policy:"name" doc:"its name"`
	URL  str       `policy:"url" doc:"its address"`
	Of   list[str] `policy:"of" doc:"ISO 3166 codes of the countries whose people complain to it"`
}

func (r *regionalDoc) at(p Pos) { r.pos = p }

type peopleDoc struct {
	Kinds    list[str] `policy:"kinds" one:"natural|enterprise" doc:"natural persons, enterprises"`
	Status   list[str] `policy:"status" one:"registered|visitor" doc:"people with an account, people who only look"`
	AdultAge number    `policy:"adult_age" doc:"years"`
	ChildAge number    `policy:"child_age" doc:"years"`
	Minors   minorsDoc `policy:"minors" doc:"what holds for people under age"`
}

type minorsDoc struct {
	BelowAdult str        `policy:"below_adult" one:"allow|guardian-consent|refuse" doc:"under the adult age"`
	BelowChild str        `policy:"below_child" one:"allow|guardian-consent|refuse" doc:"under the child age"`
	Proof      str        `policy:"proof" one:"written|electronic|attested" doc:"how a guardian's consent is proved"`
	Declare    str        `policy:"declare" one:"nothing|adulthood|birth-date" doc:"what people say of their age"`
	Erase      period     `policy:"erase_within" doc:"data found to be a minor's without consent is erased within"`
	Channels   list[str]  `policy:"channels" one:"settings|support|phone|web|email|post|chat" doc:"where guardians report"`
	Never      list[str]  `policy:"never" ref:"purposes" doc:"purposes that never use data of people under age"`
	Assumed    assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why        text       `policy:"why" doc:"why it was set so"`
}

type consentDoc struct {
	Agreement str        `policy:"agreement" one:"act|use" doc:"people agree by an act of their own, or (a defect) by mere use"`
	Silence   str        `policy:"silence" one:"refused|accepted" doc:"what saying nothing to a new version means"`
	Cookies   str        `policy:"cookies" one:"banner|browser" doc:"where cookies are refused"`
	Beacons   str        `policy:"beacons" one:"banner|browser|none" doc:"where beacons are refused"`
	GPC       boolean    `policy:"gpc" doc:"the Global Privacy Control signal is honoured"`
	Lapses    period     `policy:"lapses" doc:"choices about cookies are asked again after"`
	Assumed   assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why       text       `policy:"why" doc:"why it was set so"`
}

// A lawRef is the name of a rule pack, or the name with whom it holds for.
type lawRef struct {
	Law str       `policy:"law" doc:"the rule pack"`
	For list[str] `policy:"for" one:"residents|children" doc:"only people who live in its territory, only children by its age"`
}

type pointDoc struct {
	Title   text `policy:"title" doc:"what people call it"`
	Surface str  `policy:"surface" doc:"the surface it is part of"`
	Says    text `policy:"says" doc:"what people read there before they give anything"`

	InUse boolean `policy:"in_use" doc:"what is observed there names the session of use that it was seen in"`

	Shown  boolean   `policy:"policy_shown" doc:"the policy was shown to people before anything is collected there, and that is on record"`
	Remind list[str] `policy:"remind" one:"phone|payment-card|cn-resident-id" doc:"what is written there goes to somebody: before such a number people are reminded to give it only where they must"`
}

type sectionDoc struct {
	Title  text      `policy:"title" doc:"its heading"`
	Stages list[str] `policy:"stages" one:"collect|use|store|share|transfer|disclose|protect|rights" doc:"what it explains"`
}

type clauseDoc struct {
	pos     Pos
	ID      str        `policy:"id" doc:"its number"`
	Says    text       `policy:"says" doc:"the sentence"`
	Section str        `policy:"section" doc:"where it stands on the page"`
	Kind    str        `policy:"kind" one:"promise|statement|disclaimer" doc:"what sort of sentence it is; promise when not said"`
	Keeps   list[str]  `policy:"keeps" doc:"ids of the controls that keep it"`
	About   list[str]  `policy:"about" doc:"what it speaks of: items.account.email, rights.erasure, …"`
	Assumed assumption `policy:"assumed" doc:"the published text leaves it open"`
	Why     text       `policy:"why" doc:"why it was set so"`
}

func (c *clauseDoc) at(p Pos) { c.pos = p }
