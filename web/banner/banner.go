package banner

import (
	"embed"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Config is what a banner stands on.
type Config struct {
	Frame    *web.Frame
	Platform *platform.Platform
}

// A Banner answers browsers of one platform.
type Banner struct {
	frame *web.Frame
	on    *platform.Platform
	base  string // /goscom-pro/cookies
	mux   *http.ServeMux
	pages map[string]*web.Template
}

// New returns the banner of a platform. Give its doors to the frame.
func New(c Config) *Banner {
	b := &Banner{frame: c.Frame, on: c.Platform, base: "/" + c.Platform.ID() + "/cookies", mux: http.NewServeMux(), pages: map[string]*web.Template{}}
	for _, name := range []string{"cookies", "clear"} {
		b.pages[name] = c.Frame.Template(pageFiles, "pages/"+name+".html")
	}
	b.routes(b.handle)
	c.Frame.Open(b.base + ".json")
	b.mux.HandleFunc("/", c.Frame.NotFound)
	return b
}

// routes hands every route of the banner to handle.
func (b *Banner) routes(handle func(method, at string, h func(http.ResponseWriter, *http.Request) error)) {
	handle("GET", "", b.list)
	handle("POST", "/choose", b.choose)
	handle("POST", "/clear", b.warn)
	handle("POST", "/cleared", b.clear)
	handle("GET", ".json", b.state)
	handle("POST", ".json", b.say)
	handle("GET", "/avow-cookies.js", asset("avow-cookies.js", "text/javascript; charset=utf-8"))
	handle("GET", "/banner.css", asset("banner.css", "text/css; charset=utf-8"))
	handle("GET", "/beacons/{beacon}/{point}", b.beacon)
}

// Routes lists what a banner answers, such as "POST cookies/choose": method, and path
// below /{platform}/ as http.ServeMux takes it.
func Routes() (list []string) {
	var b *Banner
	b.routes(func(method, at string, _ func(http.ResponseWriter, *http.Request) error) {
		list = append(list, method+" cookies"+at)
	})
	return list
}

// Doors are the banner's places in the frame.
func (b *Banner) Doors() []web.Door {
	return []web.Door{{Prefix: b.base + "/", Handler: b.mux}, {Prefix: b.base + ".json/", Handler: b.mux}}
}

// pace is how often one client may say something.
func pace() web.Rate { return web.Rate{Each: 200 * time.Millisecond, Burst: 120} }

func (b *Banner) handle(method, at string, h func(http.ResponseWriter, *http.Request) error) {
	b.mux.HandleFunc(method+" "+b.base+at, func(w http.ResponseWriter, r *http.Request) {
		if !b.frame.Serves(r, b.on.ID()) {
			b.frame.NotFound(w, r)
			return
		}
		if method == http.MethodPost && !b.frame.Limit("cookies "+b.frame.Client(r), pace()) {
			b.frame.TooFast(w, r)
			return
		}
		if err := h(w, r); err != nil {
			b.frame.Problem(w, r, err)
		}
	})
}

// asset serves a file of the program that pages of other sites may load.
func asset(name, kind string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, _ *http.Request) error {
		text, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		shared(w.Header())
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Write(text) // a reader who has gone cannot be answered
		return nil
	}
}

// shared lets pages of other sites read an answer, without cookies.
func shared(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// browser is what a request says of its browser on this host.
func (b *Banner) browser(r *http.Request) platform.Browser {
	return platform.Browser{Cookie: b.frame.Choice(r, b.on.ID()), Signal: web.Signal(r)}
}

// signedIn lists the kinds of sign-in that people have here: at the privacy centre,
// and at a storefront of the demo.
func signedIn() []string { return []string{web.Person, "store"} }

// person is who is signed in and still there; "" for nobody.
func (b *Banner) person(r *http.Request) subject.ID {
	for _, kind := range signedIn() {
		s, ok := b.frame.Session(r, kind, b.on.ID())
		if !ok {
			continue
		}
		if f, err := b.on.Facts(r.Context(), subject.ID(s.Who)); err == nil && f.State == subject.Open {
			return f.ID
		}
	}
	return ""
}

// next is where a form leads: a page of this server, "" for any other.
func next(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\r\n\t") {
		return ""
	}
	return text
}

// keep has the browser keep a choice, and drops what it keeps out now.
func (b *Banner) keep(w http.ResponseWriter, r *http.Request, text string, until time.Time, yes []string) {
	b.frame.SetChoice(w, r, b.on.ID(), text, until.Sub(b.on.Now()))
	b.drop(w, r, func(c *policy.Cookie) bool {
		if c.Class == policy.Essential {
			return false
		}
		for _, ref := range yes {
			if ref == "cookies."+c.Name {
				return false
			}
		}
		return true
	})
}

// drop takes cookies of the policy away from the browser. It gives none back.
func (b *Banner) drop(w http.ResponseWriter, r *http.Request, which func(*policy.Cookie) bool) (n int) {
	for _, have := range r.Cookies() {
		for _, c := range b.on.Policy().Cookies() {
			if c.Kind == "cookie" && c.Holds(have.Name) && which(c) {
				b.frame.DropCookie(w, have.Name)
				n++
				break
			}
		}
	}
	return n
}
