package policy

import "slices"

// The codes of refusals at points where people are told something first.
const (
	NotReminded Code = "point.remind"
	NotShown    Code = "policy.not-shown"
)

// reminds refuses a value that goes to somebody and holds a number, until the person
// was reminded to give it only where they must.
func (d *door) reminds(it *Item, v Given) {
	for _, pattern := range d.p.Reminds(d.point, v.Value) {
		if !v.Reminded {
			d.refuse(it.Name, NotReminded, Guidance, "points."+d.point, Pos{},
				"the value given for %s holds a %s; remind the person to give it to others only where they must, and say that they were reminded", it.Name, patternName(pattern))
		}
	}
}

// Reminds lists the kinds of number in a text that goes to somebody at a point, before
// which people are reminded to give them only where they must: phone, payment-card,
// cn-resident-id. It is nil where nothing is to be said.
func (p *Policy) Reminds(point, text string) (out []string) {
	i := slices.IndexFunc(p.points, func(at Point) bool { return at.Name == point })
	if i < 0 || len(text) > MaxValue {
		return nil
	}
	for _, pattern := range p.points[i].Remind {
		if contains(pattern, text) {
			out = append(out, pattern)
		}
	}
	return out
}

// Reminding lists the collection points at which people are reminded.
func (p *Policy) Reminding() (out []string) {
	for _, at := range p.points {
		if len(at.Remind) > 0 {
			out = append(out, at.Name)
		}
	}
	return out
}

func patternName(pattern string) string {
	switch pattern {
	case "phone":
		return "telephone number"
	case "payment-card":
		return "card number"
	}
	return "number of an identity card"
}

// phoneIn finds seven digits and more that stand together as a telephone number does,
// and are no day.
func phoneIn(value string) bool {
	return slices.ContainsFunc(scrubDigits().FindAllString(value, -1), func(s string) bool { return !isDay(s) })
}

// AsksShowing reports whether nothing is collected at a point before the policy was
// shown to the person, and that is on record.
func (p *Policy) AsksShowing(point string) bool {
	return slices.ContainsFunc(p.points, func(at Point) bool { return at.Name == point && at.Shown })
}

// shown refuses what comes before the policy was shown, where the point asks for it.
// Who accepted a version by an act of their own had it before them: the acceptance has
// version and time.
func (d *door) shown() {
	if d.p.AsksShowing(d.point) && !d.f.Shown && !d.f.Accepted && d.f.Agreed == nil {
		d.refuse("", NotShown, PolicyShown, "points."+d.point, Pos{},
			"the policy is shown before anything is collected here, and no showing is on record for this person; record one and name it with the values")
	}
}
