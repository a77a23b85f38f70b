package policy

import "slices"

// changes looks at how people hear of a new version.
func (c *checker) changes() {
	d := &c.doc.Changes
	for _, x := range []struct {
		name string
		rule *changeDoc
	}{{"major", &d.Major}, {"minor", &d.Minor}} {
		r := x.rule
		if r.Again.pos.Line+r.Before.pos.Line+r.Channels.pos.Line == 0 {
			continue
		}
		if len(r.Channels.items) == 0 {
			c.errorf("changes.no-channel", at(r.Channels.pos, at(r.Before.pos, r.Again.pos)), "write channels: [popup, email, …]", "people are told of %s changes, but not how", x.name)
		}
	}
	if len(d.Major.Channels.items) == 0 {
		return
	}
	if d.Major.Before.v.IsZero() && len(d.Major.At.items) == 0 {
		c.warnf("changes.no-lead", d.Major.Channels.pos, "write before: P7D", "people are told of major changes, but not how long before")
	}
	if passive(d.Major.Channels) {
		c.warnf("changes.passive", d.Major.Channels.pos, "add popup, email, sms or push", "people hear of major changes only if they look")
	}
	if d.What.pos.Line == 0 {
		c.warnf("changes.undefined", d.Major.Channels.pos, "write what: [ … ] under changes", "nothing says which changes are major")
	}
}

// passive reports whether all channels wait for people to come.
func passive(l list[str]) bool {
	return !slices.ContainsFunc(l.items, func(s str) bool { return s.v != "page" && s.v != "announcement" })
}

// incidents looks at what people are promised for the bad day.
func (c *checker) incidents() {
	d := &c.doc.Incidents
	there := d.Plan.pos.Line + d.Authority.pos.Line + d.People.pos.Line + d.Channels.pos.Line + d.Report.pos.Line
	if there == 0 {
		return
	}
	pos := at(d.Authority.pos, at(d.People.pos, at(d.Channels.pos, at(d.Plan.pos, d.Report.pos))))
	if d.Authority.v.IsZero() || d.People.v.IsZero() {
		c.warnf("incident.no-clock", pos, "write authority: PT72H and people: P3D", "an incident is reported, but nothing says how fast")
	}
	if len(d.Channels.items) == 0 {
		c.errorf("incident.no-channel", pos, "write channels: [email, sms]", "people are told of an incident, but not how")
	}
	for _, ch := range d.Report.items {
		c.channel("a report of a leak", ch)
	}
}

// security looks at promises about protection.
func (c *checker) security() {
	s := &c.doc.Security
	for _, d := range s.Desensitise.items {
		if d.v == "sha256" {
			c.warnf("security.plain-hash", d.pos, "write keyed-hash", "a plain hash of a phone number is found by trying all of them")
		}
	}
	for _, e := range s.Reviews.entries {
		if e.value.v.IsZero() && e.value.pos.Line != 0 {
			c.errorf("attestation.no-period", e.pos, "write a period, such as P1Y", "the review %q comes round, but not when", e.name)
		}
	}
}

// attestations looks at the duties that people carry out.
func (c *checker) attestations() {
	for _, e := range c.doc.Attestations.entries {
		a := &e.value
		c.named("attestations", e.name, e.pos, a.Title)
		if _, reviewed := find(c.doc.Security.Reviews, e.name); a.Every.v.IsZero() && !reviewed {
			c.errorf("attestation.no-period", e.pos, "write every: P1Y", "the duty %q comes round, but not when", e.name)
		}
		if a.Owner.v == "" {
			c.warnf("attestation.no-owner", e.pos, "write owner: and a role", "nobody is named who carries out %q", e.name)
		}
	}
}

// kept checks that what people keep has a duty that comes round.
func (c *checker) kept() {
	duty := map[string]string{}
	for _, row := range controlRows() {
		if row.by == ByPeople {
			duty[string(row.id)] = row.duty
		}
	}
	for _, cl := range c.doc.Clauses.items {
		for _, k := range cl.Keeps.items {
			name := duty[k.v]
			_, attested := find(c.doc.Attestations, name)
			_, reviewed := find(c.doc.Security.Reviews, name)
			if name != "" && !attested && !reviewed {
				c.warnf("attestation.missing", k.pos, "write "+name+": {title: …, every: P1Y, owner: …} under attestations", "the control %q is kept by people who sign %q, and the policy has no such duty", k.v, name)
			}
		}
	}
}
