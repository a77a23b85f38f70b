package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// CookieOf is one cookie of an address.
type CookieOf struct {
	On
	Cookie string `path:"cookie" doc:"Cookie: its name in the policy; to set one, what browsers call it" maxLength:"100"`
}

// BeaconOf is one beacon of an address.
type BeaconOf struct {
	On
	Beacon string `path:"beacon" doc:"Beacon, as the policy calls it" maxLength:"63"`
}

func (s *Server) cookies() {
	route(s, operation{
		id: "list-trackers", method: http.MethodGet, path: "/cookies", tag: "cookies", scope: api.PolicyRead,
		summary: "Every cookie, store and beacon of the policy, and those of avow itself",
	}, listTrackers)
	route(s, operation{
		id: "set-cookie", method: http.MethodPost, path: "/cookies/{cookie}/set", tag: "cookies", scope: api.UsesWrite,
		summary: "Ask whether a cookie may be set now", more: "What is not declared, not let in, lives longer, or holds or reaches more is a problem with every reason.",
	}, setCookie)
	route(s, operation{
		id: "read-cookie", method: http.MethodPost, path: "/cookies/{cookie}/read", tag: "cookies", scope: api.UsesWrite,
		summary: "Ask whether a cookie may be read for a purpose", more: "Any purpose but those of the cookie is denied.",
	}, readCookie)
	route(s, operation{
		id: "count-visit", method: http.MethodPost, path: "/beacons/{beacon}/visits", tag: "cookies", scope: api.UsesWrite,
		summary: "Count a visit that a beacon reports", more: "A beacon carries what the policy declares, on the pages that it declares, from browsers that let it in.",
	}, countVisit)
	route(s, operation{
		id: "list-visits", method: http.MethodGet, path: "/beacons/{beacon}/visits", tag: "cookies", scope: api.LedgerRead,
		summary: "What a beacon counted in the last year, by day and page",
	}, listVisits)
}

func listTrackers(_ context.Context, c call, _ *On) (*body[api.Trackers], error) {
	out := api.Trackers{Trackers: []api.Tracker{}}
	for _, t := range c.Policy().Trackers() {
		x := api.Tracker{Ref: t.Ref, Kind: "beacon", Title: t.Title.Map(), Class: string(t.Class), SetBy: t.SetBy}
		for _, no := range t.Purposes {
			x.Purposes = append(x.Purposes, c.Policy().PurposeBy(no).Name)
		}
		if t.Beacon != nil {
			x.Pages, x.Items, x.Names = t.Beacon.At, c.itemNames(t.Beacon.Items), t.Beacon.URLs
		} else {
			stored(&x, t.Cookie)
			x.Items = c.itemNames(t.Cookie.Items)
		}
		out.Trackers = append(out.Trackers, x)
	}
	for _, k := range policy.OwnCookies() {
		x := api.Tracker{Ref: "cookies." + k.Name, Title: k.Title.Map(), Class: string(k.Class), Purposes: []string{}, SetBy: k.SetBy, Own: true}
		stored(&x, k)
		out.Trackers = append(out.Trackers, x)
	}
	return &body[api.Trackers]{out}, nil
}

// stored fills in what is said of a cookie.
func stored(x *api.Tracker, k *policy.Cookie) {
	x.Kind, x.Names, x.Without, x.Lifetime = k.Kind, k.Names, k.Without.Map(), k.Lifetime.String()
	if len(x.Names) == 0 {
		x.Names = []string{k.Name}
	}
	if k.Session {
		x.Lifetime = "session"
	}
}

// ofBrowser reads which browser it is about, and whose.
func ofBrowser(in api.OfBrowser) (b platform.Browser, who subject.ID, err error) {
	if in.Subject != "" {
		who, err = readSubject(in.Subject)
	}
	return platform.Browser{Cookie: in.Choice, Signal: in.GPC}, who, err
}

// allowed answers a decision about a cookie or beacon.
func (c call) allowed(list []policy.Refusal, err error) (*body[api.CookieMay], error) {
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		f := c.refused(list)
		f.Status, f.Title, f.Detail = http.StatusForbidden, "The policy does not allow this", "every reason is listed, with its clause and place"
		return nil, f
	}
	return &body[api.CookieMay]{api.CookieMay{Allowed: true, Version: c.Policy().Version()}}, nil
}

func setCookie(ctx context.Context, c call, in *struct {
	CookieOf
	Body api.CookieSet
},
) (*body[api.CookieMay], error) {
	b, who, err := ofBrowser(in.Body.OfBrowser)
	if err != nil {
		return nil, err
	}
	return c.allowed(c.SetCookie(ctx, platform.CookieUse{
		Cookie: in.Cookie, Browser: b, Subject: who, Value: platform.NewPersonal(in.Body.Value), Life: time.Duration(in.Body.MaxAge) * time.Second,
		Wide: in.Body.Wide, Cross: in.Body.SameSite == "None",
	}))
}

func readCookie(ctx context.Context, c call, in *struct {
	CookieOf
	Body api.CookieRead
},
) (*body[api.CookieMay], error) {
	b, who, err := ofBrowser(in.Body.OfBrowser)
	if err != nil {
		return nil, err
	}
	return c.allowed(c.ReadCookie(ctx, platform.CookieUse{Cookie: in.Cookie, Purpose: in.Body.Purpose, Browser: b, Subject: who}))
}

func countVisit(ctx context.Context, c call, in *struct {
	BeaconOf
	Body api.BeaconVisit
},
) (*body[api.CookieMay], error) {
	b, who, err := ofBrowser(in.Body.OfBrowser)
	if err == nil && who != "" {
		err = fault.New(fault.Invalid, "subject: a beacon counts visits, and never whose; say member: true where somebody is signed in")
	}
	if err != nil {
		return nil, err
	}
	return c.allowed(c.CountVisit(ctx, platform.BeaconVisit{
		Beacon: in.Beacon, Point: in.Body.Page, Carries: in.Body.Carries, Browser: b, Member: in.Body.Member,
	}))
}

func listVisits(ctx context.Context, c call, in *BeaconOf) (*body[api.BeaconCounts], error) {
	list, err := c.Visits(ctx, in.Beacon, time.Time{}, time.Time{})
	if err != nil {
		return nil, err
	}
	out := api.BeaconCounts{Beacon: in.Beacon, Counts: []api.BeaconCount{}}
	for _, v := range list {
		out.Visits += v.Visits
		out.Counts = append(out.Counts, api.BeaconCount{Page: v.Page, Day: v.Day, Visits: v.Visits, Members: v.Members})
	}
	return &body[api.BeaconCounts]{out}, nil
}
