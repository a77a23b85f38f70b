package policy

import "slices"

// packed are the obligations that only a parcel meets.
const packed = MustSeal | MustAnonymise

// The codes of reasons for what leaves otherwise than in a parcel.
const (
	InClear    Code = "share.in-clear"      // it would leave as it is, and goes out in a parcel alone
	NoKey      Code = "recipient.no-key"    // there is no key to seal a parcel to
	NotCovered Code = "share.not-anonymous" // too few people share a record
)

// inClear says that what goes to a recipient goes out in a parcel: whatever it is,
// where records without a person are asked for, and what is sensitive, where it is to
// be sealed.
func (e *explanation) inClear(r *Recipient) {
	sensitive := slices.ContainsFunc(e.u.Items, func(no ItemNo) bool { it := e.p.ItemBy(no); return it != nil && it.Sensitive })
	if r.Oblige&MustAnonymise == 0 && !sensitive {
		return
	}
	form := "sealed to its key"
	if r.Oblige&MustAnonymise != 0 {
		form = "in records without a person"
	}
	e.say(InClear, ShareDesensitised, "recipients."+r.Name, r.Pos, "this goes to %s %s, and not as it is: hand it over in a parcel", r.Name, form)
}

// Seals reports whether what a recipient gets of these items is sealed to its key.
func (r *Recipient) Seals(p *Policy, items []ItemNo) bool {
	return r.Oblige&MustSeal != 0 && slices.ContainsFunc(items, func(no ItemNo) bool { it := p.ItemBy(no); return it != nil && it.Sensitive })
}

// Anonymises reports whether a recipient gets records without a person alone.
func (r *Recipient) Anonymises() bool { return r.Oblige&MustAnonymise != 0 }
