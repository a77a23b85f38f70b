package policy

import (
	"slices"
	"strings"
)

func (c *checker) sharing() {
	s := &c.doc.Sharing
	if len(c.doc.Recipients.entries) == 0 {
		return
	}
	at := s.Allow.pos
	if at.Line == 0 {
		at = c.doc.Recipients.pos
	}
	if len(s.Allow.items) == 0 {
		c.errorf("sharing.never", at, "list the cases under sharing: {allow: [entrusted, …]}, or remove the recipients", "data is never shared, and yet recipients are listed in line %d", c.doc.Recipients.pos.Line)
		return
	}
	for _, e := range c.doc.Recipients.entries {
		if sc := scenarioOf(RecipientRole(e.value.Role.v)); sc != NoScenario && !holds(s.Allow, sc.String()) {
			c.errorf("sharing.case", e.pos, "add "+sc.String()+" to sharing.allow", "%q gets data as %s, but sharing does not allow the case %q", e.name, e.value.Role.v, sc)
		}
	}
	if s.Sale.v == "" {
		c.warnf("sharing.sale", at, "write sale: never under sharing", "nothing is said about whether data is sold")
	}
}

func (c *checker) rights() {
	for _, e := range c.doc.Rights.entries {
		r := &e.value
		c.named("rights", e.name, e.pos, r.Title)
		if len(r.Channels.items) == 0 {
			c.errorf("right.no-channel", e.pos, "write channels: [settings, email, …]", "nobody is told where to ask for %s", e.name)
		}
		for _, ch := range r.Channels.items {
			c.channel(e.name, ch)
		}
		c.formats(e.name, r)
		law := slices.ContainsFunc(c.laws, func(l *law) bool { return l.hasClock(RightKind(e.name)) })
		if r.Reply.v.IsZero() && r.Done.v.IsZero() && !law && !c.lost {
			c.errorf("right.no-clock", e.pos, "write reply: or done: and a period", "neither the policy nor a law it names says how fast %s is answered", e.name)
		}
		if RightKind(e.name) == Erasure && r.Backups.v.IsZero() {
			c.warnf("right.backups", e.pos, "write backups: and a period", "nothing is said about when erased data leaves the backups")
		}
	}
	c.lawfulRights()
}

// formats finds forms that no package comes in: of a copy to read there is a page
// and its data, of one to take along the data.
func (c *checker) formats(right string, r *rightDoc) {
	given := map[RightKind][]string{Access: {"html", "json", "csv"}, Portability: {"json", "csv"}}[RightKind(right)]
	for _, f := range r.Formats.items {
		switch {
		case given == nil:
			c.warnf("right.format", f.pos, "remove it", "no copy comes of %s, and so none as %s", right, f.v)
		case !slices.Contains(given, f.v):
			c.warnf("right.format", f.pos, "remove it, or see to it by hand", "what is handed over for %s comes as %s, and not as %s", right, strings.Join(given, ", "), f.v)
		}
	}
}

func (c *checker) channel(right string, ch str) {
	contact := ch.v
	if contact == "settings" || contact == "support" {
		return
	}
	if _, ok := find(c.doc.Controller.Contacts, contact); !ok && contact != "" {
		c.errorf("right.channel", ch.pos, "write "+contact+": under controller.contacts, or remove the channel", "%s can be asked for by %s, but no such contact is given", right, contact)
	}
}

// lawfulRights finds rights that a law gives and the policy does not name.
func (c *checker) lawfulRights() {
	for _, l := range c.laws {
		for _, kind := range l.rights {
			if _, ok := find(c.doc.Rights, string(kind)); !ok {
				c.warnf("right.missing", c.doc.Rights.pos, "add it under rights", "%s gives people the right of %s, and the policy does not name it", l.name, kind)
			}
		}
	}
}

func (c *checker) roles() {
	for _, e := range c.doc.Roles.entries {
		c.named("roles", e.name, e.pos, e.value.Title)
		if e.name == "service" || e.name == "self" {
			c.errorf("role.reserved", e.pos, "choose another name", "the name %q is taken by an actor that is not staff", e.name)
		}
		if len(e.value.Purposes.items) == 0 && len(e.value.Approves.items) == 0 {
			c.warnf("role.idle", e.pos, "write purposes: or approves:", "the role %q may do nothing", e.name)
		}
		for _, p := range e.value.Purposes.items {
			c.refer("purposes", p, c.names.purposes)
		}
	}
}

func (c *checker) clauses() {
	var known []string
	for _, row := range controlRows() {
		known = append(known, string(row.id))
	}
	first := map[string]Pos{}
	for i := range c.doc.Clauses.items {
		cl := &c.doc.Clauses.items[i]
		if cl.ID.v == "" {
			c.errorf("clause.no-id", cl.pos, "write id:", "the clause has no number")
		}
		if p, twice := first[cl.ID.v]; twice {
			c.errorf("clause.twice", cl.ID.pos, "give it a number of its own", "the clause %q stands first in line %d", cl.ID.v, p.Line)
		}
		first[cl.ID.v] = cl.ID.pos
		if cl.Says.v.IsZero() {
			c.errorf("clause.silent", cl.pos, "write says: {en: …}", "the clause %q says nothing", cl.ID.v)
		}
		if len(cl.Keeps.items) == 0 {
			c.warnf("clause.unkept", cl.pos, "write keeps: and the controls that keep it", "nothing keeps the clause %q", cl.ID.v)
		}
		for _, k := range cl.Keeps.items {
			if !slices.Contains(known, k.v) {
				c.errorf("control.unknown", k.pos, suggest(k.v, known), "there is no control %q", shown(k.v))
			}
		}
		for _, about := range cl.About.items {
			c.about(about)
		}
	}
}

// about checks that a clause speaks of something the policy has.
func (c *checker) about(ref str) {
	part, name, _ := strings.Cut(ref.v, ".")
	if c.parts == nil {
		c.parts = c.sections()
	}
	sections := c.parts
	declared, named := sections[part]
	switch {
	case name == "" && slices.Contains(wholes(), part):
		return
	case !named && !slices.Contains(wholes(), part):
		parts := wholes()
		for section := range sections {
			parts = append(parts, section)
		}
		slices.Sort(parts)
		c.errorf("name.unknown", ref.pos, suggest(ref.v, parts), "a clause cannot be about %q", shown(ref.v))
		return
	}
	c.refer(part, str{name, ref.pos}, declared)
}

// wholes are the parts a clause can be about as a whole.
func wholes() []string {
	return []string{
		"head", "controller", "people", "consent", "laws", "filings", "surfaces", "never", "sharing", "residency", "statistics",
		"changes", "incidents", "security", "cookies", "beacons", "permissions", "excluded", "revision", "attestations", "items",
		"purposes", "keep", "recipients", "rights",
	}
}

// sections lists the names of every section a clause can be about.
func (c *checker) sections() map[string][]string {
	d := c.doc
	out := c.declared()
	delete(out, "surfaces")
	out["keep"], out["rights"], out["excluded"] = names(d.Keep), names(d.Rights), names(d.Excluded)
	out["permissions"], out["cookies"], out["beacons"] = names(d.Permissions), names(d.Cookies), names(d.Beacons)
	out["sharing"], out["residency"], out["statistics"] = append(texts(d.Sharing.Allow), "succession"), names(d.Residency.Places), names(d.Statistics.Sets)
	out["attestations"] = append(names(d.Attestations), names(d.Security.Reviews)...)
	out["changes"] = []string{"major", "minor"}
	return out
}
