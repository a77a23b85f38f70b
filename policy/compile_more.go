package policy

// more is the parts of a policy that no decision reads on the hot path.
type more struct {
	revision     Revision
	filings      []*Filing
	consent      Agreeing
	excluded     []*Excluded
	permissions  []*Permission
	cookies      []*Cookie
	beacons      []*Beacon
	sharing      SharingRule
	residency    ResidencyRule
	statistics   StatisticsRule
	changes      Changing
	incidents    IncidentRule
	attestations []*Attestation
	stages       []string
	sections     []*Section
	board        bool
	assumed      []Assumed
}

func assume(a assumption, why text) Assumption {
	out := Assumption{All: a.all, Why: why.v}
	for _, k := range a.keys {
		out.Keys = append(out.Keys, k.v)
	}
	return out
}

func spoken(l list[text]) []Text {
	var out []Text
	for _, t := range l.items {
		out = append(out, t.v)
	}
	return out
}

func (b *builder) itemNos(l list[str]) []ItemNo {
	out := make([]ItemNo, len(l.items))
	for i, s := range l.items {
		out[i] = ItemNo(b.items[s.v])
	}
	return out
}

// purposesOf joins `purpose` and `purposes`.
func (b *builder) purposesOf(one str, several list[str]) []PurposeNo {
	out := b.purposeNos(several)
	if one.v != "" {
		out = append([]PurposeNo{PurposeNo(b.purposes[one.v])}, out...)
	}
	return out
}

func (b *builder) controller() {
	c := b.doc.Controller
	b.p.controller = Controller{
		Name: c.Name.v, Brand: c.Brand.v, Number: c.Number.v, Country: region(c.Country), Address: c.Address.v, Contacts: map[string]string{},
		Officer:   Officer{Name: c.Officer.Name.v, Email: c.Officer.Email.v, Phone: c.Officer.Phone.v},
		Stands:    Representative{Name: c.Representative.Name.v, Country: region(c.Representative.Country), Email: c.Representative.Email.v},
		Authority: c.Authority.Name.v, AuthorityURL: c.Authority.URL.v, Assumed: assume(c.Assumed, c.Why), Pos: c.Name.pos,
	}
	for _, e := range c.Contacts.entries {
		b.p.controller.Contacts[e.name] = e.value.v
	}
	for _, a := range c.Authorities.items {
		x := Authorities{Body: Body{a.Name.v, a.URL.v}, Pos: a.pos}
		for _, code := range a.Of.items {
			x.Countries = append(x.Countries, region(code))
		}
		b.p.controller.Authorities = append(b.p.controller.Authorities, x)
	}
	for _, f := range b.doc.Filings.items {
		b.p.more.filings = append(b.p.more.filings, &Filing{Kind: f.Kind.v, Number: f.Number.v, With: f.With.v, URL: f.URL.v, Pos: f.pos})
	}
	r := b.doc.Revision
	b.p.more.revision = Revision{Reasons: texts(r.Reasons), Note: r.Note.v}
	a := b.doc.Consent
	b.p.more.consent = Agreeing{
		ByUse: a.Agreement.v == "use", SilenceYes: a.Silence.v == "accepted", Cookies: a.Cookies.v, Beacons: a.Beacons.v,
		GPC: a.GPC.v, Lapses: a.Lapses.v, Assumed: assume(a.Assumed, a.Why), Pos: a.Agreement.pos,
	}
}

func (b *builder) people() {
	d, m := &b.doc.People, &b.doc.People.Minors
	b.p.people = People{
		Kinds: texts(d.Kinds), Status: texts(d.Status), AdultAge: d.AdultAge.v, ChildAge: d.ChildAge.v,
		Minors: MinorRule(or(m.BelowAdult.v, "allow")), Proof: m.Proof.v, Never: b.purposeNos(m.Never),
		Declare: m.Declare.v, Erase: m.Erase.v, Channels: texts(m.Channels), Assumed: assume(m.Assumed, m.Why), Pos: m.BelowAdult.pos,
	}
	b.p.people.Children = MinorRule(or(m.BelowChild.v, string(b.p.people.Minors)))
}

func (b *builder) security() {
	s := b.doc.Security
	b.p.security = Security{
		InTransit: s.InTransit.v, AtRest: s.AtRest.v, Desensitise: texts(s.Desensitise), Standards: texts(s.Standards), Measures: spoken(s.Measures),
		StaffMFA: s.Staff.MFA.v == "required", MaskedView: s.Staff.View.v == "masked", Undertaking: s.Staff.Undertaking.v == "required", Training: s.Staff.Training.v == "required",
		Reviews: map[string]Period{}, Assumed: assume(s.Assumed, s.Why), Pos: s.AtRest.pos,
	}
	for _, e := range s.Reviews.entries {
		b.p.security.Reviews[e.name] = e.value.v
	}
}

// outside compiles what meets people and others: rules of collection, devices,
// sharing, places.
func (b *builder) outside() {
	d, m := b.doc, &b.p.more
	for _, n := range d.Never.items {
		b.p.never = append(b.p.never, &NeverRule{
			Title: n.Title.v, Category: n.Category.v, Pattern: n.Pattern.v, ByLaw: holds(n.Unless, "law"),
			Except: texts(n.Except), ExceptAt: texts(n.ExceptAt), Cite: n.Cite.v, Pos: n.pos,
		})
	}
	for _, e := range d.Excluded.entries {
		v := e.value
		m.excluded = append(m.excluded, &Excluded{
			Name: e.name, Title: v.Title.v, Kind: v.Kind.v, Rule: v.Rule.v, Categories: texts(v.Categories),
			Items: b.itemNos(v.Items), Surfaces: texts(v.Surfaces), URL: v.URL.v, Fields: fieldsOf(v.Fields), Pos: e.pos,
		})
	}
	for _, e := range d.Permissions.entries {
		v := e.value
		m.permissions = append(m.permissions, &Permission{
			Name: e.name, Title: v.Title.v, Function: v.Function.v, Purposes: b.purposesOf(v.Purpose, v.Purposes), Items: b.itemNos(v.Items),
			Asked: v.Asked.v, Revocable: v.Revocable.v, Path: v.Path.v, Help: v.Help.v, Without: v.Without.v, Surfaces: texts(v.Surfaces), System: texts(v.System),
			Assumed: assume(v.Assumed, v.Why), Pos: e.pos, Functions: b.functionsOf(v),
		})
	}
	b.trackers()
	b.sharing()
	b.residency()
	b.statistics()
}

func (b *builder) trackers() {
	for _, e := range b.doc.Cookies.entries {
		v := e.value
		b.p.more.cookies = append(b.p.more.cookies, &Cookie{
			Name: e.name, Title: v.Title.v, Class: TrackerClass(v.Class.v), Kind: or(v.Kind.v, "cookie"), Purposes: b.purposesOf(v.Purpose, v.Purposes),
			Names: texts(v.Names), Size: int(v.Size.v), Lifetime: v.Lifetime.v, Session: v.Session.v, SetBy: or(v.SetBy.v, FirstParty), Content: v.Content.v, Items: b.itemNos(v.Items),
			Without: v.Without.v, Surfaces: texts(v.Surfaces), Assumed: assume(v.Assumed, v.Why), Pos: e.pos,
		})
	}
	for _, e := range b.doc.Beacons.entries {
		v := e.value
		b.p.more.beacons = append(b.p.more.beacons, &Beacon{
			Name: e.name, Title: v.Title.v, Class: TrackerClass(v.Class.v), Purposes: b.purposesOf(v.Purpose, v.Purposes), At: texts(v.At),
			Items: b.itemNos(v.Items), SetBy: or(v.SetBy.v, FirstParty), URLs: texts(v.URLs), Assumed: assume(v.Assumed, v.Why), Pos: e.pos,
		})
	}
}

func (b *builder) sharing() {
	d := b.doc.Sharing
	r := SharingRule{Stance: d.Stance.v, Sale: or(d.Sale.v, "never"), Pos: d.Allow.pos}
	for _, a := range d.Allow.items {
		sc, _ := ParseScenario(a.v) // names of the grammar
		b.p.scenarios |= 1 << sc
		r.Allow = append(r.Allow, sc)
	}
	for _, e := range d.Cases.entries {
		sc, _ := ParseScenario(e.name) // names of the grammar
		v := e.value
		for _, n := range v.Needs.items {
			b.p.needs[sc] |= needOf(n.v)
		}
		r.Cases = append(r.Cases, &Case{
			Scenario: sc, Title: v.Title.v, Needs: texts(v.Needs), Items: b.itemNos(v.Items), Assumed: assume(v.Assumed, v.Why), Pos: e.pos,
		})
	}
	s := d.Succession
	r.Succession = SuccessionRule{
		Notice: s.Notice.v, Before: s.Before.v, Channels: texts(s.Channels), Binds: s.Binds.v, Consent: s.Consent.v,
		Assumed: assume(s.Assumed, s.Why), Pos: s.Notice.pos,
	}
	b.p.more.sharing = r
}

func (b *builder) residency() {
	d := b.doc.Residency
	r := ResidencyRule{Safeguards: texts(d.Safeguard), Assumed: assume(d.Assumed, d.Why), Pos: d.Store.pos}
	for _, s := range d.Store.items {
		r.Store = append(r.Store, region(s))
	}
	for _, a := range d.Abroad.items {
		switch a.v {
		case "law":
			r.ByLaw = true
		case "explicit-consent":
			r.ByConsent = true
		default:
			r.Free = true
		}
	}
	for _, e := range d.Places.entries {
		v := e.value
		r.Places = append(r.Places, &Place{
			Name: e.name, Title: v.Title.v, Country: region(v.Country), Operator: or(v.Operator.v, "self"),
			Surfaces: texts(v.Surfaces), Backups: v.Backups.v, Pos: e.pos,
		})
	}
	b.p.more.residency = r
}

func (b *builder) statistics() {
	d := b.doc.Statistics
	r := StatisticsRule{Smallest: d.Smallest.v, Share: texts(d.Share), Approve: d.Approve.v, Assumed: assume(d.Assumed, d.Why), Pos: d.Smallest.pos}
	for _, e := range d.Sets.entries {
		v := e.value
		r.Sets = append(r.Sets, &StatisticsSet{
			Name: e.name, Title: v.Title.v, Purpose: PurposeNo(b.purposes[v.Purpose.v]), Items: b.itemNos(v.Items),
			By: texts(v.By), Every: v.Every.v, Shared: v.Shared.v, Pos: e.pos,
		})
	}
	b.p.more.statistics = r
}
