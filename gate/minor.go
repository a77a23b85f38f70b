package gate

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// attestsMinor is what the log calls the word of somebody who gives data of a minor.
const attestsMinor = "guardian-agreed"

// minors notes in the entry of an admission that data of a minor came in on the word
// that the guardian agreed. The entry is the attestation: it is the giver's, signed
// with the log.
func minors(a Admission, e *audit.Entry) {
	for _, v := range a.Given {
		if v.OfMinor && v.GuardianAgreed {
			e.Also = append(e.Also, policy.MinorUploaded)
			e.Private = append(e.Private, audit.Text(audit.TagGuardian, attestsMinor))
			return
		}
	}
}
