package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/avow-dev/avow/internal/calendar"
)

// Options guide Compile.
type Options struct {
	// Numbers is what the platform kept of the last Compile; nil for a new
	// platform. It is not changed.
	Numbers *Numbers
}

// Compile turns a source into a policy. The error is [Problems]: every error
// that [Lint] finds, and numbers that have run out.
func Compile(s *Source, o Options) (*Policy, error) {
	if err := problems(s.found()); err != nil {
		return nil, err
	}
	b := &builder{types: typesByName(), p: &Policy{numbers: o.Numbers.clone()}, doc: &s.doc, fs: &findings{home: start(s.file)}}
	b.number()
	if err := problems(b.fs.sorted()); err != nil {
		return nil, err
	}
	if err := b.rules(s); err != nil {
		return nil, err
	}
	b.head()
	b.parts()
	b.outside()
	b.duties(s)
	b.clauses()
	b.p.version = version(s, b.p)
	b.p.hot = heat(b.p)
	return b.p, nil
}

// Load parses, examines and compiles a file. The findings are Lint's, warnings
// included; the error is that of Parse or Compile.
func Load(file string, src []byte, n *Numbers) (*Policy, []Finding, error) {
	s, err := Parse(file, src)
	if err != nil {
		return nil, nil, err
	}
	p, err := Compile(s, Options{Numbers: n})
	return p, Lint(s), err
}

// version hashes the source and everything it pins. Each part is preceded by
// its length, so that no two policies are the same bytes.
func version(s *Source, p *Policy) string {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part([]byte("avow policy 1"))
	part(s.bytes)
	for _, l := range p.laws {
		part([]byte(l.pin()))
		part(l.sum[:])
	}
	part([]byte(p.calendar.Pin()))
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

type builder struct {
	p   *Policy
	doc *document
	fs  *findings

	types                                       map[string]valueType
	items, purposes, classes, recipients, roles map[string]int
}

func (b *builder) number() {
	n, d := b.p.numbers, b.doc
	b.items = assign(b.fs, "items", &n.items, d.Items, MaxItems)
	b.purposes = assign(b.fs, "purposes", &n.purposes, d.Purposes, MaxNames)
	b.classes = assign(b.fs, "classes", &n.classes, d.Keep, MaxNames)
	b.recipients = assign(b.fs, "recipients", &n.recipients, d.Recipients, MaxNames)
	b.roles = assign(b.fs, "roles", &n.roles, d.Roles, MaxRoles)
}

func (b *builder) rules(s *Source) (err error) {
	for _, ref := range b.doc.Laws.items {
		l := s.laws[ref.Law.v] // Lint knows the law
		b.p.laws = append(b.p.laws, l)
		b.p.lawsShown = append(b.p.lawsShown, l.shown(ref))
	}
	b.p.calendar, err = calendar.Open(b.doc.Calendar.v)
	if err != nil {
		return fmt.Errorf("policy compile: %w", err)
	}
	return nil
}

func texts(l list[str]) []string {
	out := make([]string, len(l.items))
	for i, s := range l.items {
		out[i] = s.v
	}
	return out
}

func (b *builder) purposeNos(l list[str]) []PurposeNo {
	out := make([]PurposeNo, len(l.items))
	for i, s := range l.items {
		out[i] = PurposeNo(b.purposes[s.v])
	}
	return out
}

func region(s str) Region {
	r, _ := ParseRegion(s.v) // checked by Lint; "" is no region
	return r
}

func (b *builder) head() {
	p, d := b.p, b.doc
	p.platform, p.label, p.title = d.Platform.v, d.Label.v, d.Title.v
	p.updated, p.effective, p.published = d.Updated.v, d.Effective.v, d.Published.v
	p.languages, p.surfaces = texts(d.Languages), texts(d.Surfaces)
	p.spots = spots{head: d.Avow.pos, surfaces: d.Surfaces.pos, people: d.People.Minors.BelowAdult.pos, sharing: d.Sharing.Allow.pos, residency: d.Residency.Store.pos}
	b.controller()
	b.people()
	b.security()
	for _, e := range d.Points.entries {
		p.points = append(p.points, Point{Name: e.name, Title: e.value.Title.v, Surface: e.value.Surface.v, Says: e.value.Says.v, InUse: e.value.InUse.v, Shown: e.value.Shown.v, Remind: texts(e.value.Remind), Pos: e.pos})
	}
}

func or(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}

func (b *builder) parts() {
	b.p.items.what, b.p.purposes.what, b.p.classes.what = "items", "purposes", "keep"
	b.p.recipients.what, b.p.roles.what = "recipients", "roles"
	for _, e := range b.doc.Purposes.entries {
		b.purpose(e)
	}
	for _, e := range b.doc.Items.entries {
		b.item(e)
	}
	for _, e := range b.doc.Keep.entries {
		b.class(e)
	}
	for _, e := range b.doc.Recipients.entries {
		b.recipient(e)
	}
	for _, e := range b.doc.Roles.entries {
		r := &Role{
			No: RoleNo(b.roles[e.name]), Name: e.name, Title: e.value.Title.v, Pos: e.pos,
			Purposes: b.purposeNos(e.value.Purposes), Masked: e.value.View.v == "masked" || e.value.View.v == "" && b.p.security.MaskedView, Task: e.value.Task.v,
		}
		for _, k := range e.value.Approves.items {
			r.Approves = append(r.Approves, RightKind(k.v))
		}
		b.p.roles.add(e.name, int(r.No), r)
	}
	for _, e := range b.doc.Rights.entries {
		b.right(e)
	}
}

func (b *builder) purpose(e named[purposeDoc]) {
	d := e.value
	p := &Purpose{
		No: PurposeNo(b.purposes[e.name]), Name: e.name, Title: d.Title.v, Basis: Basis(d.Basis.v),
		Serves: Serving(or(d.Serves.v, string(ServesService))), DPV: d.DPV.v, Cite: d.Cite.v,
		OptOut: d.OptOut.v, Separate: d.Separate.v, Lapses: d.Lapses.v, Aggregate: d.Aggregate.v,
		Functions: texts(d.Functions), Pos: e.pos, Says: d.Says.v, Under: PurposeNo(b.purposes[d.Under.v]), Interest: d.Interest.v,
		Marketing: d.Marketing.v, Automated: d.Automated.v, AllItems: d.AllItems.v, Notify: d.Notify.v, Assumed: assume(d.Assumed, d.Why),
	}
	for _, r := range d.Refs.items {
		for k, name := range refNames() {
			if name == r.v {
				p.Refs = append(p.Refs, RefKind(k))
			}
		}
	}
	for _, o := range d.Oblige.items {
		p.Oblige |= obligation(o.v)
	}
	p.Result = ItemNo(b.items[d.Result.v])
	b.p.purposes.add(e.name, int(p.No), p)
	if p.Serves == ServesRights && b.p.rightsPurpose == 0 {
		b.p.rightsPurpose = p.No
	}
}

func (b *builder) item(e named[itemDoc]) {
	d := e.value
	for len(b.p.types) <= b.items[e.name] {
		b.p.types = append(b.p.types, valueType{})
	}
	t := b.types[d.Type.v] // Lint knows the type
	b.p.types[b.items[e.name]] = t
	it := &Item{
		No: ItemNo(b.items[e.name]), Name: e.name, Title: d.Title.v, Category: or(d.Category.v, t.category), Type: d.Type.v, Form: d.Type.v,
		Origin: Origin(d.Source.v), At: texts(d.At), Purposes: b.purposeNos(d.Purposes), Sensitive: d.Sensitive.v,
		List: d.List.v, Optional: d.Optional.v, Class: ClassNo(b.classes[d.Keep.v]), Identifier: d.Identifier.v,
		Exclusive: d.Exclusive.v, Pos: e.pos, From: d.From.v, Derived: b.itemNos(d.DerivedFrom), Precision: d.Precision.v,
		Component: d.Component.v, Necessary: d.Necessary.v, Without: d.Without.v, Kinds: texts(d.Kinds), Others: d.Others.v,
		With: ItemNo(b.items[d.With.Item.v]), AtLeast: d.With.AtLeast.v, Harm: texts(d.Harm), Scrub: d.Scrub.v, LastDigits: d.Shows.v == "last-digits",
		Assumed: assume(d.Assumed, d.Why), UploadedFor: b.purposeNos(d.Uploaded), Between: d.Between.v,
	}
	if t.secret {
		it.Type = "secret"
	}
	b.p.items.add(e.name, b.items[e.name], it)
}

func (b *builder) class(e named[keepDoc]) {
	d := e.value
	c := &Class{
		No: ClassNo(b.classes[e.name]), Name: e.name, Title: d.Title.v, Until: Event(d.Until.v), For: d.For.v,
		After: Event(d.After.v), Then: d.Then.v, Within: d.Within.v, Bucket: d.Bucket.v, Law: d.Ground.v == "law",
		Cite: d.Cite.v, Fixed: d.Fixed.v, Assumed: d.Assumed.set(), Why: d.Why.v, Pos: e.pos,
	}
	if c.Rolling() && c.Bucket.IsZero() {
		c.Bucket = Period{Days: 1}
		if c.For.Rough() >= 90 {
			c.Bucket = Period{Months: 1}
		}
	}
	b.p.classes.add(e.name, int(c.No), c)
}

func (b *builder) recipient(e named[recipientDoc]) {
	d := e.value
	r := &Recipient{
		No: RecipientNo(b.recipients[e.name]), Name: e.name, Title: d.Name.v, Role: RecipientRole(d.Role.v),
		Purposes: b.purposeNos(d.Purposes), Country: region(d.Country), URL: d.URL.v, Method: d.Method.v,
		Agreement: d.Agreement.v == "required", Audit: d.Audit.v, Devices: texts(d.Devices),
		Assumed: d.Assumed.set(), Why: d.Why.v, Pos: e.pos, Items: b.itemNos(d.Items),
		Review: d.Review.v == "required", Instructions: d.Instruct.v == "required",
		Product: d.Product.v, Measures: spoken(d.Measures), Standards: texts(d.Standards), Surfaces: texts(d.Surfaces),
	}
	for _, o := range d.Oblige.items {
		r.Oblige |= obligation(o.v)
	}
	for _, n := range d.Needs.items {
		r.Needs |= needOf(n.v)
	}
	b.p.recipients.add(e.name, int(r.No), r)
}

func (b *builder) right(e named[rightDoc]) {
	d := e.value
	r := &Right{
		Kind: RightKind(e.name), Title: d.Title.v, Channels: texts(d.Channels), Verify: d.Verify.v,
		Confirm: d.Confirm.v, Reply: d.Reply.v, Done: d.Done.v, Backups: d.Backups.v, Extend: d.Extend.v, Why: d.Why.v, Pos: e.pos,
		Circumstances: spoken(d.Circumstances), Paths: spoken(d.Paths), Exceptions: spoken(d.Exceptions),
		Purposes: b.purposeNos(d.Purposes), Formats: texts(d.Formats), Fee: d.Fee.v,
	}
	for _, k := range d.Assumed.keys {
		r.Assumed = append(r.Assumed, k.v)
	}
	if d.Assumed.all {
		r.Assumed = []string{"confirm", "reply", "done", "backups", "extend"}
	}
	b.p.rights = append(b.p.rights, r)
}

// clauses binds the clauses to the parts they speak of.
func (b *builder) clauses() {
	b.p.about = map[string][]*Clause{}
	for _, d := range b.doc.Clauses.items {
		c := &Clause{
			ID: d.ID.v, Says: d.Says.v, Section: d.Section.v, Kind: or(d.Kind.v, "promise"), About: texts(d.About),
			Assumed: assume(d.Assumed, d.Why), Pos: d.pos,
		}
		for _, k := range d.Keeps.items {
			c.Keeps = append(c.Keeps, Control(k.v))
		}
		b.p.clauses = append(b.p.clauses, c)
		for _, ref := range c.About {
			b.p.about[ref] = append(b.p.about[ref], c)
		}
	}
	first := func(ref string) string {
		if c := b.p.about[ref]; len(c) > 0 {
			return c[0].ID
		}
		return ""
	}
	for _, v := range b.p.items.ordered {
		v.Clause = first("items." + v.Name)
	}
	for _, v := range b.p.purposes.ordered {
		v.Clause = first("purposes." + v.Name)
	}
	for _, v := range b.p.classes.ordered {
		v.Clause = first("keep." + v.Name)
	}
	for _, v := range b.p.recipients.ordered {
		v.Clause = first("recipients." + v.Name)
	}
	for _, v := range b.p.rights {
		v.Clause = first("rights." + string(v.Kind))
	}
	b.p.more.clauses(first)
}
