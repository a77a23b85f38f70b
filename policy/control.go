package policy

import "slices"

// A Control is the id of something that keeps promises: code in avow, or a
// human attestation. Ids are stable: clauses, log entries and counters name
// them.
type Control string

// The controls.
const (
	CollectDeclared   Control = "collect.declared"
	CollectConsent    Control = "collect.consent"
	CollectSensitive  Control = "collect.sensitive"
	CollectType       Control = "collect.type"
	CollectNever      Control = "collect.never"
	CollectMinor      Control = "collect.minor"
	CollectSuppressed Control = "collect.suppressed"
	CollectOptional   Control = "collect.optional"

	CollectConsequence Control = "collect.consequence"
	CollectScrubbed    Control = "collect.scrubbed"
	CollectPartner     Control = "collect.partner"

	Necessity          Control = "inventory.necessity"
	HarmTest           Control = "inventory.harm-test"
	ExcludedRecorded   Control = "excluded.recorded"
	UsePseudonymised   Control = "use.pseudonymised"
	UseLastDigits      Control = "use.last-digits"
	UseResultKept      Control = "use.result-kept"
	UsePerTask         Control = "use.per-task"
	StatisticsSmall    Control = "statistics.threshold"
	StatisticsReleased Control = "statistics.released"
	ConsentDeclined    Control = "consent.declined"
	WithdrawalErases   Control = "withdrawal.erases"
	RetentionFixed     Control = "retention.fixed"
	RetentionAnonymous Control = "retention.anonymised"
	LawsByPerson       Control = "laws.by-person"

	CollectInUse      Control = "collect.in-use"
	CollectPrecision  Control = "collect.precision"
	CollectOnDevice   Control = "collect.on-device"
	PermissionAsked   Control = "permission.asked"
	PermissionPaired  Control = "permission.paired"
	PermissionRevoked Control = "permission.revoked"
	DeviceBound       Control = "device.bound"

	UseDecision         Control = "use.decision"
	UsePurpose          Control = "use.purpose"
	UseFunction         Control = "use.function"
	UseRole             Control = "use.role"
	UseReference        Control = "use.reference"
	UseMinor            Control = "use.minor"
	UseMasked           Control = "use.masked"
	UseRestricted       Control = "use.restricted"
	UseRetention        Control = "use.retention"
	UseLog              Control = "use.log"
	StatisticsAggregate Control = "statistics.aggregate"

	ConsentRecord     Control = "consent.record"
	ConsentExplicit   Control = "consent.explicit"
	ConsentWithdrawal Control = "consent.withdrawal"
	ObjectionHonoured Control = "objection.honoured"
	GuardianConsent   Control = "minor.guardian"
	MinorNoProof      Control = "minor.no-age-proof"

	ShareRecipient  Control = "share.recipient"
	ShareAgreement  Control = "share.agreement"
	ShareConsent    Control = "share.consent"
	ShareScenario   Control = "share.scenario"
	ShareInstrument Control = "share.instrument"
	ShareInterest   Control = "share.interest"
	ShareApproval   Control = "share.approval"
	ShareNeed       Control = "share.need"
	ShareSale       Control = "share.sale"
	ShareLedger     Control = "share.ledger"
	TransferAbroad  Control = "transfer.abroad"
	RecipientTold   Control = "recipient.told"

	ShareCounterparty  Control = "share.counterparty"
	ShareDesensitised  Control = "share.desensitised"
	ShareInstructions  Control = "share.instructions"
	ShareTransfer      Control = "share.transfer"
	ShareTransferTold  Control = "share.transfer-told"
	RecipientQualified Control = "recipient.qualified"
	RecipientStopped   Control = "recipient.suspended"
	RecipientLink      Control = "recipient.link"
	LinkExternal       Control = "link.external"

	RetentionDeclared Control = "retention.declared"
	RetentionExpiry   Control = "retention.expiry"
	RetentionClosed   Control = "retention.account-closed"
	RetentionLaw      Control = "retention.law"

	RequestChannel       Control = "request.channel"
	RequestVerified      Control = "request.verified"
	RequestReply         Control = "request.reply"
	RequestApproval      Control = "request.approval"
	RequestRefusal       Control = "request.refusal"
	RequestExtended      Control = "request.extended"
	RequestEscalated     Control = "request.escalated"
	ComplaintRoute       Control = "complaint.route"
	ContactCase          Control = "contact.case"
	ContactReply         Control = "contact.reply"
	AccessPackage        Control = "access.package"
	RectificationApplied Control = "rectification.applied"
	RestrictionApplied   Control = "restriction.applied"
	AccountClosing       Control = "account.closing"

	ErasureDeadline Control = "erasure.deadline"
	ErasureComplete Control = "erasure.complete"
	ErasureVerified Control = "erasure.verified"
	ErasureBackups  Control = "erasure.backups"
	ErasureReceipt  Control = "erasure.receipt"

	AtRest             Control = "at-rest.encryption"
	KeysApart          Control = "keys.apart"
	SecretHashed       Control = "secret.verify-only"
	TamperEvident      Control = "log.tamper-evident"
	PolicyVersion      Control = "policy.version"
	PolicyAcceptance   Control = "policy.accepted"
	PolicyEffective    Control = "policy.effective"
	ChangeClassified   Control = "change.classified"
	ChangeNoticed      Control = "change.noticed"
	RightsKept         Control = "change.rights-kept"
	NoticeClass        Control = "notice.class"
	NoticeMarketing    Control = "notice.marketing"
	PolicyHistory      Control = "policy.history"
	PolicyCoverage     Control = "policy.coverage"
	PolicySurfaces     Control = "policy.surfaces"
	PolicyLint         Control = "policy.lint"
	PolicyPublic       Control = "policy.stated"
	InventoryKnown     Control = "inventory.declared"
	ExcludedStated     Control = "inventory.excluded"
	GroundDeclared     Control = "inventory.ground"
	SensitiveDeclared  Control = "inventory.sensitive"
	StaffAuthenticated Control = "staff.authenticated"
	BackupTaken        Control = "backup.taken"
	CookieDeclared     Control = "cookie.declared"
	CookieChoice       Control = "cookie.choice"
	CookieWithheld     Control = "cookie.withheld"
	CookiePurpose      Control = "cookie.purpose"
	CookieContent      Control = "cookie.content"
	CookieTold         Control = "cookie.told"
	CookieCleared      Control = "cookie.cleared"
	BeaconDeclared     Control = "beacon.declared"
	BeaconCounted      Control = "beacon.counted"
	BackupScheduled    Control = "backup.scheduled"
	SessionEnded       Control = "session.ended"
	StaffLapses        Control = "staff.access-lapses"
	SeveralPeople      Control = "inventory.several-people"
	PublicationLimited Control = "publication.limited"
	Guidance           Control = "notice.guidance"
	PolicyShown        Control = "policy.shown"
	SecurityAlert      Control = "security.alert"
	IncidentPlanned    Control = "incident.planned"
	IncidentMeasures   Control = "incident.measures"
	IncidentAuthority  Control = "incident.authority"
	IncidentPeople     Control = "incident.people"
	IncidentReported   Control = "incident.reported"
	MinorDeclared      Control = "minor.declared"
	MinorErased        Control = "minor.erased"
	MinorReported      Control = "minor.reported"
	MinorUploaded      Control = "minor.uploaded"
)

// The controls that people keep: somebody attests a duty that comes round.
const (
	StaffTraining        Control = "staff.training"
	StaffUndertaking     Control = "staff.undertaking"
	StaffQualified       Control = "staff.qualified"
	TransportTLS         Control = "transport.tls"
	SecurityMeasures     Control = "security.measures"
	SecurityRules        Control = "security.rules"
	SecurityAudit        Control = "security.audit"
	VulnerabilityCheck   Control = "security.vulnerabilities"
	SecurityBaseline     Control = "security.baseline"
	ReleaseChecks        Control = "security.releases"
	NetworkZone          Control = "security.network"
	LogReview            Control = "log.review"
	RestoreDrill         Control = "restore.drill"
	RecipientAudit       Control = "recipient.audit"
	RecipientUndertaking Control = "recipient.undertaking"
	RecipientCertified   Control = "recipient.certified"
	ResidencyStores      Control = "residency.stores"
	AppReview            Control = "app.review"
)

// Broken is what the log counts entries under that show the control broken: a
// deadline that was missed, a value that outlived its retention. It is no control
// itself.
func (c Control) Broken() Control { return "broken:" + c }

// A Keeper says what keeps a control.
type Keeper string

// The keepers.
const (
	ByCode   Keeper = "code"      // code in avow, which leaves entries in the log
	ByPeople Keeper = "people"    // somebody's signed attestation, with an expiry
	NotBuilt Keeper = "not-built" // nothing yet: the control is declared and no more
)

// A ControlTitle is a control with what people call it, what it watches and
// what keeps it.
type ControlTitle struct {
	ID      Control `json:"id"`
	Title   Text    `json:"title"`
	Watches Text    `json:"watches"` // one sentence
	By      Keeper  `json:"by"`

	// Duty is the name of the duty whose attestation keeps a control kept by
	// people: a key of security.reviews.
	Duty string `json:"duty,omitempty"`

	// Through lists the controls whose entries also show this one, because the
	// same act checks both: no use is decided without a look at its purpose. The
	// control's own entries, where there are any, are then refusals.
	Through []Control `json:"through,omitempty"`
}

// Controls lists every control, in the order of a value's life.
func Controls() []ControlTitle {
	rows := controlRows()
	out := make([]ControlTitle, len(rows))
	for i, r := range rows {
		out[i] = ControlTitle{
			ID: r.id, By: r.by, Duty: r.duty, Through: r.through,
			Title:   Text{words: []words{{"en", r.en}, {"zh-CN", r.zh}}},
			Watches: Text{words: []words{{"en", r.sees}, {"zh-CN", r.seesZH}}},
		}
	}
	return out
}

type controlRow struct {
	id           Control
	by           Keeper
	duty         string
	through      []Control
	en, zh       string
	sees, seesZH string
}

func controlRows() []controlRow {
	return slices.Concat(dataControls(), shareControls(), rightControls(), guardControls())
}
