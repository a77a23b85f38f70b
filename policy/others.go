package policy

import (
	"slices"
	"strings"
)

// The codes of refusals of values that are about several people.
const (
	OthersUnasked Code = "item.others"        // it is about other people, and has no consent of its own
	OtherUnnamed  Code = "item.other-unnamed" // it passes between two people, and the other is not named
	OtherNone     Code = "item.no-other"      // another is named, and the item says nothing of what copies do then
)

// Received is the source of a value that the other of two people wrote.
const Received = "received"

// Withheld stands in a copy for a value that is about other people.
const Withheld = "[about other people: withheld]"

// MaxOthers is how many names of other people go with one value.
const MaxOthers = 20

// maxOther is the length of one of them, in bytes.
const maxOther = 200

// others refuses what is about several people and does not say what is needed for
// each of them: a list of other people waits for an explicit consent to a purpose of
// its own, and what passes between two people names the other.
func (d *door) others(it *Item, v Given) {
	ref := "items." + it.Name
	if it.Others == "withhold" && !d.agreedTo(it) {
		d.refuse(it.Name, OthersUnasked, SeveralPeople, ref, it.Pos, "%s is about other people and comes in for a purpose of its own alone, to which the person has explicitly consented", it.Name)
	}
	if it.Between && len(v.Other) == 0 {
		d.refuse(it.Name, OtherUnnamed, SeveralPeople, ref, it.Pos, "%s passes between two people; say what the other is called, so that copies can leave it out", it.Name)
	}
	long := slices.ContainsFunc(v.Other, func(o string) bool {
		return strings.TrimSpace(o) == "" || len(o) > maxOther || strings.ContainsRune(o, 0)
	})
	if len(v.Other) > 0 && it.Others == "" || len(v.Other) > MaxOthers || long {
		d.refuse(it.Name, OtherNone, SeveralPeople, ref, it.Pos, "%s: names of others go with items that say about_others, at most %d of 1 to %d bytes", it.Name, MaxOthers, maxOther)
	}
}

// agreedTo reports whether one of an item's purposes was explicitly consented to.
func (d *door) agreedTo(it *Item) bool {
	return slices.ContainsFunc(it.Purposes, func(no PurposeNo) bool {
		return d.f.Consents.Has(no) && d.f.Explicit.Has(no) && !d.f.Withdrawn.Has(no) && !d.f.Expired.Has(no)
	})
}

// CopyOf is a value as it stands in a person's copy. Of what is also about others it
// leaves their part out: everything that was said to name them, and every address and
// number that is not own, the person's own identifiers.
func (i *Item) CopyOf(value string, others, own []string) string {
	switch i.Others {
	case "withhold":
		return Withheld
	case "redact":
		return redact(value, others, own)
	}
	return value
}

// The runes that stand for a person's own values while a text is redacted: those of
// Unicode's private use, which no name or address has.
const (
	ownFirst = '\uE000'
	ownLast  = '\uE7FF'
)

func redact(text string, others, own []string) string {
	text = strings.Map(func(r rune) rune {
		if r >= ownFirst && r <= ownLast {
			return -1
		}
		return r
	}, text)
	var kept []string
	for _, o := range own {
		if len([]rune(o)) < 2 || slices.Contains(others, o) || len(kept) > ownLast-ownFirst {
			continue
		}
		if strings.Contains(text, o) {
			text = strings.ReplaceAll(text, o, string(ownFirst+rune(len(kept))))
			kept = append(kept, o)
		}
	}
	// Longer names first: a name that holds another is taken out whole.
	others = slices.SortedStableFunc(slices.Values(others), func(a, b string) int { return len(b) - len(a) })
	text = Scrub(text, others...)
	for i, o := range kept {
		text = strings.ReplaceAll(text, string(ownFirst+rune(i)), o)
	}
	return text
}
