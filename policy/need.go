package policy

import "slices"

// A Need is what a disclosure names, or what must stand recorded behind it; a
// bit set.
type Need uint16

// The needs. Approval, finding, request, ticket and order are met by a [Backing] that
// somebody recorded, certificate by an attestation, the others by what the use
// itself says.
const (
	NeedInstrument  Need = 1 << iota // instrument: the legal order or provision
	NeedInterest                     // interest: the right or interest that is protected
	NeedConsent                      // consent: the person said yes to this recipient
	NeedClause                       // clause: what is carried out, of an agreement or of the policy
	NeedNecessity                    // necessity: why it cannot be done without the data
	NeedApproval                     // approval: somebody with authority approved exactly this
	NeedFinding                      // finding: what is alleged was looked into and established
	NeedRequest                      // request: the recipient asked for it
	NeedTicket                       // ticket: the ticket is this person's, and open
	NeedCertificate                  // certificate: people attested that the recipient's certificate is in force
	NeedOrder                        // order: the order is this person's with this recipient, and not over
	NeedTask                         // task: this member of staff was let in for it, and its time is not over

	recorded = NeedApproval | NeedFinding | NeedRequest | NeedTicket | NeedOrder | NeedTask
)

// needs lists the names of the needs in the policy file, the lowest bit first.
func needs() []string {
	return []string{"instrument", "interest", "consent", "clause", "necessity", "approval", "finding", "request", "ticket", "certificate", "order", "task"}
}

func needOf(name string) Need {
	if i := slices.Index(needs(), name); i >= 0 {
		return 1 << i
	}
	return 0
}

// ParseBacking reads the name of a need that is met by a record: approval,
// finding, request, ticket, order or task. ok is false for any other.
func ParseBacking(name string) (n Need, ok bool) {
	n = needOf(name)
	return n, n&recorded != 0
}

// String gives the names of the needs in a set, parted by a blank.
func (n Need) String() string {
	out := ""
	for i, name := range needs() {
		if n>>i&1 != 0 {
			out += " " + name
		}
	}
	if out != "" {
		out = out[1:]
	}
	return out
}

// A Backing is a record that stands behind disclosures of one person's data:
// who let it go, or what was found. It stands until its end.
type Backing struct {
	Need      Need        // the one need it meets
	Recipient RecipientNo // to whom; 0 for a finding or a ticket: whoever it is
	Scenario  Scenario    // in which case, of an approval
	Ref       string      // the order, case or ticket: Use.Instrument or Use.Ref names the same
	Items     ItemSet     // what may go, of an approval
}

// meets reports whether the record is about a use in a sharing case.
func (b *Backing) meets(n Need, u *Use, s Scenario) bool {
	switch {
	case b.Need == n && n == NeedCertificate:
		return true
	case b.Need != n, b.Ref == "", b.Ref != u.Instrument && b.Ref != u.Ref.ID:
		return false
	case b.Recipient != 0 && b.Recipient != u.Recipient:
		return false
	case n == NeedTicket:
		return u.Ref.Kind == RefTicket
	case n == NeedOrder:
		return u.Ref.Kind == RefOrder && b.Ref == u.Ref.ID
	case n != NeedApproval:
		return true
	}
	return b.Scenario == s && !slices.ContainsFunc(u.Items, func(i ItemNo) bool { return !b.Items.Has(i) })
}

// NeedsOf says what a use must name or have recorded behind it, because it gives
// data away in a sharing case that asks for that, or to a recipient that does.
func (p *Policy) NeedsOf(u *Use) Need {
	n := Need(0)
	if s := p.CaseOf(u); s <= Sale {
		n = p.needs[s]
	}
	if r := p.RecipientBy(u.Recipient); r != nil {
		n |= r.Needs
	}
	return n
}

// Backed reports whether a use is decided by records: then Facts.Backings has to
// hold those that stand for its person.
func (p *Policy) Backed(u *Use) bool {
	return u.Ref.Kind == RefDevice || p.tasked(u) || u.Recipient+RecipientNo(u.Scenario) != 0 && p.NeedsOf(u)&(recorded|NeedCertificate) != 0
}

// The codes of reasons for what a disclosure lacks.
const (
	NoClause      Code = "share.clause"
	NoNecessity   Code = "share.necessity"
	NoApproval    Code = "share.approval"
	NoFinding     Code = "share.finding"
	NoRequest     Code = "share.request"
	NoTicket      Code = "share.ticket"
	NoCertificate Code = "recipient.certificate"
	NoOrder       Code = "share.order"
)

// 7, at last: what the sharing case and the recipient ask for is named, or stands
// recorded.
func (e *explanation) needs() {
	if e.u.Recipient == 0 && e.u.Scenario == NoScenario {
		return
	}
	want, s := e.p.NeedsOf(e.u), e.p.CaseOf(e.u)
	ref, at := "sharing."+s.String(), e.p.spots.sharing
	if r := e.p.RecipientBy(e.u.Recipient); r != nil && r.Needs != 0 {
		ref, at = "recipients."+r.Name, r.Pos
	}
	lacks := func(n Need, missing bool, code Code, c Control, what string) {
		if want&n != 0 && missing {
			e.say(code, c, ref, at, "%s", what)
		}
	}
	backed := func(n Need) bool {
		return slices.ContainsFunc(e.f.Backings, func(b Backing) bool { return b.meets(n, e.u, s) })
	}
	lacks(NeedInstrument, e.u.Instrument == "" && s != Legal, NoInstrument, ShareInstrument, "the use names no law, order or request that demands the data; give its instrument")
	lacks(NeedInterest, e.u.Interest == "" && s != Protecting, NoInterest, ShareInterest, "the use does not name the right or interest it protects")
	lacks(NeedConsent, !e.f.Shared.Has(e.u.Recipient), RecipientConsent, ShareConsent, "the person must consent to this recipient by name")
	lacks(NeedClause, e.u.Clause == "", NoClause, ShareNeed, "the use does not name the clause, of an agreement or of the policy, that it carries out")
	lacks(NeedNecessity, e.u.Necessity == "", NoNecessity, ShareNeed, "the use does not say why it cannot be done without the data; give its necessity")
	lacks(NeedApproval, !backed(NeedApproval), NoApproval, ShareApproval, "no approval stands for these items, this recipient and this order or case; somebody who may approve has to record it")
	lacks(NeedFinding, !backed(NeedFinding), NoFinding, ShareNeed, "no finding is recorded for this order or case: a suspicion is not enough")
	lacks(NeedRequest, !backed(NeedRequest), NoRequest, ShareNeed, "no request of this recipient is recorded for this order or case")
	lacks(NeedCertificate, !backed(NeedCertificate), NoCertificate, ShareRecipient, "nobody has attested that the recipient's certificate is in force, or the attestation has ended")
	lacks(NeedOrder, !backed(NeedOrder), NoOrder, ShareCounterparty, "no order of this person with this recipient is recorded under the number the use names, or it is over")
	lacks(NeedTicket, !backed(NeedTicket), NoTicket, ShareNeed, "the ticket is not recorded as this person's, or it is closed")
}
