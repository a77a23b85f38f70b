package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/avow-dev/avow/fault"
)

const (
	maxBytes  = 2 << 20
	maxHops   = 5
	perAnswer = 20 * time.Second
	agent     = "avow-site-check/1"
)

// errInside is the refusal to connect to an address that is not public.
var errInside = errors.New("the address is not a public one")

// guard refuses addresses that are not public, after names were resolved.
func guard(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return errInside
	}
	a, err := netip.ParseAddr(host)
	if err != nil || !public(a) {
		return errInside
	}
	return nil
}

// public reports whether an address is one of the open internet (RFC 6890).
func public(a netip.Addr) bool {
	a = a.Unmap()
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "2002::/16",
	} {
		if netip.MustParsePrefix(p).Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast()
}

// A browser asks for pages of one site.
type browser struct {
	client *http.Client
	site   *url.URL
	jar    map[string]string // nil: it keeps no cookie
}

func newBrowser(site *url.URL, local bool, jar map[string]string) *browser {
	d := &net.Dialer{Timeout: 5 * time.Second}
	if !local {
		d.Control = guard
	}
	b := &browser{site: site, jar: jar}
	b.client = &http.Client{
		Timeout: perAnswer,
		Transport: &http.Transport{
			DialContext: d.DialContext, MaxResponseHeaderBytes: 64 << 10, Proxy: nil, MaxIdleConnsPerHost: 2, ResponseHeaderTimeout: perAnswer,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return b
}

// An answer is what a page gave, with what was set on the way to it.
type answer struct {
	url    *url.URL
	status int
	header http.Header
	body   []byte
	set    []*http.Cookie
	date   time.Time // of the answer; zero: it says none
}

// get asks for a page and follows where it leads, within the site.
func (b *browser) get(ctx context.Context, at *url.URL) (*answer, error) {
	out := &answer{url: at}
	for range maxHops {
		next, err := b.once(ctx, out)
		if err != nil || next == nil {
			return out, err
		}
		if next.Host != b.site.Host || next.Scheme != b.site.Scheme {
			return out, nil // another site answers for itself
		}
		out.url = next
	}
	return nil, fault.New(fault.Invalid, "%s leads on and on", at.Path)
}

func (b *browser) once(ctx context.Context, out *answer) (next *url.URL, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, out.url.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	r.Header.Set("User-Agent", agent)
	r.Header.Set("Accept", "text/html,*/*;q=0.5")
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a, err := b.client.Do(r)
	if err != nil {
		if errors.Is(err, errInside) {
			return nil, fault.New(fault.Denied, "%s is not at a public address: add --local where the site is one of your own network", b.site.Host)
		}
		return nil, fault.Wrap(fault.Busy, err, "%s%s does not answer", b.site.Host, out.url.Path)
	}
	defer a.Body.Close()
	if out.body, err = io.ReadAll(io.LimitReader(a.Body, maxBytes)); err != nil {
		return nil, fault.Wrap(fault.Busy, err, "%s%s stopped in the middle of its answer", b.site.Host, out.url.Path)
	}
	out.status, out.header = a.StatusCode, a.Header
	out.date, _ = http.ParseTime(a.Header.Get("Date"))
	for _, c := range a.Cookies() {
		out.set = append(out.set, c)
		if b.jar != nil && c.MaxAge >= 0 {
			b.jar[c.Name] = c.Value
		}
	}
	if a.StatusCode < 300 || a.StatusCode >= 400 {
		return nil, nil
	}
	next, err = out.url.Parse(a.Header.Get("Location"))
	if err != nil || a.Header.Get("Location") == "" {
		return nil, nil
	}
	next.Fragment = ""
	return next, nil
}
