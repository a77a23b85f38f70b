package console

import (
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
)

// words are the texts of the console in one language. Texts with % take what
// their comment says.
type words struct {
	Requests, Subjects, Subject, Log, Entry, Systems, Staff, Keys, NewKey, NewRequest, Unmask, Admin string

	// Signing in.
	SignIn, SignInIntro, Login, Password, Code, CodeHint, WrongSignIn string

	// The list of requests.
	Open, Overdue, Waiting, What, Received, StateLabel, DueBy, Scope, NoRequests, NoRequestsHint, Next, TakeDown string
	Thing, Event, Lifted                                                                                         string
	LastDay, DaysLeft, Late, Paused, Everything                                                                  string // DaysLeft, Late: days

	// One request.
	Timeline, Number, Channel, AskedBy, Method, ReplyBy, Cause, Reason, Cite, CiteHint                     string
	Found, FoundHint, Rows, System, PlanTitle, PlanHash, Action, Why, Kept, Until, Columns, Warnings       string
	Verify, VerifyHint, Survey, SurveyHint, SurveyAgain, Approve, ApproveHint, ApproveWaits, Run, RunHint  string
	Retry, RetryHint, Refuse, RefuseHint, Pause, PauseHint, Resume, Withdraw, WithdrawHint, Next2, Nothing string
	Progress, Of, Steps, Result, Planned, Done, Already, Moved, Searched, Residue, Receipt, Package        string
	PackageHint, ProofOf, Silent, Expires, More, Live, NoRows, Collection                                  string

	// What people do by hand.
	Hands, HandsHint, AttestHint, Attest, NotYet, NewValue, CorrectLegend, TellTitle, TellDone, TellOpen, Informed, Fetched string

	// Taking a request down.
	NewIntro, Right, Identifier, Kind, Second, SecondHint, Contact, ContactHint, Language, Items, Classes, Take string
	IdentifierHint                                                                                              string

	// A person.
	FindIntro, Find, NobodyFound, NobodyHint, Several, SeveralHint, LookHint, Person                                  string
	WhyLook, RestrictedHint, AllRights, Pages, FirstPage, TestNow, TestedAt, ChangedN                                 string // ChangedN: how many
	Held, HeldHint, NothingHeld, Values, Since, Class, Sensitive, Purpose, Reference                                  string
	ReferenceHint, Show, ShowHint, Consents, NoConsents, Disclosures, NoDisclosures, History                          string
	Restricted, Closed, Accepted, Identifiers, About, NeedPurpose, NotYourPurpose                                     string
	NeedReference, SaidYes, SaidNo, SaidObject, SaidObjectEnd, To, NoPurpose, Holds, HoldUntil, HoldLifted, HoldEnded string
	Clear, MaskedNote, DeniedTitle, DeniedHint, NoValue, UnmaskNote, Back, When, Who                                  string

	// The log.
	LogIntro, LogRead, Filter, AllKinds, Apply, NoEntries, Size, Checkpoint, LogKey, VerifyLog, VerifyLogHint string
	Verified, Wrong, Entries, Pending, Pruned, Verifying, Pend, Proof, ProofHint, ProofOK, ProofFile          string
	Fields, SealedPart, Root, Place                                                                           string

	// The machinery.
	Healthy, Broken, EpochTitle, EpochHint, Epoch, Began, Live2, Unbound, Shared, MoveEpoch, Sure, NotSure string
	Moving, MovedTo, Rotating, PolicyTitle, PolicyLink, Versions, Version, Current, Fingerprint            string

	// Staff and keys.
	StaffIntro, Name, Roles, LastSeen, Codes, Disabled, Locked, You, Disable, Enable, Unlock, NotTheirs string
	KeysIntro, Label, LabelHint, Scopes, ExpiresOn, ExpiresHint, Make, Revoke, Revoked, LastUsed, Never string
	BadDay, NeedLabel, TokenHint, Token, Good, Ended, NoKeys, KeyList                                   string

	rights, states, deeds, methods, reasons, actions, steps, kinds, actors, flashes, refs map[string]string

	weights, untold map[string]string

	faults map[fault.Kind]string
}

func wordsIn(lang string) *words {
	if page.Chinese(lang) {
		return chinese()
	}
	return english()
}

// name is the word for a code; the code itself, its dashes as blanks, where there
// is none.
func (t *words) name(of map[string]string, code string) string {
	if s, ok := of[code]; ok {
		return s
	}
	return strings.ReplaceAll(code, "-", " ")
}

// For templates: words of codes.

// NotTold says why a person could not be told.
func (t *words) NotTold(code string) string { return t.name(t.untold, code) }

// Weight says how much a change of the policy matters.
func (t *words) Weight(code string) string { return t.name(t.weights, code) }

// RightName names a right.
func (t *words) RightName(code string) string { return t.name(t.rights, code) }

// Deed names the kind of an entry.
func (t *words) Deed(code string) string { return t.name(t.deeds, code) }

// StateName names a state.
func (t *words) StateName(code string) string { return t.name(t.states, code) }

// MethodName names how somebody proved who they are.
func (t *words) MethodName(code string) string { return t.name(t.methods, code) }

// ReasonName names a reason.
func (t *words) ReasonName(code string) string { return t.name(t.reasons, code) }

// ActionName names what a plan does to rows.
func (t *words) ActionName(code string) string { return t.name(t.actions, code) }

// StepName names a step.
func (t *words) StepName(code string) string { return t.name(t.steps, code) }

// KindName names a kind of identifier.
func (t *words) KindName(code string) string { return t.name(t.kinds, code) }

// ActorName names who acted.
func (t *words) ActorName(code string) string { return t.name(t.actors, code) }

// RefName names a kind of reference.
func (t *words) RefName(code string) string { return t.name(t.refs, code) }
