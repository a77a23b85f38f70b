package policy

import (
	"slices"
	"strings"
)

var nobody = pattern(`(?i)^((our|other|all|various|third[- ]party|the) )*(partners?|affiliates?|third part(y|ies)|(cloud |server |storage |hosting |payment |analytics |data |security |sms |e-?mail |software |it |service )*(platforms? )?providers?|vendors?|suppliers?|companies|organizations?)( and (other )?(third parties|partners|companies|organizations))?$`)

// sharingMore looks at what sharing says beyond its cases.
func (c *checker) sharingMore() {
	s := &c.doc.Sharing
	if s.Stance.v == "never" && (len(s.Allow.items) > 0 || len(c.doc.Recipients.entries) > 0) {
		c.errorf("sharing.contradiction", s.Stance.pos, "write stance: listed, or remove the cases and recipients", "nothing is shared, says the text, and yet cases or recipients are listed")
	}
	for _, e := range c.doc.Sharing.Cases.entries {
		if !holds(s.Allow, e.name) {
			c.errorf("sharing.case-unlisted", e.pos, "add "+e.name+" to sharing.allow, or remove it", "more is said about the case %q, which is not allowed", e.name)
		}
	}
	x := &s.Succession
	pos := at(x.Notice.pos, s.Allow.pos)
	if holds(s.Allow, "succession") {
		switch {
		case x.Notice.v == "" || x.Notice.v == "none":
			c.warnf("succession.no-notice", pos, "write succession: {notice: before, before: P30D, channels: […]}", "data may move with the business, and nobody is told")
		case x.Notice.v == "before" && x.Before.v.IsZero():
			c.warnf("succession.no-lead", pos, "write before: and a period", "people are told before the business changes hands, but not how long before")
		}
		if x.Notice.v != "" && x.Notice.v != "none" && len(x.Channels.items) == 0 {
			c.warnf("succession.no-channel", pos, "write channels: [email, …]", "people are told when the business changes hands, but not how")
		}
	}
	for _, e := range c.doc.Recipients.entries {
		r := &e.value
		if name := strings.TrimSpace(r.Name.v.In("en")); r.Role.v != string(Authority) && r.Role.v != string(Successor) && nobody().MatchString(name) {
			c.warnf("recipient.unnamed", r.Name.pos, "name the company", "%q names nobody", shown(name))
		}
	}
}

// residency looks at the places where data is kept.
func (c *checker) residency() {
	r := &c.doc.Residency
	for _, e := range r.Places.entries {
		p := &e.value
		c.named("residency.places", e.name, e.pos, p.Title)
		c.country(p.Country)
		if p.Country.v == "" {
			c.errorf("residency.no-country", e.pos, "write country:", "nothing is said about where %q is", e.name)
		} else if len(r.Store.items) > 0 && !holds(r.Store, p.Country.v) {
			c.errorf("residency.place", p.Country.pos, "add the country to residency.store, or move the store", "data is kept in %s, which residency does not name", shown(p.Country.v))
		}
		if p.Operator.v != "" && p.Operator.v != "self" {
			c.refer("recipients", p.Operator, c.names.recipients)
		}
	}
	if len(r.Store.items) == 0 && r.Places.pos.Line+r.Abroad.pos.Line > 0 {
		c.errorf("residency.no-store", at(r.Abroad.pos, r.Places.pos), "write store: [CN]", "nothing is said about which countries data is kept in")
	}
}

// statistics looks at counts that may single somebody out.
func (c *checker) statistics() {
	s := &c.doc.Statistics
	out := len(s.Share.items) > 0 || holds(c.doc.Sharing.Allow, "statistics")
	if (out || len(s.Sets.entries) > 0) && s.Smallest.v == 0 {
		c.warnf("statistics.no-threshold", at(s.Share.pos, at(s.Sets.pos, c.doc.Sharing.Allow.pos)), "write smallest_group: 20 under statistics", "counts are made, and nothing keeps a count of one from showing a person")
	}
	for _, e := range s.Sets.entries {
		v := &e.value
		c.named("statistics.sets", e.name, e.pos, v.Title)
		if v.Purpose.v == "" {
			c.errorf("statistics.no-purpose", e.pos, "write purpose:", "nothing is said about why %q is counted", e.name)
		}
		if v.Shared.v && len(s.Share.items) == 0 {
			c.errorf("statistics.share", v.Shared.pos, "write share: [public] under statistics, or shared: false", "%q may leave, but nobody outside may see counts", e.name)
		}
		for _, i := range v.Items.items {
			if it, ok := find(c.doc.Items, i.v); ok && v.Purpose.v != "" && !holds(it.Purposes, v.Purpose.v) {
				c.errorf("statistics.item", i.pos, "list the purpose at the item, or remove the item here", "%q is counted for %q, which the item is not used for", i.v, v.Purpose.v)
			}
		}
	}
}

// sectioned checks that what the text announces is there.
func (c *checker) sectioned() {
	d := c.doc
	known := names(d.Sections)
	filled, stages := map[string]bool{}, map[string]bool{}
	for _, cl := range d.Clauses.items {
		if len(known) > 0 && !slices.Contains(known, cl.Section.v) {
			c.errorf("name.unknown", at(cl.Section.pos, cl.pos), suggest(cl.Section.v, known), "no %q is declared in sections", shown(cl.Section.v))
		}
		filled[cl.Section.v] = true
		if s, ok := find(d.Sections, cl.Section.v); ok && len(cl.Keeps.items) > 0 {
			for _, st := range s.Stages.items {
				stages[st.v] = true
			}
		}
	}
	for _, e := range d.Sections.entries {
		c.named("sections", e.name, e.pos, e.value.Title)
		if !filled[e.name] {
			c.errorf("section.empty", e.pos, "write its clauses, or remove it", "the section %q says nothing", e.name)
		}
	}
	for _, st := range d.Stages.items {
		if !stages[st.v] {
			c.errorf("stage.unbound", st.pos, "give a section stages: ["+st.v+"] and a clause that a control keeps", "the text announces to explain %q, and no kept clause does", st.v)
		}
	}
}
