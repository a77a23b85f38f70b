package policy

import "slices"

// hot is the part of a policy that decisions read: bit sets over numbers, no
// maps.
type hot struct {
	rules      []rule     // by purpose number
	gives      []give     // by recipient number
	roles      []roleRule // by role number
	classOf    []ClassNo  // by item number
	declared   ItemSet
	sensitive  ItemSet
	tails      ItemSet   // shown by their last digits
	store      regionSet // where data is kept
	minors     MinorRule
	children   MinorRule
	someRegion bool // data must stay in store
}

// A rule is a purpose, compiled.
type rule struct {
	items  ItemSet // items that may be used for it
	is     ruleFlags
	refs   uint8 // bit k: a reference of kind k will do; 0: none is needed
	oblige Obligation
}

type ruleFlags uint16

const (
	ruleKnown      ruleFlags = 1 << iota
	asksConsent              // consent must have been given
	asksExplicit             // … by an act of its own
	consentBasis             // consent is the ground: sensitive items ask for the explicit form
	asksAccount              // account open, version accepted
	yields                   // an objection or opt-out stops it
	evenRestricted           // goes on under restriction
	evenClosed               // goes on after the account is closed
	aggregates               // counts only
	neverMinors              // not for people under age
	forRights                // the person may act for it
	inFunctions              // only in named functions
	asksChildren             // consent, unless the person is known to be no child
	keepsResult              // what it found is not looked for again
)

// A give is a recipient, compiled.
type give struct {
	items     ItemSet
	purposes  PurposeSet
	scenario  Scenario // that follows from its role
	agreement bool
	audit     bool
	review    bool
	instruct  bool
	asks      bool // another controller: separate consent
	devices   bool
	known     bool
	country   Region
	oblige    Obligation
	needs     Need // in the case that follows from its role, and for it alone
}

type roleRule struct {
	purposes PurposeSet
	known    bool
	task     bool
	oblige   Obligation
}

// heat compiles what decisions read.
func heat(p *Policy) hot {
	h := hot{
		rules: make([]rule, len(p.purposes.byNo)), gives: make([]give, len(p.recipients.byNo)),
		roles: make([]roleRule, len(p.roles.byNo)), classOf: make([]ClassNo, len(p.items.byNo)),
		minors: p.people.Minors, children: p.people.Children, someRegion: len(p.more.residency.Store) > 0 && !p.more.residency.Free,
	}
	for _, r := range p.more.residency.Store {
		h.store.add(r)
	}
	for _, u := range p.purposes.ordered {
		h.rules[u.No] = p.rule(u)
	}
	for _, it := range p.items.ordered {
		h.declared.Add(it.No)
		h.classOf[it.No] = it.Class
		if it.Sensitive {
			h.sensitive.Add(it.No)
		}
		if it.LastDigits {
			h.tails.Add(it.No)
		}
		for _, u := range it.Purposes {
			h.rules[u].items.Add(it.No)
		}
	}
	for _, u := range p.purposes.ordered {
		if u.AllItems {
			h.rules[u.No].items = h.declared
		}
	}
	for _, r := range p.recipients.ordered {
		g := giveOf(r)
		g.needs = r.Needs | p.needs[g.scenario]
		if only, _ := p.onlyIn(g.scenario); len(only) > 0 {
			items := g.items
			g.items = ItemSet{}
			for _, n := range only {
				if items.Has(n) {
					g.items.Add(n)
				}
			}
		}
		h.gives[r.No] = g
	}
	for _, r := range p.roles.ordered {
		rr := roleRule{known: true, task: !r.Task.IsZero()}
		for _, u := range r.Purposes {
			rr.purposes.Add(u)
		}
		if r.Masked {
			rr.oblige = MustMask
		}
		h.roles[r.No] = rr
	}
	return h
}

func (p *Policy) rule(u *Purpose) rule {
	r := rule{is: ruleKnown}
	set := func(f ruleFlags, on bool) {
		if on {
			r.is |= f
		}
	}
	special := u.Serves != ServesService
	// Where a person lives is not known, so of the laws that hold for residents
	// the strictest counts, as for the clocks of rights.
	groundless, ofChildren := false, false
	for i, l := range p.laws {
		if !l.grounds[u.Basis] {
			groundless = groundless || !p.lawsShown[i].Children
			ofChildren = true
		}
	}
	set(consentBasis, u.Basis == Consent)
	set(asksConsent, u.Basis == Consent || groundless)
	set(asksChildren, ofChildren)
	set(asksExplicit, u.Separate)
	set(asksAccount, u.Basis == Contract)
	set(yields, u.OptOut || u.Basis == LegitimateInterest || u.Basis == PublicTask)
	set(evenRestricted, special)
	set(evenClosed, special || u.Basis == LegalObligation)
	set(aggregates, u.Aggregate)
	set(neverMinors, slices.Contains(p.people.Never, u.No))
	set(forRights, u.Serves == ServesRights)
	set(inFunctions, len(u.Functions) > 0)
	set(keepsResult, u.Result != 0)
	for _, k := range u.Refs {
		r.refs |= 1 << k
	}
	r.oblige = u.Oblige
	if u.Notify {
		r.oblige |= MustNotify
	}
	return r
}

// Reach says how far a purpose reaches past the end of a retention: not at all; to
// the classes that a hold keeps; or, for people's own rights, to all that is there.
func (p *Policy) Reach(n PurposeNo) (held, all bool) {
	if int(n) >= len(p.hot.rules) {
		return false, false
	}
	r := &p.hot.rules[n]
	return r.is&evenClosed != 0, r.is&forRights != 0
}

func giveOf(r *Recipient) give {
	g := give{
		known: true, scenario: scenarioOf(r.Role), agreement: r.Agreement, audit: !r.Audit.IsZero(),
		review: r.Review, instruct: r.Instructions,
		asks: r.Role == Partner || r.Role == Affiliate, devices: len(r.Devices) > 0, country: r.Country, oblige: r.Oblige,
	}
	for _, i := range r.Items {
		g.items.Add(i)
	}
	for _, u := range r.Purposes {
		g.purposes.Add(u)
	}
	return g
}

// Decide says whether a use is allowed on these facts, with what obligations,
// or all reasons why not. It reads nothing but its arguments, and allocates
// only for reasons. A nil f is the zero Facts.
func (p *Policy) Decide(u *Use, f *Facts) Decision {
	if f == nil {
		f = new(Facts)
	}
	// What the quick look lets pass has no reason against it; what it does not
	// is examined in full. A fuzz test holds the two together.
	if oblige, ok := p.hot.clear(u, f); ok {
		return Decision{Allowed: true, Obligations: oblige, Version: p.version}
	}
	return p.examine(u, f)
}

// Clear is [Policy.Decide] of the plain kind of use, and keeps hold of nothing: what it
// allows has no reason against it, what it does not is still to be decided in full.
func (p *Policy) Clear(u *Use, f *Facts) Decision {
	oblige, ok := p.hot.clear(u, f)
	if !ok {
		return Decision{}
	}
	return Decision{Allowed: true, Obligations: oblige, Version: p.version}
}

// examine decides with all reasons.
func (p *Policy) examine(u *Use, f *Facts) Decision {
	e := explanation{p: p, u: u, f: f}
	e.run()
	if len(e.reasons) > 0 {
		return Decision{Version: p.version, Reasons: e.reasons}
	}
	return Decision{Allowed: true, Obligations: p.hot.oblige(u), Version: p.version}
}

// clear reports whether nothing speaks against a use of the plain kind.
func (h *hot) clear(u *Use, f *Facts) (Obligation, bool) {
	if int(u.Purpose) >= len(h.rules) || len(u.Items) == 0 || u.Scenario != NoScenario || u.Surface != "" {
		return 0, false
	}
	r := &h.rules[u.Purpose]
	sensitive := uint64(0)
	for _, i := range u.Items {
		word, bit := i>>6&(itemWords-1), i&63
		if i > MaxItems || r.items[word]>>bit&1 == 0 {
			return 0, false
		}
		sensitive |= h.sensitive[word] >> bit & 1
	}
	oblige := r.oblige
	if f.Agreed != nil && f.Agreed.unknown(u.Purpose, u.Items, r) >= 0 {
		return 0, false
	}
	if !r.stands(u.Purpose, f, sensitive != 0) || !h.personal(r, f) || r.is&(aggregates|inFunctions|keepsResult) != 0 ||
		(r.refs != 0 || u.Ref.Kind == RefDevice) && (r.refs>>u.Ref.Kind&1 == 0 || u.Ref.ID == "" || u.Ref.Kind == RefDevice && !f.Bound) {
		return 0, false
	}
	switch {
	case u.Actor == Service:
	case int(u.Actor) < len(h.roles) && h.roles[u.Actor].purposes.Has(u.Purpose) && !h.roles[u.Actor].task:
		oblige |= h.roles[u.Actor].oblige | h.shortened(u)
	case u.Actor == Self && r.is&forRights != 0:
		oblige |= h.shortened(u)
	default:
		return 0, false
	}
	if u.Recipient == 0 {
		return oblige, u.Region == 0 || !h.someRegion || h.store.has(u.Region)
	}
	more, ok := h.leaves(u, f)
	return oblige | more, ok
}

// asks reports whether the purpose needs consent of this person.
func (r *rule) asks(f *Facts) bool {
	return r.is&asksConsent != 0 || r.is&asksChildren != 0 && f.Age != AgeAdult && f.Age != AgeMinor
}

// stands reports whether the ground of the purpose stands.
func (r *rule) stands(no PurposeNo, f *Facts, sensitive bool) bool {
	if r.asks(f) {
		word, bit := no>>6&(nameWords-1), no&63 // declared purposes are never beyond the set
		if (f.Consents[word]&^f.Withdrawn[word]&^f.Expired[word])>>bit&1 == 0 {
			return false
		}
		if (r.is&asksExplicit != 0 || sensitive && r.is&consentBasis != 0) && !f.Explicit.Has(no) {
			return false
		}
	}
	if r.is&yields != 0 && f.Objected.Has(no) {
		return false
	}
	return r.is&asksAccount == 0 || f.Account == AccountOpen && f.Accepted
}

// personal reports whether the person's state lets the purpose go on.
func (h *hot) personal(r *rule, f *Facts) bool {
	if (f.Restricted || f.Declined) && r.is&evenRestricted == 0 || f.Account > AccountOpen && r.is&evenClosed == 0 {
		return false
	}
	return f.Age < AgeMinor || r.is&evenClosed != 0
}

// leaves reports whether the recipient may have the items, in the plain case.
func (h *hot) leaves(u *Use, f *Facts) (Obligation, bool) {
	if int(u.Recipient) >= len(h.gives) || u.Device != "" {
		return 0, false
	}
	g := &h.gives[u.Recipient]
	if !g.purposes.Has(u.Purpose) || g.asks || g.oblige&packed != 0 || g.devices || g.scenario != Entrusted || g.needs != 0 ||
		g.agreement && !f.Agreements.Has(u.Recipient) || g.audit && f.AuditDue.Has(u.Recipient) ||
		f.Suspended.Has(u.Recipient) || g.review && f.Unreviewed.Has(u.Recipient) || g.instruct && f.Uninstructed.Has(u.Recipient) {
		return 0, false
	}
	for _, i := range u.Items {
		if !g.items.Has(i) {
			return 0, false
		}
	}
	to := u.Region
	if to == 0 {
		to = g.country
	}
	return g.oblige, !h.someRegion || h.store.has(to)
}

// shortened obliges whoever looks, of staff or the person, to be shown no more than
// the last digits of what is shown so.
func (h *hot) shortened(u *Use) Obligation {
	if u.Actor == Service {
		return 0
	}
	for _, i := range u.Items {
		if h.tails.Has(i) {
			return MustShorten
		}
	}
	return 0
}

// oblige gathers the obligations of an allowed use.
func (h *hot) oblige(u *Use) Obligation {
	o := h.rules[u.Purpose].oblige | h.shortened(u)
	if int(u.Actor) < len(h.roles) {
		o |= h.roles[u.Actor].oblige
	}
	if int(u.Recipient) < len(h.gives) {
		o |= h.gives[u.Recipient].oblige
	}
	if !u.Packed {
		o &^= packed
	}
	return o
}
