package link

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// How a call is bounded.
const (
	waiting   = 10 * time.Second
	redirects = 5
)

// A Prober calls addresses to see whether they answer. The zero Prober calls none.
type Prober struct{ http *http.Client }

var errForbidden = errors.New("link: an address that is not public")

// NewProber returns a prober. loopback lets it call this machine, for tests and
// demonstrations.
func NewProber(loopback bool) *Prober {
	d := &net.Dialer{Timeout: waiting, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !public(at.Addr(), loopback) {
			return errForbidden
		}
		return nil
	}}
	return &Prober{&http.Client{
		Timeout: waiting,
		Transport: &http.Transport{
			DialContext: d.DialContext, TLSHandshakeTimeout: waiting, ResponseHeaderTimeout: waiting, DisableKeepAlives: true,
			Proxy: nil, MaxResponseHeaderBytes: 64 << 10, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			next.Header.Del("Referer")
			if len(via) >= redirects || next.URL.Scheme != "https" && next.URL.Scheme != "http" {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// public reports whether an address is one of the public internet.
func public(a netip.Addr, loopback bool) bool {
	a = a.Unmap()
	switch {
	case a.IsLoopback():
		return loopback
	case !a.IsValid(), a.IsPrivate(), a.IsLinkLocalUnicast(), a.IsMulticast(), a.IsUnspecified(), a.IsInterfaceLocalMulticast():
		return false
	}
	for _, p := range [...]string{ // IANA's special-purpose registries, as far as the above leaves them out
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		if netip.MustParsePrefix(p).Contains(a) {
			return false
		}
	}
	return true
}

// Call calls an address and says what came of it. It never fails: that nothing
// answers is an answer.
func (p *Prober) Call(ctx context.Context, address string) (Outcome, int) {
	ctx, cancel := context.WithTimeout(ctx, waiting)
	defer cancel()
	status, err := p.ask(ctx, http.MethodHead, address)
	if err == nil && status >= http.StatusBadRequest { // some sites answer no HEAD
		status, err = p.ask(ctx, http.MethodGet, address)
	}
	switch {
	case err != nil:
		return because(err), 0
	case status >= http.StatusBadRequest || status < http.StatusOK || status >= http.StatusMultipleChoices && status != http.StatusNotModified:
		return Broken, status
	}
	return Works, status
}

func (p *Prober) ask(ctx context.Context, method, address string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil || p.http == nil || Check("url", address) != nil {
		return 0, errForbidden
	}
	r.Header.Set("User-Agent", "avow link check")
	resp, err := p.http.Do(r)
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return resp.StatusCode, nil
}

// because says in a code why a call came to nothing.
func because(err error) Outcome {
	var (
		name  *net.DNSError
		proof *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errForbidden):
		return Forbidden
	case errors.As(err, &name) && !name.IsTimeout:
		return Nowhere
	case errors.As(err, &proof):
		return Untrusted
	}
	return Silent
}
