package policy

import (
	"reflect"
	"slices"
)

// referred checks every name that the grammar says must stand in a section.
func (c *checker) referred() {
	known := c.declared()
	for _, r := range c.src.read.refs {
		switch r.section {
		case "types", "roles", "surfaces", "points", "purposes", "items":
			if r.section == "types" {
				continue // said by itemType, with more words
			}
			c.refer(r.section, r.name, known[r.section])
		}
	}
}

// declared lists the names of every section that others refer to.
func (c *checker) declared() map[string][]string {
	d := c.doc
	return map[string][]string{
		"surfaces": texts(d.Surfaces), "points": names(d.Points), "purposes": names(d.Purposes), "items": names(d.Items),
		"roles": names(d.Roles), "recipients": names(d.Recipients),
	}
}

// assumptions checks that what is assumed exists, and says why.
func (c *checker) assumptions() {
	for _, a := range c.src.read.assumed {
		if a.why.v.IsZero() {
			c.errorf("assumed.no-why", a.of.pos, "write why: {en: …}", "%s is assumed, but not why", a.part)
		}
		var keys []string
		if len(a.of.keys) > 0 {
			keys = keysOf(a.kind)
		}
		for _, k := range a.of.keys {
			if !slices.Contains(keys, k.v) {
				c.errorf("key.unknown", k.pos, suggest(k.v, keys), "no key %q can be assumed here", shown(k.v))
			}
		}
	}
	for _, l := range c.src.read.empty {
		c.warnf("list.empty", l.pos, "fill the list, or remove the sentence that announces it", "a list is announced for %s and left empty", l.where)
	}
}

// keysOf lists the keys of a part.
func keysOf(part reflect.Type) []string {
	var keys []string
	for i := range part.NumField() {
		if key := part.Field(i).Tag.Get("policy"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}
