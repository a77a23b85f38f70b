package centre

import (
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/rights"
)

// words are the texts of the centre in one language. Texts with % take what
// their comment says.
type words struct {
	HeldNav, Policy, Sentences, Versions, SignIn, SignOut, Held, Correct, Choices, Download, Erase, Requests, Activity, Receipts, Leave, Nothing string

	// The policy page.
	AsMarkdown, AsJSON, SignInHint, VersionHint, Label, Since, Current, Fingerprint                              string
	Published, InForceSince, EarlierN, LeadsOut                                                                  string // EarlierN: how many
	FirstVersion, NotCompared, ChangedN, NothingChanged, AskedAgain, ConsentAgain, Print, ReadVersion, HeldUntil string // ChangedN: how many

	// A change of the policy, and the way out of messages.
	NoticeTitle, NoticeFrom, NoticeSince, NoticeAgain, NoticeAccept, NoticeLater, NoticeRead, ComingTitle, Reason string
	WayOut, WayOutAsk, WayOutButton, WayOutDone, WayOutNoMore                                                     string

	// Writing to the controller, and what became of it.
	ContactUs, ContactLead, ContactWays, ContactWrong, CaseKind, CaseTopic, CaseText, CaseTextHint, CaseAnswerTo, CaseSend, CaseOpened string
	AnsweredBy, Cases, CasesLead, NoCases, CaseBefore, CaseGone, NotSatisfied, NotSatisfiedHint, ToComplain, TakeCase                  string
	CasesHeld, CasesStay                                                                                                               string // CasesHeld: how many

	// Signing in.
	Address, AddressHint, SendCode, NoAddress                     string
	CodeTitle, CodeSent, CodeHint, Code, Enter, WrongCode, Resend string // CodeSent: minutes
	LeaveIntro, LeaveHow, LeaveStep1, LeaveStep2, LeaveStep3      string
	OtherWays, NothingIntro, NothingWhy, GoneIntro                string

	// What is held.
	HeldIntro, KindsHeld, ValuesHeld, GivenTo, LookedAt, RestrictedNote, ClosedNote string
	Why, Source, Kept, Until, From, Got, NobodyGot, Looked, NobodyLooked, Secret    string
	Sensitive, Change, EmptyHeld, EmptyHint, Once, Times                            string // Times: how often
	And                                                                             string // how many more
	LookNote                                                                        string
	WhereTitle, WhereHint, WhereKnown, MayHold, Vault, Comma, AllValues, RecordOnly string

	// Other rights.
	MoreRights, RightsIntro, CorrectAll, WhatIsWrong, AskCorrect, TakeAlong, AskTake string
	LimitHint, LimitedNow, AskLimit, AskUnlimit, AlsoElsewhere                       string
	Corrected, ToldTitle, Told, NotTold, Fetched                                     string // Fetched: times
	StageCorrected, StageLimited, StageTold, Informed, HowItWent                     string

	// A new address.
	NewAddress, AddressIntro, AddressStep1, AddressStep2, AddressSent, AddressTaken string // AddressSent: minutes

	// Other systems.
	ElsewhereTitle, ElsewhereHint, SignInLead, SignInWhy string

	// Correcting.
	CorrectIntro, NewValue, Save, Cancel, NoValue, BadValue string

	// Choices.
	ChoicesIntro, NeedYes, NeedYesHint, CanNo, CanNoHint, AbroadTitle, AbroadHint                   string
	NoMore, Allow, On, Off, Never, SayYes, TakeBack, Object, EndObjection, Earlier, NoEarlier, Uses string
	ClosedChoices, About, YesToo, ObjectToo, EndsOn                                                 string

	// What the app may read on a device.
	DevicesTitle, DevicesHint, DeviceFor, DeviceReads, DeviceWithout, DevicePath, DeviceYes, DeviceNo, DeviceOff, DeviceAsked, DeviceOpen, DeviceStop string

	// Downloading.
	DownloadIntro, NowTitle, NowHint, JSON, CSV, AllTitle, AllHint, AskAll, PackagesTitle, Fetch string
	NoPackage                                                                                    string

	// Erasing.
	EraseIntro, EraseOne, EraseOneHint, Pick, EraseAll, EraseAllHint, CloseTitle, CloseHint string
	Sure, SureAll, SureClose, AskErase, AskEraseAll, AskClose, NotSure, NothingPicked       string
	LawKeeps, LawKeepsHint, HowLong, Steps, NothingToErase                                  string // HowLong: the period

	// Requests.
	RequestsIntro, NoRequests, Number, Asked, DueBy, StateLabel, Everything, Open                        string
	StageReceived, StageVerified, StageVerifiedHint, StageSurveyed, StageSurveyedHint, StageApproved     string
	StageApprovedHint, StageErased, StageReady, StageDelivered                                           string
	Withdraw, WithdrawHint, PackageReady, Receipt, ReceiptHint, KeptTitle, KeptHint, Paused, OverdueNote string
	LastDay, DaysLeft, Late, Way, Silent, Records                                                        string // DaysLeft, Late: days
	FetchBy                                                                                              string

	// Receipts.
	ReceiptsIntro, NoReceipts, Check, CheckHint, LogKey, DownloadReceipt string

	// Activity.
	ActivityIntro, NoActivity, What, Entry, Software, You, To string
	WhoUsed, NobodyUsed, WeeksLabel, AllEntries               string

	Colon string

	rights  map[string]string
	states  map[rights.State]string
	reasons map[string]string
	flashes map[string]string
	deeds   map[audit.Kind][2]string // words, and the class of the point
	weights map[string]string
	ownLook string
}

func wordsIn(lang string) *words {
	if page.Chinese(lang) {
		return chinese()
	}
	return english()
}

// Weight says how much a change matters.
func (t *words) Weight(code string) string { return t.weights[code] }

// RightName names a right, for templates.
func (t *words) RightName(kind string) string { return t.right(kind) }

// right names a right.
func (t *words) right(kind string) string {
	if s, ok := t.rights[kind]; ok {
		return s
	}
	return kind
}

func (t *words) state(s rights.State) string {
	if w, ok := t.states[s]; ok {
		return w
	}
	return string(s)
}

// Often says how often something happened.
func (t *words) Often(n int) string {
	if n == 1 {
		return t.Once + t.Colon
	}
	return fmt.Sprintf(t.Times, n) + t.Colon
}

// State names how far a request is, for templates.
func (t *words) State(q rights.Summary) string {
	if q.Paused {
		return t.Paused
	}
	return t.state(q.State)
}

// reason says why a request waits or was refused.
func (t *words) reason(code string) string {
	if s, ok := t.reasons[code]; ok {
		return s
	}
	return code
}

// flash says what has just been done; "" for what is none of ours.
func (t *words) flash(code string) string { return t.flashes[code] }

// deed says what an entry of the log is about; "" for what means nothing to the
// person.
func (t *words) deed(k audit.Kind, own bool) (text, class string) {
	if own {
		return t.ownLook, ""
	}
	return t.deeds[k][0], t.deeds[k][1]
}

// said is what a person said, in words.
func (t *words) said(r consent.Record) string {
	switch {
	case r.Kind == consent.Objection && r.Given:
		return t.ObjectToo
	case r.Kind == consent.Objection:
		return t.EndObjection
	case r.Given:
		return t.YesToo
	}
	return t.TakeBack
}
