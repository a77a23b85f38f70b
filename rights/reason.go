package rights

import (
	"regexp"
	"slices"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
)

// A Reason says why a request is refused or paused, as a code that is shown to
// the person in their language, and the provision behind it. It holds nothing
// personal.
type Reason struct {
	Code string
	Cite string // "gdpr-12-5", "pipl-47"; "" where no provision is behind it
}

// refusals lists why a request may be refused (GDPR Art. 12(5), 17(3); PIPL
// Art. 45, 47; CCPA 1798.105(d)).
func refusals() []string {
	return []string{
		"identity-not-proved", // who asks could not be verified
		"unfounded",           // manifestly unfounded
		"excessive",           // repeated without reason
		"legal-obligation",    // a law demands keeping
		"legal-claims",        // needed to establish or defend claims
		"public-interest",     // public health, archives, research
		"expression",          // freedom of expression and information
		"others-rights",       // would hurt the rights of others
		"circumstances",       // none of the policy's circumstances holds
		"not-ours",            // another controller holds the data
	}
}

// pauses lists why a request may wait.
func pauses() []string {
	return []string{"identity-in-doubt", "clarification", "guardian", "other-people"}
}

const maxProvision = 80 // bytes

var provision = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.():/-]*$`)

func (r Reason) check(known []string) error {
	if !slices.Contains(known, r.Code) {
		return fault.New(fault.Invalid, "%q is not a reason: use one of %s", clip(r.Code), strings.Join(known, ", "))
	}
	if r.Cite != "" && (len(r.Cite) > maxProvision || !provision.MatchString(r.Cite)) {
		return fault.New(fault.Invalid, "write the provision as a code without spaces, such as gdpr-17-3-b or pipl-47")
	}
	return nil
}

func (r Reason) fields() []audit.Field {
	out := []audit.Field{audit.Text(audit.TagReason, r.Code)}
	if r.Cite != "" {
		out = append(out, audit.Text(audit.TagCite, r.Cite))
	}
	return out
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
