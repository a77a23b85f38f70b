package site

import (
	"context"
	"net/url"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// maxScripts is how many files of scripts are read.
const maxScripts = 40

// loads holds what a page loads against the register of beacons.
func (c *check) loads(page *url.URL, visit string, found Found) {
	for _, l := range found.Loads {
		name, point := c.beacon(l.URL)
		if l.Kind != "pixel" && l.Kind != "send" && l.URL.Host == c.site.Host && name == "" {
			continue
		}
		n := policy.BeaconCount{Beacon: name, Point: point, Allowed: visit == Agreed}
		s := Seen{Kind: "beacon", Declared: name}
		if name == "" {
			n.Beacon = l.URL.Hostname()
			s.Name = n.Beacon + l.URL.Path
		}
		list := c.Policy.CountingBeacon(n)
		for _, b := range c.Policy.Beacons() {
			if b.Name == name {
				s.Class = string(b.Class)
				if l.URL.RawQuery != "" && len(b.URLs) == 0 && b.SetBy == policy.FirstParty {
					list = append(list, c.Policy.CountingBeacon(policy.BeaconCount{Beacon: name, Point: point, Allowed: true, Carries: keys(l.URL)})...)
				}
			}
		}
		if !contains(c.report.Seen, s) {
			c.report.Seen = append(c.report.Seen, s)
		}
		for _, r := range list {
			c.find(page, visit, Finding{Code: r.Code, Control: r.Control, Clause: r.Clause, Text: r.Text})
		}
	}
}

func contains(list []Seen, s Seen) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func keys(u *url.URL) (out []string) {
	for k := range u.Query() {
		out = append(out, k)
	}
	return out
}

// beacon finds which declared beacon an address is of, and the collection point that
// it names: by the addresses that the policy gives, by those that avow counts at, or
// by the address of whoever sets it.
func (c *check) beacon(u *url.URL) (name, point string) {
	for _, b := range c.Policy.Beacons() {
		somewhere := ""
		if len(b.At) > 0 {
			somewhere = b.At[0] // the address does not say on which page it is
		}
		for _, prefix := range b.URLs {
			if strings.HasPrefix(u.String(), prefix) || strings.HasPrefix(prefix, "/") && u.Host == c.site.Host && strings.HasPrefix(u.Path, prefix) {
				return b.Name, somewhere
			}
		}
		if _, rest, ok := strings.Cut(u.Path, "/cookies/beacons/"+b.Name+"/"); ok {
			return b.Name, strings.TrimSuffix(rest, ".gif")
		}
		if to, err := c.Policy.Recipient(b.SetBy); err == nil && len(b.URLs) == 0 && host(to.URL) == u.Hostname() && u.Host != c.site.Host {
			return b.Name, somewhere
		}
	}
	return "", ""
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// scripts holds what scripts of a page keep in the browser against the register.
func (c *check) scripts(ctx context.Context, b *browser, page *url.URL, found Found) {
	c.stored(page, found.Stored)
	for _, u := range found.Scripts {
		if c.read[u.String()] || len(c.read) >= maxScripts {
			continue
		}
		c.read[u.String()] = true
		a, err := b.get(ctx, u)
		if err != nil || a.status >= 400 {
			continue // a script that is not there does nothing
		}
		in := ScanScript(page, string(a.body))
		c.stored(page, in.Stored)
		c.loads(page, Agreed, in)
	}
}

func (c *check) stored(page *url.URL, list []Stored) {
	for _, s := range list {
		c.saw(s.Kind, s.Name)
		if c.Policy.Stored(s.Kind, s.Name) != nil {
			continue
		}
		for _, r := range c.Policy.StoringUnknown(s.Name) {
			c.find(page, "", Finding{Code: r.Code, Control: r.Control, Clause: r.Clause, Text: r.Text})
		}
	}
}
