package policy

// limits looks at what the policy says about several people, fixed times, reminders and
// what leaves sealed: each says all that its control needs.
func (c *checker) limits() {
	for _, e := range c.doc.Items.entries {
		c.severalPeople(e.name, e.pos, &e.value)
	}
	for _, e := range c.doc.Keep.entries {
		k := &e.value
		if !k.Fixed.v {
			continue
		}
		if k.For.v.IsZero() || k.Ground.v != "law" || k.Cite.v.IsZero() || k.After.v != "" || k.Until.v != "" {
			c.errorf("keep.fixed", k.Fixed.pos, "write for:, ground: law and cite:, and neither until nor after", "%q is kept for a fixed time, and does not say how long from when it came, or by which law", e.name)
		}
		if b := k.Bucket.v; b.Months > 0 || b.Days != 1 {
			c.errorf("keep.fixed", k.Fixed.pos, "write bucket: P1D", "%q is kept for a fixed time, and what came on different days would end together", e.name)
		}
	}
	for _, e := range c.doc.Excluded.entries {
		if x := &e.value; len(x.Fields.entries) > 0 && x.Rule.v.IsZero() {
			c.errorf("excluded.fields", e.pos, "write rule: {en: …}", "%q lists what is published of people, and no rule that demands it", e.name)
		}
	}
	for _, e := range c.doc.Points.entries {
		c.reminders(&e.value)
	}
}

// reminders refuses one that is said twice.
func (c *checker) reminders(p *pointDoc) {
	seen := map[string]bool{}
	for _, r := range p.Remind.items {
		if seen[r.v] {
			c.errorf("point.remind", r.pos, "say it once", "%q is named twice", shown(r.v))
		}
		seen[r.v] = true
	}
}

// severalPeople wants a list of other people to have a purpose of its own that rests on
// a consent of its own, and a message between two people to say what copies do.
func (c *checker) severalPeople(name string, pos Pos, it *itemDoc) {
	if it.Between.v && it.Others.v != "redact" {
		c.errorf("item.between", pos, "write about_others: redact", "%q passes between two people, and a copy for one does not hide who the other is", name)
	}
	if it.Others.v != "withhold" {
		return
	}
	for _, u := range it.Purposes.items {
		p, ok := find(c.doc.Purposes, u.v)
		if ok && (p.Basis.v != string(Consent) || !p.Separate.v) {
			c.errorf("item.others-consent", u.pos, "write basis: consent and separate: true", "%q is about other people, and %q does not ask for a consent of its own", name, shown(u.v))
		}
		for _, e := range c.doc.Items.entries {
			if ok && e.name != name && e.value.Others.v != "withhold" && holds(e.value.Purposes, u.v) {
				c.errorf("item.others-purpose", u.pos, "give it a purpose of its own", "%q is about other people, and %q serves %q too", name, shown(u.v), shown(e.name))
			}
		}
	}
}
