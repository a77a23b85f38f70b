package policy

import (
	"fmt"
	"slices"
	"strings"
)

// The codes of reasons against a use.
const (
	NoItems           Code = "items.none"
	ItemUndeclared    Code = "item.undeclared"
	SurfaceUndeclared Code = "surface.undeclared"
	PurposeUndeclared Code = "purpose.undeclared"
	ItemPurpose       Code = "item.purpose"
	FunctionOther     Code = "purpose.function"
	ConsentMissing    Code = "consent.missing"
	ConsentWasTaken   Code = "consent.withdrawn"
	ConsentExpired    Code = "consent.expired"
	ConsentNotOwn     Code = "consent.not-explicit"
	AccountNotOpen    Code = "account.not-open"
	AccountEnded      Code = "account.ended"
	NotAccepted       Code = "version.not-accepted"
	ObjectionStands   Code = "objection.stands"
	IsRestricted      Code = "restricted"
	WasDeclined       Code = "policy.declined"
	MinorNoGuardian   Code = "minor.no-guardian"
	MinorNotServed    Code = "minor.refused"
	MinorPurpose      Code = "minor.purpose"
	RoleUndeclared    Code = "role.undeclared"
	RolePurpose       Code = "role.purpose"
	RefMissing        Code = "ref.missing"
	RecipientUnknown  Code = "recipient.undeclared"
	RecipientPurpose  Code = "recipient.purpose"
	RecipientItem     Code = "recipient.item"
	RecipientDevice   Code = "recipient.device"
	NoAgreement       Code = "recipient.agreement"
	AuditOverdue      Code = "recipient.audit"
	RecipientConsent  Code = "recipient.consent"
	ScenarioNot       Code = "scenario.not-allowed"
	ScenarioItem      Code = "scenario.item"
	NoInstrument      Code = "scenario.instrument"
	NoInterest        Code = "scenario.interest"
	SaleNot           Code = "sale.not-allowed"
	RegionAbroad      Code = "region.abroad"
	RegionUnknown     Code = "region.unknown"
	OnlyAggregate     Code = "purpose.aggregate"

	RecipientSuspended Code = "recipient.suspended"
	RecipientReview    Code = "recipient.review"
	RecipientTaught    Code = "recipient.instructions"
	TransferNone       Code = "transfer.none"
	TransferUntold     Code = "transfer.untold"
)

// explanation runs every check of a use and gathers the reasons against it, in
// the order of DESIGN §5. No check stops another.
type explanation struct {
	p       *Policy
	u       *Use
	f       *Facts
	r       *rule    // nil: the purpose is not declared
	purpose *Purpose // nil: the same
	reasons []Reason
}

func (e *explanation) run() {
	if e.purpose = e.p.PurposeBy(e.u.Purpose); e.purpose != nil {
		e.r = &e.p.hot.rules[e.u.Purpose]
	}
	e.declared()
	e.ground()
	e.again()
	e.restricted()
	e.declined()
	e.minor()
	e.actor()
	e.bound()
	e.task()
	e.result()
	e.recipient()
	e.scenario()
	e.needs()
	e.region()
	e.aggregate()
}

// say adds a reason. ref is the part of the policy it comes from.
func (e *explanation) say(code Code, c Control, ref string, pos Pos, format string, args ...any) *Reason {
	if pos.Line == 0 {
		pos = e.p.spots.head
	}
	e.reasons = append(e.reasons, Reason{Code: code, Control: c, Clause: e.p.clauseFor(ref, c), Pos: pos, Text: fmt.Sprintf(format, args...)})
	return &e.reasons[len(e.reasons)-1]
}

func (e *explanation) sayPurpose(code Code, c Control, format string, args ...any) {
	e.say(code, c, "purposes."+e.purpose.Name, e.purpose.Pos, format, args...)
}

// 1 and 2: what is used is declared, and for this purpose.
func (e *explanation) declared() {
	if len(e.u.Items) == 0 {
		e.say(NoItems, UseDecision, "items", Pos{}, "the use names no item; say what is to be used")
	}
	for _, no := range e.u.Items {
		it := e.p.ItemBy(no)
		switch {
		case it == nil:
			name := e.p.numbers.Item(no)
			if name == "" {
				name = fmt.Sprintf("number %d", no)
			}
			e.say(ItemUndeclared, UseDecision, "items", Pos{}, "the item %s is not declared in the version the person is under; declare it and let people accept the new version", name).Item = no
		case e.r != nil && !e.r.items.Has(no):
			e.say(ItemPurpose, UsePurpose, "items."+it.Name, it.Pos, "%s is not used for the purpose %q; it serves %s", it.Name, e.purpose.Name, e.purposes(it)).Item = no
		}
	}
	if e.u.Surface != "" && !slices.Contains(e.p.surfaces, e.u.Surface) {
		e.say(SurfaceUndeclared, UseDecision, "surfaces", e.p.spots.surfaces, "the policy does not hold on this surface, only on %s", strings.Join(e.p.surfaces, ", "))
	}
	if e.r == nil {
		e.say(PurposeUndeclared, UsePurpose, "purposes", Pos{}, "the purpose is not declared; name one of the policy's purposes")
		return
	}
	if e.r.is&inFunctions != 0 && !slices.Contains(e.purpose.Functions, e.u.Function) {
		e.sayPurpose(FunctionOther, UseFunction, "the purpose %q is served only in %s, and the use names no such function", e.purpose.Name, strings.Join(e.purpose.Functions, ", "))
	}
}

func (e *explanation) purposes(it *Item) string {
	var names []string
	for _, no := range it.Purposes {
		names = append(names, e.p.PurposeBy(no).Name)
	}
	return strings.Join(names, ", ")
}

// 3: the ground of the purpose stands.
func (e *explanation) ground() {
	if e.r == nil {
		return
	}
	no, name := e.u.Purpose, e.purpose.Name
	if e.r.asks(e.f) {
		e.consent(no, name)
	}
	if e.r.is&yields != 0 && e.f.Objected.Has(no) {
		e.sayPurpose(ObjectionStands, ObjectionHonoured, "the person objected to %q or opted out of it", name)
	}
	if e.f.Account > AccountOpen && e.r.is&evenClosed == 0 {
		e.sayPurpose(AccountEnded, AccountClosing, "the account is %s; its data serves only the person's rights, legal claims and what a law demands", e.f.Account)
	}
	if e.r.is&asksAccount == 0 {
		return
	}
	if e.f.Account == AccountNone {
		e.sayPurpose(AccountNotOpen, UseDecision, "%q rests on a contract, and the person has no account", name)
	}
	if !e.f.Accepted {
		e.sayPurpose(NotAccepted, ConsentRecord, "%q rests on a contract, and the person has not accepted this version of the policy", name)
	}
}

func (e *explanation) consent(no PurposeNo, name string) {
	switch {
	case e.f.Withdrawn.Has(no):
		e.sayPurpose(ConsentWasTaken, ConsentWithdrawal, "the person withdrew their consent to %q", name)
	case e.f.Expired.Has(no):
		e.sayPurpose(ConsentExpired, ConsentRecord, "the consent to %q has expired; ask again", name)
	case !e.f.Consents.Has(no) && e.r.is&consentBasis == 0:
		e.sayPurpose(ConsentMissing, ConsentRecord, "%s is no ground under a law the policy names, and the person has not consented to %q", e.purpose.Basis, name)
	case !e.f.Consents.Has(no):
		e.sayPurpose(ConsentMissing, ConsentRecord, "the person has not consented to %q; ask for it first", name)
	}
	if e.f.Explicit.Has(no) {
		return
	}
	if e.r.is&asksExplicit != 0 {
		e.sayPurpose(ConsentNotOwn, ConsentExplicit, "%q asks for a consent of its own, by an explicit act", name)
		return
	}
	for _, i := range e.u.Items {
		if e.r.is&consentBasis != 0 && e.p.hot.sensitive.Has(i) {
			it := e.p.ItemBy(i)
			e.say(ConsentNotOwn, ConsentExplicit, "items."+it.Name, it.Pos, "%s is sensitive: consent to %q must be given by an explicit act of its own", it.Name, name).Item = i
		}
	}
}

// 4: not restricted.
func (e *explanation) restricted() {
	if e.f.Restricted && (e.r == nil || e.r.is&evenRestricted == 0) {
		e.say(IsRestricted, UseRestricted, "rights.restriction", e.place(Restriction), "processing of this person's data is restricted: it is kept, and serves only their rights and legal claims")
	}
}

// 4 as well: the person did not say no to the whole policy.
func (e *explanation) declined() {
	if e.f.Declined && (e.r == nil || e.r.is&evenRestricted == 0) {
		e.say(WasDeclined, ConsentDeclined, "consent", e.p.spots.people, "the person does not agree to the policy: nothing more is collected, and what is there serves only their rights and legal claims")
	}
}

func (e *explanation) place(k RightKind) Pos {
	if r, err := e.p.Right(k); err == nil {
		return r.Pos
	}
	return Pos{}
}

// 5: people under age.
func (e *explanation) minor() {
	if e.f.Age < AgeMinor || e.r != nil && e.r.is&evenClosed != 0 {
		return
	}
	rule, below := e.p.people.Minors, e.p.people.AdultAge
	if e.f.Age == AgeChild {
		rule, below = e.p.people.Children, e.p.people.ChildAge
	}
	at := e.p.spots.people
	switch {
	case rule == MinorRefused:
		e.say(MinorNotServed, UseMinor, "people", at, "people under %d are not served", below)
	case rule == MinorGuardian && !e.f.Guardian:
		e.say(MinorNoGuardian, GuardianConsent, "people", at, "the person is under %d and no guardian's consent is recorded", below)
	}
	if e.r != nil && e.r.is&neverMinors != 0 {
		e.say(MinorPurpose, UseMinor, "people", at, "%q never uses data of people under age", e.purpose.Name)
	}
}

// 6: the actor may act for the purpose, with the reference it asks for.
func (e *explanation) actor() {
	role := e.p.RoleBy(e.u.Actor)
	switch {
	case e.u.Actor == Service:
	case e.u.Actor == Self:
		if e.r != nil && e.r.is&forRights == 0 {
			e.sayPurpose(RolePurpose, UseRole, "people act for themselves only in their rights, and %q does not serve them", e.purpose.Name)
		}
	case role == nil:
		e.say(RoleUndeclared, UseRole, "roles", Pos{}, "the role of who acts is not declared; name one of the policy's roles")
	case e.r != nil && !e.p.hot.roles[role.No].purposes.Has(e.u.Purpose):
		e.say(RolePurpose, UseRole, "roles."+role.Name, role.Pos, "the role %q does not act for %q", role.Name, e.purpose.Name)
	}
	if e.r == nil || e.r.refs == 0 || e.r.refs>>e.u.Ref.Kind&1 != 0 && e.u.Ref.ID != "" {
		return
	}
	if e.u.Ref.Kind == RefContract && e.u.Ref.ID != "" && e.p.CaseOf(e.u) == Succession {
		return // the contract by which the business changes hands is behind all of it
	}
	var kinds []string
	for _, k := range e.purpose.Refs {
		kinds = append(kinds, k.String())
	}
	e.sayPurpose(RefMissing, UseReference, "a use for %q names the %s behind it, and this one does not", e.purpose.Name, strings.Join(kinds, " or "))
}

// 9: purposes that only count. That nothing past its retention is handed out is
// the vault's: it knows the end of each value.
func (e *explanation) aggregate() {
	if e.r != nil && e.r.is&aggregates != 0 {
		e.sayPurpose(OnlyAggregate, UsePurpose, "%q only counts: no person's value is used for it", e.purpose.Name)
	}
}
