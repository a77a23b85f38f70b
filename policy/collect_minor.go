package policy

// MinorUnattested is the code of a refusal: data of a minor that somebody else gives,
// who does not attest that the minor's guardian agreed.
const MinorUnattested Code = "minor.unattested"

// ofMinor refuses what somebody gives about a minor who is not themselves, unless they
// attest that the guardian agreed.
func (d *door) ofMinor(it *Item, v Given) {
	if v.OfMinor && !v.GuardianAgreed {
		d.refuse(it.Name, MinorUnattested, MinorUploaded, "people", d.p.spots.people,
			"what is given for %s is about a minor; whoever gives it attests first that the minor's parent or guardian agreed", it.Name)
	}
}
