package policy

import (
	"slices"
	"strings"
)

// duties checks every law the policy names: what it demands is said, what it
// calls sensitive is treated so, and no clock is slower than its own.
func (c *checker) duties() {
	says := c.says()
	for i, l := range c.laws {
		for _, d := range l.duties {
			if said, known := says[d.Name]; known && !said() {
				c.warnf("law.silent", c.lawAt[i], "say it, or say why it does not apply", "%s wants the policy to say %s (%s), and it does not", l.name, d.Says, d.Cite)
			}
			c.late(d, l)
		}
		c.sensitive(l)
	}
	c.unnamed()
}

// unnamed finds the law of the controller's own country where it is not named.
func (c *checker) unnamed() {
	seat := c.doc.Controller.Country
	for _, name := range []string{"pipl", "gdpr"} { // they hold wherever the data is, by the seat
		if seat.v == "" || slices.ContainsFunc(c.doc.Laws.items, func(l lawRef) bool { return l.Law.v == name }) {
			continue
		}
		if territory(name, region(seat)) {
			c.warnf("law.unnamed", at(c.doc.Laws.pos, seat.pos), "add "+name+" to laws", "the controller sits in %s, where %s holds, and the policy does not name it", shown(seat.v), name)
		}
	}
}

// late finds clocks of incidents that are slower than a law.
func (c *checker) late(d Duty, l *law) {
	i := &c.doc.Incidents
	own := map[string]period{"incident.authority": i.Authority, "incident.people": i.People}[d.Name]
	if !d.Within.IsZero() && !own.v.IsZero() && own.v.Rough() > d.Within.Rough() {
		c.warnf("law.late", own.pos, "write "+d.Within.String(), "%s gives %s (%s), and the policy takes %s", l.name, d.Within, d.Cite, own.v)
	}
}

func (c *checker) sensitive(l *law) {
	for _, e := range c.doc.Items.entries {
		it := &e.value
		cat := c.categoryOf(it)
		if !it.Sensitive.v && slices.ContainsFunc(l.sensitive, func(s string) bool { return below(cat, s) }) {
			c.warnf("item.not-sensitive", e.pos, "write sensitive: true", "%s is sensitive by %s, and %q is not declared so", cat, l.name, e.name)
		}
	}
}

// demanded reports whether a law the policy names has a duty.
func (c *checker) demanded(duty string) bool {
	return slices.ContainsFunc(c.laws, func(l *law) bool {
		return slices.ContainsFunc(l.duties, func(d Duty) bool { return d.Name == duty })
	})
}

// says tells for each duty of the rule packs whether the policy says it. A duty
// that is not here is shown and not examined.
func (c *checker) says() map[string]func() bool {
	d := c.doc
	foreign := len(d.Residency.Abroad.items) > 0 && !(len(d.Residency.Abroad.items) == 1 && holds(d.Residency.Abroad, "law"))
	out := map[string]func() bool{
		"controller.contact":   func() bool { return len(d.Controller.Contacts.entries) > 0 },
		"controller.authority": func() bool { return !d.Controller.Authority.Name.v.IsZero() },
		"residency":            func() bool { return len(d.Residency.Store.items) > 0 },
		"transfer.safeguard":   func() bool { return !foreign || len(d.Residency.Safeguard.items) > 0 },
		"transfer.consent":     func() bool { return !foreign || holds(d.Residency.Abroad, "explicit-consent") },
		"consent.act":          func() bool { return d.Consent.Agreement.v == "act" },
		"cookies.choice":       func() bool { return len(d.Cookies.entries) == 0 || d.Consent.Cookies.v == "banner" },
		"signal.gpc":           func() bool { return d.Consent.GPC.v },
		"minors":               func() bool { return d.People.Minors.BelowChild.v != "" || d.People.Minors.BelowAdult.v != "" },
		"succession.notice":    func() bool { return d.Sharing.Succession.Notice.v != "" || !holds(d.Sharing.Allow, "succession") },
		"changes":              func() bool { return len(d.Changes.Major.Channels.items) > 0 },
		"incident.authority":   func() bool { return !d.Incidents.Authority.v.IsZero() },
		"incident.people":      func() bool { return !d.Incidents.People.v.IsZero() },
		"security":             func() bool { return d.Security.AtRest.v != "" || d.Security.InTransit.v != "" },
		"staff.training":       func() bool { return c.attested("training") },
		"audit":                func() bool { return c.attested("audit") },
		"sale":                 func() bool { return d.Sharing.Sale.v != "" },
	}
	c.saysToPeople(out)
	return out
}

// saysToPeople adds the duties about purposes, items and rights.
func (c *checker) saysToPeople(out map[string]func() bool) {
	d := c.doc
	purpose := func(is func(*purposeDoc) bool) bool {
		return slices.ContainsFunc(d.Purposes.entries, func(e named[purposeDoc]) bool { return is(&e.value) })
	}
	right := func(k RightKind) bool { _, ok := find(d.Rights, string(k)); return ok }
	anyRight := func(is func(*rightDoc) bool) bool {
		return slices.ContainsFunc(d.Rights.entries, func(e named[rightDoc]) bool { return is(&e.value) })
	}
	out["consent.withdrawal"] = func() bool {
		return right(Withdrawal) || !purpose(func(p *purposeDoc) bool { return p.Basis.v == string(Consent) })
	}
	out["purpose.interest"] = func() bool { return true } // said at the purpose: purpose.no-interest
	out["marketing.objection"] = func() bool {
		return right(OptOut) || right(Objection) || !purpose(func(p *purposeDoc) bool { return p.Marketing.v })
	}
	out["automated.explanation"] = func() bool {
		return right(Explanation) || !purpose(func(p *purposeDoc) bool { return p.Automated.v })
	}
	out["rights.free"] = func() bool { return anyRight(func(r *rightDoc) bool { return r.Fee.v == "free" }) }
	out["rights.two-channels"] = func() bool { return !anyRight(func(r *rightDoc) bool { return len(r.Channels.items) < 2 }) }
	out["sensitive.necessity"] = func() bool {
		return !slices.ContainsFunc(d.Items.entries, func(e named[itemDoc]) bool { return e.value.Sensitive.v && e.value.Necessary.v.IsZero() })
	}
}

// attested reports whether a duty comes round whose name holds a word.
func (c *checker) attested(word string) bool {
	has := func(name string) bool { return strings.Contains(name, word) }
	return slices.ContainsFunc(names(c.doc.Attestations), has) || slices.ContainsFunc(names(c.doc.Security.Reviews), has)
}
