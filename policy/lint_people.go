package policy

import (
	"strings"
)

// dates checks the order of the days a policy names.
func (c *checker) dates() {
	d := c.doc
	if !d.Updated.v.IsZero() && !d.Published.v.IsZero() && d.Published.v.Before(d.Updated.v) {
		c.warnf("date.published", d.Published.pos, "publish again after an update", "the page was published on %s, before the text was updated on %s", d.Published.v.Format("2006-01-02"), d.Updated.v.Format("2006-01-02"))
	}
	if e, u := d.Effective.v, d.Updated.v; !e.IsZero() && !u.IsZero() && e.After(u.AddDate(1, 0, 0)) && d.Revision.Note.v.IsZero() {
		c.warnf("date.gap", d.Effective.pos, "correct one of them, or explain it in revision.note", "more than a year lies between the update on %s and the effect on %s", u.Format("2006-01-02"), e.Format("2006-01-02"))
	}
	if u := d.Updated; u.v.IsZero() {
		c.warnf("date.updated", u.pos, "write updated: and a date", "the policy does not say when it was last changed")
	}
	for _, f := range d.Filings.items {
		if strings.TrimSpace(f.Number.v) == "" {
			c.errorf("filing.empty", f.pos, "write number: as it was issued", "a filing is announced without its number")
		}
	}
	c.reachable()
}

var companies = pattern(`(?i)\b(co\.|ltd|inc|corp|gmbh|llc|netease|company)\b`)

// reachable looks at who answers, and how.
func (c *checker) reachable() {
	d := &c.doc.Controller
	if _, post := find(d.Contacts, "post"); d.Address.v.IsZero() && !post && !d.Name.v.IsZero() {
		c.warnf("controller.no-address", d.Name.pos, "write address: under controller, or post: under contacts", "the controller has no postal address")
	}
	for _, kind := range []string{"web", "chat"} {
		if v, ok := find(d.Contacts, kind); ok && strings.HasPrefix(v.v, "http://") {
			c.warnf("contact.insecure", v.pos, "use its https address", "the %s contact is not protected", kind)
		}
	}
	c.country(d.Representative.Country)
	for _, o := range []struct {
		kind string
		v    str
	}{{"email", d.Officer.Email}, {"phone", d.Officer.Phone}, {"email", d.Representative.Email}} {
		if o.v.pos.Line != 0 {
			c.contact(o.kind, o.v)
		}
	}
	if !d.Officer.Name.v.IsZero() && d.Officer.Email.v == "" && d.Officer.Phone.v == "" {
		c.errorf("contact.empty", d.Officer.Name.pos, "write email: or phone: under officer", "the officer cannot be reached")
	}
	if a := d.Authority; companies().MatchString(a.Name.v.In("en")) {
		c.warnf("authority.company", a.Name.pos, "name the public body", "%q looks like a company, not an authority", shown(a.Name.v.In("en")))
	}
	if strings.HasPrefix(d.Authority.URL.v, "http://") {
		c.warnf("contact.insecure", d.Authority.URL.pos, "use its https address", "the address of the authority is not protected")
	}
}

// minors looks at what must be known before a rule about age can hold.
func (c *checker) minors() {
	m := &c.doc.People.Minors
	if m.BelowAdult.v != "" && m.BelowAdult.v != "allow" && m.Declare.v == "" && !c.bornAt() {
		c.warnf("minor.unknown", m.BelowAdult.pos, "write declare: adulthood or birth-date under minors", "a rule holds for people under age, but nothing asks anybody's age")
	}
	if m.Declare.v == "nothing" && m.BelowAdult.v != "allow" && m.BelowAdult.v != "" {
		c.warnf("minor.contradiction", m.Declare.pos, "ask for a declaration, or drop the rule", "people under age are treated apart, and yet nobody says their age")
	}
	for _, ch := range m.Channels.items {
		c.channel("a guardian's report", ch)
	}
	if m.BelowAdult.v == "guardian-consent" && len(m.Channels.items) == 0 {
		if _, ok := find(c.doc.Rights, string(GuardianSays)); !ok {
			c.warnf("minor.no-channel", m.BelowAdult.pos, "write channels: [email, …] under minors", "guardians are not told where to turn")
		}
	}
}

// bornAt reports whether a birth date is collected.
func (c *checker) bornAt() bool {
	for _, e := range c.doc.Items.entries {
		if e.value.Type.v == "birth-date" {
			return true
		}
	}
	return false
}

// agreeing looks at how people agree and refuse.
func (c *checker) agreeing() {
	a := &c.doc.Consent
	if a.Agreement.v == "use" {
		c.warnf("consent.by-use", a.Agreement.pos, "write agreement: act, and ask for it before anything is collected", "mere use counts as agreement")
	}
	if a.Silence.v == "accepted" {
		c.warnf("consent.by-silence", a.Silence.pos, "write silence: refused, and ask again", "silence counts as acceptance of a new version")
	}
	waits := false
	for _, e := range c.doc.Cookies.entries {
		waits = waits || e.value.Class.v != "" && e.value.Class.v != string(Essential)
	}
	if waits && a.Cookies.v != "banner" {
		pos := a.Cookies.pos
		if pos.Line == 0 {
			pos = c.doc.Cookies.pos
		}
		c.warnf("cookie.no-choice", pos, "write cookies: banner under consent", "cookies that are not essential are set without a yes on the page")
	}
	if len(c.doc.Beacons.entries) > 0 && a.Beacons.v != "banner" {
		pos := a.Beacons.pos
		if pos.Line == 0 {
			pos = c.doc.Beacons.pos
		}
		c.warnf("beacon.no-choice", pos, "write beacons: banner under consent", "beacons cannot be refused: a browser's settings stop cookies only")
	}
}

// wayBack checks that what rests on consent can be taken back, and what may be
// refused exists.
func (c *checker) wayBack() {
	consent, marketing := false, false
	for _, e := range c.doc.Purposes.entries {
		p := &e.value
		consent = consent || p.Basis.v == string(Consent)
		marketing = marketing || p.Marketing.v || p.OptOut.v
		if p.Marketing.v && !p.OptOut.v && p.Basis.v != string(Consent) {
			c.warnf("purpose.no-opt-out", e.pos, "write opt_out: true, or basis: consent", "the marketing %q cannot be refused", e.name)
		}
		if p.Basis.v == string(LegitimateInterest) && p.Interest.v.IsZero() && c.demanded("purpose.interest") {
			c.warnf("purpose.no-interest", e.pos, "write interest: {en: …}", "the purpose %q rests on an interest that is not named", e.name)
		}
		if p.Under.v == e.name {
			c.errorf("purpose.under", p.Under.pos, "name a wider purpose", "the purpose %q is part of itself", e.name)
		}
	}
	if _, ok := find(c.doc.Rights, string(Withdrawal)); consent && !ok {
		c.warnf("consent.no-way-back", c.doc.Rights.pos, "add withdrawal: under rights", "purposes rest on consent, and nothing says how it is taken back")
	}
	if _, ok := find(c.doc.Rights, string(OptOut)); ok && !marketing {
		r := c.doc.Rights
		for _, e := range r.entries {
			if e.name == string(OptOut) {
				c.warnf("right.nothing-to-refuse", e.pos, "declare the purpose with marketing: true, or drop the right", "people can opt out, but no purpose can be opted out of")
			}
		}
	}
}
