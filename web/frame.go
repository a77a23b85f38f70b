package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/session"
)

// A Door is a part of the server with its own path prefix, which begins and
// ends in a slash.
type Door struct {
	Prefix  string
	Handler http.Handler
}

// Config is what a frame is made of.
type Config struct {
	Platforms []*platform.Platform
	Sessions  *session.Store

	// Hosts gives platforms hostnames of their own: host → platform id. On such
	// a host / leads to the platform's centre, and no other platform is there.
	Hosts map[string]string

	// Secure says that people reach the server by TLS, here or at a proxy.
	// Cookies then have the __Host- prefix, and browsers are told to stay (HSTS).
	Secure bool

	// Proxies are the addresses of reverse proxies whose X-Forwarded-For is
	// believed. Of others it is passed over.
	Proxies []netip.Prefix

	// Operators are the addresses that may read /metrics, besides loopback.
	Operators []netip.Prefix

	// Secret seals cookies: 32 random bytes that stay the same over restarts.
	Secret []byte

	Logger *slog.Logger // nil: slog.Default()

	Trace *trace.Tracer // nil: no traces
}

// A Frame is one HTTP server's. Its methods may be called by many goroutines;
// [Frame.Add] only before the first request.
type Frame struct {
	config    Config
	log       *slog.Logger
	doors     []Door // longest prefix first
	metrics   *metrics
	limits    *limits
	cookies   *cookies
	assets    *assets
	layout    *layout
	templates templates
	platform  map[string]*platform.Platform
	guide     func(r *http.Request, lang string) *Guide // nil: no demo
	open      map[string]bool                           // addresses that other sites' pages may send to
}

// Reserved reports whether a first path segment is the server's own, so that no
// platform can be called by it.
func Reserved(segment string) bool {
	return slices.Contains([]string{"api", "console", "log", "healthz", "readyz", "metrics", "assets", "favicon.ico", "robots.txt", "demo", "mail", "mailbox", "store", "docs"}, segment)
}

// New returns a frame without doors.
func New(c Config) (*Frame, error) {
	if c.Sessions == nil {
		return nil, fault.New(fault.Invalid, "the web server needs the store of sign-ins")
	}
	f := &Frame{config: c, log: c.Logger, platform: map[string]*platform.Platform{}}
	if f.log == nil {
		f.log = slog.Default()
	}
	for _, p := range c.Platforms {
		if Reserved(p.ID()) {
			return nil, fault.New(fault.Invalid, "a platform cannot be called %q: the web server uses that word; give it another id", p.ID())
		}
		f.platform[p.ID()] = p
	}
	for host, id := range c.Hosts {
		if f.platform[id] == nil {
			return nil, fault.New(fault.Invalid, "the host %s is for the platform %s, which is not there", host, id)
		}
	}
	var err error
	if f.cookies, err = newCookies(c.Secret, c.Secure, c.Sessions); err != nil {
		return nil, err
	}
	if f.assets, err = newAssets(); err != nil {
		return nil, err
	}
	f.layout = newLayout(f)
	f.metrics, f.limits = newMetrics(), newLimits()
	return f, nil
}

// Add adds a door.
func (f *Frame) Add(doors ...Door) {
	f.doors = append(f.doors, doors...)
	slices.SortStableFunc(f.doors, func(a, b Door) int { return len(b.Prefix) - len(a.Prefix) })
}

// Secure reports whether people reach the server by TLS.
func (f *Frame) Secure() bool { return f.config.Secure }

// Platforms returns the platforms of the server, in the order of the
// configuration.
func (f *Frame) Platforms() []*platform.Platform { return f.config.Platforms }

// door returns the door of a path, nil where there is none.
func (f *Frame) door(path string) *Door {
	for i, d := range f.doors {
		if strings.HasPrefix(path, d.Prefix) || path == strings.TrimSuffix(d.Prefix, "/") {
			return &f.doors[i]
		}
	}
	return nil
}
