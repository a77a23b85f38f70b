package page

import (
	"strings"

	"github.com/avow-dev/avow/policy"
)

// assumptions lists what the owner's text leaves open, in the order of the
// policy. What rests on the same reason stands together.
func (r reader) assumptions() []Assumption {
	var out []Assumption
	for _, x := range r.p.Assumed() {
		what, text := r.assumed(x), x.Why.In(r.lang)
		if i := reasoned(out, text); i >= 0 {
			if !strings.Contains(out[i].What, what.Title) {
				out[i].What += r.pick("; ", "；") + what.Title
			}
			continue
		}
		out = append(out, Assumption{strings.TrimPrefix(what.URL, "#"), what.Title, text})
	}
	return out
}

// reasoned is the assumption that has a reason already; -1: none.
func reasoned(list []Assumption, why string) int {
	for i, a := range list {
		if a.Why == why && why != "" {
			return i
		}
	}
	return -1
}

// assumed names a part of the policy, with the place of the page where it stands.
func (r reader) assumed(x policy.Assumed) Link {
	kind, name, _ := strings.Cut(x.Part, ".")
	at := func(prefix, label string, t policy.Text) Link {
		return Link{label + Title(t, name, r.lang), "#" + anchor(prefix, name)}
	}
	switch kind {
	case "keep":
		if c, err := r.p.Class(name); err == nil {
			return at("k", r.pick("Kept: ", "保存期限："), c.Title)
		}
	case "recipients":
		if to, err := r.p.Recipient(name); err == nil {
			return at("r", "", to.Title)
		}
	case "rights":
		if g, err := r.p.Right(policy.RightKind(name)); err == nil {
			return at("g", "", g.Title)
		}
	case "purposes":
		if u, err := r.p.Purpose(name); err == nil {
			return at("p", "", u.Title)
		}
	case "items":
		if i, err := r.p.Item(name); err == nil {
			return at("i", "", i.Title)
		}
	case "permissions":
		if c, err := r.p.Permission(name); err == nil {
			return at("permission", "", c.Title)
		}
	case "cookies":
		if c, err := r.p.Cookie(name); err == nil {
			return at("cookie", "", c.Title)
		}
	case "attestations":
		if c, err := r.p.Attestation(name); err == nil {
			return Link{Title(c.Title, name, r.lang), "#security"}
		}
	}
	return r.assumedPart(kind, x.Part)
}

// assumedPart names a part that is a section of the page as a whole.
func (r reader) assumedPart(kind, part string) Link {
	names := map[string]Link{
		"controller": {r.pick("Who we are", "运营者信息"), "#contact"}, "people": {r.pick("Whom this is about", "适用人群"), "#people"},
		"consent": {r.pick("How you agree and refuse", "同意与拒绝的方式"), "#purposes"}, "beacons": {r.pick("Web beacons", "网络信标"), "#cookies"},
		"sharing": {r.pick("When data leaves us", "信息在何种情形下会离开我们"), "#sharing"}, "residency": {r.pick("Where it is kept", "信息存储在哪里"), "#residency"},
		"statistics": {r.pick("Statistics", "统计"), "#purposes"}, "changes": {r.pick("When this policy changes", "政策变更时"), "#changes"},
		"incidents": {r.pick("When something goes wrong", "发生安全事件时"), "#incidents"}, "security": {r.pick("How it is protected", "如何保护"), "#security"},
		"clauses": {r.pick("A sentence of the policy", "政策条款"), "#assumed"},
	}
	if l, ok := names[kind]; ok {
		return l
	}
	return Link{part, "#assumed"}
}
