package gate

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// shaped says in the entry of an allowed disclosure what became of the values before
// they left, and what of the recipient it rests on.
func shaped(p *policy.Policy, u *policy.Use, d policy.Decision, e *audit.Entry) {
	r := p.RecipientBy(u.Recipient)
	if r == nil || !d.Allowed {
		return
	}
	if o := d.Obligations &^ policy.MustNotify; o != 0 {
		e.Public = append(e.Public, audit.Text(audit.TagMask, o.String()))
		e.Also = append(e.Also, policy.ShareDesensitised)
	}
	if p.NeedsOf(u)&policy.NeedOrder != 0 {
		e.Also = append(e.Also, policy.ShareCounterparty)
	}
	if r.Review {
		e.Also = append(e.Also, policy.RecipientQualified)
	}
	if r.Instructions {
		e.Also = append(e.Also, policy.ShareInstructions)
	}
	if p.CaseOf(u) == policy.Succession {
		e.Also = append(e.Also, policy.ShareTransfer, policy.ShareTransferTold)
	}
}
