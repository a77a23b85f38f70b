package policy

// NewSince is the code of a reason: the use is new in a version that asks to be accepted
// again, and the person has not.
const NewSince Code = "version.new"

// unknown returns the place of the first of the items that this version, which the
// person accepted, did not have for the purpose of a rule of a later one; -1 where it
// had all. What serves people's rights, claims and duties of law is never new.
func (p *Policy) unknown(no PurposeNo, items []ItemNo, r *rule) int {
	if r.is&evenClosed != 0 {
		return -1
	}
	for i, it := range items {
		if int(no) >= len(p.hot.rules) || !p.hot.rules[no].items.Has(it) {
			return i
		}
	}
	return -1
}

// 3, too: nothing is used that the person has not agreed to yet.
func (e *explanation) again() {
	if e.f.Agreed == nil || e.r == nil {
		return
	}
	i := e.f.Agreed.unknown(e.u.Purpose, e.u.Items, e.r)
	if i < 0 {
		return
	}
	if it := e.p.ItemBy(e.u.Items[i]); it != nil {
		e.say(NewSince, PolicyAcceptance, "items."+it.Name, it.Pos, "using %s for %q is new in this version, and the person has not accepted it yet; ask them", it.Name, e.purpose.Name).Item = it.No
	}
}
