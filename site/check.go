package site

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Options say what is checked, and against what.
type Options struct {
	Policy *policy.Policy
	URLs   []string  // pages to begin with, all of one site
	Pages  int       // how many pages at most; 0: 50
	Local  bool      // addresses that are not public are connected to as well
	No     Consent   // the cookie of a browser that said no …
	Yes    Consent   // … and of one that said yes to everything
	Now    time.Time // for lifetimes, where an answer has no date
}

// A Consent is a cookie that tells the site what the browser chose.
type Consent struct{ Name, Value string }

// The visits.
const (
	Without = "without" // a browser that keeps no cookie
	Refused = "no"
	Agreed  = "yes"
)

// A Finding is something that is not as the policy says.
type Finding struct {
	Page    string         `json:"page"`
	Visit   string         `json:"visit"` // without, no, yes; "": of the text of the page
	Code    policy.Code    `json:"code"`
	Control policy.Control `json:"control"`
	Clause  string         `json:"clause,omitempty"`
	Text    string         `json:"text"`
}

// Seen is something that a browser is given or tells, with what it is declared as.
type Seen struct {
	Kind     string `json:"kind"`               // cookie, local-storage, session-storage, beacon
	Declared string `json:"declared,omitempty"` // its name in the policy; "": it is not declared
	Name     string `json:"name,omitempty"`     // what it is called where it is not declared
	Class    string `json:"class,omitempty"`
}

// A Report is what a check found.
type Report struct {
	Site     string    `json:"site"`
	Pages    int       `json:"pages"` // that were looked at
	Seen     []Seen    `json:"seen"`
	Findings []Finding `json:"findings"`
}

// The codes of findings that no decision has.
const (
	NeedsCookies policy.Code = "site.needs-cookies"
	Recognises   policy.Code = "site.recognises"
	SharedValue  policy.Code = "cookie.shared-value"
)

// A check is one run.
type check struct {
	Options
	site   *url.URL
	report *Report
	read   map[string]bool // scripts
}

// Check visits a site and compares it with the policy. A site that does not answer at
// all is an error.
func Check(ctx context.Context, o Options) (*Report, error) {
	if o.Pages <= 0 {
		o.Pages = 50
	}
	queue, err := begin(o.URLs)
	if err != nil {
		return nil, err
	}
	c := &check{Options: o, site: queue[0], report: &Report{Site: queue[0].Scheme + "://" + queue[0].Host, Seen: []Seen{}, Findings: []Finding{}}, read: map[string]bool{}}
	first, again := newBrowser(c.site, o.Local, nil), newBrowser(c.site, o.Local, nil)
	no, yes := newBrowser(c.site, o.Local, o.No.jar()), newBrowser(c.site, o.Local, o.Yes.jar())
	asked := map[string]bool{}
	for i := 0; i < len(queue) && c.report.Pages < o.Pages; i++ {
		at := queue[i]
		if key := at.Path + "?" + at.RawQuery; asked[key] {
			continue
		} else {
			asked[key] = true
		}
		given := i < len(o.URLs)
		links, err := c.page(ctx, at, [4]*browser{first, again, no, yes})
		if err != nil && (given || ctx.Err() != nil) {
			return nil, err
		}
		queue = append(queue, links...)
	}
	return c.report, nil
}

// begin reads the addresses to begin with.
func begin(list []string) (out []*url.URL, err error) {
	for _, text := range list {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return nil, fault.New(fault.Invalid, "that is no address of a page: write https://www.example.com/")
		}
		if len(out) > 0 && (u.Host != out[0].Host || u.Scheme != out[0].Scheme) {
			return nil, fault.New(fault.Invalid, "check one site at a time: %s and %s are two", out[0].Host, u.Host)
		}
		u.Fragment = ""
		out = append(out, u)
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "say which site to check: https://www.example.com/")
	}
	return out, nil
}

func (c Consent) jar() map[string]string {
	jar := map[string]string{}
	if c.Name != "" {
		jar[c.Name] = c.Value
	}
	return jar
}

// page visits one page four times, and returns where it leads.
func (c *check) page(ctx context.Context, at *url.URL, by [4]*browser) (links []*url.URL, err error) {
	var got [4]*answer
	for i, b := range by {
		if got[i], err = b.get(ctx, at); err != nil {
			got[i] = nil
		}
	}
	if err != nil { // nobody gets it, and the last says why
		return nil, err
	}
	if got[3].status >= 400 { // nobody gets it
		return nil, nil
	}
	c.report.Pages++
	for i, visit := range []string{Without, Without, Refused, Agreed} {
		a := got[i]
		if a == nil || a.status >= 400 {
			c.find(at, visit, Finding{Code: NeedsCookies, Control: policy.CookieWithheld, Text: "the page is not given to a browser without cookies; give it what needs none"})
			continue
		}
		c.cookies(a, visit)
		found := Scan(a.url, a.body)
		c.loads(at, visit, found)
		if i == 0 && isHTML(a) {
			links = c.inside(found.Links)
		}
		if i == 3 {
			c.scripts(ctx, by[3], at, found)
		}
		if i == 0 && found.IDs {
			c.find(at, visit, Finding{Code: Recognises, Control: policy.CookieWithheld, Text: "addresses of the page carry the id of a session, which stands in for a cookie; leave it out"})
		}
	}
	c.alike(at, got)
	return links, nil
}

func isHTML(a *answer) bool { return strings.Contains(a.header.Get("Content-Type"), "html") }

// inside keeps links to pages of the site.
func (c *check) inside(links []*url.URL) []*url.URL {
	return slices.DeleteFunc(links, func(u *url.URL) bool {
		return u.Host != c.site.Host || u.Scheme != c.site.Scheme || strings.Contains(u.Path, "sign-out") || strings.Contains(u.Path, "logout")
	})
}

// cookies holds what an answer sets against the register.
func (c *check) cookies(a *answer, visit string) {
	for _, k := range a.set {
		if gone(k, a.date, c.Now) {
			continue
		}
		s := policy.CookieSetting{
			Name: k.Name, Value: k.Value, Life: life(k, a.date, c.Now), Cross: k.SameSite == http.SameSiteNoneMode, Allowed: visit == Agreed,
			Wide: k.Domain != "" && !strings.EqualFold(strings.TrimPrefix(k.Domain, "."), a.url.Hostname()),
		}
		c.saw("cookie", k.Name)
		for _, r := range c.Policy.SettingCookie(s) {
			c.find(a.url, visit, Finding{Code: r.Code, Control: r.Control, Clause: r.Clause, Text: r.Text})
		}
	}
}

// gone reports whether a cookie is taken away rather than set.
func gone(k *http.Cookie, date, now time.Time) bool {
	return k.MaxAge < 0 || k.MaxAge == 0 && !k.Expires.IsZero() && !k.Expires.After(at(date, now))
}

// life is how long a cookie lives; 0 ends with the browser.
func life(k *http.Cookie, date, now time.Time) time.Duration {
	switch {
	case k.MaxAge > 0:
		return time.Duration(min(k.MaxAge, 100*366*24*3600)) * time.Second // no longer than a duration holds
	case k.Expires.IsZero():
		return 0
	}
	return k.Expires.Sub(at(date, now))
}

func at(date, now time.Time) time.Time {
	if date.IsZero() {
		return now
	}
	return date
}

// alike compares two visits without cookies: a cookie that tells browsers apart has
// two values, and the same page one ETag.
func (c *check) alike(at *url.URL, got [4]*answer) {
	a, b := got[0], got[1]
	if a == nil || b == nil {
		return
	}
	for _, k := range a.set {
		for _, l := range b.set {
			if k.Name == l.Name && k.Value == l.Value && len(k.Value) >= 8 && c.tellsApart(k.Name) {
				c.find(at, Without, Finding{Code: SharedValue, Control: policy.CookieContent, Text: "two browsers were given the same number, and each has its own; draw it at random"})
			}
		}
	}
	if e := a.header.Get("ETag"); e != "" && e != b.header.Get("ETag") && bytes.Equal(a.body, b.body) {
		c.find(at, Without, Finding{Code: Recognises, Control: policy.CookieWithheld, Text: "the same page has an ETag of its own for each browser, which stands in for a cookie; make it of the content"})
	}
}

// tellsApart reports whether a cookie holds what finds a person.
func (c *check) tellsApart(name string) bool {
	k := c.Policy.Stored("cookie", name)
	return k != nil && slices.ContainsFunc(k.Items, func(no policy.ItemNo) bool { return c.Policy.ItemBy(no).Identifier != "" })
}

func (c *check) saw(kind, name string) {
	s := Seen{Kind: kind, Name: name}
	if k := c.Policy.Stored(kind, name); k != nil {
		s = Seen{Kind: kind, Declared: k.Name, Class: string(k.Class)}
	}
	if !slices.Contains(c.report.Seen, s) {
		c.report.Seen = append(c.report.Seen, s)
	}
}

// find adds a finding once: what many pages have is told of the first.
func (c *check) find(page *url.URL, visit string, f Finding) {
	f.Page, f.Visit = page.Path, visit
	same := func(g Finding) bool {
		return g.Code == f.Code && g.Text == f.Text && (g.Visit == f.Visit || f.Code != policy.NotLetIn) && (f.Code != NeedsCookies || g.Page == f.Page)
	}
	if !slices.ContainsFunc(c.report.Findings, same) {
		c.report.Findings = append(c.report.Findings, f)
	}
}
