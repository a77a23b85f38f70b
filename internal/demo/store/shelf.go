package store

import (
	"slices"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
)

// open returns the counters that a policy has: those with words of their own, and
// one for whatever else is asked for at a point that people use.
func (s shop) open(p *policy.Policy) []counter {
	var out []counter
	for _, c := range s.counters {
		if len(c.asks(p, s.counters)) > 0 {
			out = append(out, c)
		}
	}
	for _, at := range p.Points() {
		left := counter{
			slug: "at-" + at.Name, point: at.Name, icon: "file-text", rest: true, act: text{"Send", "提交"},
			title: text{page.Title(at.Title, at.Name, "en"), page.Title(at.Title, at.Name, "zh-CN")},
			lead:  text{at.Says.In("en"), at.Says.In("zh-CN")},
		}
		if usable(p, at) && len(left.asks(p, s.counters)) > 0 {
			out = append(out, left)
		}
	}
	return out
}

// usable reports whether people at a browser give something at a point.
func usable(p *policy.Policy, at policy.Point) bool {
	return slices.ContainsFunc(p.Items(), func(i *policy.Item) bool {
		return slices.Contains(i.At, at.Name) && (i.Origin == policy.FromPerson || at.Surface == "website" && i.Origin == policy.FromDevice)
	})
}

// asks returns the items that a counter, among all of its shop, asks for.
func (c counter) asks(p *policy.Policy, all []counter) []*policy.Item {
	var out []*policy.Item
	for _, i := range p.Items() {
		if !slices.Contains(i.At, c.point) || i.Origin == policy.FromAnalysis || i.Origin == policy.FromPartner {
			continue
		}
		elsewhere := slices.ContainsFunc(all, func(o counter) bool {
			return o.point == c.point && o.slug != c.slug && (!o.rest && o.has(i.Name) || o.rest)
		})
		if c.rest && !elsewhere || !c.rest && c.has(i.Name) {
			out = append(out, i)
		}
	}
	return out
}
