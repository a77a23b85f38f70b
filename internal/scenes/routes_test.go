package scenes

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/web/banner"
	"github.com/avow-dev/avow/web/centre"
)

// routes are those that a server answered, as its log names them: it is the handler of
// that log.
type routes struct {
	mu  sync.Mutex // requests come at the same time
	met map[string]bool
}

func (r *routes) Enabled(context.Context, slog.Level) bool { return true }
func (r *routes) WithAttrs([]slog.Attr) slog.Handler       { return r }
func (r *routes) WithGroup(string) slog.Handler            { return r }
func (r *routes) Handle(_ context.Context, line slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	line.Attrs(func(a slog.Attr) bool {
		if a.Key == "route" {
			r.met[below(a.Value.String())] = true
		}
		return true
	})
	return nil
}

// below takes the platform out of a route: "GET /buygogo/me" is "GET me".
func below(route string) string {
	method, path, _ := strings.Cut(route, " ")
	for _, id := range []string{one, two} {
		path = strings.TrimPrefix(path, "/"+id+"/")
	}
	return method + " " + path
}

// registered lists the routes of privacy centre and banner.
func registered() []string { return append(centre.Routes(), banner.Routes()...) }

// matcher finds the route of a path below a platform.
func matcher() *http.ServeMux {
	m := http.NewServeMux()
	for _, r := range registered() {
		method, path, _ := strings.Cut(r, " ")
		m.HandleFunc(method+" /"+path, func(http.ResponseWriter, *http.Request) {})
	}
	return m
}

// A coverage is what all walks together looked at and were answered by, in one language.
type coverage struct {
	mu             sync.Mutex // walks go at the same time
	looked, served map[string]bool
}

func newCoverage() *coverage { return &coverage{looked: map[string]bool{}, served: map[string]bool{}} }

// look notes the page at a path.
func (c *coverage) look(m *http.ServeMux, path string) {
	for _, id := range []string{one, two} {
		if rest, ok := strings.CutPrefix(path, "/"+id+"/"); ok {
			_, route := m.Handler(httptest.NewRequest(http.MethodGet, "/"+rest, nil))
			c.mu.Lock()
			c.looked[strings.Replace(route, " /", " ", 1)] = true
			c.mu.Unlock()
		}
	}
}

// serve notes what a server answered.
func (c *coverage) serve(r *routes) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for route := range r.met {
		c.served[route] = true
	}
}

// files are the routes that answer with something that is no page: they have to be
// asked for, and there is nothing to look at.
func files() []string {
	return []string{
		"GET policy.md", "GET policy.json", "GET versions/{number}", "GET leave/go", "GET me/data.json", "GET me/data.csv", "GET me/cases/{case}/case.json",
		"GET me/requests/{request}/package.zip", "GET me/requests/{request}/receipt.json", "GET me/elsewhere/{at}/package.zip", "GET me/elsewhere/{at}/receipt.json",
		"GET cookies.json", "GET cookies/avow-cookies.js", "GET cookies/banner.css", "GET cookies/beacons/{beacon}/{point}",
	}
}

// forgotten lists the routes that no walk came to: pages that nobody looked at, forms
// that nobody sent, files that nobody asked for.
func (c *coverage) forgotten(routes []string) (out []string) {
	for _, r := range routes {
		page := strings.HasPrefix(r, "GET ") && !slices.Contains(files(), r)
		if page && !c.looked[r] || !page && !c.served[r] {
			out = append(out, r)
		}
	}
	return out
}

// What a walk does not come to is named: a page that is new is none of those that were
// looked at.
func TestAPageThatNobodyWalksToIsForgotten(t *testing.T) {
	c, m := newCoverage(), matcher()
	for _, r := range registered() {
		c.served[r] = true
		c.look(m, "/"+one+"/"+strings.NewReplacer("{$}", "", "{", "", "}", "").Replace(r[strings.Index(r, " ")+1:]))
	}
	if got := c.forgotten(registered()); len(got) > 0 {
		t.Errorf("walked to, and forgotten: %q", got)
	}
	more := append(registered(), "GET me/new", "POST me/new")
	if got := c.forgotten(more); !slices.Equal(got, []string{"GET me/new", "POST me/new"}) {
		t.Errorf("of two new routes these are forgotten: %q", got)
	}
}
