package policy

import (
	"reflect"
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
		law := slices.ContainsFunc(c.laws, func(l *law) bool { return l.hasClock(RightKind(e.name)) })
		if r.Reply.v.IsZero() && r.Done.v.IsZero() && !law && !c.lost {
			c.errorf("right.no-clock", e.pos, "write reply: or done: and a period", "neither the policy nor a law it names says how fast %s is answered", e.name)
		}
		if RightKind(e.name) == Erasure && r.Backups.v.IsZero() {
			c.warnf("right.backups", e.pos, "write backups: and a period", "nothing is said about when erased data leaves the backups")
		}
		for _, l := range []list[text]{r.Circumstances, r.Paths} {
			if l.pos.Line != 0 && len(l.items) == 0 {
				c.warnf("list.empty", l.pos, "fill the list, or remove the sentence that announces it", "a list is announced for %s and left empty", e.name)
			}
		}
		c.assumed("rights."+e.name, r.Assumed, r.Why)
		c.assumedKeys(r.Assumed, reflect.TypeFor[rightDoc]())
	}
	c.lawfulRights()
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

// assumedKeys checks that what is assumed are keys of the part.
func (c *checker) assumedKeys(a assumption, part reflect.Type) {
	var keys []string
	for i := range part.NumField() {
		keys = append(keys, part.Field(i).Tag.Get("policy"))
	}
	for _, k := range a.keys {
		if !slices.Contains(keys, k.v) {
			c.errorf("key.unknown", k.pos, suggest(k.v, keys), "no key %q can be assumed here", shown(k.v))
		}
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
			c.refer("purposes", p, names(c.doc.Purposes))
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
	var declared []string
	switch part {
	case "purposes":
		declared = names(c.doc.Purposes)
	case "items":
		declared = names(c.doc.Items)
	case "keep":
		declared = names(c.doc.Keep)
	case "recipients":
		declared = names(c.doc.Recipients)
	case "rights":
		declared = names(c.doc.Rights)
	case "points":
		declared = names(c.doc.Points)
	case "roles":
		declared = names(c.doc.Roles)
	case "people", "never", "sharing", "residency", "security", "controller", "head":
		if name == "" {
			return
		}
	default:
		parts := []string{"purposes", "items", "keep", "recipients", "rights", "points", "roles", "people", "never", "sharing", "residency", "security", "controller", "head"}
		c.errorf("name.unknown", ref.pos, suggest(part, parts), "a clause cannot be about %q", shown(ref.v))
		return
	}
	c.refer(part, str{name, ref.pos}, declared)
}

// texts looks at every text people read: each declared language is there, and
// none is a placeholder.
func (c *checker) texts(s *Source) {
	for _, t := range s.texts {
		c.text(t)
	}
	for _, v := range s.strs {
		if placeholder(v.v) {
			c.errorf("placeholder", v.pos, "put the real value here", "%q is a placeholder", shown(v.v))
		}
	}
}

func (c *checker) text(t text) {
	for _, lang := range c.langs {
		if !t.v.Has(lang) {
			c.errorf("text.missing", t.pos, "write "+lang+": …", "the text is not written in %s", lang)
		}
	}
	for _, w := range t.v.words {
		if placeholder(w.text) {
			c.errorf("placeholder", t.pos, "put the real text here", "%q is a placeholder", shown(w.text))
		}
		if w.lang != "" && len(c.langs) > 0 && !slices.Contains(c.langs, w.lang) {
			c.warnf("text.extra", t.pos, "add the language to languages, or remove the text", "the text is also written in %s, which the policy does not declare", w.lang)
		}
	}
}
