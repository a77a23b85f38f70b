package policy

import (
	"slices"
	"strings"
)

// The codes of refusals to publish.
const (
	FieldExcess  Code = "register.excess"  // more than the law has published
	FieldMissing Code = "register.missing" // less than the law has published
)

// Register returns what the policy excludes as a public register under a name; nil
// where there is none.
func (p *Policy) Register(name string) *Excluded {
	for _, x := range p.more.excluded {
		if x.Name == name && len(x.Fields) > 0 {
			return x
		}
	}
	return nil
}

// Publish says why fields may not be published in a register, all reasons: of a natural
// person those that the law lists and no other. An organisation may say more of itself.
func (p *Policy) Publish(x *Excluded, fields []string, enterprise bool) []Refusal {
	d := door{p: p, f: new(Facts)}
	listed := make([]string, len(x.Fields))
	for i, f := range x.Fields {
		listed[i] = f.Name
		if !slices.Contains(fields, f.Name) {
			d.refuse("", FieldMissing, PublicationLimited, "excluded."+x.Name, x.Pos, "the rule has %s published, and it is not given: %s", f.Name, x.Rule.In("en"))
		}
	}
	for _, f := range fields {
		if enterprise || slices.Contains(listed, f) {
			continue
		}
		if !validName(f) {
			f = "an ill-formed name"
		}
		d.refuse("", FieldExcess, PublicationLimited, "excluded."+x.Name, x.Pos, "%s is more than the rule has published of a person who trades under their own name; only %s is: %s", f, strings.Join(listed, ", "), x.Rule.In("en"))
	}
	return d.refusals
}

func fieldsOf(s section[text]) (out []Field) {
	for _, e := range s.entries {
		out = append(out, Field{Name: e.name, Title: e.value.v})
	}
	return out
}
