package gate

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// formed names on the entry of a use the controls that gave its values another form,
// or that let this member of staff in.
func formed(p *policy.Policy, u *policy.Use, d policy.Decision, e *audit.Entry) {
	if !d.Allowed {
		return
	}
	if d.Obligations&policy.MustHash != 0 {
		e.Also = append(e.Also, policy.UsePseudonymised)
	}
	if d.Obligations&policy.MustShorten != 0 {
		e.Also = append(e.Also, policy.UseLastDigits)
	}
	if r := p.RoleBy(u.Actor); r != nil && !r.Task.IsZero() {
		e.Also = append(e.Also, policy.UsePerTask)
	}
}

// admitted names on the entry of an admission what else it shows: the partner who
// passed values on and the purpose that the person allowed that for, the provision
// that asks for a value, and the controls behind both.
func admitted(p *policy.Policy, a Admission, e *audit.Entry) {
	e.Also = append(e.Also, p.Shown(a.Point, a.Given)...)
	if a.LeftOut {
		e.Also = append(e.Also, policy.CollectConsequence)
	}
	said := map[string]bool{}
	for _, v := range a.Given {
		source := v.Source()
		if source == "" || said[source] {
			continue
		}
		said[source] = true
		if v.Cite != "" {
			e.Public = append(e.Public, audit.Text(audit.TagCite, v.Cite))
		}
		if r, err := p.Recipient(v.From); err == nil {
			e.Public = append(e.Public, audit.Num(audit.TagRecipient, r.No))
		}
		if it, err := p.Item(v.Item); err == nil && v.From != "" && len(it.Purposes) > 0 {
			e.Public = append(e.Public, audit.Num(audit.TagPurpose, it.Purposes[0]))
		}
	}
}
