package policy

import (
	"slices"
	"strings"
)

// 7: the recipient may have these items for this purpose, under an agreement.
func (e *explanation) recipient() {
	if e.u.Recipient == 0 {
		return
	}
	r := e.p.RecipientBy(e.u.Recipient)
	if r == nil {
		e.say(RecipientUnknown, ShareRecipient, "recipients", Pos{}, "the recipient is not declared; name one of the policy's recipients")
		return
	}
	g := &e.p.hot.gives[r.No]
	ref := "recipients." + r.Name
	if e.purpose != nil && !g.purposes.Has(e.u.Purpose) {
		e.say(RecipientPurpose, ShareRecipient, ref, r.Pos, "%s gets nothing for the purpose %q", r.Name, e.purpose.Name)
	}
	for _, no := range e.u.Items {
		if it := e.p.ItemBy(no); it != nil && !slices.Contains(r.Items, no) {
			e.say(RecipientItem, ShareRecipient, ref, r.Pos, "%s does not get %s", r.Name, it.Name).Item = no
		}
	}
	if g.devices && !slices.ContainsFunc(r.Devices, func(d string) bool { return strings.EqualFold(d, e.u.Device) }) {
		e.say(RecipientDevice, ShareRecipient, ref, r.Pos, "%s runs only on devices of %s", r.Name, strings.Join(r.Devices, ", "))
	}
	if g.agreement && !e.f.Agreements.Has(r.No) {
		e.say(NoAgreement, ShareAgreement, ref, r.Pos, "no agreement with %s is in force; record one first", r.Name)
	}
	if g.audit && e.f.AuditDue.Has(r.No) {
		e.say(AuditOverdue, ShareAgreement, ref, r.Pos, "the audit of %s, due every %s, is overdue", r.Name, r.Audit)
	}
	if g.oblige&packed != 0 && !e.u.Packed {
		e.inClear(r)
	}
	e.standing(r, g)
	if (g.asks || e.u.Scenario == Consented) && !excused(e.u.Scenario) && !e.f.Shared.Has(r.No) {
		e.say(RecipientConsent, ShareConsent, ref, r.Pos, "%s decides for itself what to do with the data: the person must consent to it by name", r.Name)
	}
}

// standing says what stands against a recipient itself.
func (e *explanation) standing(r *Recipient, g *give) {
	ref := "recipients." + r.Name
	if e.f.Suspended.Has(r.No) {
		e.say(RecipientSuspended, RecipientStopped, ref, r.Pos, "%s is suspended and gets nothing until it was found to keep its word again", r.Name)
	}
	if g.review && e.f.Unreviewed.Has(r.No) {
		e.say(RecipientReview, RecipientQualified, ref, r.Pos, "the ability and the security of %s have not both been assessed and passed; record the assessments first", r.Name)
	}
	if g.instruct && e.f.Uninstructed.Has(r.No) {
		e.say(RecipientTaught, ShareInstructions, ref, r.Pos, "%s has not accepted the instructions that go with the version in force", r.Name)
	}
	if e.p.CaseOf(e.u) != Succession {
		return
	}
	if e.f.Unmoved {
		e.say(TransferNone, ShareTransfer, ref, r.Pos, "no transfer of these items to %s stands ready: it has to be opened, and each duty of this policy accepted", r.Name)
	}
	if e.f.Repurposed && !e.f.Shared.Has(r.No) {
		e.say(RecipientConsent, ShareConsent, ref, r.Pos, "the purpose changes with the transfer to %s: the person must consent to it by name", r.Name)
	}
	if e.f.Untold {
		e.say(TransferUntold, ShareTransferTold, ref, r.Pos, "the person was not told of this transfer, or not long enough ago, or does not want it")
	}
}

// excused reports whether a sharing case does without the person's consent.
func excused(s Scenario) bool {
	return s == Legal || s == Protecting || s == Contracted
}

// 7, continued: the case in which data is shared is allowed, and is no sale.
func (e *explanation) scenario() {
	s, ref, at := e.p.CaseOf(e.u), "sharing", e.p.spots.sharing
	switch {
	case s == NoScenario:
		return
	case s == Sale:
		e.sale(at)
	case s == Statistics:
		e.say(ScenarioNot, ShareScenario, ref, at, "statistics go out as counts; a person's values are not statistics")
	case e.p.scenarios>>s&1 == 0:
		e.say(ScenarioNot, ShareScenario, ref, at, "data is not shared in the case %q", s)
	default:
		e.caseItems(s)
	}
	if s == Legal && e.u.Instrument == "" {
		e.say(NoInstrument, ShareInstrument, ref, at, "the use names no law, order or request that demands the data; give its instrument")
	}
	if s == Protecting && e.u.Interest == "" {
		e.say(NoInterest, ShareInterest, ref, at, "the use does not name the right or interest it protects")
	}
}

// caseItems holds a use against the items to which a sharing case is limited.
func (e *explanation) caseItems(s Scenario) {
	only, at := e.p.onlyIn(s)
	if len(only) == 0 {
		return
	}
	for _, no := range e.u.Items {
		if it := e.p.ItemBy(no); it != nil && !slices.Contains(only, no) {
			e.say(ScenarioItem, ShareScenario, "sharing."+s.String(), at, "%s is not shared in the case %q", it.Name, s).Item = no
		}
	}
}

// onlyIn returns the items to which a sharing case is limited; none where it is
// not.
func (p *Policy) onlyIn(s Scenario) ([]ItemNo, Pos) {
	for _, c := range p.more.sharing.Cases {
		if c.Scenario == s {
			return c.Items, c.Pos
		}
	}
	return nil, Pos{}
}

func (e *explanation) sale(at Pos) {
	how := "personal data is not sold"
	switch e.p.more.sharing.Sale {
	case "allowed":
		return
	case "never-without-consent":
		if e.u.Recipient != 0 && e.f.Shared.Has(e.u.Recipient) {
			return
		}
		how = "data is sold only with the person's consent to this buyer"
	}
	e.say(SaleNot, ShareSale, "sharing", at, "the use is a sale, and %s", how)
}

// 8: the place where the data goes is allowed.
func (e *explanation) region() {
	if !e.p.hot.someRegion {
		return
	}
	to, ref, at := e.u.Region, "residency", e.p.spots.residency
	r := e.p.RecipientBy(e.u.Recipient)
	if to == 0 && r != nil {
		to = r.Country
		ref, at = "recipients."+r.Name, r.Pos
	}
	if to == 0 && r == nil || e.p.hot.store.has(to) || e.p.more.residency.ByLaw && e.u.Instrument != "" {
		return
	}
	if e.p.more.residency.ByConsent && e.f.Abroad.Has(e.u.Recipient) {
		return
	}
	if to == 0 {
		e.say(RegionUnknown, TransferAbroad, ref, at, "it is not known where %s processes the data; declare its country", r.Name)
		return
	}
	how := "nothing lets it go there"
	switch {
	case e.p.more.residency.ByConsent && e.p.more.residency.ByLaw:
		how = "it goes there only with the person's explicit consent or by a law the use names"
	case e.p.more.residency.ByConsent:
		how = "it goes there only with the person's explicit consent"
	case e.p.more.residency.ByLaw:
		how = "it goes there only by a law the use names"
	}
	e.say(RegionAbroad, TransferAbroad, ref, at, "%s is outside the countries data is kept in; %s", to, how)
}
