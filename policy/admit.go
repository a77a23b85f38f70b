package policy

import (
	"slices"
	"strconv"
	"strings"
)

// The codes of refusals of values that need something beside them.
const (
	ItemAlone      Code = "item.alone"       // another item has to come with it
	ItemBelow      Code = "item.below"       // the value of that item is too small
	ItemNoLaw      Code = "item.no-law"      // a law is its only ground, and none is cited
	PartnerUnnamed Code = "partner.unnamed"  // a partner passed it on, and is not named
	PartnerOther   Code = "partner.unknown"  // … and is no partner of the policy
	NoPartner      Code = "partner.not-from" // it is named as passed on and comes another way
)

// provisions is the form of the code of a provision: pipl-47, cybersecurity-law-21.3.
var provisions = pattern(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// beside refuses a value that lacks what has to come with it: another item, the
// provision that asks for it, the partner who passed it on.
func (d *door) beside(it *Item, v Given, all []Given) {
	if it.With != 0 {
		d.together(it, all)
	}
	if it.Sensitive && d.p.lawAlone(it) && (len(v.Cite) > 64 || !provisions().MatchString(v.Cite)) {
		d.refuse(it.Name, ItemNoLaw, RetentionLaw, "items."+it.Name, it.Pos,
			"%s is asked for by a law alone, and the value cites none; give the provision as a code, such as pipl-28", it.Name)
	}
	switch r, known := d.p.recipients.byName[v.From]; {
	case it.Origin != FromPartner && v.From != "":
		d.refuse(it.Name, NoPartner, CollectPartner, "items."+it.Name, it.Pos, "%s is declared as %s, and a partner is named who passed it on; collect it as declared", it.Name, it.Origin)
	case it.Origin != FromPartner:
	case v.From == "":
		d.refuse(it.Name, PartnerUnnamed, CollectPartner, "items."+it.Name, it.Pos, "%s comes from a partner, and the value does not name who passed it on; name one of %s", it.Name, d.p.partners())
	case !known || r.Role != Partner && r.Role != Affiliate:
		d.refuse(it.Name, PartnerOther, CollectPartner, "items."+it.Name, it.Pos, "%s comes from a partner, and who is named is none of the policy's; name one of %s", it.Name, d.p.partners())
	}
}

// together refuses what comes without its other half, or with too small a one.
func (d *door) together(it *Item, all []Given) {
	other := d.p.ItemBy(it.With)
	i := slices.IndexFunc(all, func(g Given) bool { return g.Item == other.Name })
	if i < 0 {
		d.refuse(it.Name, ItemAlone, CollectDeclared, "items."+it.Name, it.Pos, "%s comes in only together with %s, and that is not given", it.Name, other.Name)
		return
	}
	if it.AtLeast == 0 {
		return
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(all[i].Value), 64); err != nil || n < float64(it.AtLeast) {
		d.refuse(it.Name, ItemBelow, CollectScrubbed, "items."+it.Name, it.Pos, "%s is kept only where %s is %d or more, and it is less; leave it out", it.Name, other.Name, it.AtLeast)
	}
}

// lawAlone reports whether a legal obligation is the only ground of an item.
func (p *Policy) lawAlone(it *Item) bool {
	return !slices.ContainsFunc(it.Purposes, func(n PurposeNo) bool { return p.PurposeBy(n).Basis != LegalObligation })
}

// partners names those who may pass data on.
func (p *Policy) partners() string {
	var names []string
	for _, r := range p.recipients.ordered {
		if r.Role == Partner || r.Role == Affiliate {
			names = append(names, r.Name)
		}
	}
	if names == nil {
		return "the partners and affiliates under recipients, of which there are none"
	}
	return strings.Join(names, ", ")
}

// Shown lists the controls beside [CollectDeclared] that an admission of these
// values shows: nil for most. Values whose items are not declared show nothing.
func (p *Policy) Shown(point string, given []Given) []Control {
	var out []Control
	add := func(c Control, on bool) {
		if on && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, v := range given {
		it, ok := p.items.byName[v.Item]
		if !ok {
			continue
		}
		add(CollectScrubbed, it.Scrub || it.AtLeast > 0)
		add(CollectPartner, it.Origin == FromPartner)
		add(RetentionLaw, v.Cite != "")
		add(Guidance, v.Reminded && p.Reminds(point, v.Value) != nil)
		add(SeveralPeople, it.Others == "withhold" || it.Between || len(v.Other) > 0)
	}
	return out
}

// LeftOut lists the items that could have been given at a point and were not, and
// without which something does not work: Item.Without says what. Nothing else
// stops.
func (p *Policy) LeftOut(point string, given []Given) []*Item {
	var out []*Item
	for _, it := range p.items.ordered {
		if it.Without.IsZero() || it.Origin != FromPerson || !slices.Contains(it.At, point) ||
			slices.ContainsFunc(given, func(v Given) bool { return v.Item == it.Name }) {
			continue
		}
		out = append(out, it)
	}
	return out
}

// Source is what the record keeps of where a value came from, beyond its item and
// point: "partner:" and who passed it on, "law:" and the provision, or "".
func (v Given) Source() string {
	switch {
	case v.From != "":
		return "partner:" + v.From
	case v.Cite != "":
		return "law:" + v.Cite
	case v.Received:
		return Received
	}
	return ""
}
