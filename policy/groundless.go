package policy

// Groundless reports whether a person's values of an item rest on nothing any more: at
// least one of its purposes rests on a consent, none of its purposes has a ground that
// stands, and no law keeps its class. That one was never agreed to is not enough while
// another goes on.
func (p *Policy) Groundless(no ItemNo, f *Facts) bool {
	it := p.ItemBy(no)
	if it == nil {
		return false
	}
	if c := p.ClassBy(it.Class); c != nil && c.Law {
		return false
	}
	consented := false
	for _, u := range it.Purposes {
		r := &p.hot.rules[u]
		if r.stands(u, f, it.Sensitive) || r.is&evenClosed != 0 {
			return false
		}
		consented = consented || f.Withdrawn.Has(u)
	}
	return consented
}

// A Body is an authority that people can complain to.
type Body struct {
	Name Text
	URL  string
}

// AuthorityOf returns the authority of where somebody lives, and the controller's own
// where the policy names none for it.
func (p *Policy) AuthorityOf(lives Region) Body {
	for _, a := range p.controller.Authorities {
		for _, r := range a.Countries {
			if r == lives && lives != 0 {
				return a.Body
			}
		}
	}
	return Body{p.controller.Authority, p.controller.AuthorityURL}
}
