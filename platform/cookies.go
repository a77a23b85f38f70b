package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/cookie"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A Browser is what a browser brings along.
type Browser struct {
	Cookie string // text of the cookie that holds its choice; "": it has none
	Signal bool   // it asks not to be shared (Sec-GPC: 1)
}

// CookieStand is how a browser stands towards the policy in force.
type CookieStand struct {
	cookie.Stand
	At    time.Time // when it chose; zero: it has not, or its no is kept in the browser alone
	Known bool      // it has a number
}

// Cookies says what a browser may be given. Nothing is written.
func (p *Platform) Cookies(ctx context.Context, b Browser) (out CookieStand, err error) {
	said, ok := cookie.Parse(b.Cookie)
	c, err := p.cookieChoice(ctx, said)
	if err != nil {
		return out, err
	}
	refused := ok && said.Browser == cookie.ID{}
	out.Stand = cookie.Standing(p.Policy(), c, refused, b.Signal, p.data.Now())
	if c != nil {
		out.At, out.Known = c.At, true
	}
	return out, nil
}

func (p *Platform) cookieChoice(ctx context.Context, said cookie.Said) (c *cookie.Choice, err error) {
	if said.Browser == (cookie.ID{}) {
		return nil, nil
	}
	err = p.data.Look(ctx, func(r *db.Snapshot) (err error) {
		c, err = cookie.Get(ctx, r, said.Browser)
		return err
	})
	return c, err
}

// ChooseCookies takes down what a browser lets in, by cookies.NAME and beacons.NAME,
// and returns the text of the cookie that holds it, and until when. What is not named
// is kept out from now on. A browser that lets nothing in loses its number.
func (p *Platform) ChooseCookies(ctx context.Context, b Browser, yes []string) (text string, until time.Time, err error) {
	return p.chooseCookies(ctx, b, yes, policy.CookieChoice)
}

// chooseCookies is as ChooseCookies, with the control that the entry shows.
func (p *Platform) chooseCookies(ctx context.Context, b Browser, yes []string, shows policy.Control) (text string, until time.Time, err error) {
	act := p.data.NewAct()
	c := cookie.Answer(p.Policy(), yes, b.Signal, act.Now())
	c.Policy = uint64(p.Version().Num)
	e := audit.Entry{Kind: audit.CookiesChosen, Control: shows, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagDone, len(c.Yes)), audit.Num(audit.TagKept, len(c.Marks)-len(c.Yes)),
		audit.Time(audit.TagUntil, c.Until),
	}}
	if b.Signal {
		e.Public = append(e.Public, audit.Text(audit.TagReason, "gpc"))
	}
	entry, err := p.log.Append(ctx, act, e)
	if err != nil {
		return "", until, err
	}
	c.Entry = int64(entry)
	now, had := cookie.Said{Yes: c.Yes}, p.knownBrowser(b)
	switch {
	case len(c.Yes) == 0 && had != cookie.ID{}:
		cookie.Forget(act, had)
	case len(c.Yes) > 0:
		if now.Browser = had; had == (cookie.ID{}) {
			now.Browser = cookie.NewID()
		}
		if err := cookie.Put(act, now.Browser, c); err != nil {
			return "", until, err
		}
	}
	return now.String(), c.Until, p.data.Commit(ctx, act)
}

// knownBrowser is the number that a browser brings along; zero where it has none.
func (p *Platform) knownBrowser(b Browser) cookie.ID {
	said, _ := cookie.Parse(b.Cookie)
	return said.Browser
}

// TellCookies says in the log that somebody was shown what stops working without
// cookies: before they clear them, or since their browser refuses them. Who that is,
// it does not say.
func (p *Platform) TellCookies(ctx context.Context, when string) error {
	return p.enter(ctx, audit.Entry{Kind: audit.CookiesTold, Control: policy.CookieTold, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagReason, when), audit.Num(audit.TagCount, len(p.Policy().Cookies())),
	}})
}

// enter commits an entry that stands alone.
func (p *Platform) enter(ctx context.Context, e audit.Entry) error {
	return p.enterOn(ctx, p.data.NewAct(), e)
}

// ClearCookies forgets a browser: what it said is deleted, and, of who is signed in
// with it, what cookies recorded is erased from the vault. It returns how many
// records went. The log names no browser, so nothing leads back to it.
func (p *Platform) ClearCookies(ctx context.Context, b Browser, sub subject.ID) (records int, err error) {
	if sub != "" {
		if records, err = p.clearRecorded(ctx, sub); err != nil {
			return records, err
		}
	}
	act := p.data.NewAct()
	if id := p.knownBrowser(b); id != (cookie.ID{}) {
		c, err := p.cookieChoice(ctx, cookie.Said{Browser: id})
		if err != nil {
			return records, err
		}
		if c != nil {
			cookie.Forget(act, id)
			records++
		}
	}
	_, err = p.log.Append(ctx, act, audit.Entry{Kind: audit.CookiesCleared, Control: policy.CookieCleared, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagDone, records),
	}})
	if err != nil {
		return records, err
	}
	return records, p.data.Commit(ctx, act)
}

// clearRecorded erases of a person the items that cookies hold.
func (p *Platform) clearRecorded(ctx context.Context, sub subject.ID) (n int, err error) {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return 0, err
	}
	var done []policy.ItemNo
	for _, c := range p.Policy().Cookies() {
		for _, item := range c.Items {
			if slices.Contains(done, item) {
				continue
			}
			done = append(done, item)
			if x := p.Policy().ItemBy(item); x != nil && p.Policy().ClassBy(x.Class).Fixed {
				continue // it ends by itself, neither sooner nor later
			}
			erased, err := p.vault.Erase(ctx, vault.Erasure{Subject: num, Item: item, Control: policy.CookieCleared, By: self(sub)})
			if err != nil {
				return n, err
			}
			n += erased.Values
		}
	}
	return n, nil
}

// A CookieUse asks to set or read a cookie of the platform's own site.
type CookieUse struct {
	Cookie  string // of a reading: its name in the policy; of a setting: what the browser calls it
	Purpose string // of a reading
	Browser Browser
	Subject subject.ID // who it is, where that is known; what they objected to holds

	// Of a setting.
	Value Personal
	Life  time.Duration // 0: until the browser is closed
	Wide  bool          // its Domain names more than the host
	Cross bool          // SameSite=None
}

// SetCookie decides whether a cookie may be set now, and says so in the log. A
// refusal holds no value.
func (p *Platform) SetCookie(ctx context.Context, u CookieUse) ([]policy.Refusal, error) {
	at, f, err := p.cookieFacts(ctx, u)
	if err != nil {
		return nil, err
	}
	c := p.Policy().Stored("cookie", u.Cookie)
	s := policy.CookieSetting{Name: u.Cookie, Value: u.Value.Reveal(), Life: u.Life, Wide: u.Wide, Cross: u.Cross}
	if c != nil {
		s.Allowed = at.Allowed["cookies."+c.Name]
	}
	list := p.Policy().SettingCookie(s)
	if c != nil {
		list = append(list, p.Policy().OptedOut(c, f)...)
	}
	if len(list) > 0 {
		return list, p.keptOut(ctx, list)
	}
	e := audit.Entry{Kind: audit.CookieSet, Control: policy.CookieContent, Also: []policy.Control{policy.CookieDeclared}}
	if c.Class != policy.Essential {
		e.Also = append(e.Also, policy.CookieChoice)
	}
	e.Public = []audit.Field{audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, c.Name), audit.Text(audit.TagLevel, c.Class)}
	return nil, p.enter(ctx, e)
}

// ReadCookie decides whether a cookie may be read for a purpose, and says so in the
// log.
func (p *Platform) ReadCookie(ctx context.Context, u CookieUse) ([]policy.Refusal, error) {
	at, f, err := p.cookieFacts(ctx, u)
	if err != nil {
		return nil, err
	}
	list := p.Policy().ReadingCookie(policy.CookieReading{Cookie: u.Cookie, Purpose: u.Purpose, Allowed: at.Allowed["cookies."+u.Cookie], Facts: f})
	if len(list) > 0 {
		return list, p.keptOut(ctx, list)
	}
	purpose, err := p.Policy().Purpose(u.Purpose)
	if err != nil {
		return nil, err
	}
	return nil, p.enter(ctx, audit.Entry{Kind: audit.CookieRead, Control: policy.CookiePurpose, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, u.Cookie), audit.Num(audit.TagPurpose, purpose.No),
	}})
}

// cookieFacts are what a decision about a cookie stands on.
func (p *Platform) cookieFacts(ctx context.Context, u CookieUse) (at CookieStand, f *policy.Facts, err error) {
	if at, err = p.Cookies(ctx, u.Browser); err != nil || u.Subject == "" {
		return at, nil, err
	}
	num, err := p.gate.Number(ctx, u.Subject)
	if err != nil {
		return at, nil, err
	}
	s, err := p.gate.Fresh(ctx, num)
	if err != nil {
		return at, nil, err
	}
	return at, &s.Facts, nil
}

// keptOut says in the log that a cookie or beacon was kept out, and why: codes and
// clauses alone.
func (p *Platform) keptOut(ctx context.Context, list []policy.Refusal) error {
	e := audit.Entry{Kind: audit.TrackerDenied, Control: list[0].Control, Public: []audit.Field{audit.Num(audit.TagPolicy, p.Version().Num)}}
	for _, r := range list {
		if r.Control != e.Control && !slices.Contains(e.Also, r.Control) {
			e.Also = append(e.Also, r.Control)
		}
		e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		if r.Clause != "" {
			e.Public = append(e.Public, audit.Text(audit.TagRule, r.Clause))
		}
	}
	return p.enter(ctx, e)
}

// A BeaconVisit is a beacon that fires in a browser.
type BeaconVisit struct {
	Beacon  string
	Point   string   // collection point whose page holds it
	Carries []string // names of the items it sends; nil: the page alone
	Browser Browser
	Member  bool // somebody with an account is signed in: who, nobody asks
}

// CountVisit counts a visit that a beacon reports, and says why it may not.
func (p *Platform) CountVisit(ctx context.Context, v BeaconVisit) ([]policy.Refusal, error) {
	at, err := p.Cookies(ctx, v.Browser)
	if err != nil {
		return nil, err
	}
	list := p.Policy().CountingBeacon(policy.BeaconCount{
		Beacon: v.Beacon, Point: v.Point, Carries: v.Carries, Allowed: at.Allowed["beacons."+v.Beacon],
	})
	if len(list) > 0 {
		return list, p.keptOut(ctx, list)
	}
	act := p.data.NewAct()
	cookie.Count(act, v.Beacon, v.Point, act.Now(), v.Member)
	_, err = p.log.Append(ctx, act, audit.Entry{
		Kind: audit.BeaconCounted, Control: policy.BeaconCounted, Also: []policy.Control{policy.BeaconDeclared},
		Public: []audit.Field{
			audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, v.Beacon), audit.Text(audit.TagPoint, v.Point),
		},
	})
	if err != nil {
		return nil, err
	}
	return nil, p.data.Commit(ctx, act)
}

// Visits returns what a beacon counted, by day and page: the last year, where from
// and until are zero.
func (p *Platform) Visits(ctx context.Context, beacon string, from, until time.Time) (out []cookie.Visit, err error) {
	if !slices.ContainsFunc(p.Policy().Beacons(), func(b *policy.Beacon) bool { return b.Name == beacon }) {
		return nil, fault.New(fault.NotFound, "the policy declares no such beacon: name one that stands under beacons")
	}
	if until.IsZero() {
		until = p.data.Now().AddDate(0, 0, 1)
	}
	if from.IsZero() {
		from = until.AddDate(-1, 0, -1)
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = cookie.Visits(ctx, r, beacon, from, until)
		return err
	})
	return out, err
}

// sweepBrowsers deletes browsers whose answers have ended.
func (p *Platform) sweepBrowsers(ctx context.Context) error {
	const atOnce = 1000
	for {
		var n int
		act := p.data.NewAct()
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			n, err = cookie.Sweep(ctx, r, act, act.Now(), atOnce)
			return err
		})
		if err != nil {
			return err
		}
		if n > 0 {
			err = p.enterOn(ctx, act, audit.Entry{Kind: audit.CookiesCleared, Control: policy.RetentionExpiry, Public: []audit.Field{
				audit.Num(audit.TagDone, n), audit.Text(audit.TagReason, "lapsed"),
			}})
		}
		if err != nil || n < atOnce {
			return err
		}
	}
}

// enterOn commits an act with an entry.
func (p *Platform) enterOn(ctx context.Context, act *db.Act, e audit.Entry) error {
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}
