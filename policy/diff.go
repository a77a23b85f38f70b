package policy

import (
	"fmt"
	"slices"
)

// A Weight says how much a change matters to people.
type Weight uint8

// The weights, the lightest first.
const (
	Technical Weight = iota // nothing that people read or that decides anything
	Minor                   // words, or more protection
	Major                   // touches what people agreed to: more data, purposes, recipients or time, or fewer rights
)

// String gives technical, minor or major.
func (w Weight) String() string { return [...]string{"technical", "minor", "major"}[min(w, Major)] }

// MarshalText gives the same.
func (w Weight) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// A Change is one difference between two versions.
type Change struct {
	Weight  Weight `json:"weight"`
	Part    string `json:"part"` // such as items.account.email
	Says    Text   `json:"says"` // in plain words, English and Chinese
	Pos     Pos    `json:"pos"`  // in the new version; of what is gone, in the old one
	Reduces bool   `json:"reduces,omitempty"`
}

// A Difference is what changed between two versions, and what follows from it.
type Difference struct {
	From    string   `json:"from"` // version
	To      string   `json:"to"`
	Weight  Weight   `json:"weight"` // of the heaviest change
	Changes []Change `json:"changes"`
	Follows Follows  `json:"follows"`
}

// Follows is what a new version asks for before it may take effect.
type Follows struct {
	Notice   bool     `json:"notice"`             // people are told
	Channels []string `json:"channels,omitempty"` // how, by the new version's changes
	Before   string   `json:"before,omitempty"`   // how long before it takes effect (ISO 8601, or wd)
	Again    bool     `json:"again"`              // people accept it again
	Consent  []string `json:"consent,omitempty"`  // purposes for which consent is asked afresh
	// Keeps says that the version gives fewer rights, and that it promises to
	// keep the old ones for who does not consent to it.
	Keeps bool `json:"keeps,omitempty"`
}

// Diff says what changed from one version to another and classifies it. Both
// are compiled policies of one platform; names tell what is the same. Changes
// stand in the order of the parts of the file.
func Diff(from, to *Policy) Difference {
	d := &differ{a: from, b: to, fresh: map[string]bool{}}
	for _, part := range []func(){
		d.head, d.controller, d.people, d.purposes, d.items, d.inUse, d.never, d.classes, d.permissions, d.trackers,
		d.recipients, d.sharing, d.residency, d.statistics, d.rights, d.changing, d.incidents, d.security, d.clauses,
	} {
		part()
	}
	out := Difference{From: from.version, To: to.version, Changes: d.changes}
	if out.Changes == nil {
		out.Changes = []Change{}
	}
	reduces := false
	for _, c := range d.changes {
		out.Weight = max(out.Weight, c.Weight)
		reduces = reduces || c.Reduces
	}
	out.Follows = d.follows(out.Weight, reduces)
	return out
}

type differ struct {
	a, b    *Policy
	changes []Change
	fresh   map[string]bool // purposes for which consent is asked afresh
}

// follows derives what a version of a weight asks for.
func (d *differ) follows(w Weight, reduces bool) Follows {
	rule := d.b.more.changes.Minor
	if w == Major {
		rule = d.b.more.changes.Major
	}
	f := Follows{Keeps: reduces && d.b.more.changes.KeepsRights}
	if w == Technical {
		return f
	}
	f.Notice, f.Channels = true, rule.Channels
	if !rule.Before.IsZero() {
		f.Before = rule.Before.String()
	}
	// A policy that says nothing about its changes asks again for major ones:
	// nobody agreed to what is new.
	f.Again = rule.Again || w == Major && len(rule.Channels) == 0
	for _, u := range d.b.purposes.ordered {
		if d.fresh[u.Name] && u.Basis == Consent {
			f.Consent = append(f.Consent, u.Name)
		}
	}
	return f
}

// say adds a change. Arguments that are Texts are read in the language of the
// sentence.
func (d *differ) say(w Weight, part string, pos Pos, en, zh string, args ...any) *Change {
	if pos.Line == 0 {
		pos = d.b.spots.head // the new version is silent about it
	}
	in := func(format, lang string) string {
		spoken := make([]any, len(args))
		for i, a := range args {
			spoken[i] = a
			switch v := a.(type) {
			case Text:
				spoken[i] = v.In(lang)
			case Period:
				spoken[i] = spell(v, lang)
			}
		}
		return fmt.Sprintf(format, spoken...)
	}
	d.changes = append(d.changes, Change{
		Weight: w, Part: part, Pos: pos,
		Says: Text{words: []words{{"en", in(en, "en")}, {"zh-CN", in(zh, "zh-CN")}}},
	})
	return &d.changes[len(d.changes)-1]
}

// spell is a period as it is written in the file; none is said in words.
func spell(p Period, lang string) string {
	switch {
	case !p.IsZero():
		return p.String()
	case lang == "en":
		return "no limit"
	}
	return "未限定"
}

// reworded adds a minor change where a text is other than before.
func (d *differ) reworded(part string, pos Pos, was, is Text) {
	if !was.equal(is) {
		d.say(Minor, part, pos, "New wording: %s", "文字调整：%s", is)
	}
}

// equal reports whether two texts say the same in every language.
func (t Text) equal(u Text) bool {
	if len(t.words) != len(u.words) {
		return false
	}
	for _, w := range t.words {
		if u.In(w.lang) != w.text {
			return false
		}
	}
	return true
}

// gained returns what is in is and not in was.
func gained[T comparable](was, is []T) []T {
	var out []T
	for _, v := range is {
		if !slices.Contains(was, v) {
			out = append(out, v)
		}
	}
	return out
}

// slower reports whether a clock gives more time than before; none gives most.
func slower(was, is Period) bool {
	if was.IsZero() || is.IsZero() {
		return !was.IsZero()
	}
	return is.Rough() > was.Rough()
}

// clock adds a change where a promised time is other than before.
func (d *differ) clock(part string, pos Pos, en, zh string, was, is Period) {
	if was == is {
		return
	}
	w := Minor
	if slower(was, is) {
		w = Major
	}
	c := d.say(w, part, pos, "%s: %s, before %s", "%s：%s（原为%s）", pair(en, zh), is, was)
	c.Reduces = w == Major
}

// dropped adds a change where a protection was there and is gone, or came.
func (d *differ) dropped(part string, pos Pos, en, zh string, was, is bool) {
	switch {
	case was && !is:
		d.say(Major, part, pos, "No longer: %s", "不再承诺：%s", pair(en, zh)).Reduces = true
	case is && !was:
		d.say(Minor, part, pos, "New: %s", "新增承诺：%s", pair(en, zh))
	}
}

func pair(en, zh string) Text { return Text{words: []words{{"en", en}, {"zh-CN", zh}}} }
