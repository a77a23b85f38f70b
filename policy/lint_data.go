package policy

import (
	"slices"
	"strings"
)

func (c *checker) purposes() {
	for _, e := range c.doc.Purposes.entries {
		p := &e.value
		c.named("purposes", e.name, e.pos, p.Title)
		switch basis := Basis(p.Basis.v); {
		case basis == "":
			c.errorf("purpose.no-basis", e.pos, "write basis: consent, contract, legal-obligation, …", "the purpose %q has no legal ground", e.name)
		case basis == LegalObligation && p.Cite.v.IsZero():
			c.errorf("purpose.no-cite", e.pos, "write cite: and the provision", "the purpose %q rests on a law that is not cited", e.name)
		default:
			c.grounds(e.name, p)
		}
		if p.AllItems.v && (p.Serves.v == "" || p.Serves.v == "service") {
			c.errorf("purpose.all-items", p.AllItems.pos, "list the purpose at each item", "only purposes that serve rights, claims or storage may use every item, and %q serves the service", e.name)
		}
		if p.Separate.v && p.Basis.v != "consent" {
			c.errorf("purpose.separate", p.Separate.pos, "use basis: consent, or remove separate", "the purpose %q asks for a separate consent, but consent is not its ground", e.name)
		}
		if !p.Lapses.v.IsZero() && p.Basis.v != "consent" {
			c.errorf("purpose.lapses", p.Lapses.pos, "use basis: consent, or remove lapses", "consent for %q lapses, but consent is not its ground", e.name)
		}
		if !p.AllItems.v && !p.Aggregate.v && !c.served(e.name, nil) {
			c.warnf("purpose.unused", e.pos, "list it at the items it needs, or remove it", "no item is used for the purpose %q", e.name)
		}
	}
}

func (c *checker) grounds(name string, p *purposeDoc) {
	for _, l := range c.laws {
		if !l.grounds[Basis(p.Basis.v)] {
			c.warnf("purpose.ground", p.Basis.pos, "use basis: consent; until then a use needs consent as well", "%s is no ground under %s, so consent is asked for %q as well", p.Basis.v, l.name, name)
		}
	}
}

// served reports whether an item or a cookie serves a purpose, or a purpose that
// is part of it and is served itself. outer are the purposes it was asked for.
func (c *checker) served(purpose string, outer []string) bool {
	for _, e := range c.doc.Items.entries {
		if holds(e.value.Purposes, purpose) {
			return true
		}
	}
	for _, e := range c.doc.Cookies.entries { // what a cookie holds need not be an item
		if e.value.Purpose.v == purpose || holds(e.value.Purposes, purpose) {
			return true
		}
	}
	outer = append(outer, purpose)
	return slices.ContainsFunc(c.doc.Purposes.entries, func(e named[purposeDoc]) bool {
		return e.value.Under.v == purpose && !slices.Contains(outer, e.name) && (e.value.Aggregate.v || c.served(e.name, outer))
	})
}

func holds(l list[str], v string) bool {
	return slices.ContainsFunc(l.items, func(s str) bool { return s.v == v })
}

func (c *checker) items() {
	for _, e := range c.doc.Items.entries {
		it := &e.value
		c.named("items", e.name, e.pos, it.Title)
		c.itemType(e.name, e.pos, it)
		if len(it.Purposes.items) == 0 {
			c.errorf("item.no-purpose", e.pos, "write purposes: [ … ], or do not collect it", "nothing is said about why %q is collected", e.name)
		}
		for _, p := range it.Purposes.items {
			c.refer("purposes", p, c.names.purposes)
		}
		if it.Keep.v == "" {
			c.errorf("item.no-retention", e.pos, "write keep: and a retention class", "nothing is said about how long %q is kept", e.name)
		}
		c.refer("keep", it.Keep, c.names.keep)
		c.itemSource(e.name, e.pos, it)
		if it.Exclusive.v && it.Identifier.v == "" {
			c.errorf("item.exclusive", it.Exclusive.pos, "write identifier: and its kind, or remove exclusive", "%q can only be exclusive as an identifier", e.name)
		}
	}
	c.never()
}

func (c *checker) itemType(name string, pos Pos, it *itemDoc) {
	t, known := c.types[it.Type.v]
	switch {
	case it.Type.v == "":
		c.errorf("item.no-type", pos, "write type: and one of "+strings.Join(Types(), ", "), "the values of %q have no type", name)
	case !known:
		c.errorf("item.type", it.Type.pos, suggest(it.Type.v, Types()), "%q is no type of value", shown(it.Type.v))
	}
	if it.Category.v == "" && t.category == "" {
		c.warnf("item.category", pos, "write category: such as user.contact.email", "%q has no category", name)
	}
}

func (c *checker) itemSource(name string, pos Pos, it *itemDoc) {
	if it.Source.v == "" {
		c.errorf("item.no-source", pos, "write source: given, observed, received, partner or derived", "nothing is said about where %q comes from", name)
	}
	if len(it.At.items) == 0 && it.Source.v != "derived" {
		c.errorf("item.no-point", pos, "write at: [ … ] with its collection points", "nothing is said about where %q is collected", name)
	}
	for _, at := range it.At.items {
		c.refer("points", at, c.names.points)
	}
}

// never finds items that a never rule forbids.
func (c *checker) never() {
	for _, n := range c.doc.Never.items {
		if n.Category.v == "" && n.Pattern.v == "" {
			c.errorf("never.empty", n.pos, "write category: or pattern:", "the rule does not say what is never collected")
		}
		for _, x := range n.Except.items {
			c.refer("items", x, c.names.items)
		}
		for _, x := range n.ExceptAt.items {
			c.refer("points", x, c.names.points)
		}
		for _, e := range c.doc.Items.entries {
			if c.neverCovers(&n, e.name, &e.value) && !(holds(n.Unless, "law") && c.lawful(&e.value)) {
				c.errorf("item.never", e.pos, "remove the item, or except it from the rule", "%q is collected here and never collected by the rule in line %d", e.name, n.pos.Line)
			}
		}
	}
}

func (c *checker) neverCovers(n *neverDoc, name string, it *itemDoc) bool {
	if holds(n.Except, name) {
		return false
	}
	return n.Category.v != "" && below(c.categoryOf(it), n.Category.v) || n.Pattern.v != "" && it.Type.v == n.Pattern.v
}

// lawful reports whether every purpose of an item rests on a legal obligation.
func (c *checker) lawful(it *itemDoc) bool {
	for _, name := range it.Purposes.items {
		if p, ok := find(c.doc.Purposes, name.v); !ok || p.Basis.v != string(LegalObligation) {
			return false
		}
	}
	return len(it.Purposes.items) > 0
}

// below reports whether a category is another or below it.
func below(category, root string) bool {
	return category == root || strings.HasPrefix(category, root+".")
}

func (c *checker) keep() {
	for _, e := range c.doc.Keep.entries {
		k := &e.value
		c.named("keep", e.name, e.pos, k.Title)
		switch {
		case k.Until.v == "" && k.For.v.IsZero():
			c.errorf("keep.no-end", e.pos, "write until: and an event, or for: and a period", "the class %q never ends", e.name)
		case k.Until.v != "" && !k.For.v.IsZero():
			c.errorf("keep.two-ends", k.Until.pos, "write for: with after: and the event, or until: alone", "the class %q ends twice", e.name)
		case k.After.v != "" && k.For.v.IsZero():
			c.errorf("keep.no-period", k.After.pos, "write for: and a period", "the class %q ends some time after an event, but not when", e.name)
		}
		if k.Then.v == "" {
			c.errorf("keep.no-then", e.pos, "write then: erase or anonymise", "nothing is said about what happens to %q at its end", e.name)
		}
		rolling := !k.For.v.IsZero() && k.After.v == ""
		if !k.Bucket.v.IsZero() && !rolling {
			c.errorf("keep.bucket", k.Bucket.pos, "remove bucket", "only values that end by their own age have buckets, and %q does not", e.name)
		}
		if b := k.Bucket.v; b.WorkDays > 0 || b.Seconds > 0 || b.Months > 0 && b.Days > 0 {
			c.errorf("keep.bucket", k.Bucket.pos, "write P1D, P7D, P1M, …", "a bucket is whole days or whole months")
		}
		if k.Ground.v == "law" && k.Cite.v.IsZero() {
			c.errorf("keep.no-cite", e.pos, "write cite: and the provision", "the class %q is kept by a law that is not cited", e.name)
		}
		if !c.used["keep."+e.name] {
			c.warnf("keep.unused", e.pos, "remove it or use it", "no item is kept in the class %q", e.name)
		}
	}
}

func (c *checker) recipients() {
	for _, e := range c.doc.Recipients.entries {
		r := &e.value
		c.named("recipients", e.name, e.pos, r.Name)
		if r.Role.v == "" {
			c.errorf("recipient.no-role", e.pos, "write role: processor, sdk, partner, …", "nothing is said about what %q is to the controller", e.name)
		}
		if r.Agreement.v == "" {
			c.errorf("recipient.no-agreement", e.pos, "write agreement: required or none", "nothing is said about an agreement with %q", e.name)
		}
		if len(r.Purposes.items) == 0 || len(r.Items.items) == 0 {
			c.errorf("recipient.open", e.pos, "write purposes: and items:", "%q gets data without limit: its purposes or items are not listed", e.name)
		}
		for _, p := range r.Purposes.items {
			c.refer("purposes", p, c.names.purposes)
		}
		for _, i := range r.Items.items {
			if c.refer("items", i, c.names.items) {
				c.recipientItem(e.name, r, i)
			}
		}
		c.recipientPlace(e.name, e.pos, r)
	}
}

// recipientItem finds items that no purpose of the recipient may use.
func (c *checker) recipientItem(name string, r *recipientDoc, item str) {
	it, _ := find(c.doc.Items, item.v)
	for _, p := range r.Purposes.items {
		if u, ok := find(c.doc.Purposes, p.v); holds(it.Purposes, p.v) || ok && u.AllItems.v {
			return
		}
	}
	c.errorf("recipient.item", item.pos, "list one of its purposes at the item, or remove the item here", "%q is to get %q, but for none of the purposes the item is used for", name, item.v)
}

func (c *checker) recipientPlace(name string, pos Pos, r *recipientDoc) {
	c.country(r.Country)
	store := c.doc.Residency.Store
	switch {
	case len(store.items) == 0:
	case r.Country.v == "":
		c.warnf("recipient.no-country", pos, "write country:", "nothing is said about where %q processes data, though the policy says where data is kept", name)
	case !holds(store, r.Country.v) && len(c.doc.Residency.Abroad.items) == 0:
		c.errorf("recipient.abroad", r.Country.pos, "write abroad: [explicit-consent] under residency, or choose another recipient", "%q is in %s, but nothing lets data go abroad", name, r.Country.v)
	}
	switch {
	case r.URL.v == "" && r.Role.v != "authority":
		c.warnf("recipient.no-url", pos, "write url: and the address of its own policy", "nothing tells people where %q explains itself", name)
	case strings.HasPrefix(r.URL.v, "http://"):
		c.warnf("recipient.plain-http", r.URL.pos, "use its https address", "the address of %q is not protected", name)
	}
}
