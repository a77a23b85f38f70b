package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The codes of refusals about cookies and beacons.
const (
	UnknownTracker  Code = "cookie.undeclared" // a cookie, or what else is stored
	OtherReading    Code = "cookie.purpose"
	NotLetIn        Code = "cookie.refused" // the browser did not let it in
	LivesLonger     Code = "cookie.lifetime"
	HoldsOther      Code = "cookie.content"
	LeavesSite      Code = "cookie.site"
	UnknownBeacon   Code = "beacon.undeclared"
	BeaconElsewhere Code = "beacon.page"
	BeaconCarries   Code = "beacon.carries"
)

// A Tracker is what a browser answers about: a cookie, what else is stored in it, or
// a beacon.
type Tracker struct {
	Ref      string // cookies.NAME or beacons.NAME
	Title    Text
	Class    TrackerClass
	Purposes []PurposeNo
	SetBy    string
	Mark     string  // of what is declared: an answer holds for this and for nothing that it may become
	Cookie   *Cookie // one of these two
	Beacon   *Beacon
}

// Asks reports whether it waits for a yes.
func (t *Tracker) Asks() bool { return t.Class != Essential }

// Shared reports whether it is what a browser's signal speaks of (Global Privacy
// Control): it serves marketing, or tells somebody else.
func (t *Tracker) Shared() bool { return t.Class == Marketing || t.SetBy != FirstParty }

// Trackers lists every cookie and beacon, in the order of the file.
func (p *Policy) Trackers() []Tracker {
	out := make([]Tracker, 0, len(p.more.cookies)+len(p.more.beacons))
	for _, c := range p.more.cookies {
		t := Tracker{Ref: "cookies." + c.Name, Title: c.Title, Class: c.Class, Purposes: c.Purposes, SetBy: c.SetBy, Cookie: c}
		t.Mark = p.mark(&t, c.Items, c.Kind, fmt.Sprint(c.Lifetime, c.Session))
		out = append(out, t)
	}
	for _, b := range p.more.beacons {
		t := Tracker{Ref: "beacons." + b.Name, Title: b.Title, Class: b.Class, Purposes: b.Purposes, SetBy: b.SetBy, Beacon: b}
		t.Mark = p.mark(&t, b.Items, b.At...)
		out = append(out, t)
	}
	return out
}

// mark is a short name of what is declared of a tracker, but for its words.
func (p *Policy) mark(t *Tracker, items []ItemNo, more ...string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s %q", t.Ref, t.Class, t.SetBy, more)
	for _, no := range t.Purposes {
		fmt.Fprintf(h, " %s", p.PurposeBy(no).Name)
	}
	for _, no := range items {
		fmt.Fprintf(h, " %s", p.ItemBy(no).Name)
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// Holds says what browsers call a cookie.
func (c *Cookie) Holds(name string) bool {
	for _, prefix := range []string{"__Host-", "__Secure-"} { // RFC 6265bis 4.1.3: promises about its attributes
		name = strings.TrimPrefix(name, prefix)
	}
	if len(c.Names) == 0 {
		return name == c.Name
	}
	return slices.ContainsFunc(c.Names, func(pattern string) bool { return fits(pattern, name) })
}

// fits holds a name against a pattern in which * stands for anything.
func fits(pattern, name string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	name, ok := strings.CutPrefix(name, head)
	if !ok || !star {
		return ok && name == ""
	}
	for i := 0; i <= len(name); i++ {
		if fits(rest, name[i:]) {
			return true
		}
	}
	return false
}

// Stored returns what a name that a browser keeps something under is declared as: a
// cookie, local-storage, session-storage or app-storage; nil where it is not.
func (p *Policy) Stored(kind, name string) *Cookie {
	for _, c := range slices.Concat(p.more.cookies, OwnCookies()) {
		if c.Kind == kind && c.Holds(name) {
			return c
		}
	}
	return nil
}

// A CookieSetting is a cookie that is about to be set, or was.
type CookieSetting struct {
	Name    string // what the browser calls it
	Value   string
	Life    time.Duration // 0: until the browser is closed
	Wide    bool          // Domain= names more than the host that sets it
	Cross   bool          // SameSite=None: it travels to and from other sites
	Allowed bool          // the browser let it in
}

// SettingCookie says why a cookie may not be set: it is not declared, was not let in,
// lives longer, or holds or reaches what it may not. nil when it may. No refusal holds
// a value.
func (p *Policy) SettingCookie(s CookieSetting) []Refusal {
	c := p.Stored("cookie", s.Name)
	if c == nil {
		return p.StoringUnknown(s.Name)
	}
	var out []Refusal
	refuse := func(code Code, control Control, format string, args ...any) {
		out = append(out, p.trackerRefusal("cookies."+c.Name, c.Pos, code, control, format, args...))
	}
	if c.Class != Essential && !s.Allowed {
		refuse(NotLetIn, CookieChoice, "%s is %s, and this browser did not let it in; ask first", c.Name, c.Class)
	}
	switch most := farthest(c.Lifetime); {
	case c.Session && s.Life > 0:
		refuse(LivesLonger, CookieDeclared, "%s ends when the browser is closed, and this one lives on; leave out Max-Age and Expires", c.Name)
	case !c.Session && s.Life > most:
		refuse(LivesLonger, CookieDeclared, "%s lives %d days at most, and this one %d; set a shorter Max-Age", c.Name, days(most), days(s.Life))
	}
	for _, what := range p.holdsOther(c, s.Value) {
		refuse(HoldsOther, CookieContent, "%s holds %s; take it out", c.Name, what)
	}
	if s.Wide && c.SetBy == FirstParty {
		refuse(LeavesSite, CookieContent, "%s is for the site that sets it, and its Domain names more; leave Domain out", c.Name)
	}
	if s.Cross && !(c.SetBy != FirstParty && s.Allowed) {
		refuse(LeavesSite, CookieContent, "%s would follow people to other sites (SameSite=None); set Lax or Strict", c.Name)
	}
	return out
}

// StoringUnknown is the refusal of a cookie, or of what else is kept in a browser,
// that the policy does not declare.
func (p *Policy) StoringUnknown(name string) []Refusal {
	return []Refusal{p.trackerRefusal("cookies", Pos{}, UnknownTracker, CookieDeclared, "%s is not declared; declare it under cookies, or do not set it", shownName(name))}
}

// slack is what a lifetime may be longer by: clocks and the way of an answer.
const slack = time.Minute

// farthest is the longest time that a period may come to.
func farthest(p Period) time.Duration {
	const day = 24 * time.Hour
	d := time.Duration(p.Months)*31*day + time.Duration(p.Days+3*p.WorkDays)*day + time.Duration(p.Seconds)*time.Second
	return d + slack
}

func days(d time.Duration) int { return int((d + 24*time.Hour - slack - 1) / (24 * time.Hour)) }

// A CookieReading asks to read a cookie, or what else a browser keeps, for a purpose.
type CookieReading struct {
	Cookie  string // its name in the policy
	Purpose string
	Allowed bool   // the browser let it in
	Facts   *Facts // of the person, where they are known
}

// ReadingCookie says why a cookie may not be read for a purpose: it is not declared,
// serves others, was not let in, or its person objected. nil when it may.
func (p *Policy) ReadingCookie(r CookieReading) []Refusal {
	i := slices.IndexFunc(p.more.cookies, func(c *Cookie) bool { return c.Name == r.Cookie })
	if i < 0 {
		return []Refusal{p.trackerRefusal("cookies", Pos{}, UnknownTracker, CookieDeclared, "%s is not declared; name one that stands under cookies", shownName(r.Cookie))}
	}
	c := p.more.cookies[i]
	var out []Refusal
	no := PurposeNo(0)
	var names []string
	for _, u := range c.Purposes {
		name := p.PurposeBy(u).Name
		names = append(names, name)
		if name == r.Purpose {
			no = u
		}
	}
	if no == 0 {
		out = append(out, p.trackerRefusal("cookies."+c.Name, c.Pos, OtherReading, CookiePurpose, "%s is read for %s alone; name one of these, or do without it", c.Name, strings.Join(names, ", ")))
	}
	if c.Class != Essential && !r.Allowed {
		out = append(out, p.trackerRefusal("cookies."+c.Name, c.Pos, NotLetIn, CookieChoice, "%s is %s, and this browser did not let it in; ask first", c.Name, c.Class))
	}
	return append(out, p.optedOut("cookies."+c.Name, c.Pos, c.Purposes, no, r.Facts)...)
}

// optedOut refuses what a known person objected to: the purpose that is asked for,
// or, where none is, any that it serves.
func (p *Policy) optedOut(ref string, pos Pos, purposes []PurposeNo, asked PurposeNo, f *Facts) (out []Refusal) {
	for _, no := range purposes {
		if f != nil && (no == asked || asked == 0) && f.Objected.Has(no) {
			out = append(out, p.trackerRefusal(ref, pos, ObjectionStands, ObjectionHonoured, "the person objected to %q or opted out of it", p.PurposeBy(no).Name))
		}
	}
	return out
}

// OptedOut says why a cookie may not be set for a known person: they objected to a
// purpose that it serves.
func (p *Policy) OptedOut(c *Cookie, f *Facts) []Refusal {
	return p.optedOut("cookies."+c.Name, c.Pos, c.Purposes, 0, f)
}

// A BeaconCount is a beacon that fires.
type BeaconCount struct {
	Beacon  string
	Point   string   // the collection point whose page holds it
	Carries []string // names of the items that it sends
	Allowed bool     // the browser let it in
}

// CountingBeacon says why a beacon may not count: it is not declared, stands
// elsewhere, carries more, or was not let in. nil when it may.
func (p *Policy) CountingBeacon(n BeaconCount) []Refusal {
	i := slices.IndexFunc(p.more.beacons, func(b *Beacon) bool { return b.Name == n.Beacon })
	if i < 0 {
		return []Refusal{p.trackerRefusal("beacons", Pos{}, UnknownBeacon, BeaconDeclared, "%s is not declared; declare it under beacons, or take it out", shownName(n.Beacon))}
	}
	b := p.more.beacons[i]
	var out []Refusal
	refuse := func(code Code, control Control, format string, args ...any) {
		out = append(out, p.trackerRefusal("beacons."+b.Name, b.Pos, code, control, format, args...))
	}
	if !slices.Contains(b.At, n.Point) {
		refuse(BeaconElsewhere, BeaconDeclared, "%s stands at %s, and not on this page", b.Name, strings.Join(b.At, ", "))
	}
	for _, name := range n.Carries {
		if !slices.ContainsFunc(b.Items, func(no ItemNo) bool { return p.ItemBy(no).Name == name }) {
			refuse(BeaconCarries, BeaconCounted, "%s carries %s, which it may not; it counts visits and transmits nothing else", b.Name, shownName(name))
		}
	}
	if b.Class != Essential && !n.Allowed {
		refuse(NotLetIn, CookieChoice, "%s is %s, and this browser did not let it in; ask first", b.Name, b.Class)
	}
	return out
}

func (p *Policy) trackerRefusal(ref string, pos Pos, code Code, c Control, format string, args ...any) Refusal {
	if pos.Line == 0 {
		pos = p.spots.head
	}
	return Refusal{Code: code, Control: c, Clause: p.trackerClause(ref, c), Pos: pos, Text: fmt.Sprintf(format, args...)}
}

// trackerClause is the clause that a control keeps for a cookie or beacon: one about
// it, or about all of its kind, or any.
func (p *Policy) trackerClause(ref string, c Control) string {
	kind, _, _ := strings.Cut(ref, ".")
	for _, about := range [][]*Clause{p.about[ref], p.about[kind], p.clauses} {
		for _, cl := range about {
			if slices.Contains(cl.Keeps, c) {
				return cl.ID
			}
		}
	}
	return p.clauseFor(ref, c)
}

// shownName repeats a name that came from outside only where it has the form of one
// and no long number in it.
func shownName(name string) string {
	digits := 0
	for i := range len(name) {
		switch c := name[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits > 8 {
				return "something whose name is a number"
			}
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '.', c == '-':
			digits = 0
		default:
			return "something with an ill-formed name"
		}
	}
	if name == "" || len(name) > 64 {
		return "something with an ill-formed name"
	}
	return fmt.Sprintf("%q", name)
}
