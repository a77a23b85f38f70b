package platform

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/cookie"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/site"
)

// A SiteCheck says which site is held against the policy's register.
type SiteCheck struct {
	URLs   []string
	Pages  int
	Local  bool   // addresses that are not public are connected to
	Cookie string // name of the cookie that holds a choice there; "": cookie.Name
	Yes    string // text of it, for a site with a banner of its own; "": as avow writes it
	Try    bool   // nothing is written to the log
}

// CheckSite visits a site as browsers that keep no cookie, say no and say yes, and
// compares what it sets and loads with the register. What was found stands in the log:
// where it is not as the policy says, as a promise that is broken.
func (p *Platform) CheckSite(ctx context.Context, c SiteCheck) (*site.Report, error) {
	o := site.Options{Policy: p.Policy(), URLs: c.URLs, Pages: c.Pages, Local: c.Local, Now: p.data.Now()}
	name := c.Cookie
	if name == "" {
		name = cookie.Name
	}
	o.No, o.Yes = site.Consent{Name: name, Value: cookie.Said{}.String()}, site.Consent{Name: name, Value: c.Yes}
	if c.Yes == "" {
		var all []string
		for _, t := range p.Policy().Trackers() {
			if t.Asks() {
				all = append(all, t.Ref)
			}
		}
		text, _, err := p.chooseCookies(ctx, Browser{}, all, "") // a real browser: a site asks avow about it
		if err != nil {
			return nil, err
		}
		defer func() { _ = p.dropBrowser(context.WithoutCancel(ctx), text) }() // else it lapses
		o.Yes.Value = text
	}
	r, err := site.Check(ctx, o)
	if err != nil || c.Try {
		return r, err
	}
	return r, p.checked(ctx, r)
}

// checked says in the log what a check found: one entry for what stands, and one for
// each control that was found broken.
func (p *Platform) checked(ctx context.Context, r *site.Report) error {
	found := map[policy.Control][]policy.Code{}
	for _, f := range r.Findings {
		if codes := found[f.Control]; !slices.Contains(codes, f.Code) {
			found[f.Control] = append(codes, f.Code)
		}
	}
	act := p.data.NewAct()
	e := audit.Entry{Kind: audit.SiteChecked, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagSize, r.Pages), audit.Num(audit.TagCount, len(r.Findings)),
	}}
	for _, c := range []policy.Control{policy.CookieDeclared, policy.CookieChoice, policy.CookieWithheld, policy.CookieContent, policy.BeaconDeclared, policy.BeaconCounted} {
		if codes := found[c]; len(codes) > 0 {
			broken := audit.Entry{Kind: audit.SiteChecked, Control: c.Broken(), Public: []audit.Field{audit.Num(audit.TagPolicy, p.Version().Num)}}
			for _, code := range codes {
				broken.Public = append(broken.Public, audit.Text(audit.TagReason, code))
			}
			if _, err := p.log.Append(ctx, act, broken); err != nil {
				return err
			}
		} else if c != policy.BeaconCounted { // a look at pages counts nothing
			if e.Control == "" {
				e.Control = c
			} else {
				e.Also = append(e.Also, c)
			}
		}
	}
	return p.enterOn(ctx, act, e)
}

// dropBrowser deletes a browser that nobody had.
func (p *Platform) dropBrowser(ctx context.Context, text string) error {
	act := p.data.NewAct()
	cookie.Forget(act, p.knownBrowser(Browser{Cookie: text}))
	return p.enterOn(ctx, act, audit.Entry{Kind: audit.CookiesCleared, Public: []audit.Field{audit.Num(audit.TagDone, 1), audit.Text(audit.TagReason, "site-check")}})
}
