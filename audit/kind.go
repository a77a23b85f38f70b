package audit

import "fmt"

// A Kind says what an entry tells of. Numbers are part of the canonical format:
// never changed, never reused.
type Kind uint16

// The platform, its policy and its log.
const (
	PolicyInForce   Kind = 1  // a policy version came into force: TagPolicy, TagPolicyHash, TagLabel
	LogKeyAdded     Kind = 2  // a key that will sign checkpoints: TagLogKey, TagSignature
	EpochMoved      Kind = 3  // the wrapping key moved forward: TagEpoch
	Pruned          Kind = 4  // sealed parts were dropped: TagCount, TagHash
	Restored        Kind = 5  // the stores were restored from archives
	BackedUp        Kind = 6  // archives were written
	PlatformOpened  Kind = 7  // the platform began to serve
	PolicyScheduled Kind = 8  // a policy version was approved for a date
	PolicyAccepted  Kind = 9  // a person accepted a policy version
	MasterReplaced  Kind = 10 // the key that opens the epoch file was replaced and destroyed: TagVersion, the new key's number
)

// People and what finds them.
const (
	SubjectRegistered  Kind = 20
	IdentifierAdded    Kind = 21
	IdentifierVerified Kind = 22
	IdentifierRemoved  Kind = 23
	AccountClosed      Kind = 24
	AccountReopened    Kind = 25
	SubjectsMerged     Kind = 26
)

// Values: collected, used, seen.
const (
	Collected Kind = 30
	Refused   Kind = 31 // at the door of collection
	Corrected Kind = 32
	Used      Kind = 33 // a grant: the entry that a use of data rests on
	Denied    Kind = 34
	Unmasked  Kind = 35
	Exported  Kind = 36
)

// The end of values.
const (
	ItemErased  Kind = 40
	ClassErased Kind = 41
	Erasing     Kind = 42 // the intent, before the keys are destroyed
	Erased      Kind = 43 // everything of the subject
	ClassEnded  Kind = 44 // retention came to its end
	Anonymised  Kind = 45
	Rekeyed     Kind = 46
)

// What people said, and what the law says about keeping.
const (
	Consented         Kind = 50
	Withdrawn         Kind = 51
	ConsentExpired    Kind = 52
	Objected          Kind = 53
	ObjectionEnded    Kind = 54
	Restricted        Kind = 55
	Unrestricted      Kind = 56
	HoldSet           Kind = 57
	HoldEnded         Kind = 58
	Suppressed        Kind = 59
	SuppressionEnded  Kind = 60
	GuardianConsented Kind = 61
	PreferenceSet     Kind = 62
	GuardianWithdrew  Kind = 63 // a guardian took their consent back
)

// Recipients.
const (
	Disclosed       Kind = 70
	DisclosureEnded Kind = 71
	RecipientTold   Kind = 72 // of a correction, erasure, restriction or withdrawal: GDPR Art. 19
	AgreementSigned Kind = 73
	AgreementEnded  Kind = 74
	Transferred     Kind = 75 // to another controller: portability, succession
	Backed          Kind = 76 // an approval, a finding, a request or a ticket that disclosures may rest on was recorded
	BackingEnded    Kind = 77 // nothing rests on such a record any more
	RecipientJudged Kind = 78 // it was assessed, audited or found in breach: TagType, TagOutcome
	RecipientBound  Kind = 79 // it accepted the instructions of a version: TagHash, of the instructions
)

// Requests of people and the steps that carry them out.
const (
	RequestReceived  Kind = 80
	RequestVerified  Kind = 81
	RequestRefused   Kind = 82
	RequestWithdrawn Kind = 83
	RequestExpired   Kind = 84
	RequestPaused    Kind = 85
	RequestResumed   Kind = 86
	RequestExtended  Kind = 87
	RequestConfirmed Kind = 88
	Surveyed         Kind = 89
	Planned          Kind = 90
	Approved         Kind = 91
	StepStarted      Kind = 92
	StepDone         Kind = 93
	StepFailed       Kind = 94
	VerifiedAfter    Kind = 95
	NeedsAttention   Kind = 96
	Delivered        Kind = 97
	RequestClosed    Kind = 98
	Warranted        Kind = 99 // a durable leave for one step on one system
	RequestKeyEnded  Kind = 100
	RequestMatched   Kind = 101
)

// Staff and machines.
const (
	StaffAction    Kind = 110
	StaffAdded     Kind = 111
	StaffChanged   Kind = 112
	StaffRemoved   Kind = 113
	SignedIn       Kind = 114
	SignInFailed   Kind = 115
	KeyCreated     Kind = 116 // an API key
	KeyRevoked     Kind = 117
	SettingChanged Kind = 118
)

// Notices, attestations, incidents and the rest.
const (
	NoticeSent         Kind = 130
	NoticeFailed       Kind = 131
	Attested           Kind = 132
	AttestationOverdue Kind = 133
	IncidentOpened     Kind = 134
	IncidentTold       Kind = 135
	IncidentClosed     Kind = 136
	ComplaintReceived  Kind = 137
	Discovered         Kind = 138
	MapChanged         Kind = 139
	StatisticReleased  Kind = 140
	DeadlineMissed     Kind = 141
	CaseOpened         Kind = 142 // somebody asked, commented, suggested or complained
	CaseReplied        Kind = 143
	CaseDelayed        Kind = 144 // its answer takes longer, for a reason that is told
	CaseEscalated      Kind = 145 // its answer did not satisfy: another case looks at it again
	CaseClosed         Kind = 146
	CaseRead           Kind = 147 // somebody of the staff read what it says
	CaseKeyEnded       Kind = 148 // what was written in it cannot be read any more
)

// Links that leave, and the business changing hands.
const (
	LinkListed        Kind = 150 // an address of somebody else's was put on the register: TagOrder
	LinkDelisted      Kind = 151 // nobody is led there any more
	LinkCalled        Kind = 152 // an address was called: TagOutcome, TagType: whose
	LinksLeft         Kind = 153 // people were told that they leave, and left: TagCount, TagOrder
	TransferOpened    Kind = 154 // a merger, sale or the like: TagType, TagItems, TagCount, people
	TransferAccepted  Kind = 155 // who takes over accepted duties: TagCount, TagHash of the paper
	TransferObjected  Kind = 156 // somebody does not want to go along
	TransferCancelled Kind = 157
	TransferReady     Kind = 158 // everybody was told in time, and every duty accepted: TagCount, people
)

// Incidents as they go on, and what guards sessions, staff, children and archives.
const (
	IncidentMoved   Kind = 160 // charge was taken, a measure was added or done, an authority was told, those affected were found
	SignedOut       Kind = 161 // a session ended: TagReason says why
	Alerted         Kind = 162 // something out of the ordinary was seen: TagAt, when it happened; the entry's time, when it was seen
	AgeDeclared     Kind = 163 // somebody said whether they are of age
	ChildReported   Kind = 164 // an account is said to be a child's: its data is locked
	GuardianChecked Kind = 165 // somebody of the staff saw, or did not see, that who reports is the guardian
	StaffSigned     Kind = 166 // somebody of the staff was trained, or gave an undertaking
	ArchiveEnded    Kind = 167 // an archive was deleted when its time was over
)

// What the devices of people may read, and when.
const (
	PermissionAnswered Kind = 170 // somebody was asked for a permission of their device: TagType, TagFunction, TagOutcome
	PermissionOff      Kind = 171 // they turned it off: TagType
	PermissionOpened   Kind = 172 // what a permission opens was opened: TagType, TagFunction
	PermissionClosed   Kind = 173 // … and closed
	PermissionDenied   Kind = 174 // neither asked nor opened: TagType, TagReason
	SessionLeft        Kind = 175 // somebody left: nothing more is observed in that session
)

// What browsers said about cookies, and what was set, read and counted.
const (
	CookiesChosen  Kind = 180 // a browser answered: TagDone, how many it lets in; TagKept, how many it keeps out
	CookiesTold    Kind = 181 // somebody was told what stops working: TagReason says when
	CookiesCleared Kind = 182 // a browser was forgotten: TagDone, how many records went with it
	CookieSet      Kind = 183
	CookieRead     Kind = 184
	TrackerDenied  Kind = 185 // a cookie or beacon was kept out: TagReason
	BeaconCounted  Kind = 186
	SiteChecked    Kind = 187 // a site was held against the register: TagCount, findings
)

// Changes of the policy, and messages to people.
const (
	PolicyTold      Kind = 200 // the notices of a change are out: TagPolicy, TagFrom, TagChannel
	NoticeShown     Kind = 202 // a person was shown the notice of a change: TagPolicy, TagSurface, TagMethod
	NoticeSeen      Kind = 203 // … and said that they have read it
	MessageMade     Kind = 204 // a message to people was handed in: TagType its class, TagChannel, TagReason, TagCount
	MessageWithheld Kind = 205 // … and is not sent to this person: TagReason
	OptedOut        Kind = 206 // somebody left by the way out of a message
)

// Counts, what lies outside the policy, and who says no to it.
const (
	StatisticCounted  Kind = 210 // people were counted: TagType the set, TagCount cells that were hidden
	MeasureTaken      Kind = 211 // a measure was taken against somebody under a rule outside the policy: TagType, TagRule
	MeasureEnded      Kind = 212
	PolicyDeclined    Kind = 213 // somebody does not agree to the policy, or no longer
	ResidenceSet      Kind = 214 // where somebody lives became known: TagRegion, and TagRule for each law that may hold for them
	RegisterPublished Kind = 215 // what the law has published of somebody who trades was handed to the register
	PolicyShown       Kind = 216 // the policy was on somebody's screen before anything was collected: TagSurface, TagLanguage
	Guided            Kind = 217 // somebody was reminded of something, or shown how, where they decide: TagType, TagReason
	AnonymityChecked  Kind = 218 // what stays of closed accounts was searched for a way back: TagCount accounts, TagKept records, TagDone ways found
	ParcelMade        Kind = 219 // a parcel for a recipient was made: TagCount records, TagHash, TagForm
	RecipientKeyed    Kind = 220 // the key to which a recipient's parcels are sealed was recorded: TagHash
)

// String returns the kind's name, such as request-received, or kind-N for a
// number this version does not know.
func (k Kind) String() string {
	if name := k.name(); name != "" {
		return name
	}
	return fmt.Sprintf("kind-%d", uint16(k))
}

// ParseKind returns the kind with this name.
func ParseKind(name string) (Kind, bool) {
	for k := Kind(1); k < kinds && name != ""; k++ {
		if k.name() == name {
			return k, true
		}
	}
	return 0, false
}
