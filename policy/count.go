package policy

// Counted reports whether a person may be counted for a purpose that only counts, by
// what is known of them now: the item serves the purpose, its ground stands, and
// neither a restriction nor the end of the account stands against it. No value is
// given out for it.
func (p *Policy) Counted(purpose PurposeNo, item ItemNo, f *Facts) bool {
	if int(purpose) >= len(p.hot.rules) || p.ItemBy(item) == nil {
		return false
	}
	r := &p.hot.rules[purpose]
	return r.is&aggregates != 0 && r.items.Has(item) && r.stands(purpose, f, p.hot.sensitive.Has(item)) &&
		p.hot.personal(r, f) && (r.is&neverMinors == 0 || f.Age < AgeMinor)
}
