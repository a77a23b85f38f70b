package web

import (
	"net/http"
	"strings"
)

// MaxBody is the largest body that a request may have, in bytes.
const MaxBody = 1 << 20

// Handler serves the whole server.
func (f *Frame) Handler() http.Handler {
	var h http.Handler = http.HandlerFunc(f.dispatch)
	h = crossOrigin(f, h)
	h = f.secured(h)
	h = bodyLimit(f, h)
	h = f.guarded(h)
	return f.logged(h)
}

// dispatch looks at the path and the host, and nothing else.
func (f *Frame) dispatch(w http.ResponseWriter, r *http.Request) {
	own := f.ownPlatform(r)
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == "/" && own != "":
		named(r, "/", func() { http.Redirect(w, r, "/"+own+"/", http.StatusFound) })
	case r.URL.Path == "/":
		f.get(w, r, "/", f.front)
	case first == "assets":
		f.get(w, r, "/assets/", f.assets.serve(f))
	case r.URL.Path == "/favicon.ico":
		f.get(w, r, "/favicon.ico", f.assets.favicon)
	case r.URL.Path == "/robots.txt":
		f.get(w, r, "/robots.txt", robots)
	case r.URL.Path == "/healthz":
		f.get(w, r, "/healthz", healthz)
	case r.URL.Path == "/readyz":
		f.get(w, r, "/readyz", f.readyz)
	case r.URL.Path == "/metrics":
		f.get(w, r, "/metrics", f.serveMetrics)
	case own != "" && own != f.of(r.URL.Path, own):
		f.NotFound(w, r)
	default:
		f.toDoor(w, r, first)
	}
}

// of returns the platform whose people or staff a path is for, other where it is for
// none of them.
func (f *Frame) of(path, other string) string {
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if name == "console" {
		name, _, _ = strings.Cut(rest, "/")
	}
	if f.platform[name] == nil {
		return other
	}
	return name
}

func (f *Frame) toDoor(w http.ResponseWriter, r *http.Request, first string) {
	door := f.door(r.URL.Path)
	if door == nil {
		f.NotFound(w, r)
		return
	}
	if r.URL.Path == "/"+first && f.platform[first] != nil {
		named(r, "/"+first, func() { http.Redirect(w, r, "/"+first+"/", http.StatusMovedPermanently) })
		return
	}
	door.Handler.ServeHTTP(w, r)
	if r.Pattern == "" {
		r.Pattern = door.Prefix
	}
}

// ownPlatform returns the platform whose host a request names, "" on the
// server's own.
func (f *Frame) ownPlatform(r *http.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return f.config.Hosts[strings.ToLower(host)]
}

// get answers GET and HEAD with fn, and names the route for log and metrics.
func (f *Frame) get(w http.ResponseWriter, r *http.Request, route string, fn http.HandlerFunc) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		f.problem(w, r, http.StatusMethodNotAllowed, "invalid", "this address can only be read")
		return
	}
	named(r, route, func() { fn(w, r) })
}

// named sets the pattern that log and metrics show.
func named(r *http.Request, route string, fn func()) {
	r.Pattern = route
	fn()
}

func healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") }

// readyz answers whether every store can be read and written.
func (f *Frame) readyz(w http.ResponseWriter, r *http.Request) {
	for _, p := range f.config.Platforms {
		if err := p.Ready(r.Context()); err != nil {
			f.Note(r.Context(), err)
			plain(w, http.StatusServiceUnavailable, p.ID()+" is not ready\n")
			return
		}
	}
	plain(w, http.StatusOK, "ready\n")
}

func robots(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "User-agent: *\nDisallow: /api/\nDisallow: /console/\nDisallow: /log/\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text))
}

// Serves reports whether the host of a request may show a platform: the server's
// own hosts show all, a platform's own host shows that one.
func (f *Frame) Serves(r *http.Request, platform string) bool {
	own := f.ownPlatform(r)
	return own == "" || own == platform
}
