package policy

import (
	"slices"
	"strings"

	"github.com/avow-dev/avow/internal/calendar"
)

// Lint examines what the parts of a policy say together, and returns
// everything that is missing, contradictory or left open, in the order of the
// file. A policy with an error among its findings does not compile.
func Lint(s *Source) []Finding { return slices.Clone(s.found()) }

func lint(s *Source) []Finding {
	c := newChecker(s)
	for _, check := range []func(){
		c.head, c.dates, c.controller, c.people, c.minors, c.agreeing, c.points, c.purposes, c.wayBack, c.items, c.itemMore, c.inventory, c.limits, c.excluded,
		c.keep, c.permissions, c.cookies, c.beacons, c.recipients, c.sharing, c.sharingMore, c.residency, c.statistics, c.rights,
		c.changes, c.incidents, c.security, c.attestations, c.roles, c.sectioned, c.clauses, c.kept, c.duties, c.referred, c.assumptions, c.texts,
	} {
		check()
	}
	return c.sorted()
}

// checker holds the names a policy declares while it is examined.
type checker struct {
	findings
	src   *Source
	doc   *document
	lawAt []Pos               // where laws are named
	parts map[string][]string // names by section, for references
	langs []string
	laws  []*law
	types map[string]valueType // by name
	lost  bool                 // a law that is named is not known
	used  map[string]bool      // "purposes.push": something refers to it

	unfilled *markSet // what placeholders are known by
	names    struct{ purposes, keep, points, items, recipients []string }
}

func newChecker(s *Source) *checker {
	c := &checker{types: typesByName(), src: s, doc: &s.doc, used: map[string]bool{}, unfilled: newMarkSet(unfilled())}
	c.home = start(s.file)
	d, n := c.doc, &c.names
	n.purposes, n.keep, n.points, n.items, n.recipients = names(d.Purposes), names(d.Keep), names(d.Points), names(d.Items), names(d.Recipients)
	for _, l := range s.doc.Languages.items {
		if language(l.v) {
			c.langs = append(c.langs, l.v)
		}
	}
	return c
}

func names[T any](s section[T]) []string {
	out := make([]string, len(s.entries))
	for i, e := range s.entries {
		out[i] = e.name
	}
	return out
}

func find[T any](s section[T], name string) (*T, bool) {
	for i := range s.entries {
		if s.entries[i].name == name {
			return &s.entries[i].value, true
		}
	}
	return nil, false
}

// refer checks that a name is declared in a section and marks it as used.
func (c *checker) refer(what string, name str, declared []string) bool {
	if slices.Contains(declared, name.v) {
		c.used[what+"."+name.v] = true
		return true
	}
	if name.v != "" {
		c.errorf("name.unknown", name.pos, suggest(name.v, declared), "no %q is declared in %s", shown(name.v), what)
	}
	return false
}

func (c *checker) head() {
	d, start := c.doc, c.doc.Avow.pos
	if d.Avow.v != 1 {
		c.errorf("head.format", start, "write avow: 1 in the first line", "the file does not say which format it has")
	}
	if !validName(d.Platform.v) || strings.Contains(d.Platform.v, ".") {
		c.errorf("head.platform", d.Platform.pos, "write platform: and a short name of small letters, digits and hyphens", "the platform has no usable name")
	}
	if d.Title.v.IsZero() {
		c.errorf("head.title", d.Title.pos, "write title: {en: …}", "the policy has no title")
	}
	if d.Label.v == "" {
		c.warnf("head.label", d.Label.pos, "write label: and the date of the text", "this version has no label")
	}
	if d.Effective.v.IsZero() {
		c.warnf("date.missing", d.Effective.pos, "write effective: and a date", "the policy does not say when it takes effect")
	} else if d.Effective.v.Before(d.Updated.v) {
		c.warnf("date.order", d.Effective.pos, "let the new text take effect after its update, or keep the old one for what happened before", "the policy takes effect on %s, before its update on %s", d.Effective.v.Format("2006-01-02"), d.Updated.v.Format("2006-01-02"))
	}
	if len(d.Languages.items) == 0 {
		c.errorf("head.languages", d.Languages.pos, "write languages: [en, zh-CN]", "the policy does not say which languages it is written in")
	}
	for _, l := range d.Languages.items {
		if !language(l.v) {
			c.errorf("text.language", l.pos, "write a language such as en or zh-CN", "%q is no language", shown(l.v))
		}
	}
	if len(d.Surfaces.items) == 0 {
		c.errorf("head.surfaces", d.Surfaces.pos, "write surfaces: [app, website]", "the policy does not say where it holds")
	}
	c.rules()
	for _, country := range d.Residency.Store.items {
		c.country(country)
	}
}

// rules opens the calendar and the law packs the policy names.
func (c *checker) rules() {
	d := c.doc
	if d.Calendar.v == "" {
		c.errorf("calendar.missing", d.Calendar.pos, "write calendar: and one of "+strings.Join(calendar.Names(), ", "), "the policy does not say whose working days count")
	} else if !slices.Contains(calendar.Names(), d.Calendar.v) {
		c.errorf("calendar.unknown", d.Calendar.pos, suggest(d.Calendar.v, calendar.Names()), "no calendar is named %q", shown(d.Calendar.v))
	}
	for _, ref := range d.Laws.items {
		l := ref.Law
		if !slices.Contains(Laws(), l.v) {
			c.lost = true
			c.errorf("law.unknown", l.pos, suggest(l.v, Laws()), "no rule pack is named %q", shown(l.v))
			continue
		}
		pack := c.src.laws[l.v]
		if pack == nil {
			c.errorf("law.unreadable", l.pos, "report it", "the rule pack %q cannot be read", l.v)
			continue
		}
		c.laws = append(c.laws, pack)
		c.lawAt = append(c.lawAt, l.pos)
	}
}

func (c *checker) country(code str) {
	if code.v == "" {
		return
	}
	if _, err := ParseRegion(code.v); err != nil {
		c.errorf("country.unknown", code.pos, "write two capital letters, such as CN", "%q is no country code", shown(code.v))
	}
}

func (c *checker) controller() {
	d := &c.doc.Controller
	if d.Name.v.IsZero() {
		c.errorf("controller.unnamed", d.Name.pos, "write controller: {name: …} with the legal name", "nobody is named who answers for the data")
	}
	if d.Country.v == "" {
		c.warnf("controller.country", d.Name.pos, "write country: under controller", "the controller's country is not given")
	}
	c.country(d.Country)
	if len(d.Contacts.entries) == 0 {
		c.errorf("contact.none", d.Contacts.pos, "write contacts: {phone: …, email: …} under controller", "people cannot reach the controller: no contact is given")
	}
	for _, e := range d.Contacts.entries {
		c.contact(e.name, e.value)
	}
	for _, a := range d.Authorities.items {
		if a.Name.v.IsZero() || len(a.Of.items) == 0 {
			c.errorf("authority.unnamed", a.pos, "write name: and of: with its countries", "an authority is announced without its name, or for nobody")
		}
		for _, code := range a.Of.items {
			c.country(code)
		}
	}
	if d.Authority.Name.v.IsZero() {
		c.warnf("authority.unnamed", d.Name.pos, "write authority: {name: …, url: …} under controller", "no authority is named that people can complain to")
	}
}

func (c *checker) contact(kind string, v str) {
	if strings.TrimSpace(v.v) == "" {
		c.errorf("contact.empty", v.pos, "fill it in or remove the key", "the %s contact is empty", kind)
		return
	}
	if c.placeholder(v.v) {
		return // said by texts
	}
	typ := map[string]string{"phone": "phone", "web": "url", "email": "email", "post": "text", "chat": "url"}[kind]
	if _, err := Normal(typ, v.v); err != nil {
		t, _ := typeNamed(typ)
		c.errorf("contact.unreachable", v.pos, "write it so that it can be used as it stands", "the %s contact cannot be reached: it is not %s", kind, t.what)
	}
}

var placeholders = pattern(`(?i)example\.(com|org|net)\b|\bexample company\b|\bX{3,}\b|to be (filled|added|determined|confirmed)|\b(tbd|todo|fixme)\b|lorem ipsum|\[(your|company|insert)[^]]*\]|<(your|company|insert)[^>]*>|待(填|补充|定)|某某`)

// unfilled are the marks that every placeholder holds one of.
func unfilled() []string {
	return []string{
		"example", "xxx", "to be ", "tbd", "todo", "fixme", "lorem", "[your", "[company", "[insert", "<your", "<company", "<insert", "待", "某某",
	}
}

// placeholder reports whether s was never filled in. Few texts hold any of the
// marks, and only those are looked at closely.
func (c *checker) placeholder(s string) bool {
	return c.unfilled.in(strings.ToLower(s)) && placeholders().MatchString(s)
}

func (c *checker) people() {
	p := &c.doc.People
	m := &p.Minors
	if m.BelowAdult.v != "" && p.AdultAge.v == 0 {
		c.errorf("people.age", m.BelowAdult.pos, "write adult_age: 18 under people", "a rule for people under age stands without the age")
	}
	if m.BelowChild.v != "" && p.ChildAge.v == 0 {
		c.errorf("people.age", m.BelowChild.pos, "write child_age: 14 under people", "a rule for children stands without the age")
	}
	if m.BelowAdult.v == "guardian-consent" && m.Proof.v == "" {
		c.warnf("people.proof", m.BelowAdult.pos, "write proof: written, electronic or attested", "a guardian must consent, but the policy does not say how that is proved")
	}
	for _, l := range c.laws {
		if p.ChildAge.v != 0 && p.ChildAge.v < l.childAge && l.name == "pipl" {
			c.errorf("people.age", p.ChildAge.pos, "raise child_age", "children are under %d here, under %d by %s", p.ChildAge.v, l.childAge, l.name)
		}
	}
}

func (c *checker) points() {
	surfaces := make([]string, len(c.doc.Surfaces.items))
	for i, s := range c.doc.Surfaces.items {
		surfaces[i] = s.v
	}
	for _, e := range c.doc.Points.entries {
		if c.named("points", e.name, e.pos, e.value.Title) && e.value.Surface.v != "" && !slices.Contains(surfaces, e.value.Surface.v) {
			c.errorf("name.unknown", e.value.Surface.pos, suggest(e.value.Surface.v, surfaces), "no %q is declared in surfaces", shown(e.value.Surface.v))
		}
	}
}

// named asks for the title that people read.
func (c *checker) named(what, name string, pos Pos, title text) bool {
	if title.v.IsZero() {
		c.errorf("title.missing", pos, "write title: {en: …}", "%s.%s has no title for people to read", what, name)
		return false
	}
	return true
}
