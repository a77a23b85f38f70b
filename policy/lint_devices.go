package policy

import "slices"

// itemMore looks at what items say beyond their form.
func (c *checker) itemMore() {
	byType := map[string]bool{}
	for _, e := range c.doc.Items.entries {
		it := &e.value
		byType[it.Type.v] = true
		c.lintUploads(e.name, it)
		switch it.Source.v {
		case "partner":
			if it.From.v.IsZero() {
				c.warnf("item.no-giver", e.pos, "write from: {en: …}", "%q comes from partners nobody names", e.name)
			}
		case "derived":
			if len(it.DerivedFrom.items) == 0 {
				c.warnf("item.no-origin", e.pos, "write derived_from: [ … ]", "%q is computed, but not from what", e.name)
			}
		}
		if it.Type.v == "place" && it.Precision.v == "" {
			c.warnf("item.no-precision", e.pos, "write precision: city", "nothing is said about how fine the place %q is", e.name)
		}
		if it.Type.v == "message" && it.Others.v == "" {
			c.warnf("item.others", e.pos, "write about_others: redact", "%q tells about other people too, and nothing says what copies do with their part", e.name)
		}
		if c.unread(it) {
			c.warnf("item.no-reader", e.pos, "add one of its purposes to a role, or do not collect it", "nobody reads %q: no service, role or recipient acts for its purposes", e.name)
		}
	}
	if byType["cookie"] && len(c.doc.Cookies.entries) == 0 {
		c.warnf("cookie.unlisted", c.doc.Items.pos, "write cookies: {name: {…}}", "cookies are collected, and none is listed")
	}
	if byType["beacon"] && len(c.doc.Beacons.entries) == 0 {
		c.warnf("beacon.unlisted", c.doc.Items.pos, "write beacons: {name: {…}}", "beacons are collected from, and none is listed")
	}
}

// unread reports whether no purpose of an item is acted for by anybody.
func (c *checker) unread(it *itemDoc) bool {
	if len(it.Purposes.items) == 0 {
		return false // said already
	}
	for _, u := range it.Purposes.items {
		p, ok := find(c.doc.Purposes, u.v)
		if !ok || p.Serves.v == "" || p.Serves.v == string(ServesService) {
			return false
		}
		for _, e := range c.doc.Roles.entries {
			if holds(e.value.Purposes, u.v) {
				return false
			}
		}
		for _, e := range c.doc.Recipients.entries {
			if holds(e.value.Purposes, u.v) {
				return false
			}
		}
	}
	return true
}

// excluded looks at what the policy says it does not cover.
func (c *checker) excluded() {
	for _, e := range c.doc.Excluded.entries {
		x := &e.value
		c.named("excluded", e.name, e.pos, x.Title)
		if x.Kind.v == "" {
			c.errorf("excluded.no-kind", e.pos, "write kind: linked-site, public-area, third-party-service, data or agreement", "nothing is said about what %q is", e.name)
		}
		if x.Rule.v.IsZero() {
			c.warnf("excluded.no-rule", e.pos, "write rule: {en: …}", "%q is not covered, and nothing says which rule holds there", e.name)
		}
		for _, cat := range x.Categories.items {
			for _, it := range c.doc.Items.entries {
				if below(c.categoryOf(&it.value), cat.v) {
					c.warnf("excluded.collected", cat.pos, "cover it, or do not collect it", "%q is said to be outside the policy, and %q is collected in line %d", cat.v, it.name, it.pos.Line)
				}
			}
		}
	}
}

func (c *checker) categoryOf(it *itemDoc) string {
	if it.Category.v != "" {
		return it.Category.v
	}
	return c.types[it.Type.v].category
}

// permissions looks at the device permissions.
func (c *checker) permissions() {
	for _, e := range c.doc.Permissions.entries {
		p := &e.value
		c.named("permissions", e.name, e.pos, p.Title)
		if p.Purpose.v == "" && len(p.Purposes.items) == 0 {
			c.errorf("permission.no-purpose", e.pos, "write purpose:, or do not ask for it", "nothing is said about why the permission %q is needed", e.name)
		}
		if p.Function.v.IsZero() {
			c.errorf("permission.no-function", e.pos, "write function: {en: …}", "nothing is said about which function needs the permission %q", e.name)
		}
		if !p.Asked.v {
			c.warnf("permission.not-asked", at(p.Asked.pos, e.pos), "write asked: true", "the permission %q is taken without asking", e.name)
		}
		if !p.Revocable.v {
			c.warnf("permission.for-good", at(p.Revocable.pos, e.pos), "write revocable: true, and path: how", "nothing says that the permission %q can be taken back", e.name)
		}
		c.lintFunctions(e.name, p)
		for _, i := range p.Items.items {
			if it, ok := find(c.doc.Items, i.v); ok && !shares(it.Purposes, p.Purpose, p.Purposes) {
				c.errorf("permission.item", i.pos, "list one of its purposes at the item, or remove the item here", "%q is read through %q, but for none of the purposes the item is used for", i.v, e.name)
			}
		}
	}
}

// at is the first of two places that is one.
func at(p, otherwise Pos) Pos {
	if p.Line == 0 {
		return otherwise
	}
	return p
}

// shares reports whether one purpose stands on both sides.
func shares(l list[str], one str, several list[str]) bool {
	return holds(l, one.v) || slices.ContainsFunc(several.items, func(s str) bool { return holds(l, s.v) })
}

// cookies looks at what is stored in browsers and apps.
func (c *checker) cookies() {
	for _, e := range c.doc.Cookies.entries {
		k := &e.value
		c.tracker("cookies", "cookie", e.name, e.pos, k.Title, k.Class, k.Purpose, k.Purposes, k.SetBy)
		switch {
		case k.Lifetime.v.IsZero() && !k.Session.v:
			c.errorf("cookie.no-lifetime", e.pos, "write lifetime: P30D, or session: true", "nothing is said about how long the cookie %q lives", e.name)
		case !k.Lifetime.v.IsZero() && k.Session.v:
			c.errorf("cookie.two-lifetimes", k.Session.pos, "keep one of them", "the cookie %q ends with the session and lives on", e.name)
		}
	}
}

// beacons looks at the pixels that report a visit.
func (c *checker) beacons() {
	for _, e := range c.doc.Beacons.entries {
		b := &e.value
		c.tracker("beacons", "beacon", e.name, e.pos, b.Title, b.Class, b.Purpose, b.Purposes, b.SetBy)
		if len(b.At.items) == 0 {
			c.errorf("beacon.no-page", e.pos, "write at: [ … ] with its collection points", "nothing is said about where the beacon %q is", e.name)
		}
		if len(b.Items.items) == 0 {
			c.errorf("beacon.no-items", e.pos, "write items: [ … ]", "nothing is said about what the beacon %q sends", e.name)
		}
	}
}

func (c *checker) tracker(what, kind, name string, pos Pos, title text, class, one str, several list[str], setBy str) {
	c.named(what, name, pos, title)
	if class.v == "" {
		c.errorf(kind+".no-class", pos, "write class: essential, functional, performance or marketing", "nothing is said about whether the %s %q waits for a yes", kind, name)
	}
	if one.v == "" && len(several.items) == 0 {
		c.errorf(kind+".no-purpose", pos, "write purpose:", "nothing is said about why the %s %q is set", kind, name)
	}
	if setBy.v != "" && setBy.v != FirstParty {
		c.refer("recipients", setBy, c.names.recipients)
	}
	if class.v != string(Essential) {
		return
	}
	for _, u := range append(slices.Clone(several.items), one) {
		if p, ok := find(c.doc.Purposes, u.v); ok && (p.Marketing.v || p.Basis.v == string(Consent)) {
			c.errorf(kind+".not-essential", class.pos, "choose another class", "the %s %q is called essential and serves %q, which people may refuse", kind, name, u.v)
		}
	}
}
