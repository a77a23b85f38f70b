package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// A Rate is how often something may be done: Burst at once, and then one per
// Each.
type Rate struct {
	Each  time.Duration
	Burst int
}

// maxLimits bounds the memory of limits: the least used is forgotten first.
const maxLimits = 65536

type limits struct {
	mu   sync.Mutex // two first requests of one key share one limiter
	keys *lru.Cache[string, *rate.Limiter]
}

func newLimits() *limits {
	keys, err := lru.New[string, *rate.Limiter](maxLimits)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &limits{keys: keys}
}

// Limit reports whether what key names may be done once more now, and counts it.
// A key is a class of route and who asks, such as "code " and a client address.
// Limits are of this process and in memory: they slow down, and protect nothing
// that is not protected otherwise too.
func (f *Frame) Limit(key string, r Rate) bool {
	f.limits.mu.Lock()
	l, ok := f.limits.keys.Get(key)
	if !ok {
		l = rate.NewLimiter(rate.Every(r.Each), r.Burst)
		f.limits.keys.Add(key, l)
	}
	f.limits.mu.Unlock()
	return l.Allow()
}

// Client returns the address a request comes from: of IPv6 the /64, since whoever
// has one address of it has them all. It is for limits only and never logged.
func (f *Frame) Client(r *http.Request) string {
	a := f.address(r)
	if a.Is6() && !a.Is4In6() {
		p, _ := a.Prefix(64)
		return p.String()
	}
	return a.Unmap().String()
}

// address is the nearest address that is not one of our proxies.
func (f *Frame) address(r *http.Request) netip.Addr {
	a := direct(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(f.config.Proxies, a); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		a = hop
	}
	return a
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// direct is the address that the connection comes from.
func direct(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, _ := netip.ParseAddr(host)
	return a
}
