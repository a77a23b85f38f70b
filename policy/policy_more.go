package policy

import (
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
)

// Revision says why this version was written.
func (p *Policy) Revision() Revision { return p.more.revision }

// Published is the day the page was published, at midnight UTC; zero where the
// policy does not say.
func (p *Policy) Published() time.Time { return p.published }

// Filings lists the numbers under which the platform is filed.
func (p *Policy) Filings() []*Filing { return p.more.filings }

// Agreeing says how people agree and refuse.
func (p *Policy) Agreeing() Agreeing { return p.more.consent }

// Never lists what is never collected, in the order of the file.
func (p *Policy) Never() []*NeverRule { return p.never }

// Excluded lists what the policy says it does not cover.
func (p *Policy) Excluded() []*Excluded { return p.more.excluded }

// Permissions lists the device permissions, in the order of the file.
func (p *Policy) Permissions() []*Permission { return p.more.permissions }

// Cookies lists the cookies and what else is stored in browsers and apps.
func (p *Policy) Cookies() []*Cookie { return p.more.cookies }

// Cookie returns the cookie of a name, or fault.NotFound with what may have
// been meant.
func (p *Policy) Cookie(name string) (*Cookie, error) {
	return pick("cookies", p.more.cookies, func(c *Cookie) string { return c.Name }, name)
}

// Beacons lists the web beacons.
func (p *Policy) Beacons() []*Beacon { return p.more.beacons }

// Permission is as Cookie, for device permissions.
func (p *Policy) Permission(name string) (*Permission, error) {
	return pick("permissions", p.more.permissions, func(c *Permission) string { return c.Name }, name)
}

// Sharing says in which cases data leaves the controller.
func (p *Policy) Sharing() SharingRule { return p.more.sharing }

// Residency says where data is kept and what lets it go elsewhere.
func (p *Policy) Residency() ResidencyRule { return p.more.residency }

// Statistics says what counts are made and who sees them.
func (p *Policy) Statistics() StatisticsRule { return p.more.statistics }

// Changing says how people hear of a new version.
func (p *Policy) Changing() Changing { return p.more.changes }

// Incidents says what happens when data is lost or seen by others.
func (p *Policy) Incidents() IncidentRule { return p.more.incidents }

// Attestations lists the duties that people carry out again and again: those
// under attestations first, then the reviews under security.
func (p *Policy) Attestations() []*Attestation { return p.more.attestations }

// Attestation is as Cookie, for recurring duties.
func (p *Policy) Attestation(name string) (*Attestation, error) {
	return pick("attestations", p.more.attestations, func(a *Attestation) string { return a.Name }, name)
}

// PublicBoard reports whether the published page says beside each sentence how it
// stands, and when that was last shown.
func (p *Policy) PublicBoard() bool { return p.more.board }

// Stages lists what the text announces to explain: collect, use, store, …
func (p *Policy) Stages() []string { return p.more.stages }

// Sections lists the parts of the page in their order; empty where the policy
// leaves the order to the clauses.
func (p *Policy) Sections() []*Section { return p.more.sections }

// Assumed lists everything that was set because the published text leaves it
// open, in the order of the file.
func (p *Policy) Assumed() []Assumed { return p.more.assumed }

// Laws lists the rule packs the policy names, in the order of the file; a
// LawSet counts them in this order.
func (p *Policy) Laws() []*Law { return p.lawsShown }

// LawsFor returns the laws that may hold for a person: those for everybody, and
// those for some people that what is known of the person does not rule out.
func (p *Policy) LawsFor(who Person) LawSet {
	var s LawSet
	for i, l := range p.lawsShown {
		if l.MayHold(who) {
			s |= 1 << i
		}
	}
	return s
}

// MayHold reports whether the law holds for a person, or may hold where too
// little is known.
func (l *Law) MayHold(who Person) bool {
	if l.Residents && who.Residence != 0 && !slices.Contains(l.Territory, who.Residence) {
		return false
	}
	return !l.Children || who.Age != AgeAdult && who.Age != AgeMinor
}

func (l *Law) forAll() bool { return !l.Residents && !l.Children }

// Check checks a value against the declared type of an item and gives its
// normal form, as Policy.Normal does for types: the type an item declares may
// ask for more than its Type says (a security answer is a secret). The error is
// fault.Invalid or fault.NotFound, and never holds the value.
func (p *Policy) Check(no ItemNo, value string) (string, error) {
	if p.ItemBy(no) == nil {
		return "", fault.New(fault.NotFound, "no item has the number %d in this version; declare it", no)
	}
	return p.types[no].check(value, p.controller.Country.String())
}

func pick[T any](what string, all []*T, name func(*T) string, want string) (*T, error) {
	known := make([]string, len(all))
	for i, v := range all {
		if known[i] = name(v); known[i] == want {
			return v, nil
		}
	}
	if !validName(want) {
		want = "that name"
	}
	return nil, fault.New(fault.NotFound, "no %q is declared in %s; %s", want, what, suggest(want, known))
}
