package audit

import "fmt"

// A Tag names a field of an entry. Numbers are part of the canonical format:
// never changed, never reused. The tag decides the form of the value.
type Tag uint16

// Tags of the public part. Their values hold no personal data; texts are codes.
const (
	TagControl    Tag = 1  // text: the control the entry is evidence for, once for each; set by Entry.Control and Entry.Also
	TagPolicy     Tag = 2  // number: number of the policy version, bound to its hash by PolicyInForce
	TagPolicyHash Tag = 3  // bytes: hash that names a policy version
	TagPurpose    Tag = 4  // number: policy.PurposeNo
	TagItems      Tag = 5  // numbers: policy.ItemNo of each item
	TagClasses    Tag = 6  // numbers: retention classes, policy.ClassNo of each
	TagRecipient  Tag = 7  // number: policy.RecipientNo
	TagRole       Tag = 8  // text: role of who acted
	TagChannel    Tag = 9  // text: door it came through: settings, support, api, console, cli
	TagReason     Tag = 10 // text: code of a reason; once for each
	TagCount      Tag = 11 // number: how many
	TagSystem     Tag = 12 // text: system of the data map
	TagStep       Tag = 13 // number: number of a step in its plan
	TagRight      Tag = 14 // text: right exercised: erasure, access
	TagState      Tag = 15 // text: state arrived at
	TagHash       Tag = 16 // bytes: hash of what the entry is about: plan, package, receipt
	TagFrom       Tag = 17 // time: begin of a period
	TagUntil      Tag = 18 // time: end of a period
	TagEpoch      Tag = 19 // number: epoch of the key store
	TagCite       Tag = 20 // text: provision of a law, as a code: pipl-47
	TagBasis      Tag = 21 // text: legal basis
	TagScenario   Tag = 22 // text: sharing case of the policy
	TagInstrument Tag = 23 // text: legal order or provision, as a code
	TagInterest   Tag = 24 // text: interest protected, as a code
	TagFunction   Tag = 25 // text: function of the product
	TagSurface    Tag = 26 // text: app, website
	TagRegion     Tag = 27 // text: country or region
	TagPoint      Tag = 28 // text: collection point
	TagVersion    Tag = 29 // text: version of something other than the policy
	TagOutcome    Tag = 30 // text: how it ended
	TagAction     Tag = 31 // text: what was done, as a code: survey, erase
	TagPlanned    Tag = 32 // number: rows or values planned
	TagDone       Tag = 33 // number: rows or values done
	TagAlready    Tag = 34 // number: found done already
	TagKept       Tag = 35 // number: kept, with a ground
	TagCollection Tag = 36 // text: table or collection of a system
	TagMethod     Tag = 37 // text: how: identifier-code, login, document
	TagLogKey     Tag = 38 // text: verifier key of the log
	TagSignature  Tag = 39 // bytes: an earlier log key's signature
	TagFirst      Tag = 40 // number: first of a range
	TagLast       Tag = 41 // number: last of a range
	TagEntry      Tag = 42 // number: id of another entry
	TagForm       Tag = 43 // text: form of a package: zip, html
	TagLevel      Tag = 44 // text: severity or sensitivity
	TagRule       Tag = 45 // text: rule or clock that applies
	TagDue        Tag = 46 // time: when it is due
	TagAt         Tag = 47 // time: when it happened, where that is not the entry's time
	TagExplicit   Tag = 48 // flag: consent was explicit
	TagSeparate   Tag = 49 // flag: consent was separate: PIPL Art. 14, 29, 39
	TagClass      Tag = 50 // number: policy.ClassNo
	TagItem       Tag = 51 // number: policy.ItemNo
	TagBucket     Tag = 52 // number: period bucket of a rolling class
	TagLanguage   Tag = 53 // text: language tag
	TagLabel      Tag = 54 // text: label of a policy version
	TagSize       Tag = 55 // number: bytes, or entries of a log
	TagMask       Tag = 56 // text: how values were masked
	TagType       Tag = 57 // text: kind of the thing the entry is about: an identifier's, a hold's
	TagOrder      Tag = 58 // number: number among things of one kind: a suppression, a hold
	TagTurn       Tag = 59 // number: version of the subject that the entry's act led to: who said what later, whatever clocks say
)

// Tags of the sealed part alone. The public ones may stand there too.
const (
	TagSubjectID     Tag = 64 // text: the subject's public id; set by Entry.SubjectID
	TagActor         Tag = 65 // text: who acted: staff id, API key id, the person
	TagRequest       Tag = 66 // text: id of a request
	TagRef           Tag = 67 // text: order, ticket, case or contract behind a use
	TagApprover      Tag = 68 // text: who approved
	TagAddress       Tag = 69 // text: network address
	TagDevice        Tag = 70 // text: device id
	TagNote          Tag = 71 // text: free words
	TagValues        Tag = 72 // numbers: numbers of values
	TagWording       Tag = 73 // text: what the person saw when they agreed
	TagGuardian      Tag = 74 // text: who consented for a minor, and how proven
	TagRecipientName Tag = 75 // text: recipient the policy does not number
	TagContact       Tag = 76 // text: where an answer goes
	TagDocument      Tag = 77 // text: document shown or received
	TagDisclosure    Tag = 78 // text: id of a disclosure
	TagPlan          Tag = 79 // text: id of a plan
	TagWarrant       Tag = 80 // text: id of a warrant
	TagHold          Tag = 81 // text: id of a hold
	TagSession       Tag = 82 // text: id of a session
	TagIdentifier    Tag = 83 // text: an identifier, or its masked form
	TagOther         Tag = 84 // text: id of another subject
	TagRow           Tag = 85 // text: key of a row in a system
	TagConsent       Tag = 86 // text: id of a consent
	TagValue         Tag = 87 // number: number of a value
)

// Private reports whether the tag may stand in the sealed part only. This is
// part of the format: tags 64 to 127.
func (t Tag) Private() bool { return t >= 64 && t < 128 }

// A form is how the value of a field is written.
type form uint8

const (
	formRaw form = iota // as decoded, or of a tag this version does not know
	formText
	formNum
	formNums
	formTime
	formFlag
	formBytes
)

// form returns the form of the tag's values, formRaw for an unknown tag. A tag
// that is none of the others and has a name is a text.
func (t Tag) form() form {
	switch t {
	case TagPolicy, TagPurpose, TagRecipient, TagCount, TagStep, TagEpoch, TagPlanned, TagDone, TagAlready,
		TagKept, TagFirst, TagLast, TagEntry, TagClass, TagItem, TagBucket, TagSize, TagOrder, TagTurn, TagValue:
		return formNum
	case TagItems, TagClasses, TagValues:
		return formNums
	case TagFrom, TagUntil, TagDue, TagAt:
		return formTime
	case TagExplicit, TagSeparate:
		return formFlag
	case TagPolicyHash, TagHash, TagSignature:
		return formBytes
	}
	if t.known() {
		return formText
	}
	return formRaw
}

func (t Tag) known() bool {
	return t >= TagControl && t <= TagTurn || t >= TagSubjectID && t <= TagValue
}

// String returns the tag's name, such as policy-hash, or tag-N for a number this
// version does not know.
func (t Tag) String() string {
	if !t.known() {
		return fmt.Sprintf("tag-%d", uint16(t))
	}
	return t.name()
}
